"""Problem details (RFC 9457) from the one table that all services share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypedDict

from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response

TABLE_PATH = Path(__file__).resolve().parents[3] / "packages" / "contracts" / "problems.json"

ProblemKey = Literal[
    "ai-unavailable",
    "plan-limit",
    "draining",
    "forbidden",
    "internal",
    "invalid-input",
    "malformed-json",
    "method-not-allowed",
    "not-found",
    "payload-too-large",
    "rate-limited",
    "timeout",
    "unauthenticated",
    "unavailable",
    "unsupported-media-type",
    "upstream-failed",
]


class Row(BaseModel):
    """One row of the table: the status and the title of a kind of problem."""

    status: int
    title: str


class FieldError(TypedDict):
    """One thing wrong with the input: where (a dotted path, empty for the whole) and what."""

    path: str
    message: str


def read_table(path: Path = TABLE_PATH) -> dict[str, Row]:
    """Reads the table. Raises OSError or ValueError when it is missing, wrong or lacks a problem used here."""
    table = TypeAdapter(dict[str, Row]).validate_json(path.read_bytes())
    absent = [key for key in ProblemKey.__args__ if key not in table]
    if absent:
        raise ValueError(f"{path} lacks {', '.join(absent)}")
    return table


TABLE = read_table()


class Problem(Exception):
    """A failure that the caller is told of. `detail` is for people; without one the title stands for it.
    `upstream` names the part of the platform that did not answer."""

    def __init__(
        self,
        key: ProblemKey,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        upstream: str | None = None,
    ) -> None:
        super().__init__(detail or TABLE[key].title)
        self.key: ProblemKey = key
        self.status = TABLE[key].status
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.upstream = upstream

    def body(self, request_id: str) -> dict[str, Any]:
        """The problem as it is sent. What went wrong inside stays inside: a 5xx tells its title only, but for
        the `unavailable` ones, which speak to the user."""
        title = TABLE[self.key].title
        speaks = self.status < 500 or self.key.endswith("unavailable")
        told = self.detail if speaks else None
        body: dict[str, Any] = {
            "type": f"/problems/{self.key}",
            "title": title,
            "status": self.status,
            "detail": told or title,
            "instance": request_id,
        }
        if self.upstream is not None:
            body["upstream"] = self.upstream
        if self.errors:
            body["errors"] = self.errors
        return body


def problem_response(problem: Problem, request_id: str) -> Response:
    """The answer that carries a problem."""
    return Response(
        json.dumps(problem.body(request_id), ensure_ascii=False),
        problem.status,
        {"Cache-Control": "no-store", **problem.headers},
        "application/problem+json",
    )
