"""Reading answers."""

from __future__ import annotations

import json
from typing import Any

import httpx

from ai.problems import TABLE

WRITE: dict[str, Any] = {"documentId": "doc_1", "action": "write", "prompt": "Write a line."}
"""The smallest request."""

Event = tuple[str, dict[str, Any]]


def events(text: str) -> list[Event]:
    """The server-sent events of a whole answer, without comments."""
    found: list[Event] = []
    for block in text.split("\n\n"):
        lines = block.splitlines()
        if lines and lines[0].startswith("event: "):
            assert lines[1].startswith("data: ")
            found.append((lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: "))))
    return found


def said(found: list[Event]) -> str:
    """The text that the deltas make."""
    return "".join(data["text"] for name, data in found if name == "delta")


def is_problem(answer: httpx.Response, key: str) -> dict[str, Any]:
    """Checks that an answer is a problem of a kind; gives its body."""
    body: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["type"] == f"/problems/{key}"
    assert answer.status_code == body["status"] == TABLE[key].status
    assert body["title"] == TABLE[key].title
    assert body["instance"] == answer.headers["x-request-id"]
    return body
