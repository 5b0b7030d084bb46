from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ai.problems import TABLE, Problem, read_table
from ai.settings import SettingsError, read_settings
from tests.conftest import Service
from tests.fake_gemini import Answer, FakeGemini, words
from tests.reading import WRITE, is_problem
from tests.servers import PUBLIC_URL, Auth, Platform, free_port, serving, until

FOLDER = Path(__file__).resolve().parents[1]
GOOD = {
    "AI_LISTEN": "127.0.0.1:4005",
    "PUBLIC_URL": PUBLIC_URL,
    "AUTH_URL": "http://127.0.0.1:4001/",
    "DOCUMENT_URL": "http://127.0.0.1:4003/",
    "ORGANIZATION_URL": "http://127.0.0.1:4002/",
}


def test_health_ready_and_metrics(keyless: Service) -> None:
    assert keyless.guest.get("/health").json() == {"status": "ok"}
    assert keyless.guest.get("/ready").status_code == 200
    keyless.guest.get("/ai/status")
    text = keyless.guest.get("/metrics").text
    assert 'problems_total{problem="unauthenticated"} 1.0' in text
    assert 'http_request_duration_seconds_count{method="GET",route="/ai/status",status="401"} 1.0' in text


@pytest.mark.parametrize("given", ["abcd1234", "A-_9" * 16])
def test_a_request_id_is_kept(keyless: Service, given: str) -> None:
    answer = keyless.guest.get("/ai/status", headers={"X-Request-Id": given})
    assert answer.headers["x-request-id"] == given
    assert is_problem(answer, "unauthenticated")["instance"] == given


@pytest.mark.parametrize("given", ["short", "a" * 65, "with space", "new;line", None])
def test_a_request_id_is_made(keyless: Service, given: str | None) -> None:
    answer = keyless.guest.get("/health", headers={} if given is None else {"X-Request-Id": given})
    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 16


def test_a_server_problem_tells_its_title_only() -> None:
    assert Problem("internal", "secret").body("x")["detail"] == TABLE["internal"].title
    assert Problem("ai-unavailable", "how to").body("x")["detail"] == "how to"
    assert Problem("forbidden", "why").body("x")["detail"] == "why"


def test_a_table_that_lacks_a_problem_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "problems.json"
    table.write_text(json.dumps({key: row.model_dump() for key, row in TABLE.items() if key != "internal"}))
    with pytest.raises(ValueError, match="lacks internal"):
        read_table(table)


def test_settings() -> None:
    settings = read_settings({**GOOD, "GEMINI_API_KEY": " ", "GEMINI_MODEL": ""})
    assert (settings.host, settings.port, settings.auth_url) == ("127.0.0.1", 4005, "http://127.0.0.1:4001")
    assert (settings.document_url, settings.organization_url) == ("http://127.0.0.1:4003", "http://127.0.0.1:4002")
    assert settings.gemini_api_key is None
    assert settings.gemini_model == "gemini-2.5-flash"
    assert read_settings({**GOOD, "AI_LISTEN": "[::1]:80"}).host == "::1"


def test_every_wrong_setting_is_named() -> None:
    wrong = {
        "AI_LISTEN": "4005",
        "AUTH_URL": "auth:4001",
        "DOCUMENT_URL": "x",
        "GEMINI_BASE_URL": "x",
        "LOG_LEVEL": "loud",
    }
    with pytest.raises(SettingsError) as caught:
        read_settings(wrong)
    for name in (*wrong, "PUBLIC_URL is missing"):
        assert name in str(caught.value)
    assert "the auth service" in str(caught.value)


class Process:
    """The service as its own process."""

    def __init__(self, **environ: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ai"],
            cwd=FOLDER,
            env={**kept, **GOOD, "AI_LISTEN": f"127.0.0.1:{self.port}", **environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> Process:
        until(self._is_ready, 20)
        return self

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, "the service ended"
        try:
            return httpx.get(f"{self.url}/ready").status_code == 200
        except httpx.ConnectError:
            return False

    def ended(self, seconds: float = 10) -> tuple[int, list[dict[str, Any]], str]:
        out, err = self.process.communicate(timeout=seconds)
        return self.process.returncode, [json.loads(line) for line in out.splitlines()], err


@pytest.fixture
def started() -> Generator[list[Process], None, None]:
    processes: list[Process] = []
    yield processes
    for one in processes:
        one.process.kill()
        one.process.wait()


def test_it_starts_logs_and_stops(started: list[Process]) -> None:
    started.append(service := Process())
    service.ready()
    httpx.get(f"{service.url}/ai/status", headers={"X-Request-Id": "abcd1234"})
    service.process.send_signal(signal.SIGTERM)
    code, lines, err = service.ended()
    assert (code, err) == (0, "")
    request = next(line for line in lines if line.get("path") == "/ai/status")
    assert {**request, "time": 0, "ms": 0} == {
        "level": 30,
        "time": 0,
        "service": "ai",
        "requestId": "abcd1234",
        "method": "GET",
        "path": "/ai/status",
        "status": 401,
        "ms": 0,
        "msg": "request",
    }
    assert "GEMINI_API_KEY" in lines[0]["msg"]
    # The answer may be there before its line is.
    assert "stopping" in [line["msg"] for line in lines]


def test_it_lets_a_generation_end_before_it_stops(
    started: list[Process], auth: Auth, gemini: FakeGemini, platform: Platform
) -> None:
    gemini.script(Answer(words(*["word "] * 10), pause=0.1))
    with serving(auth.app) as auth_url, serving(gemini.app) as gemini_url, serving(platform.app) as platform_url:
        urls = {"AUTH_URL": auth_url, "DOCUMENT_URL": platform_url, "ORGANIZATION_URL": platform_url}
        started.append(service := Process(**urls, GEMINI_API_KEY="k", GEMINI_BASE_URL=gemini_url))
        service.ready()
        signed = {"Authorization": f"Bearer {auth.key.token()}"}
        with httpx.stream("POST", f"{service.url}/ai/generate", json=WRITE, headers=signed) as answer:
            assert answer.status_code == 200
            service.process.send_signal(signal.SIGTERM)
            text = answer.read().decode()
        assert text.count("event: delta") == 10
        assert '"finish": "stop"' in text
        code, lines, _ = service.ended()
        assert code == 0
        assert "word" not in json.dumps(lines)


def test_it_ends_when_the_supervisor_is_gone(started: list[Process]) -> None:
    started.append(service := Process(PARENT_PIPE="1"))
    service.ready()
    assert service.process.stdin is not None
    service.process.stdin.close()
    assert service.process.wait(5) == 0


def test_without_parent_pipe_standard_input_does_not_matter(started: list[Process]) -> None:
    started.append(service := Process())
    assert service.process.stdin is not None
    service.process.stdin.close()
    service.process.stdin = None
    service.ready()
    service.process.send_signal(signal.SIGINT)
    assert service.ended()[0] == 0


def test_it_does_not_start_with_a_wrong_environment(started: list[Process]) -> None:
    started.append(service := Process(AI_LISTEN="nowhere", PUBLIC_URL=""))
    code, _, err = service.ended()
    assert code == 1
    assert "AI_LISTEN is not host:port" in err
    assert "PUBLIC_URL is missing" in err
    assert "Traceback" not in err


def test_it_says_that_its_port_is_in_use(started: list[Process]) -> None:
    started.append(first := Process())
    first.ready()
    started.append(second := Process(AI_LISTEN=f"127.0.0.1:{first.port}"))
    code, lines, _ = second.ended()
    assert code != 0
    assert "address already in use" in lines[-1]["msg"]
