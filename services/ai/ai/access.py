"""Whether somebody may ask: they must be able to write in the document, and its organization must have a credit left.
Both are asked as that person, so this service can learn nothing that they could not. Who only reads is refused before
a model is asked: organization would let them spend no credit, but that shows only when there is text to pay for."""

from __future__ import annotations

import secrets
from typing import Literal

from pydantic import BaseModel, Field

from ai.problems import Problem
from ai.settings import Settings
from ai.tokens import Actor
from ai.upstream import Upstream

USED_UP = "The AI credits of this organization are used up for this month."
READERS = "You may read this document; AI is for those who may also write in it."


class Resource(BaseModel):
    """What is known here of the document that is worked in."""

    title: str
    organization_id: str = Field(alias="organizationId")
    permission: Literal["read", "write"]


class _Limits(BaseModel):
    ai_credits: int | None = Field(alias="aiCredits")


class _Usage(BaseModel):
    ai_credits: int = Field(alias="aiCredits")


class _Entitlements(BaseModel):
    mode: Literal["self-hosted", "stripe"]
    limits: _Limits
    usage: _Usage


class _Spent(BaseModel):
    used: int


class Credit:
    """One generation that an organization may have. Its id is made here, never taken from the request: a spent one
    cannot be used again."""

    def __init__(self, organization: Upstream, actor: Actor, organization_id: str) -> None:
        self._organization = organization
        self._actor = actor
        self._path = f"/orgs/{organization_id}/ai-credits"
        self._request = secrets.token_urlsafe(16)

    async def spend(self) -> None:
        """Counts it. Raises `plan-limit` when others were faster. Tried twice: the id makes that count once."""
        body = {"request": self._request}
        try:
            await self._organization.ask(_Spent, self._actor, "POST", self._path, body)
        except Problem as problem:
            if problem.key not in ("unavailable", "timeout"):
                raise
            await self._organization.ask(_Spent, self._actor, "POST", self._path, body)


class Access:
    """Asks document and organization."""

    def __init__(self, settings: Settings) -> None:
        self._document = Upstream("document", settings.document_url)
        self._organization = Upstream("organization", settings.organization_url)

    async def close(self) -> None:
        """Gives back the connections."""
        await self._document.close()
        await self._organization.close()

    async def resource(self, actor: Actor, document_id: str) -> Resource:
        """The document, for whoever may write in it. Raises `not-found` or `forbidden` for everybody else."""
        found = await self._document.ask(Resource, actor, "GET", f"/documents/{document_id}")
        if found.permission != "write":
            raise Problem("forbidden", READERS)
        return found

    async def credit(self, actor: Actor, organization_id: str) -> Credit:
        """A credit that is not spent yet. Raises `plan-limit` when none is left."""
        path = f"/orgs/{organization_id}/entitlements"
        found = await self._organization.ask(_Entitlements, actor, "GET", path)
        limit = found.limits.ai_credits
        if found.mode == "stripe" and limit is not None and found.usage.ai_credits >= limit:
            raise Problem("plan-limit", USED_UP)
        return Credit(self._organization, actor, organization_id)
