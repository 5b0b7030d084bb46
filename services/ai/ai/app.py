"""The service as an app: which path does what."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ai.access import Access
from ai.answer import answered
from ai.drain import Drain
from ai.log import request_id
from ai.metrics import Metrics
from ai.model import Model
from ai.observation import Observation
from ai.problems import Problem, problem_response
from ai.prompts import generation_prompt
from ai.schemas import GenerateInput, read_body
from ai.settings import Settings
from ai.stream import HEARTBEAT_SECONDS, Generation
from ai.tokens import Actor, Tokens

NO_KEY = "No Gemini key is set. Set GEMINI_API_KEY and restart."


def create_app(
    settings: Settings,
    model: Model | None,
    drain: Drain | None = None,
    *,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
) -> FastAPI:
    """The app. Without a model it runs and says how to switch AI on."""
    tokens = Tokens(settings)
    access = Access(settings)
    metrics = Metrics()
    leaving = drain or Drain()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None, None]:
        yield
        await tokens.close()
        await access.close()
        if model is not None:
            await model.close()

    app = FastAPI(
        title="AI", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )
    app.add_middleware(Observation, metrics=metrics)

    @app.exception_handler(Problem)
    async def on_problem(_: Request, problem: Problem) -> Response:
        metrics.problems.labels(problem.key).inc()
        return problem_response(problem, request_id.get() or "")

    @app.exception_handler(HTTPException)
    async def on_http_exception(request: Request, error: HTTPException) -> Response:
        if error.status_code == 405:
            return await on_problem(request, Problem("method-not-allowed", headers=error.headers))
        return await on_problem(request, Problem("not-found"))

    @app.exception_handler(ClientDisconnect)
    async def on_disconnect(_request: Request, _error: ClientDisconnect) -> Response:
        return Response(status_code=400)  # Nobody is there to read it.

    async def user(request: Request) -> Actor:
        actor = await tokens.actor(request)
        if actor.act != "user":
            raise Problem("forbidden", "AI is for signed-in people, not for keys and links.")
        return actor

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/ready")
    async def ready() -> dict[str, str]:
        if leaving.draining:
            raise Problem("draining")
        return {"status": "ready"}

    @app.get("/metrics")
    async def numbers() -> Response:
        return metrics.response()

    @app.get("/ai/status")
    async def status(request: Request, response: Response) -> dict[str, bool | str | None]:
        await user(request)
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = "Authorization"
        if model is None:
            return {"available": False, "reason": NO_KEY, "model": None}
        return {"available": True, "reason": None, "model": model.name}

    @app.post("/ai/generate")
    async def generate(request: Request) -> Response:
        actor = await user(request)
        asked = await read_body(request, GenerateInput)
        if model is None:
            raise Problem("ai-unavailable", NO_KEY)
        if leaving.draining:
            raise Problem("draining")
        resource = await access.resource(actor, asked.document_id)
        credit = await access.credit(actor, resource.organization_id)
        events = answered(model.stream(generation_prompt(asked, resource.title)), credit.spend)
        return Generation(events, leaving, metrics, heartbeat_seconds)

    # Named here only so that the type checker sees that the decorators use them.
    _ = (on_problem, on_http_exception, on_disconnect, health, ready, numbers, status, generate)
    return app
