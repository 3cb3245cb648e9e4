"""Characters: who appears in videos."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import relay

import documents.writers_room.character as stored
from access.permissions import Permission
from documents.newest_first import Page
from resolvers.context import Context
from resolvers.writers_room import characters
from schema.connection import connection_of
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.newest_first import After, Before, First, Last, cursor, window
from schema.tree.media import Provenance, StoredFile

Info = strawberry.Info[Context, None]


@strawberry.type(description="A picture that shows what a character looks like.")
class CharacterImage:
    """Read from `documents.writers_room.character.CharacterImage`."""

    title: str = strawberry.field(description="What it shows, such as `from the side`.")
    file: StoredFile = strawberry.field(description="The picture.")
    width: int = strawberry.field(description="In pixels, as displayed.")
    height: int = strawberry.field(description="In pixels, as displayed.")
    provenance: Provenance = strawberry.field(description="Where it came from.")

    @strawberry.field(graphql_type=strawberry.ID, description="Its id, for `removeCharacterImage`.")
    def id(self, root: strawberry.Parent[stored.CharacterImage]) -> str:
        """Global id."""
        return document_gid("CharacterImage", root.id)


@strawberry.type(description="How a character sounds.")
class CharacterVoice:
    """Read from `documents.writers_room.character.CharacterVoice`."""

    provider: str | None = strawberry.field(description="Who speaks; null for the project's.")
    voice: str = strawberry.field(description="A voice's id, as `providers(capability: SPEECH)` lists them.")
    speed: float | None = strawberry.field(
        description="0.5 to 2, where 1 is the voice's own pace; null for the project's."
    )


@strawberry.type(description="Somebody who appears in videos: a person's own character, or a company's.")
class Character(relay.Node):
    """Read from `documents.writers_room.character.Character`."""

    id: relay.NodeID[str]
    name: str = strawberry.field(description="As scripts and prompts name them.")
    description: str = strawberry.field(
        description="Outward appearance: face, hair, build, clothes; stands in the prompts of their scenes."
    )
    age: str | None = strawberry.field(description="Such as `about 70`; stands in the prompts.")
    gender: str | None = strawberry.field(description="Such as `woman`; stands in the prompts.")
    role: str | None = strawberry.field(description="What they are to the story, such as `the baker`.")
    cultural_context: str | None = strawberry.field(description="Such as `Breton`; stands in the prompts.")
    notes: str = strawberry.field(description="For people alone; stands in no prompt.")
    images: list[CharacterImage] = strawberry.field(
        description="Reference pictures, at most 8. Makers that take them are shown the first."
    )
    voice: CharacterVoice | None = strawberry.field(
        description="Speaks the frames whose `speakerId` names the character; null for the project's voice."
    )
    revision: int = strawberry.field(description="Raised with each change; for `expectedRevision`.")
    created_at: datetime = strawberry.field(description="When they were made.")
    updated_at: datetime = strawberry.field(description="When they were last changed.")

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored characters are shown as they are."""
        return isinstance(obj, stored.Character)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the show that they belong to, whose new episodes they may appear in.",
    )
    def show_id(self, root: strawberry.Parent[stored.Character]) -> str | None:
        """Global id of the show."""
        return None if root.show_id is None else document_gid("Show", root.show_id)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the company whose they are; null for a person's own.",
    )
    def company_id(self, root: strawberry.Parent[stored.Character]) -> str | None:
        """Global id of the company."""
        return None if root.company_id is None else document_gid("Company", root.company_id)


CharacterConnection = connection_of(
    Character,
    "A page of characters.",
    one="character",
    place=lambda each: cursor(each.created_at, each.id),
)


@strawberry.type
class CharacterQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=CharacterConnection,
        description="The viewer's own characters, or those of the viewer's company; the newest first.",
        metadata=needs(Permission.ACCOUNT_VIEW),
    )
    async def characters(
        self,
        info: Info,
        company_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Id of the company; null for the viewer's own characters."),
        ] = None,
        *,
        show_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Only those of this show; null for all."),
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.Character]:
        """A page of characters."""
        of_company = None if company_id is None else document_id(company_id, "Company", "companyId")
        return await characters.listed(
            info.context,
            window(first, after, last, before),
            company_id=of_company,
            show_id=None if show_id is None else document_id(show_id, "Show", "showId"),
        )
