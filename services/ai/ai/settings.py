"""Everything that the environment decides, read once; nothing else in the service looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

LEVELS = ("trace", "debug", "info", "warn", "error", "fatal", "silent")

VARIABLES: dict[str, str] = {
    "AI_LISTEN": "where the AI service listens, as host:port, for example 127.0.0.1:4005",
    "PUBLIC_URL": "the address that people open; exactly the issuer and the audience of every token",
    "AUTH_URL": "the base URL of the auth service, which publishes keys and revocations",
    "DOCUMENT_URL": "the base URL of the document service, which is asked whether somebody may read a document",
    "ORGANIZATION_URL": "the base URL of the organization service, which counts AI credits",
    "GEMINI_API_KEY": "the key for Google's Gemini; without it the service runs and says how to switch AI on",
    "GEMINI_MODEL": "the Gemini model that writes (default gemini-2.5-flash)",
    "GEMINI_BASE_URL": "another address for the Gemini API, for a proxy (default Google's own)",
    "LOG_LEVEL": f"the least level that is logged: {', '.join(LEVELS)} (default info)",
    "PARENT_PIPE": "1 when standard input is a pipe from the supervisor: the service ends when it closes",
}


class SettingsError(Exception):
    """Names every variable that is missing or wrong, one a line, each with its description."""


@dataclass(frozen=True)
class Settings:
    """The settings of one AI service."""

    host: str
    port: int
    public_url: str
    auth_url: str
    document_url: str
    organization_url: str
    gemini_api_key: str | None = None
    gemini_model: str = "gemini-2.5-flash"
    gemini_base_url: str | None = None
    log_level: str = "info"
    parent_pipe: bool = False


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Reads the settings. An empty variable counts as not set. Raises SettingsError that names all faults at once."""
    faults: list[str] = []

    def fault(name: str, what: str) -> None:
        faults.append(f"  {name} {what}: {VARIABLES[name]}")

    def optional(name: str) -> str | None:
        return environ.get(name, "").strip() or None

    def required(name: str) -> str:
        value = optional(name)
        if value is None:
            fault(name, "is missing")
        return value or ""

    def url(name: str, value: str) -> str:
        if value and not _is_url(value):
            fault(name, "is not an http or https URL")
        return value

    listen = required("AI_LISTEN")
    address = _address(listen)
    if listen and address is None:
        fault("AI_LISTEN", "is not host:port")
    public_url = url("PUBLIC_URL", required("PUBLIC_URL"))
    auth_url, document_url, organization_url = (
        url(name, required(name)).rstrip("/") for name in ("AUTH_URL", "DOCUMENT_URL", "ORGANIZATION_URL")
    )
    base_url = optional("GEMINI_BASE_URL")
    if base_url is not None:
        url("GEMINI_BASE_URL", base_url)
    level = optional("LOG_LEVEL") or "info"
    if level not in LEVELS:
        fault("LOG_LEVEL", "is not a level")
    if faults or address is None:
        raise SettingsError("The AI service cannot start. In its environment:\n" + "\n".join(faults))
    return Settings(
        host=address[0],
        port=address[1],
        public_url=public_url,
        auth_url=auth_url,
        document_url=document_url,
        organization_url=organization_url,
        gemini_api_key=optional("GEMINI_API_KEY"),
        gemini_model=optional("GEMINI_MODEL") or Settings.gemini_model,
        gemini_base_url=base_url,
        log_level=level,
        parent_pipe=optional("PARENT_PIPE") == "1",
    )


def _address(listen: str) -> tuple[str, int] | None:
    host, colon, port = listen.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        return None
    return host.removeprefix("[").removesuffix("]"), int(port)


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
