"""A persona: a role that a language model takes, and every version that it has had."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final

from beanie import Document, PydanticObjectId
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import CapReached, NodeMissing, RevisionStale
from documents.name_search import name_prefixes
from documents.text import Instructions, Line, Paragraph, Tag, Title
from documents.transaction import in_transaction
from documents.tree.node import Stored
from documents.writers_room.belonging import lists_of_owner_and_company

MOST_OWN: Final = 500
"""Personas of one person, or of one company."""


class PersonaVisibility(StrEnum):
    """Who sees a persona."""

    PRIVATE = "PRIVATE"
    COMPANY = "COMPANY"
    PUBLIC = "PUBLIC"


class PersonaTraits(Stored):
    """What makes a persona, and what each of its versions keeps.

    Args:
        category: such as `Education`; any words of one's own.
        instructions: what the model is told before everything else.
        temperature, top_p, top_k: how freely it chooses its words; None for the model's own way.
        max_output_tokens: length of an answer at the most; None for the model's own.
    """

    name: Title
    description: Paragraph = ""
    category: Line = ""
    tags: Annotated[list[Tag], Field(max_length=30)] = Field(default_factory=list)
    instructions: Instructions
    temperature: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    top_k: Annotated[int, Field(ge=1, le=1_000)] | None = None
    max_output_tokens: Annotated[int, Field(ge=16, le=131_072)] | None = None


class PersonaVersion(Document):
    """A persona as it was from one change to the next. Never changed.

    Args:
        owner_id, company_id: those of the persona, for export and erasure.
        changed_by: who made this version; None for the program itself.
        reason: in that person's words, may be empty.
    """

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    persona_id: PydanticObjectId
    version: int
    owner_id: PydanticObjectId | None = None
    company_id: PydanticObjectId | None = None
    traits: PersonaTraits
    changed_by: PydanticObjectId | None = None
    reason: Line = ""
    at: datetime

    class Settings:
        """Collection `persona_versions`."""

        name = "persona_versions"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel([("persona_id", ASCENDING), ("version", ASCENDING)], name="version", unique=True),
            IndexModel(
                [("persona_id", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)], name="newest_of_persona"
            ),
            IndexModel([("owner_id", ASCENDING)], name="of_owner"),
            IndexModel([("company_id", ASCENDING)], name="of_company"),
        ]


class Persona(Document, PersonaTraits):
    """A role for a language model: a person's, a company's, or built in where it is neither's.

    Args:
        is_active: whether it is offered for new work.
        version: raised with each change of its traits; `PersonaVersion` has them all.
        parent_id: the persona that it was copied from, which may be gone.
        parent_version: of that one.
        usage_count: how many answers it gave, to about one.
        revision: raised with each change.
    """

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    owner_id: PydanticObjectId | None = None
    company_id: PydanticObjectId | None = None
    is_active: bool = True
    version: int = 1
    parent_id: PydanticObjectId | None = None
    parent_version: int | None = None
    usage_count: int = 0
    last_used_at: datetime | None = None
    name_prefixes: list[str] = Field(default_factory=list)
    revision: int = 0
    created_at: datetime
    updated_at: datetime

    class Settings:
        """Collection `personas`."""

        name = "personas"
        indexes: ClassVar[list[IndexModel]] = lists_of_owner_and_company()

    @property
    def is_built_in(self) -> bool:
        """Whether every installation has it; nobody changes it."""
        return self.owner_id is None and self.company_id is None

    @property
    def visibility(self) -> PersonaVisibility:
        """Who sees it."""
        if self.is_built_in:
            return PersonaVisibility.PUBLIC
        return PersonaVisibility.PRIVATE if self.company_id is None else PersonaVisibility.COMPANY

    @property
    def traits(self) -> PersonaTraits:
        """What makes it now."""
        return PersonaTraits.model_validate(self.model_dump(include=set(PersonaTraits.model_fields)))

    @classmethod
    async def note_use(cls, persona_id: PydanticObjectId, *, now: datetime) -> None:
        """Count one answer. A worker that dies in between may count it twice or never."""
        await cls.get_pymongo_collection().update_one(
            {"_id": persona_id}, {"$inc": {"usage_count": 1}, "$set": {"last_used_at": now}}
        )


async def make(persona: Persona, *, by: PydanticObjectId, reason: str) -> None:
    """Store a new persona with its first version.

    Raises:
        CapReached: its owner has as many as one may have, to about one.
    """
    personas = Persona.get_pymongo_collection()
    whose = {"owner_id": persona.owner_id, "company_id": persona.company_id}
    if await personas.count_documents(whose, limit=MOST_OWN) >= MOST_OWN:
        raise CapReached("personas of one's own", MOST_OWN)
    persona.name_prefixes = name_prefixes(persona.name)

    async def write(session: AsyncClientSession) -> None:
        values = persona.model_dump(by_alias=True, exclude={"revision_id"})
        await personas.insert_one(values, session=session)
        await _keep(persona, by=by, reason=reason, session=session)

    await in_transaction(write)


async def change(
    persona_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    by: PydanticObjectId,
    reason: str,
    expected_revision: int | None,
    now: datetime,
) -> Persona:
    """Set fields of a persona; a new version is kept if its traits are others now.

    Raises:
        NodeMissing: it is gone.
        RevisionStale: it has another revision than expected.
    """
    personas = Persona.get_pymongo_collection()

    async def write(session: AsyncClientSession) -> Persona:
        raw = await personas.find_one({"_id": persona_id}, session=session)
        if raw is None:
            raise NodeMissing("Persona")
        before = Persona.model_validate(raw)
        if expected_revision not in {None, before.revision}:
            raise RevisionStale("Persona", before)
        after = before.model_copy(update={**values, "updated_at": now, "revision": before.revision + 1})
        after.name_prefixes = name_prefixes(after.name)
        is_other = after.traits != before.traits
        after.version += is_other
        stored = after.model_dump(by_alias=True, exclude={"revision_id", "usage_count", "last_used_at"})
        await personas.update_one({"_id": persona_id}, {"$set": stored}, session=session)
        if is_other:
            await _keep(after, by=by, reason=reason, session=session)
        return after

    return await in_transaction(write)


async def remove(persona_id: PydanticObjectId) -> None:
    """Remove a persona with all of its versions."""

    async def write(session: AsyncClientSession) -> None:
        await Persona.get_pymongo_collection().delete_one({"_id": persona_id}, session=session)
        await PersonaVersion.get_pymongo_collection().delete_many({"persona_id": persona_id}, session=session)

    await in_transaction(write)


async def version_of(persona_id: PydanticObjectId, version: int) -> PersonaVersion | None:
    """One version; None if there is none."""
    return await PersonaVersion.find_one({"persona_id": persona_id, "version": version})


async def _keep(persona: Persona, *, by: PydanticObjectId, reason: str, session: AsyncClientSession) -> None:
    kept = PersonaVersion(
        persona_id=persona.id,
        version=persona.version,
        owner_id=persona.owner_id,
        company_id=persona.company_id,
        traits=persona.traits,
        changed_by=by,
        reason=reason,
        at=persona.updated_at,
    )
    values = kept.model_dump(by_alias=True, exclude={"revision_id"})
    await PersonaVersion.get_pymongo_collection().insert_one(values, session=session)
