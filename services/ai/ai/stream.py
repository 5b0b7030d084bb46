"""A generation as server-sent events: `delta`…, then `done` or `problem`; a comment every few seconds in between."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from ai.answer import Events
from ai.drain import Drain
from ai.log import log, request_id
from ai.metrics import Metrics
from ai.model import Delta, Finish, Usage
from ai.problems import Problem, problem_response

HEARTBEAT_SECONDS = 10.0
PATIENCE_SECONDS = 9.0
"""A model that thinks longer is waited for in a begun answer: on the way, nobody waits for headers for ever."""


class _Left(Exception):
    """The client has gone away."""


class Generation(Response):
    """Runs one generation and streams it. A failure before the first event is an ordinary problem answer, unless
    the model thought for long. When the client goes away, at any time, the model's request is ended at once."""

    media_type = "text/event-stream"

    def __init__(
        self, events: Events, drain: Drain, metrics: Metrics, heartbeat_seconds: float = HEARTBEAT_SECONDS
    ) -> None:
        super().__init__(headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._events = events
        self._drain = drain
        self._metrics = metrics
        self._heartbeat_seconds = heartbeat_seconds
        self._started = False
        self._usage = Usage()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = time.monotonic()
        outcome = "cancelled"
        left = asyncio.create_task(_disconnected(receive))
        over = asyncio.create_task(self._drain.over.wait())
        following: asyncio.Task[Delta | Finish | None] | None = None
        self._metrics.generating.inc()
        try:
            event: Delta | Finish | None = None
            while not isinstance(event, Finish):
                following = asyncio.create_task(_next(self._events))
                # The next event is waited for while this one is sent, so that leaving always finds the
                # model's request in a wait, where it can be cancelled.
                if event is not None:
                    await self._send_event(send, event)
                first = event is None
                event = await self._wait(following, left, over, send, begun)
                self._usage = event.usage
                if first:
                    self._metrics.first_token.observe(time.monotonic() - begun)
                if not self._started:
                    await self._start(send)
            await self._send_event(send, event)
            outcome = event.reason
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except _Left:
            log.info("the client left; the generation is ended")
        except Problem as problem:
            outcome = problem.key
            _log_problem(problem)
            await self._send_problem(problem, scope, receive, send)
        except Exception:
            outcome = "internal"
            log.exception("a generation failed")
            await self._send_problem(Problem("internal"), scope, receive, send)
        finally:
            await _end(following, left, over)
            await self._events.aclose()
            self._metrics.generating.dec()
            self._metrics.generations.labels(outcome).inc()
            self._metrics.tokens.labels("input").inc(self._usage.input)
            self._metrics.tokens.labels("output").inc(self._usage.output)

    async def _wait(
        self,
        following: asyncio.Task[Delta | Finish | None],
        left: asyncio.Task[None],
        over: asyncio.Task[bool],
        send: Send,
        begun: float,
    ) -> Delta | Finish:
        while True:
            done, _ = await asyncio.wait(
                {following, left, over}, timeout=self._heartbeat_seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if left in done:
                raise _Left
            if following in done:
                event = following.result()
                if event is None:
                    raise Problem("upstream-failed", "The model ended without a finish.")
                return event
            if over in done:
                raise Problem("draining")
            if not self._started and time.monotonic() - begun > PATIENCE_SECONDS:
                await self._start(send)
            if self._started:
                await send(_body(b": ping\n\n"))

    async def _start(self, send: Send) -> None:
        self._started = True
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})

    async def _send_event(self, send: Send, event: Delta | Finish) -> None:
        if isinstance(event, Delta):
            await send(_body(_event("delta", {"text": event.text})))
        else:
            usage = {"input": event.usage.input, "output": event.usage.output}
            await send(_body(_event("done", {"finish": event.reason, "usage": usage})))

    async def _send_problem(self, problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
        current = request_id.get() or ""
        self._metrics.problems.labels(problem.key).inc()
        if not self._started:
            await problem_response(problem, current)(scope, receive, send)
            return
        await send(_body(_event("problem", problem.body(current))))
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _next(events: Events) -> Delta | Finish | None:
    return await anext(events, None)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _end(*tasks: asyncio.Task[Any] | None) -> None:
    """Cancels tasks until each has ended; more than once, since a wait that is just over can swallow a cancel."""
    running = {task for task in tasks if task is not None and not task.done()}
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=0.2)


def _log_problem(problem: Problem) -> None:
    fields = {"problem": problem.key, "reason": problem.detail}
    log.log(40 if problem.status >= 500 else 20, "the generation failed", extra={"fields": fields})


def _body(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
