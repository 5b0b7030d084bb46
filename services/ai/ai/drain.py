"""The way out: nothing new is begun, and what runs has a little time to end by itself."""

from __future__ import annotations

import asyncio

GRACE_SECONDS = 5.0


class Drain:
    """Whether the service is on its way out. Belongs to one event loop."""

    def __init__(self, grace_seconds: float = GRACE_SECONDS) -> None:
        self._grace_seconds = grace_seconds
        self.draining = False
        self.over = asyncio.Event()
        """Set when the time is up: what still runs must end now."""

    def begin(self) -> None:
        """Begins; must be called on the event loop's thread."""
        if not self.draining:
            self.draining = True
            asyncio.get_running_loop().call_later(self._grace_seconds, self.over.set)
