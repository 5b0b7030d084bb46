from __future__ import annotations

import time

import httpx
import pytest

from tests.conftest import Service
from tests.fake_gemini import Answer, chunk, words
from tests.reading import WRITE, is_problem
from tests.servers import until


def leave(service: Service, after: int) -> float:
    """Asks, reads until `after` deltas have come, and goes away; gives when."""
    with httpx.Client(base_url=service.url, headers=service.http.headers, timeout=5) as http:
        if after == 0:
            with pytest.raises(httpx.ReadTimeout):
                http.post("/ai/generate", json=WRITE, timeout=0.4)
        else:
            with http.stream("POST", "/ai/generate", json=WRITE) as answer:
                deltas = (line for line in answer.iter_lines() if line == "event: delta")
                for _ in range(after):
                    next(deltas)
    return time.monotonic()


@pytest.mark.parametrize(
    ("answer", "after"),
    [
        (Answer(before=30), 0),
        (Answer([chunk("never"), chunk("seen")], pause=30), 0),
        (Answer(words(*["word "] * 500), pause=0.05), 3),
        (Answer([chunk("x" * 200_000)] * 400), 1),
    ],
    ids=["before the headers", "before the first token", "while it streams", "while it streams too fast to be read"],
)
def test_the_model_is_stopped_within_a_second_of_leaving(service: Service, answer: Answer, after: int) -> None:
    service.gemini.script(answer)
    left_at = leave(service, after)
    [call] = service.gemini.calls
    until(lambda: call.ended, 2)
    assert call.aborted_at is not None
    assert call.aborted_at - left_at < 1
    until(lambda: 'ai_generations_total{outcome="cancelled"} 1.0' in service.guest.get("/metrics").text)
    assert "ai_generations_running 0.0" in service.guest.get("/metrics").text


def test_a_draining_service_ends_what_runs_and_begins_nothing(service: Service) -> None:
    service.gemini.script(Answer(words(*["word "] * 500), pause=0.05))
    assert service.guest.get("/ready").status_code == 200
    with service.http.stream("POST", "/ai/generate", json=WRITE) as answer:
        lines = answer.iter_lines()
        next(lines)
        service.drain.draining = True
        is_problem(service.guest.get("/ready"), "draining")
        is_problem(service.http.post("/ai/generate", json=WRITE), "draining")
        service.drain.over.set()
        rest = "\n".join(lines)
    assert "event: problem" in rest
    assert "/problems/draining" in rest
    until(lambda: service.gemini.calls[0].aborted_at)
