from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ai.schemas import MAX_BODY_BYTES, GenerateInput
from tests.conftest import Service
from tests.reading import WRITE, is_problem

EXAMPLES = Path(__file__).resolve().parents[3] / "packages" / "contracts" / "examples" / "ai"
GOOD = sorted(EXAMPLES.glob("good-*.json"))
BAD = sorted(EXAMPLES.glob("bad-*.json"))
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_examples_are_accepted(path: Path) -> None:
    GenerateInput.model_validate(json.loads(path.read_text()))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_examples_are_refused(keyless: Service, path: Path) -> None:
    answer = keyless.http.post("/ai/generate", content=path.read_bytes(), headers=JSON)
    problem = is_problem(answer, "invalid-input")
    assert problem["errors"]
    assert all(error["path"].startswith("body") and error["message"] for error in problem["errors"])


def test_there_are_examples() -> None:
    assert len(GOOD) >= 4
    assert len(BAD) >= 10


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"action": "improve"}, ["body.selection"]),
        ({"action": "write", "prompt": "  "}, ["body.prompt"]),
        ({"action": "write"}, ["body.prompt"]),
        ({"action": "translate", "selection": "a"}, ["body.language"]),
        ({"action": "continue", "before": [{"type": "p", "text": "ä" * 10_000}] * 6}, ["body"]),
        ({"action": "continue", "before": [{"type": "p", "text": 5}]}, ["body.before.0.text"]),
        ({"action": "continue", "documentId": "a/b"}, ["body.documentId"]),
        ({"action": "continue", "documentId": "a\n"}, ["body.documentId"]),
    ],
)
def test_the_place_of_a_fault_is_named(keyless: Service, fields: dict[str, Any], paths: list[str]) -> None:
    answer = keyless.http.post("/ai/generate", json={"documentId": "doc_1", **fields})
    assert [error["path"] for error in is_problem(answer, "invalid-input")["errors"]] == paths


def test_characters_are_counted_as_in_javascript(keyless: Service) -> None:
    fits = keyless.http.post("/ai/generate", json={**WRITE, "prompt": "👋" * 4000})
    is_problem(fits, "ai-unavailable")
    is_problem(keyless.http.post("/ai/generate", json={**WRITE, "prompt": "👋" * 4001}), "invalid-input")


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"prompt": NaN}', b'{"prompt": "\xff"}', b"[" * 100_000, b'{"prompt": "a"} x']
)
def test_malformed_json(keyless: Service, content: bytes) -> None:
    is_problem(keyless.http.post("/ai/generate", content=content, headers=JSON), "malformed-json")


@pytest.mark.parametrize("content", [b"[]", b"null", b'"text"', b"5", b'{"prompt": "\\ud800"}'])
def test_json_that_is_no_request(keyless: Service, content: bytes) -> None:
    is_problem(keyless.http.post("/ai/generate", content=content, headers=JSON), "invalid-input")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
def test_another_content_type(keyless: Service, kind: str) -> None:
    answer = keyless.http.post("/ai/generate", content=b"{}", headers={"Content-Type": kind})
    is_problem(answer, "unsupported-media-type")


def test_a_charset_is_accepted(keyless: Service) -> None:
    kind = {"Content-Type": "application/json; charset=utf-8"}
    is_problem(keyless.http.post("/ai/generate", content=json.dumps(WRITE), headers=kind), "ai-unavailable")


def test_a_body_that_is_too_large(keyless: Service) -> None:
    large = b'{"prompt": "' + b"a" * MAX_BODY_BYTES + b'"}'
    is_problem(keyless.http.post("/ai/generate", content=large, headers=JSON), "payload-too-large")
    # Chunked, with no length announced.
    pieces = iter([large[:700_000], large[700_000:]])
    is_problem(keyless.http.post("/ai/generate", content=pieces, headers=JSON), "payload-too-large")


@pytest.mark.parametrize("path", ["/", "/ai", "/ai/", "/ai/generate/", "/AI/generate", "/docs", "/openapi.json"])
def test_unknown_paths(keyless: Service, path: str) -> None:
    is_problem(keyless.http.get(path), "not-found")


def test_wrong_methods(keyless: Service) -> None:
    answer = keyless.http.get("/ai/generate")
    is_problem(answer, "method-not-allowed")
    assert answer.headers["allow"] == "POST"
    is_problem(keyless.http.delete("/ai/status"), "method-not-allowed")
