"""What becomes of a model's text on its way to the reader: only text that people can see, and never nothing."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable

from ai.model import Delta, Finish

Events = AsyncGenerator["Delta | Finish", None]

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters but tab and line breaks, and marks that turn text around."""


async def answered(events: Events, first: Callable[[], Awaitable[None]]) -> Events:
    """The events of an answer: cleaned, without blank lines at its beginning, and with the finish `empty` where a
    model says that it is complete and has said nothing. `first` is waited for once, when there is text, before
    any of it is handed on; what it raises ends the answer."""
    begun = False
    try:
        async for event in events:
            if isinstance(event, Finish):
                silent = event.reason == "stop" and not begun
                yield Finish("empty", event.usage) if silent else event
                return
            text = cleaned(event.text)
            if not begun:
                text = text.lstrip("\r\n")
                if not text.strip():
                    continue
                await first()
                begun = True
            if text:
                yield Delta(text, event.usage)
    finally:
        await events.aclose()


def cleaned(text: str) -> str:
    """The text without control characters. Halves of characters become the sign for what cannot be shown."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _CONTROL.sub("", whole)
