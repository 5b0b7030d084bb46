"""JSON lines on standard output, in the form that the other services' pino writes."""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from typing import Any

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request that the current task serves."""

log = logging.getLogger("ai")

_PINO_LEVELS = {"trace": 5, "debug": 10, "info": 20, "warn": 30, "error": 40, "fatal": 50, "silent": 100}


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object. What was given as `extra={"fields": {…}}` becomes members of it."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "level": min(60, record.levelno + 10) if record.levelno >= 10 else 10,
            "time": int(record.created * 1000),
            "service": "ai",
        }
        current = request_id.get()
        if current is not None:
            line["requestId"] = current
        line.update(getattr(record, "fields", {}))
        line["msg"] = record.getMessage()
        if record.exc_info and record.exc_info[0]:
            line["err"] = {
                "type": record.exc_info[0].__name__,
                "message": str(record.exc_info[1]),
                "stack": self.formatException(record.exc_info),
            }
        return json.dumps(line, ensure_ascii=False, default=str)


def start_log(level: str) -> None:
    """Sends every record of `level` (one of pino's names) and above to standard output."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=_PINO_LEVELS[level], force=True)
    # These tell of every request and connection at info and debug; ours tell what matters.
    for chatty in ("httpx", "httpcore", "google_genai", "uvicorn.error", "asyncio"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, _PINO_LEVELS[level]))
