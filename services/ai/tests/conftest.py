"""The service on a real port, with the real SDK, against a fake Gemini and an auth service with real keys."""

from __future__ import annotations

import ssl
from collections.abc import Generator
from dataclasses import dataclass

import httpx
import pytest

from ai.app import create_app
from ai.drain import Drain
from ai.gemini import Gemini
from ai.settings import Settings
from tests.fake_gemini import FakeGemini
from tests.servers import PUBLIC_URL, Auth, Platform, join_servers, serving

_TLS = ssl.create_default_context()  # Made once: it is the slowest part of a client, and nothing here uses it.


@dataclass
class Service:
    """The service under test with what stands around it. `http` is signed in; `guest` is not."""

    url: str
    auth: Auth
    gemini: FakeGemini
    platform: Platform
    http: httpx.Client
    guest: httpx.Client
    drain: Drain


@pytest.fixture(autouse=True, scope="session")
def stopped_servers() -> Generator[None, None, None]:
    yield
    join_servers()


@pytest.fixture
def auth() -> Auth:
    return Auth()


@pytest.fixture
def gemini() -> FakeGemini:
    return FakeGemini()


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def service(auth: Auth, gemini: FakeGemini, platform: Platform) -> Generator[Service, None, None]:
    with serving(auth.app) as auth_url, serving(gemini.app) as gemini_url, serving(platform.app) as platform_url:
        settings = Settings("127.0.0.1", 0, PUBLIC_URL, auth_url, platform_url, platform_url)
        drain = Drain(grace_seconds=0.2)
        model = Gemini("test-key", "gemini-2.5-flash", gemini_url)
        with serving(create_app(settings, model, drain, heartbeat_seconds=0.1)) as url:
            yield from _clients(url, auth, gemini, platform, drain)


@pytest.fixture
def keyless(auth: Auth, gemini: FakeGemini, platform: Platform) -> Generator[Service, None, None]:
    """The service without a Gemini key."""
    with serving(auth.app) as auth_url, serving(platform.app) as platform_url:
        drain = Drain()
        settings = Settings("127.0.0.1", 0, PUBLIC_URL, auth_url, platform_url, platform_url)
        with serving(create_app(settings, None, drain)) as url:
            yield from _clients(url, auth, gemini, platform, drain)


def _clients(
    url: str, auth: Auth, gemini: FakeGemini, platform: Platform, drain: Drain
) -> Generator[Service, None, None]:
    signed = {"Authorization": f"Bearer {auth.key.token()}"}
    with (
        httpx.Client(base_url=url, headers=signed, verify=_TLS) as http,
        httpx.Client(base_url=url, verify=_TLS) as guest,
    ):
        yield Service(url, auth, gemini, platform, http, guest, drain)
