from __future__ import annotations

import time

import httpx
import jwt
import pytest

from tests.conftest import Service
from tests.reading import WRITE, is_problem
from tests.servers import Key, until


def status(service: Service, token: str | None) -> httpx.Response:
    return service.guest.get("/ai/status", headers={} if token is None else {"Authorization": f"Bearer {token}"})


def refused(service: Service, token: str | None, detail: str) -> None:
    answer = status(service, token)
    assert detail in is_problem(answer, "unauthenticated")["detail"]
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_good_token(keyless: Service) -> None:
    assert status(keyless, keyless.auth.key.token()).status_code == 200


def test_no_token(keyless: Service) -> None:
    refused(keyless, None, "Send a token")
    is_problem(keyless.guest.post("/ai/generate", json=WRITE), "unauthenticated")
    is_problem(keyless.guest.get("/ai/status", headers={"Authorization": "Basic abc"}), "unauthenticated")
    is_problem(
        keyless.guest.get("/ai/status", headers={"Cookie": f"token={keyless.auth.key.token()}"}), "unauthenticated"
    )


def test_an_expired_token(keyless: Service) -> None:
    refused(keyless, keyless.auth.key.token(exp=int(time.time()) - 60), "expired")


def test_a_token_of_another_place(keyless: Service) -> None:
    refused(keyless, keyless.auth.key.token(iss="https://elsewhere.example"), "another place")
    refused(keyless, keyless.auth.key.token(aud="https://elsewhere.example"), "another place")


def test_forged_tokens(keyless: Service) -> None:
    refused(keyless, Key("key-1").token(), "forged")
    refused(keyless, Key("key-of-a-stranger").token(), "forged")
    refused(keyless, jwt.encode({"sub": "user_1"}, "s" * 32, "HS256", {"kid": "key-1"}), "forged")
    refused(keyless, jwt.encode({"sub": "user_1"}, "", "none", {"kid": "key-1"}), "forged")
    head, _, tail = keyless.auth.key.token().split(".")
    other = keyless.auth.key.token(sub="user_2").split(".")[1]
    refused(keyless, f"{head}.{other}.{tail}", "forged")


@pytest.mark.parametrize("token", ["x", "a.b.c", "..", "é"])
def test_what_is_no_token(keyless: Service, token: str) -> None:
    answer = keyless.guest.get("/ai/status", headers=[(b"Authorization", f"Bearer {token}".encode())])
    is_problem(answer, "unauthenticated")


@pytest.mark.parametrize("claim", ["exp", "iss", "aud", "sub", "sid", "act"])
def test_a_token_that_lacks_a_claim(keyless: Service, claim: str) -> None:
    is_problem(status(keyless, keyless.auth.key.token(**{claim: None})), "unauthenticated")


def test_an_unknown_kind_of_actor(keyless: Service) -> None:
    refused(keyless, keyless.auth.key.token(act="service"), "something wrong")


@pytest.mark.parametrize("act", ["key", "link"])
def test_ai_is_for_people(keyless: Service, act: str) -> None:
    token = keyless.auth.key.token(act=act, scope="documents:read")
    is_problem(status(keyless, token), "forbidden")
    answer = keyless.guest.post("/ai/generate", json=WRITE, headers={"Authorization": f"Bearer {token}"})
    is_problem(answer, "forbidden")


def test_keys_are_cached_and_a_new_one_is_found(keyless: Service) -> None:
    assert status(keyless, keyless.auth.key.token()).status_code == 200
    for _ in range(5):
        refused(keyless, Key("key-of-a-stranger").token(), "forged")
        assert status(keyless, keyless.auth.key.token()).status_code == 200
    assert keyless.auth.asked["jwks"] == 1
    new = Key("key-2")
    keyless.auth.keys.append(new)
    until(lambda: status(keyless, new.token()).status_code == 200, 6)
    assert keyless.auth.asked["jwks"] == 2


def test_auth_cannot_be_reached(keyless: Service) -> None:
    keyless.auth.down = True
    problem = is_problem(status(keyless, keyless.auth.key.token()), "unavailable")
    assert "auth service" in problem["detail"]
    assert problem["upstream"] == "auth"
    keyless.auth.down = False
    until(lambda: status(keyless, keyless.auth.key.token()).status_code == 200, 6)


def test_a_revoked_session_is_refused_within_seconds(keyless: Service) -> None:
    assert status(keyless, keyless.auth.key.token(sid="session_2")).status_code == 200
    keyless.auth.revoke("session_2")
    until(lambda: status(keyless, keyless.auth.key.token(sid="session_2")).status_code == 401, 4)
    refused(keyless, keyless.auth.key.token(sid="session_2"), "has ended")
    assert status(keyless, keyless.auth.key.token()).status_code == 200
    assert keyless.auth.asked["revocations"] <= 3


def test_an_old_list_of_revocations_is_worth_nothing(keyless: Service) -> None:
    assert status(keyless, keyless.auth.key.token()).status_code == 200
    keyless.auth.down = True
    assert status(keyless, keyless.auth.key.token()).status_code == 200
    until(lambda: status(keyless, keyless.auth.key.token()).status_code == 503, 9)
