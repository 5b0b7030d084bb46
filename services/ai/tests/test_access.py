from __future__ import annotations

from typing import Any

import httpx
import pytest

from ai.access import USED_UP
from tests.conftest import Service
from tests.fake_gemini import Answer, chunk, words
from tests.reading import WRITE, events, is_problem, said


def ask(service: Service, **more: Any) -> httpx.Response:
    return service.http.post("/ai/generate", json={**WRITE, **more})


def test_one_generation_is_one_credit(service: Service) -> None:
    for count in (1, 2):
        assert ask(service).status_code == 200
        assert len(service.platform.spent) == count
    assert service.platform.asked == ["document", "entitlements", "credit"] * 2


def test_the_same_request_id_is_no_way_to_pay_once(service: Service) -> None:
    for _ in range(2):
        service.http.post("/ai/generate", json=WRITE, headers={"X-Request-Id": "the-same-id"})
    assert len(service.platform.spent) == 2


def test_who_may_not_read_gets_nothing(service: Service) -> None:
    is_problem(ask(service, documentId="doc_2"), "not-found")
    stranger = {"Authorization": f"Bearer {service.auth.key.token(sub='user_2')}"}
    is_problem(service.http.post("/ai/generate", json=WRITE, headers=stranger), "not-found")
    assert service.gemini.calls == []
    assert service.platform.asked == ["document", "document"]


def test_who_only_reads_spends_nothing_of_others(service: Service) -> None:
    service.platform.guests = {"user_1"}
    is_problem(ask(service), "forbidden")
    assert service.gemini.calls == []
    assert service.platform.asked == ["document"]


def test_used_up_credits_ask_nobody(service: Service) -> None:
    service.platform.limit = 1
    assert ask(service).status_code == 200
    assert is_problem(ask(service), "plan-limit")["detail"] == USED_UP
    assert len(service.gemini.calls) == 1


@pytest.mark.parametrize(("mode", "limit"), [("self-hosted", 0), ("stripe", None)])
def test_without_a_limit_there_is_none(service: Service, mode: str, limit: int | None) -> None:
    service.platform.mode = mode
    service.platform.limit = limit
    assert ask(service).status_code == 200


def test_a_credit_that_others_took_meanwhile(service: Service) -> None:
    service.platform.refusing = True
    answer = ask(service)
    assert is_problem(answer, "plan-limit")["detail"] == "Others were faster."
    assert "Words" not in answer.text


def test_a_lost_answer_about_a_credit_counts_once(service: Service) -> None:
    service.platform.down.add("credit once")
    assert ask(service).status_code == 200
    assert service.platform.asked.count("credit") == 2
    assert len(service.platform.spent) == 1


@pytest.mark.parametrize(
    ("part", "key"), [("document", "upstream-failed"), ("organization", "unavailable"), ("credit", "unavailable")]
)
def test_a_part_that_is_away(service: Service, part: str, key: str) -> None:
    service.platform.down.add(part)
    problem = is_problem(ask(service), key)
    assert problem["upstream"] == ("document" if part == "document" else "organization")


def test_nothing_is_counted_where_nothing_was_said(service: Service) -> None:
    service.gemini.script(Answer(words()), Answer(status=500, body={}), Answer([chunk("", "SAFETY")]))
    for _ in range(3):
        ask(service)
    assert service.platform.spent == set()


def test_a_cut_answer_counts(service: Service) -> None:
    service.gemini.script(Answer([chunk("half")], cut=True))
    assert said(events(ask(service).text)) == "half"
    assert len(service.platform.spent) == 1


def test_without_a_key_nobody_is_asked(keyless: Service) -> None:
    is_problem(ask(keyless), "ai-unavailable")
    assert keyless.platform.asked == []
