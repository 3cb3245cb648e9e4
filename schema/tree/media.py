"""Stored files and where they came from."""

from datetime import datetime
from typing import Annotated

import strawberry

import documents.tree.asset as stored
from documents.tree.asset import Origin
from resolvers.context import Context
from resolvers.errors import BadUserInput
from schema.enums import describe
from schema.ids import document_gid
from schema.money import Money, money
from schema.scalars import BigInt

Info = strawberry.Info[Context, None]

_SHORTEST_S, _LONGEST_S = 60, 604_800

describe(
    Origin,
    "How an asset came to be.",
    {
        Origin.GENERATED: "A provider made it.",
        Origin.UPLOADED: "A person sent it.",
        Origin.EXTRACTED: "It was taken out of another asset.",
        Origin.COMPANY: "It was copied from a company's brand assets or car catalogue: `sourceId` names it.",
        Origin.REUSED: "It was taken out of the library, where `sourceId` names it, and cost nothing.",
    },
)


@strawberry.type(description="One stored file. It never changes: a new version is a new file.")
class StoredFile:
    """Read from `documents.tree.asset.StoredFile`."""

    mime_type: str = strawberry.field(description="Its real type, such as `image/png`.")
    size_bytes: BigInt = strawberry.field(description="Size in bytes.")
    sha256: str = strawberry.field(description="SHA-256 of its bytes, 64 hexadecimal digits.")

    @strawberry.field(
        description="An address to download it from with GET, ranges included. Whoever has it can read the "
        "file until it runs out: after `expiresInS`, and up to a quarter of that later, so that browsers can "
        "keep what they have."
    )
    def url(
        self,
        root: strawberry.Parent[stored.StoredFile],
        info: Info,
        expires_in_s: Annotated[
            int,
            strawberry.argument(description="For how many seconds it is good: 60 to 604,800 (a week)."),
        ] = 3_600,
    ) -> str:
        """A signed address."""
        return _signed(info.context, root.key, expires_in_s)

    @strawberry.field(
        graphql_type=str | None,
        description="An address of a small picture of it, at most 480 pixels a side, as `url` gives one; "
        "null where none was made.",
    )
    def thumbnail_url(
        self,
        root: strawberry.Parent[stored.StoredFile],
        info: Info,
        expires_in_s: Annotated[
            int,
            strawberry.argument(description="For how many seconds it is good: 60 to 604,800 (a week)."),
        ] = 3_600,
    ) -> str | None:
        """A signed address."""
        return None if root.thumbnail is None else _signed(info.context, root.thumbnail.key, expires_in_s)

    @strawberry.field(
        graphql_type=list[int] | None,
        description="How loud a sound is at equal distances from its start to its end, each from 0 (silent) "
        "to 255; null where it was not taken.",
    )
    def waveform(self, root: strawberry.Parent[stored.StoredFile]) -> list[int] | None:
        """Peaks for drawing."""
        return None if root.waveform is None else list(root.waveform)


def _signed(context: Context, key: str, expires_in_s: int) -> str:
    if not _SHORTEST_S <= expires_in_s <= _LONGEST_S:
        raise BadUserInput("expiresInS", f"From {_SHORTEST_S} to {_LONGEST_S} seconds.")
    return context.services.media.url(key, expires_in_s)


@strawberry.type(description="Where an asset came from.")
class Provenance:
    """Read from `documents.tree.asset.Provenance`."""

    origin: Origin = strawberry.field(description="How it came to be.")
    provider: str | None = strawberry.field(description="Who made it, such as `local`; null for an upload.")
    model: str | None = strawberry.field(description="The provider's model.")
    prompt: str | None = strawberry.field(description="What was asked for.")
    negative_prompt: str | None = strawberry.field(description="What was not to appear.")
    inputs_hash: str | None = strawberry.field(
        description="SHA-256 of all that its making was asked with; null for an upload."
    )
    provider_id: str | None = strawberry.field(description="The provider's own id of the request.")
    duration_ms: int | None = strawberry.field(description="How long the making took, in milliseconds.")
    licence: str | None = strawberry.field(description="Under which licence it may be used.")
    knows_facts: bool | None = strawberry.field(
        description="False where the writer composed without knowing the subject: check what it says."
    )
    created_at: datetime = strawberry.field(description="When it was made.")

    @strawberry.field(
        graphql_type=BigInt | None, description="Seed of the making; the same one makes the same thing again."
    )
    def seed(self, root: strawberry.Parent[stored.Provenance]) -> int | None:
        """The seed."""
        return root.seed

    @strawberry.field(graphql_type=Money, description="What the provider charged for it.")
    def cost(self, root: strawberry.Parent[stored.Provenance]) -> Money:
        """The price."""
        return money(root.cost_micros, root.currency)

    @strawberry.field(graphql_type=strawberry.ID | None, description="Who asked for it or sent it.")
    def created_by_id(self, root: strawberry.Parent[stored.Provenance]) -> str | None:
        """Id of the user."""
        return None if root.created_by is None else document_gid("User", root.created_by)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="The brand asset, catalogue's picture or library's entry that it was copied from; null "
        "for all others. It may be gone, or not be yours to see.",
    )
    def source_id(self, root: strawberry.Parent[stored.Provenance]) -> str | None:
        """Id of what stands outside of the project."""
        if root.parent_id is None or root.parent_kind is None:
            return None
        return document_gid(root.parent_kind, root.parent_id)

    @strawberry.field(graphql_type=strawberry.ID | None, description="The job that made it.")
    def job_id(self, root: strawberry.Parent[stored.Provenance]) -> str | None:
        """Id of the job."""
        return None if root.job_id is None else document_gid("Job", root.job_id)
