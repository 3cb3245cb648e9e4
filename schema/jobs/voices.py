"""Voices, page by page, as clients see them."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import relay

from access.permissions import Permission
from providers.protocols import offer as protocols
from resolvers.context import Context
from resolvers.jobs import voices
from resolvers.jobs.providers import project_of
from resolvers.jobs.voices import VoiceFilter, VoicePage
from resolvers.projects.project_list import Paging
from schema.connection import page_info
from schema.guarding.rules import needs
from schema.ids import project_id as read_project_id
from schema.jobs.providers import VoiceOffer
from schema.paging_arguments import PageAfter, PageBefore, PageFirst, PageLast

Info = strawberry.Info[Context, None]


@strawberry.type(description="A voice in a list.")
class VoiceEdge:
    """Over `providers.protocols.offer.VoiceOffer`."""

    @strawberry.field(graphql_type=VoiceOffer, description="The voice.")
    def node(self, root: strawberry.Parent[protocols.VoiceOffer]) -> protocols.VoiceOffer:
        """The voice."""
        return root

    @strawberry.field(description="Where the voice stands in the list, for `after` and `before`.")
    def cursor(self, root: strawberry.Parent[protocols.VoiceOffer]) -> str:
        """The place."""
        return voices.cursor(root)


@strawberry.type(description="A page of a provider's voices, by name.")
class VoiceConnection:
    """Over `resolvers.jobs.voices.VoicePage`."""

    @strawberry.field(description="How many there are on all pages.")
    def total_count(self, root: strawberry.Parent[VoicePage]) -> int:
        """How many."""
        return root.total

    @strawberry.field(graphql_type=list[VoiceEdge], description="The voices with their places.")
    def edges(self, root: strawberry.Parent[VoicePage]) -> Sequence[protocols.VoiceOffer]:
        """Voice by voice."""
        return root.voices

    @strawberry.field(graphql_type=list[VoiceOffer], description="The voices alone.")
    def nodes(self, root: strawberry.Parent[VoicePage]) -> Sequence[protocols.VoiceOffer]:
        """Voice by voice."""
        return root.voices

    @strawberry.field(graphql_type=relay.PageInfo, description="Whether and where there is more.")
    def page_info(self, root: strawberry.Parent[VoicePage]) -> relay.PageInfo:
        """What Relay needs to go on."""
        return page_info(root, root.voices, voices.cursor)


@strawberry.type
class VoiceQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=VoiceConnection,
        description="The voices of a speaker as its provider lists them, with the account's own, by name. A "
        "provider is asked once in ten minutes at the most. `UNAVAILABLE`: it does not answer, or does not "
        "take the key.",
        metadata={"cost": 20} | needs(Permission.ACCOUNT_VIEW),
    )
    async def voices(
        self,
        info: Info,
        *,
        provider: Annotated[
            str | None,
            strawberry.argument(description="A provider, as `providers` names it; null for the default."),
        ] = None,
        language: Annotated[
            str | None,
            strawberry.argument(
                description="Only voices of this language, such as `pt` or `pt-BR`; those that speak all "
                "languages are among them."
            ),
        ] = None,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="Only voices whose names hold all these words; at most 200 characters."
            ),
        ] = None,
        project_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description="A project in which they are to speak: its company's keys and preferences count. "
                "Takes `PROJECT_VIEW` there."
            ),
        ] = None,
        first: PageFirst = None,
        after: PageAfter = None,
        last: PageLast = None,
        before: PageBefore = None,
    ) -> VoicePage:
        """A page of them."""
        found = None if project_id is None else read_project_id(project_id, "projectId")
        return await voices.page(
            info.context,
            provider=provider,
            project=await project_of(info.context, found),
            wanted=VoiceFilter(language, search),
            paging=Paging(first, after, last, before),
        )
