from __future__ import annotations

import threading
import time
from typing import Any

import httpx
import pytest

from tests.conftest import Service
from tests.fake_gemini import KNOBS, Answer, chunk, error, words
from tests.reading import WRITE, events, is_problem, said
from tests.servers import until


def ask(service: Service, **more: Any) -> httpx.Response:
    return service.http.post("/ai/generate", json={**WRITE, **more})


def test_streams_deltas_then_done(service: Service) -> None:
    service.gemini.script(Answer(words("Grüße ", "an\n", "alle 👋")))
    answer = ask(service)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-accel-buffering"] == "no"
    found = events(answer.text)
    assert [name for name, _ in found] == ["delta", "delta", "delta", "done"]
    assert said(found) == "Grüße an\nalle 👋"
    assert found[-1][1] == {"finish": "stop", "usage": {"input": 11, "output": 7}}


def test_each_delta_comes_when_it_is_written(service: Service) -> None:
    service.gemini.script(Answer(words("one", "two"), pause=0.5))
    with service.http.stream("POST", "/ai/generate", json=WRITE) as answer:
        lines = answer.iter_lines()
        until(lambda: "one" in next(lines))
        assert service.gemini.calls[0].sent < 3


def test_thoughts_are_not_part_of_the_text(service: Service) -> None:
    service.gemini.script(Answer([chunk("Hm.", thought=True), *words("Answer")]))
    assert said(events(ask(service).text)) == "Answer"


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("MAX_TOKENS", "length"),
        ("SAFETY", "safety"),
        ("RECITATION", "recitation"),
        ("BLOCKLIST", "blocklist"),
        ("PROHIBITED_CONTENT", "prohibited-content"),
        ("SPII", "blocked"),
        ("LANGUAGE", "other"),
    ],
)
def test_each_finish_is_told_and_keeps_the_text(service: Service, reason: str, finish: str) -> None:
    service.gemini.script(Answer(words("so far", finish=reason)))
    found = events(ask(service).text)
    assert said(found) == "so far"
    assert found[-1][0] == "done"
    assert found[-1][1]["finish"] == finish


@pytest.mark.parametrize(("reason", "finish"), [("SAFETY", "safety"), ("OTHER", "blocked")])
def test_a_blocked_prompt_finishes_without_text(service: Service, reason: str, finish: str) -> None:
    service.gemini.script(Answer([{"promptFeedback": {"blockReason": reason}}]))
    assert [(name, data["finish"]) for name, data in events(ask(service).text)] == [("done", finish)]


@pytest.mark.filterwarnings("ignore:SOMETHING_NEW")
def test_a_finish_that_is_not_known_yet(service: Service) -> None:
    service.gemini.script(Answer(words("so far", finish="SOMETHING_NEW")))
    assert events(ask(service).text)[-1][1]["finish"] == "other"


def test_a_silent_model_is_bridged_by_comments(service: Service) -> None:
    service.gemini.script(Answer(words("one", "two"), pause=0.35))
    answer = ask(service)
    assert ": ping\n\n" in answer.text
    assert said(events(answer.text)) == "onetwo"


INVALID_KEY = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "17s"}


@pytest.mark.parametrize(
    ("status", "body", "key", "detail"),
    [
        (429, error(429, "RESOURCE_EXHAUSTED", "Quota", RETRY), "rate-limited", "Gemini's limit"),
        (400, error(400, "INVALID_ARGUMENT", "API key not valid.", INVALID_KEY), "ai-unavailable", "GEMINI_API_KEY"),
        (401, error(401, "UNAUTHENTICATED", "No"), "ai-unavailable", "GEMINI_API_KEY"),
        (403, error(403, "PERMISSION_DENIED", "No"), "ai-unavailable", "GEMINI_API_KEY"),
        (404, error(404, "NOT_FOUND", "models/x is not found"), "ai-unavailable", "GEMINI_MODEL"),
        (400, error(400, "INVALID_ARGUMENT", "secret words"), "upstream-failed", "Another part"),
        (500, error(500, "INTERNAL", "secret words"), "upstream-failed", "Another part"),
        (503, error(503, "UNAVAILABLE", "overloaded"), "upstream-failed", "Another part"),
    ],
)
def test_failures_before_the_first_token_are_problems(
    service: Service, status: int, body: dict[str, Any], key: str, detail: str
) -> None:
    service.gemini.script(Answer(status=status, body=body))
    answer = ask(service)
    problem = is_problem(answer, key)
    assert detail in problem["detail"]
    assert "secret words" not in answer.text
    if status == 429:
        assert answer.headers["retry-after"] == "17"


