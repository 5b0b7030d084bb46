"""What happens around every request: its id, its line in the log, its place in the metrics, its last resort."""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ai.log import log, request_id
from ai.metrics import Metrics
from ai.problems import Problem, problem_response

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_QUIET = {"/health", "/ready", "/metrics"}


class Observation:
    """ASGI middleware around the whole app; streams pass through it untouched."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        current = given if _REQUEST_ID.fullmatch(given) else secrets.token_urlsafe(12)
        request_id.set(current)
        begun = time.monotonic()
        status = 0

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = current
            await send(message)

        try:
            await self._app(scope, receive, observed)
        except Exception:
            log.exception("a request failed")
            if status == 0:
                await problem_response(Problem("internal"), current)(scope, receive, observed)
        finally:
            self._note(scope, status, time.monotonic() - begun)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route: Any = scope.get("route")
        path = getattr(route, "path", "other")
        # 499, as proxies call it: the client left before there was an answer.
        self._metrics.requests.labels(scope["method"], path, str(status or 499)).observe(seconds)
        fields = {
            "method": scope["method"],
            "path": scope["path"],
            "status": status or 499,
            "ms": round(seconds * 1000, 1),
        }
        log.log(5 if scope["path"] in _QUIET else 20, "request", extra={"fields": fields})
