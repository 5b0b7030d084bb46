"""Servers on loopback for tests: any app in a thread of its own, and an auth service with real keys."""

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