@pytest.mark.parametrize(
    "chunks", [words(), words("\n", "  \n"), words("\u0000"), [chunk("Hm.", thought=True), *words()]]
)
def test_an_answer_without_text_says_so(service: Service, chunks: list[dict[str, Any]]) -> None:
    service.gemini.script(Answer(chunks))
    assert [(name, data["finish"]) for name, data in events(ask(service).text)] == [("done", "empty")]
    assert not service.platform.spent


def test_a_text_is_cleaned(service: Service) -> None:
    service.gemini.script(Answer(words("\n\n", "\n  a\u0000\u202eb\tc", "\ud800", "\n\nd\r\n👩‍👩‍👧")))
    assert said(events(ask(service).text)) == "  ab\tc\ufffd\n\nd\r\n👩‍👩‍👧"


@pytest.mark.parametrize("knob", sorted(KNOBS))
def test_whatever_a_model_says_the_stream_ends_in_order(service: Service, knob: str) -> None:
    answer = KNOBS[knob]()
    answer.pause = 0
    service.gemini.script(answer)
    got = ask(service)
    if got.status_code == 200:
        assert events(got.text)[-1][0] in ("done", "problem")
    else:
        assert knob in ("error", "busy")


def test_no_answer_at_all_is_a_failure(service: Service) -> None:
    service.gemini.script(Answer([]))
    is_problem(ask(service), "upstream-failed")


@pytest.mark.parametrize("cut", [True, False])
def test_a_cut_answer_ends_with_a_problem_and_keeps_the_text(service: Service, cut: bool) -> None:
    service.gemini.script(Answer([chunk("half")], cut=cut))
    answer = ask(service)
    assert answer.status_code == 200
    found = events(answer.text)
    assert [name for name, _ in found] == ["delta", "problem"]
    assert said(found) == "half"
    assert found[1][1]["type"] == "/problems/upstream-failed"
    assert found[1][1]["instance"] == answer.headers["x-request-id"]


def test_an_error_in_the_middle_ends_with_a_problem(service: Service) -> None:
    service.gemini.script(Answer([chunk("half"), error(429, "RESOURCE_EXHAUSTED", "Quota")]))
    found = events(ask(service).text)
    assert [name for name, _ in found] == ["delta", "problem"]
    assert found[1][1]["type"] == "/problems/rate-limited"


def test_a_chunk_that_is_not_json_is_a_failure(service: Service) -> None:
    service.gemini.script(Answer(status=200, body={"candidates": "nonsense"}))
    is_problem(ask(service), "upstream-failed")


def test_many_generations_at_once(service: Service) -> None:
    service.gemini.script(*(Answer(words("a", "b", "c"), pause=0.1) for _ in range(20)))
    texts: list[str] = []
    threads = [threading.Thread(target=lambda: texts.append(said(events(ask(service).text)))) for _ in range(20)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == ["abc"] * 20
    assert time.monotonic() - begun < 4


def test_without_a_key_it_says_how_to_switch_it_on(keyless: Service) -> None:
    problem = is_problem(ask(keyless), "ai-unavailable")
    assert problem["detail"] == "No Gemini key is set. Set GEMINI_API_KEY and restart."
    assert keyless.http.get("/ai/status").json() == {"available": False, "reason": problem["detail"], "model": None}
    assert keyless.guest.get("/ready").status_code == 200


def test_status_with_a_key(service: Service) -> None:
    answer = service.http.get("/ai/status")
    assert answer.json() == {"available": True, "reason": None, "model": "gemini-2.5-flash"}
    assert answer.headers["cache-control"] == "private, no-cache"
