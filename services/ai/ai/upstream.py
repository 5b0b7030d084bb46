"""Other parts of the platform, asked over their public paths with the token of whoever asks us."""

from __future__ import annotations

from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from ai.log import log, request_id
from ai.problems import Problem, ProblemKey
from ai.tokens import Actor

_TIMEOUT_SECONDS = 5.0

_KEPT: dict[int, ProblemKey] = {
    401: "unauthenticated",
    402: "plan-limit",
    403: "forbidden",
    404: "not-found",
    429: "rate-limited",
}
"""Answers that speak of the person who asks; every other one speaks of us or of the other part."""

Answer = TypeVar("Answer", bound=BaseModel)


class _ProblemJson(BaseModel):
    detail: str


class Upstream:
    """One other part."""

    def __init__(self, name: str, base_url: str) -> None:
        self._name = name
        self._http = httpx.AsyncClient(
            base_url=base_url,
            timeout=_TIMEOUT_SECONDS,
            trust_env=False,
            headers={"Accept": "application/json"},
        )

    async def close(self) -> None:
        """Gives back the connections."""
        await self._http.aclose()

    async def ask(
        self, schema: type[Answer], actor: Actor, method: str, path: str, body: dict[str, str] | None = None
    ) -> Answer:
        """Asks as the actor. Raises what the other part refuses, `unavailable` and `timeout` when it cannot be
        asked, and `upstream-failed` when it answers something else than promised."""
        headers = {"Authorization": f"Bearer {actor.token}", "X-Request-Id": request_id.get() or ""}
        try:
            answer = await self._http.request(method, path, headers=headers, json=body)
        except httpx.TimeoutException as error:
            raise Problem("timeout", upstream=self._name) from error
        except httpx.HTTPError as error:
            log.warning("a part cannot be reached", extra={"fields": {"part": self._name, "reason": repr(error)}})
            raise Problem("unavailable", f"The {self._name} service cannot be reached.", upstream=self._name) from error
        if answer.is_success:
            try:
                return schema.model_validate_json(answer.content)
            except ValidationError as error:
                raise Problem("upstream-failed", f"{method} {path}: {error}", upstream=self._name) from error
        raise self._refusal(answer)

    def _refusal(self, answer: httpx.Response) -> Problem:
        key = _KEPT.get(answer.status_code)
        if key is None:
            key = "unavailable" if answer.status_code == 503 else "upstream-failed"
            told = f"The {self._name} service answered {answer.status_code}."
            log.warning("a part failed", extra={"fields": {"part": self._name, "status": answer.status_code}})
            return Problem(key, told, upstream=self._name)
        names = ("Retry-After", "WWW-Authenticate")
        headers = {name: answer.headers[name] for name in names if name in answer.headers}
        try:
            detail = _ProblemJson.model_validate_json(answer.content).detail
        except ValidationError:
            detail = None
        return Problem(key, detail, headers=headers)
