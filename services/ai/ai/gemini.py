"""Google's Gemini as a Model. Nothing else here knows Google's SDK."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncGenerator
from contextvars import ContextVar
from typing import Any, cast

import httpx
from google import genai
from google.genai import errors, types

from ai.log import log
from ai.model import Delta, Finish, FinishReason, Prompt, Usage
from ai.problems import Problem

GOOGLE = "https://generativelanguage.googleapis.com/"
MAX_OUTPUT_TOKENS = 8192
SILENCE_SECONDS = 60.0
"""How long Gemini may send nothing, also before its first word, while a model thinks."""

_FINISHES: dict[str, FinishReason] = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "SAFETY": "safety",
    "RECITATION": "recitation",
    "BLOCKLIST": "blocklist",
    "PROHIBITED_CONTENT": "prohibited-content",
    "SPII": "blocked",
}


_responses: ContextVar[list[httpx.Response]] = ContextVar("responses")
"""The responses of the stream that is being opened. Closing the SDK's generator leaves its response open until it is
collected, and Gemini writes on; so each stream closes its own."""


async def _hold(response: httpx.Response) -> None:
    _responses.get([]).append(response)


class Gemini:
    """A Gemini model behind a key."""

    def __init__(self, api_key: str, model: str, base_url: str | None = None) -> None:
        self._model = model
        # A client of our own: the SDK would else pick one by what is installed and set in the environment.
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(SILENCE_SECONDS, connect=10.0), event_hooks={"response": [_hold]}
        )
        self._client = genai.Client(
            api_key=api_key,
            vertexai=False,
            http_options=types.HttpOptions(base_url=base_url or GOOGLE, httpx_async_client=self._http),
        )

    @property
    def name(self) -> str:
        return self._model

    async def close(self) -> None:
        await self._http.aclose()

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Delta | Finish, None]:
        responses: list[httpx.Response] = []
        _responses.set(responses)
        try:
            chunks = await asyncio.wait_for(self._open(prompt), SILENCE_SECONDS)
            usage = Usage()
            while (chunk := await asyncio.wait_for(anext(chunks, None), SILENCE_SECONDS)) is not None:
                usage = _usage(chunk) or usage
                text = _text(chunk)
                if text:
                    yield Delta(text, usage)
                finish = _finish(chunk)
                if finish is not None:
                    yield Finish(finish, usage)
                    return
            # An answer that just stops was cut: it must not look complete.
            raise Problem("upstream-failed", "Gemini's answer ended without a finish reason.")
        except errors.APIError as error:
            raise _problem(error, self._model) from error
        except asyncio.TimeoutError as error:
            raise Problem("timeout", "Gemini was silent for too long.") from error
        except httpx.TimeoutException as error:
            raise Problem("timeout", "Gemini did not answer in time.") from error
        except (httpx.HTTPError, httpx.StreamError, ValueError) as error:
            raise Problem("upstream-failed", f"Gemini could not be reached or understood: {error!r}") from error
        finally:
            for response in responses:
                await response.aclose()

    async def _open(self, prompt: Prompt) -> AsyncGenerator[types.GenerateContentResponse, None]:
        contents = [types.Content(role="user", parts=[types.Part(text=part) for part in prompt.parts])]
        models = cast("Any", self._client.aio.models)  # The SDK leaves parts of these types unknown.
        return await models.generate_content_stream(
            model=self._model,
            contents=contents,
            config=types.GenerateContentConfig(
                system_instruction=prompt.system, max_output_tokens=MAX_OUTPUT_TOKENS, candidate_count=1
            ),
        )


def _text(chunk: types.GenerateContentResponse) -> str:
    content = chunk.candidates[0].content if chunk.candidates else None
    parts = content.parts if content else None
    return "".join(part.text for part in parts or [] if part.text and not part.thought)


def _finish(chunk: types.GenerateContentResponse) -> FinishReason | None:
    if chunk.prompt_feedback is not None and chunk.prompt_feedback.block_reason is not None:
        found = _FINISHES.get(chunk.prompt_feedback.block_reason.value, "blocked")
        return "blocked" if found in ("stop", "length") else found
    reason = chunk.candidates[0].finish_reason if chunk.candidates else None
    if reason is None or reason.value == "FINISH_REASON_UNSPECIFIED":
        return None
    return _FINISHES.get(reason.value, "other")


def _usage(chunk: types.GenerateContentResponse) -> Usage | None:
    counted = chunk.usage_metadata
    if counted is None:
        return None
    output = (counted.candidates_token_count or 0) + (counted.thoughts_token_count or 0)
    return Usage(counted.prompt_token_count or 0, output)


def _problem(error: errors.APIError, model: str) -> Problem:
    log.log(
        logging.WARNING,
        "Gemini answered with an error",
        extra={"fields": {"code": error.code, "geminiStatus": error.status, "reason": error.message}},
    )
    details = str(cast("Any", error).details)
    if error.code == 429:
        delay = re.search(r"'retryDelay': '(\d+)", details)
        return Problem(
            "rate-limited",
            "Gemini's limit for this server is reached. Try again later.",
            headers={"Retry-After": delay.group(1) if delay else "30"},
        )
    if error.code in (401, 403) or "API_KEY_INVALID" in details:
        return Problem("ai-unavailable", "Gemini refused the key. Set a valid GEMINI_API_KEY and restart.")
    if error.code == 404:
        return Problem(
            "ai-unavailable",
            f"Gemini does not know the model {model}. Set GEMINI_MODEL to one that it has and restart.",
        )
    return Problem("upstream-failed", f"Gemini answered {error.code} {error.status}.")
