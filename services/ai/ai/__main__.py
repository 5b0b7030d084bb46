"""Starts the service from its environment: `python -m ai`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Generator
from types import FrameType

import uvicorn

from ai.app import create_app
from ai.drain import GRACE_SECONDS, Drain
from ai.log import log, start_log
from ai.model import Model
from ai.settings import Settings, SettingsError, read_settings


class Server(uvicorn.Server):
    """uvicorn that drains on SIGTERM and SIGINT and then ends as if all were well, which it is."""

    def __init__(self, config: uvicorn.Config, drain: Drain) -> None:
        super().__init__(config)
        self._drain = drain

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.handle_exit)
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        log.info("stopping", extra={"fields": {"signal": signal.Signals(sig).name}})
        self._loop.call_soon_threadsafe(self._drain.begin)
        super().handle_exit(sig, frame)

    async def serve_until_stopped(self, parent_pipe: bool) -> None:
        """Serves until a signal, or, with `parent_pipe`, until standard input closes."""
        self._loop = asyncio.get_running_loop()
        if parent_pipe:
            threading.Thread(target=self._watch_parent, daemon=True).start()
        await self.serve()

    def _watch_parent(self) -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        log.info("the supervisor is gone")
        with contextlib.suppress(RuntimeError):  # The loop may have ended meanwhile.
            self._loop.call_soon_threadsafe(self.handle_exit, signal.SIGTERM, None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            log.info("listening", extra={"fields": {"host": self.config.host, "port": self.config.port}})


def choose_model(settings: Settings) -> Model | None:
    """The model that the settings name; none without a key."""
    if settings.gemini_api_key is None:
        log.info("GEMINI_API_KEY is not set: AI answers how to switch it on")
        return None
    # Imported only here: the SDK takes a second and a hundred megabytes.
    from ai.gemini import Gemini

    return Gemini(settings.gemini_api_key, settings.gemini_model, settings.gemini_base_url)


async def run(settings: Settings) -> None:
    """Runs the service until it is told to stop."""
    drain = Drain()
    config = uvicorn.Config(
        create_app(settings, choose_model(settings), drain),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=int(GRACE_SECONDS) + 2,
    )
    await Server(config, drain).serve_until_stopped(settings.parent_pipe)


def main() -> None:
    """The whole life of the process. Ends with 1 when it cannot start."""
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        sys.exit(str(error))
    start_log(settings.log_level)
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
