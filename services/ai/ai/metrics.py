"""What the service counts, in Prometheus' text format."""

from __future__ import annotations

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from starlette.responses import Response


class Metrics:
    """The counters of one app, in a registry of their own so that two apps in one process do not collide."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.requests = Histogram(
            "http_request_duration_seconds",
            "Time until a request was answered in full.",
            ["method", "route", "status"],
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
        )
        self.problems = Counter("problems_total", "Problems answered.", ["problem"], registry=self.registry)
        self.generating = Gauge("ai_generations_running", "Generations under way.", registry=self.registry)
        self.generations = Counter(
            "ai_generations_total",
            "Generations by how they ended: a finish, a problem's key, or cancelled.",
            ["outcome"],
            registry=self.registry,
        )
        self.first_token = Histogram(
            "ai_first_token_seconds",
            "Time from the request to the first text from the model.",
            registry=self.registry,
            buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
        )
        self.tokens = Counter("ai_tokens_total", "Tokens used, by direction.", ["direction"], registry=self.registry)

    def response(self) -> Response:
        """All of it as text."""
        return Response(generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
