"""What the service needs of a language model, whoever makes it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Literal, Protocol

FinishReason = Literal[
    "stop", "length", "empty", "safety", "recitation", "blocklist", "prohibited-content", "blocked", "other"
]
"""Why a text ends: complete; at the limit of tokens; without any text; stopped by a filter of the model's maker
(safety, recitation, blocklist, prohibited-content, or blocked for any other cause); anything else. The text so far is
kept in each case."""


@dataclass(frozen=True)
class Prompt:
    """What is sent to a model: how it must behave, and what the user's side says, in parts."""

    system: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Usage:
    """Tokens read and written, as the model's maker counts them."""

    input: int = 0
    output: int = 0


@dataclass(frozen=True)
class Delta:
    """A piece of the text. `usage` is what had been used when it came."""

    text: str
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True)
class Finish:
    """The end of the text."""

    reason: FinishReason
    usage: Usage = field(default_factory=Usage)


class Model(Protocol):
    """A language model."""

    @property
    def name(self) -> str:
        """The name that people know it by."""
        ...

    def stream(self, prompt: Prompt) -> AsyncGenerator[Delta | Finish, None]:
        """Writes a text: deltas, then one finish. Raises Problem. Cancelling the task that waits for the next
        event ends the request to the model's maker at once."""
        ...

    async def close(self) -> None:
        """Gives back its connections."""
        ...
