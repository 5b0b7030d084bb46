"""What may be asked. packages/contracts/examples/ai holds bodies that both languages accept or refuse alike."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from ai.problems import FieldError, Problem

MAX_BODY_BYTES = 1_048_576
MAX_BLOCKS = 200
MAX_TEXT_BYTES = 100_000


def _at_most(limit: int) -> AfterValidator:
    """Counts UTF-16 units, as JavaScript does, so that browser and service agree on every text."""

    def check(text: str) -> str:
        if len(text.encode("utf-16-le")) // 2 > limit:
            raise ValueError(f"must have at most {limit} characters")
        return text

    return AfterValidator(check)


def _filled(text: str) -> str:
    trimmed = text.strip()
    if not trimmed:
        raise ValueError("must not be empty")
    return trimmed


def _refuse_null(value: object) -> object:
    if value is None:
        raise ValueError("must be left out rather than null")
    return value


LEFT_OUT = BeforeValidator(_refuse_null)
"""What is optional may be left out, but not be null, as in the TypeScript schema."""


class Strict(BaseModel):
    """Refuses unknown fields and never converts: "5" is not 5."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


Action = Literal["write", "instruct", "continue", "improve", "shorten", "summarise", "translate"]
_ON_SELECTION = ("instruct", "improve", "shorten", "translate")
_ON_PROMPT = ("write", "instruct")


class Block(Strict):
    """One block of the document around the place of the answer, as plain text."""

    type: Annotated[str, _at_most(40)]
    text: Annotated[str, _at_most(20_000)]


Blocks = Annotated[list[Block], Field(max_length=MAX_BLOCKS)]


class GenerateInput(Strict):
    """The body of POST /ai/generate."""

    document_id: Annotated[str, Field(alias="documentId", pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    action: Action
    prompt: Annotated[Annotated[str, AfterValidator(_filled), _at_most(8_000)] | None, LEFT_OUT] = None
    language: Annotated[Annotated[str, AfterValidator(_filled), _at_most(60)] | None, LEFT_OUT] = None
    selection: Annotated[Annotated[str, _at_most(60_000)] | None, LEFT_OUT] = None
    before: Blocks = Field(default_factory=lambda: list[Block]())
    after: Blocks = Field(default_factory=lambda: list[Block]())
    draft: Annotated[Annotated[str, Field(min_length=1), _at_most(60_000)] | None, LEFT_OUT] = None

    @model_validator(mode="after")
    def _fits(self) -> GenerateInput:
        if self.action in _ON_SELECTION and not (self.selection and self.selection.strip()):
            raise _lacking("selection", "is needed for this action")
        if self.prompt is None and (self.draft is not None or self.action in _ON_PROMPT):
            raise _lacking("prompt", "is needed for this action")
        if (self.action == "translate") != (self.language is not None):
            raise _lacking("language", "belongs to translate, which needs it")
        texts = [self.selection or "", self.draft or "", *(block.text for block in (*self.before, *self.after))]
        if sum(len(text.encode()) for text in texts) > MAX_TEXT_BYTES:
            raise ValueError(f"the text of the request must have at most {MAX_TEXT_BYTES} bytes")
        return self


def _lacking(field: str, message: str) -> PydanticCustomError:
    """A fault of one field that shows only beside the others."""
    return PydanticCustomError("lacking", "{message}", {"field": field, "message": message})


Body = TypeVar("Body", bound=BaseModel)


async def read_body(request: Request, schema: type[Body]) -> Body:
    """Reads a JSON body of at most 1 MiB. Raises unsupported-media-type, payload-too-large, malformed-json
    or invalid-input."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Problem("unsupported-media-type", "Send application/json.")
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > MAX_BODY_BYTES:
        raise _too_large()
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > MAX_BODY_BYTES:
            raise _too_large()
    try:
        value: Any = json.loads(bytes(content).decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Problem("malformed-json", "The body is not valid JSON.") from error
    try:
        return schema.model_validate(value)
    except ValidationError as error:
        errors = _field_errors(error)
        raise Problem("invalid-input", f"{errors[0]['path']}: {errors[0]['message']}", errors=errors) from None


def _too_large() -> Problem:
    return Problem(
        "payload-too-large", f"The body may have at most {MAX_BODY_BYTES} bytes.", headers={"Connection": "close"}
    )


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _field_errors(error: ValidationError) -> list[FieldError]:
    return [
        {
            "path": ".".join(("body", *(str(part) for part in item["loc"]), *_field_of(item.get("ctx")))),
            "message": item["msg"].removeprefix("Value error, "),
        }
        for item in error.errors(include_url=False, include_input=False)
    ]


def _field_of(context: dict[str, Any] | None) -> tuple[str, ...]:
    field = (context or {}).get("field")
    return (field,) if isinstance(field, str) else ()
