"""Servers on loopback for tests: any app in a thread of its own, an auth service with real keys, and what document
and organization answer."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import socket
import threading
import time
from collections.abc import Callable, Generator
from typing import Any

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

PUBLIC_URL = "http://localhost:3000"


def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Waits for a condition; fails when it does not come true in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        time.sleep(0.01)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


_threads: list[threading.Thread] = []


def join_servers() -> None:
    """Waits until every server that was told to stop has stopped."""
    while _threads:
        _threads.pop().join(5)


@contextlib.contextmanager
def serving(app: ASGIApp) -> Generator[str, None, None]:
    """Serves an app on a free port for as long as the block runs; gives its base URL. At the end of the block the
    server begins to stop; `join_servers` waits for it."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    _threads.append(thread)
    until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True


class Key:
    """An Ed25519 key that signs tokens."""

    def __init__(self, key_id: str) -> None:
        self.key_id = key_id
        self._private = Ed25519PrivateKey.generate()

    def jwk(self) -> dict[str, str]:
        """Its public half."""
        raw = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": self.key_id, "x": x}

    def token(self, **changes: Any) -> str:
        """A good token but for the changes; a claim changed to None is left out."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "sub": "user_1",
            "act": "user",
            "sid": "session_1",
            "iss": PUBLIC_URL,
            "aud": PUBLIC_URL,
            "iat": now,
            "exp": now + 600,
            **changes,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, self._private, algorithm="EdDSA", headers={"kid": self.key_id})


class Auth:
    """The two public answers of auth that this service reads."""

    def __init__(self) -> None:
        self.key = Key("key-1")
        self.keys = [self.key]
        self.revoked: set[str] = set()
        self.down = False
        self.asked = {"jwks": 0, "revocations": 0}
        self.app = Starlette(routes=[Route("/auth/jwks", self._jwks), Route("/auth/revocations", self._revocations)])

    def revoke(self, session: str) -> None:
        """Puts a session on the list."""
        self.revoked.add(hashlib.sha256(session.encode()).hexdigest())

    async def _jwks(self, _: Request) -> Response:
        self.asked["jwks"] += 1
        return self._answer({"keys": [key.jwk() for key in self.keys]})

    async def _revocations(self, _: Request) -> Response:
        self.asked["revocations"] += 1
        return self._answer({"revoked": sorted(self.revoked)})

    def _answer(self, body: dict[str, Any]) -> Response:
        return Response(status_code=500) if self.down else JSONResponse(body)


class Platform:
    """The public answers of document and organization that this service reads. Who may read a document is decided by
    the token, as there."""

    def __init__(self) -> None:
        self.titles = {"doc_1": "Plan for spring"}
        self.readers = {"user_1"}
        self.guests: set[str] = set()
        self.mode = "stripe"
        self.limit: int | None = 50
        self.spent: set[str] = set()
        self.refusing = False
        self.down: set[str] = set()
        self.asked: list[str] = []
        self.app = Starlette(
            routes=[
                Route("/documents/{id}", self._resource),
                Route("/orgs/org_1/entitlements", self._entitlements),
                Route("/orgs/org_1/ai-credits", self._spend, methods=["POST"]),
            ]
        )

    async def _resource(self, request: Request) -> Response:
        self.asked.append("document")
        title = self.titles.get(request.path_params["id"])
        if "document" in self.down:
            return Response(status_code=500)
        if title is None or self._person(request) not in self.readers:
            return _problem("not-found", 404, "There is nothing here, or you may not know of it")
        permission = "read" if self._person(request) in self.guests else "write"
        found = {"id": request.path_params["id"], "organizationId": "org_1", "title": title, "permission": permission}
        return JSONResponse(found)

    async def _entitlements(self, request: Request) -> Response:
        self.asked.append("entitlements")
        if "organization" in self.down or self._person(request) not in self.readers:
            return Response(status_code=503)
        usage = {"members": 1, "storageBytes": 0, "aiCredits": len(self.spent)}
        return JSONResponse({"mode": self.mode, "plan": "free", "limits": {"aiCredits": self.limit}, "usage": usage})

    async def _spend(self, request: Request) -> Response:
        self.asked.append("credit")
        if self.refusing:
            return _problem("plan-limit", 402, "Others were faster.")
        if "credit" in self.down:
            return Response(status_code=503)
        self.spent.add((await request.json())["request"])
        if "credit once" in self.down:
            self.down.remove("credit once")
            return Response(status_code=503)
        return JSONResponse({"used": len(self.spent), "limit": self.limit})

    def _person(self, request: Request) -> str:
        token = request.headers["authorization"].removeprefix("Bearer ")
        return str(jwt.decode(token, options={"verify_signature": False})["sub"])


def _problem(key: str, status: int, detail: str) -> Response:
    body = {"type": f"/problems/{key}", "title": detail, "status": status, "detail": detail, "instance": "x"}
    return JSONResponse(body, status, media_type="application/problem+json")
