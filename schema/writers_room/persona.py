"""Personas, as clients see them and list them."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import relay

import documents.writers_room.persona as stored
from access.permissions import Permission
from documents.newest_first import Page
from documents.writers_room.persona import PersonaVisibility
from resolvers.context import Context
from resolvers.writers_room import personas
from schema.connection import connection_of, page_info
from schema.enums import describe
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.newest_first import After, Before, First, Last, cursor, window

Info = strawberry.Info[Context, None]

describe(
    PersonaVisibility,
    "Who sees a persona.",
    {
        PersonaVisibility.PRIVATE: "Only the person whose it is.",
        PersonaVisibility.COMPANY: "Everybody in the company whose it is.",
        PersonaVisibility.PUBLIC: "Everybody: it is built in.",
    },
)


@strawberry.type
class _Traits:
    """What a persona and its versions share. A base for Python alone."""

    name: str = strawberry.field(description="1 to 200 characters.")
    description: str = strawberry.field(description="What it is for, at most 5,000 characters.")
    category: str = strawberry.field(description="Such as `Education`; may be empty.")
    tags: list[str] = strawberry.field(description="At most 30, of 1 to 60 characters.")
    instructions: str = strawberry.field(
        description="What the language model is told before everything else, at most 10,000 characters."
    )
    temperature: float | None = strawberry.field(
        description="How freely it chooses its words, 0 to 2; null for the model's own way."
    )
    top_p: float | None = strawberry.field(
        description="From which share of the likely words it chooses, 0 to 1; null for the model's own."
    )
    top_k: int | None = strawberry.field(
        description="From how many of the likeliest words it chooses, 1 to 1,000; null for the model's own. "
        "Services that know no such setting go without it."
    )
    max_output_tokens: int | None = strawberry.field(
        description="Length of an answer at the most, 16 to 131,072 tokens; null for the model's own."
    )


@strawberry.type(description="A persona as it was from one change to the next. Never changed.")
class PersonaVersion(_Traits):
    """Over `documents.writers_room.persona.PersonaVersion`."""

    version: int = strawberry.field(description="From 1, without gaps.")
    reason: str = strawberry.field(description="Why it was made, in that person's words; may be empty.")
    at: datetime = strawberry.field(description="When it was made.")

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of who made it; null for the program itself."
    )
    def changed_by_id(self, root: strawberry.Parent["_PersonaVersionShown"]) -> str | None:
        """Global id of the user."""
        return None if root.changed_by is None else document_gid("User", root.changed_by)


class _PersonaVersionShown:
    """A stored version, its traits as attributes of its own."""

    def __init__(self, found: stored.PersonaVersion) -> None:
        self.version, self.reason, self.at = found.version, found.reason, found.at
        self.changed_by = found.changed_by
        self.cursor = cursor(found.at, found.id)
        for name in stored.PersonaTraits.model_fields:
            setattr(self, name, getattr(found.traits, name))


@strawberry.type(description="A page of a persona's versions, the newest first.")
class PersonaVersionConnection:
    """Over a page of versions."""

    @strawberry.field(graphql_type=list[PersonaVersion], description="The versions.")
    def nodes(self, root: strawberry.Parent[Page[stored.PersonaVersion]]) -> list[_PersonaVersionShown]:
        """Version by version."""
        return [_PersonaVersionShown(each) for each in root.members]

    @strawberry.field(graphql_type=relay.PageInfo, description="Whether there is more, and where to go on.")
    def page_info(self, root: strawberry.Parent[Page[stored.PersonaVersion]]) -> relay.PageInfo:
        """The page's borders."""
        return page_info(root, root.members, lambda each: cursor(each.at, each.id))


@strawberry.type(
    description="A role that a language model takes: it writes scripts, talks in chats and makes plans."
)
class Persona(relay.Node, _Traits):
    """Read from `documents.writers_room.persona.Persona`."""

    id: relay.NodeID[str]
    visibility: PersonaVisibility = strawberry.field(description="Who sees it.")
    is_built_in: bool = strawberry.field(
        description="Whether every installation has it. Nobody changes it: change a copy."
    )
    is_active: bool = strawberry.field(
        description="Whether it is offered for new work; one that is not goes on in what it was given to."
    )
    version: int = strawberry.field(description="Raised with each change of what the model is told.")
    parent_version: int | None = strawberry.field(
        description="Version of the persona that it was copied from."
    )
    usage_count: int = strawberry.field(description="How many answers it gave, to about one.")
    last_used_at: datetime | None = strawberry.field(description="When it last gave one; null for never.")
    revision: int = strawberry.field(description="Raised with each change; for `expectedRevision`.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[stored.Persona]) -> str:
        """Kind and key."""
        return document_gid("Persona", root.id)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the persona that it was copied from, which may be gone.",
    )
    def parent_id(self, root: strawberry.Parent[stored.Persona]) -> str | None:
        """Global id of the original."""
        return None if root.parent_id is None else document_gid("Persona", root.parent_id)

    @strawberry.field(
        graphql_type=PersonaVersionConnection,
        description="What it was, the newest version first.",
        metadata={"cost": 2},
    )
    async def versions(
        self,
        root: strawberry.Parent[stored.Persona],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.PersonaVersion]:
        """A page of them."""
        return await personas.versions(root, window(first, after, last, before))

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored personas are shown as they are."""
        return isinstance(obj, stored.Persona)


PersonaConnection = connection_of(
    Persona,
    "A page of personas, the newest first; the built-in ones are the oldest.",
    one="persona",
    place=lambda each: cursor(each.created_at, each.id),
)


@strawberry.type
class PersonaQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=PersonaConnection,
        description="The viewer's own personas, the company's, and the built-in ones.",
        metadata={"cost": 2} | needs(Permission.ACCOUNT_VIEW),
    )
    async def personas(
        self,
        info: Info,
        *,
        category: Annotated[
            str | None, strawberry.argument(description="Only of this category, exactly; null for all.")
        ] = None,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="Only those in whose names each of these words begins a word. At most 200 "
                "characters; null for all."
            ),
        ] = None,
        is_active: Annotated[
            bool | None, strawberry.argument(description="Only those that are, or are not, offered for work.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.Persona]:
        """A page of them."""
        return await personas.listed(
            info.context,
            window(first, after, last, before),
            category=category,
            search=search,
            is_active=is_active,
        )

    @strawberry.field(
        graphql_type=Persona,
        description="One persona.",
        metadata=needs(Permission.ACCOUNT_VIEW),
    )
    async def persona(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Id of the persona.")]
    ) -> stored.Persona:
        """The persona."""
        return await personas.load(info.context, document_id(id, "Persona", "id"))
