"""User tokens: EdDSA JWTs that auth signs, checked here with its public keys and its list of ended sessions."""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import dataclass, field
from typing import Literal

import httpx
import jwt
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request

from ai.log import log
from ai.problems import Problem
from ai.settings import Settings

REFETCH_SECONDS = 3.0
"""An unknown key id makes us ask auth for its keys again, but no more often than this."""
KEYS_LIVE_SECONDS = 600.0
"""Keys are asked for again after this long even if none is missing, so that a withdrawn one goes."""
REVOCATIONS_LIVE_SECONDS = 2.0
REVOCATIONS_VOID_SECONDS = 6.0
"""After this long without an answer the list counts for nothing, and requests are refused."""
CLOCK_SKEW_SECONDS = 5

Act = Literal["user", "key", "link"]


@dataclass(frozen=True)
class Actor:
    """Who acts, as the token says. `scope` is what a key or link is limited to; `token` is shown on to other parts,
    which then answer as they would to the person."""

    id: str
    act: Act
    session: str
    scope: str | None
    token: str = field(repr=False)


class _Claims(BaseModel):
    model_config = ConfigDict(strict=True)
    sub: str
    act: Act
    sid: str
    scope: str | None = None


class _Revocations(BaseModel):
    revoked: frozenset[str]


class Tokens:
    """Verifies tokens; holds auth's keys and revocations, fetched when needed."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = settings.public_url
        self._http = httpx.AsyncClient(
            base_url=settings.auth_url, timeout=3.0, trust_env=False, headers={"Accept": "application/json"}
        )
        self._keys: dict[str, jwt.PyJWK] = {}
        self._keys_at = float("-inf")
        self._keys_tried_at = float("-inf")
        self._keys_failed = False
        self._keys_lock = asyncio.Lock()
        self._revoked: frozenset[str] = frozenset()
        self._revoked_at = float("-inf")
        self._revoked_tried_at = float("-inf")
        self._revoked_lock = asyncio.Lock()

    async def close(self) -> None:
        """Gives back the connections."""
        await self._http.aclose()

    async def actor(self, request: Request) -> Actor:
        """The actor of a request. Raises `unauthenticated`, or `unavailable` when auth cannot be asked."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise _refused("Send a token in the header `Authorization: Bearer`.")
        return await self.verify(token.strip())

    async def verify(self, token: str) -> Actor:
        """The actor of a token. Raises as `actor`."""
        key = await self._key(_key_id(token))
        try:
            payload = jwt.decode(
                token,
                key,
                algorithms=["EdDSA"],
                issuer=self._issuer,
                audience=self._issuer,
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
            claims = _Claims.model_validate(payload)
        except jwt.ExpiredSignatureError:
            raise _refused("The token has expired.") from None
        except (jwt.InvalidIssuerError, jwt.InvalidAudienceError):
            raise _refused("The token was made for another place.") from None
        except jwt.InvalidSignatureError:
            raise _refused("The token is forged: its signature is wrong.") from None
        except (jwt.PyJWTError, ValidationError):
            raise _refused("The token lacks something or says something wrong.") from None
        if await self._is_revoked(claims.sid):
            raise _refused("The session of the token has ended.")
        return Actor(claims.sub, claims.act, claims.sid, claims.scope, token)

    async def _key(self, key_id: str) -> jwt.PyJWK:
        if key_id not in self._keys or time.monotonic() - self._keys_at > KEYS_LIVE_SECONDS:
            async with self._keys_lock:
                await self._fetch_keys(key_id)
        key = self._keys.get(key_id)
        if key is not None:
            return key
        if self._keys_failed:
            raise _unreachable()
        raise _refused("The token is forged: no key of this server signed it.")

    async def _fetch_keys(self, key_id: str) -> None:
        now = time.monotonic()
        fresh = key_id in self._keys and now - self._keys_at <= KEYS_LIVE_SECONDS
        if fresh or now - self._keys_tried_at < REFETCH_SECONDS:
            return
        self._keys_tried_at = now
        try:
            answer = await self._http.get("/auth/jwks")
            answer.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        except (httpx.HTTPError, ValueError, jwt.PyJWTError, AttributeError, TypeError) as error:
            self._keys_failed = True
            log.warning("auth's keys could not be fetched", extra={"fields": {"reason": repr(error)}})
            return
        self._keys_failed = False
        self._keys = {key.key_id: key for key in keys if key.key_id and key.key_type == "OKP"}
        self._keys_at = now

    async def _is_revoked(self, session: str) -> bool:
        if time.monotonic() - self._revoked_at > REVOCATIONS_LIVE_SECONDS:
            async with self._revoked_lock:
                await self._fetch_revocations()
        if time.monotonic() - self._revoked_at > REVOCATIONS_VOID_SECONDS:
            raise _unreachable()
        return hashlib.sha256(session.encode()).hexdigest() in self._revoked

    async def _fetch_revocations(self) -> None:
        now = time.monotonic()
        if now - self._revoked_at <= REVOCATIONS_LIVE_SECONDS or now - self._revoked_tried_at < 1.0:
            return
        self._revoked_tried_at = now
        try:
            answer = await self._http.get("/auth/revocations")
            answer.raise_for_status()
            self._revoked = _Revocations.model_validate_json(answer.content).revoked
        except (httpx.HTTPError, ValueError) as error:
            log.warning("auth's revocations could not be fetched", extra={"fields": {"reason": repr(error)}})
            return
        self._revoked_at = now


def _key_id(token: str) -> str:
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise _refused("The token is not a JWT.") from None
    if header.get("alg") != "EdDSA":
        raise _refused("The token is forged: it is not signed with EdDSA.")
    key_id = header.get("kid")
    if not isinstance(key_id, str):
        raise _refused("The token does not say which key signed it.")
    return key_id


def _refused(detail: str) -> Problem:
    return Problem("unauthenticated", detail, headers={"WWW-Authenticate": "Bearer"})


def _unreachable() -> Problem:
    return Problem("unavailable", "The auth service cannot be reached.", upstream="auth")
