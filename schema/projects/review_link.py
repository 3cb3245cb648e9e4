"""Review links, as clients see them: for those who share a project, and for those who come by one."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import relay

import documents.projects.review_link as stored
from access.permissions import Permission
from documents.projects.project_role import ProjectRole
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.projects import review_links
from resolvers.projects.review_links import OpenedLink, ReviewAccess
from schema.enums import describe
from schema.errors import Payload, result_field
from schema.guarding.rules import OPEN, needs
from schema.ids import document_gid, document_id, project_id

Info = strawberry.Info[Context, None]

describe(
    ReviewAccess,
    "What a review link lets its guests do.",
    {
        ReviewAccess.VIEW: "See the project.",
        ReviewAccess.COMMENT: "See the project and comment on it.",
    },
)


@strawberry.type(description="A link by which people without an account see a project.")
class ReviewLink(relay.Node):
    """Read from `documents.projects.review_link.ReviewLink`."""

    id: relay.NodeID[str]
    name: str = strawberry.field(description="What its maker calls it, at most 200 characters, may be empty.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime | None = strawberry.field(
        description="From then on it opens nothing; null for never."
    )
    revoked_at: datetime | None = strawberry.field(description="When it was ended; null while it is open.")
    opened_at: datetime | None = strawberry.field(
        description="When a guest last came by it, to about a minute; null for never."
    )

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[stored.ReviewLink]) -> str:
        """Kind and key."""
        return document_gid("ReviewLink", root.id)

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the project that it opens.")
    def project_id(self, root: strawberry.Parent[stored.ReviewLink]) -> str:
        """Global id of the project."""
        return document_gid("Project", root.project_id)

    @strawberry.field(graphql_type=ReviewAccess, description="What it lets its guests do.")
    def access(self, root: strawberry.Parent[stored.ReviewLink]) -> ReviewAccess:
        """By the role that it gives."""
        return next(access for access, role in review_links.ROLES.items() if role is root.role)

    @strawberry.field(description="Whether it asks for a password.")
    def has_password(self, root: strawberry.Parent[stored.ReviewLink]) -> bool:
        """Whether the link alone is not enough."""
        return root.password_hash is not None

    @strawberry.field(
        description="For `openReviewLink`, a secret. Put it behind the `#` of the page that you send people "
        "to: what stands there reaches no server and no log."
    )
    def token(self, root: strawberry.Parent[stored.ReviewLink], info: Info) -> str:
        """The same each time."""
        return review_links.token(info.context, root)

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored links are shown as they are."""
        return isinstance(obj, stored.ReviewLink)


@strawberry.input(description="A new review link.")
class CreateReviewLinkInput:
    """Unpacked by `ReviewLinkMutations.create_review_link`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project that it opens.")
    name: str = strawberry.field(
        default="", description="What you call it, one line of at most 200 characters."
    )
    access: ReviewAccess = strawberry.field(
        default=ReviewAccess.COMMENT, description="What it lets its guests do."
    )
    password: str | None = strawberry.field(
        default=None,
        description="What guests must know besides the link, 8 to 256 characters; null for nothing.",
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="From when on it opens nothing; null for never."
    )


@strawberry.input(description="The review link to end.")
class RevokeReviewLinkInput:
    """Unpacked by `ReviewLinkMutations.revoke_review_link`."""

    review_link_id: strawberry.ID = strawberry.field(description="Id of the link.")


@strawberry.input(description="A review link that somebody came by.")
class OpenReviewLinkInput:
    """Unpacked by `ReviewLinkMutations.open_review_link`."""

    token: str = strawberry.field(description="The link's token.")
    password: str | None = strawberry.field(
        default=None, description="The link's password, where it asks for one."
    )
    name: str = strawberry.field(
        description="How the guest wants to be called, one line of 1 to 200 characters."
    )


@strawberry.type(description="What a guest holds. The token is a secret.")
class GuestAccess:
    """Read from `resolvers.projects.review_links.OpenedLink`."""

    token: str = strawberry.field(
        description="Sent as `Authorization: Bearer …` with each request, for one hour. Renew it by opening "
        "the link again with the token still in the header: the guest then stays the same person, and is not "
        "asked for the password."
    )
    expires_at: datetime = strawberry.field(
        description="When the token runs out; it ends with the link, if that comes first."
    )
    role: ProjectRole = strawberry.field(description="What the guest is to the project.")

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the project that is open now.")
    def project_id(self, root: strawberry.Parent[OpenedLink]) -> str:
        """Global id of the project."""
        return document_gid("Project", root.project_id)


@strawberry.type(description="What came of making a review link.")
class CreateReviewLinkPayload(Payload):
    """Over `Outcome[ReviewLink]`."""

    review_link = result_field(ReviewLink, "The link; null if it was refused.")


@strawberry.type(description="What came of ending a review link.")
class RevokeReviewLinkPayload(Payload):
    """Over `Outcome[ReviewLink]`."""

    review_link = result_field(ReviewLink, "The link, which opens nothing any more.")


@strawberry.type(description="What came of opening a review link.")
class OpenReviewLinkPayload(Payload):
    """Over `Outcome[OpenedLink]`."""

    guest = result_field(GuestAccess, "What the guest holds now; null if the link was not opened.")


@strawberry.type
class ReviewLinkQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=list[ReviewLink],
        description="The open review links of a project, the newest first, at most 50.",
        metadata={"cost": 5} | needs(Permission.PROJECT_SHARE),
    )
    async def review_links(
        self,
        info: Info,
        project_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the project.")],
    ) -> list[stored.ReviewLink]:
        """The open ones."""
        return await review_links.of_project(info.context, document_id(project_id, "Project", "projectId"))


@strawberry.type
class ReviewLinkMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=CreateReviewLinkPayload,
        description="Make a link by which people without an account see the project. `LIMIT_EXCEEDED`: "
        "the project has 50 open ones.",
        metadata=needs(Permission.PROJECT_SHARE),
    )
    async def create_review_link(
        self, info: Info, input: CreateReviewLinkInput
    ) -> Outcome[stored.ReviewLink]:
        """Make a link."""
        return await review_links.create(
            info.context,
            project_id(input.project_id, "input.projectId"),
            name=input.name,
            access=input.access,
            password=input.password,
            expires_at=input.expires_at,
        )

    @strawberry.mutation(
        graphql_type=RevokeReviewLinkPayload,
        description="End a link. Its guests are shut out with their next request, and their open "
        "subscriptions at once.",
        metadata=needs(Permission.PROJECT_SHARE),
    )
    async def revoke_review_link(
        self, info: Info, input: RevokeReviewLinkInput
    ) -> Outcome[stored.ReviewLink]:
        """End a link."""
        return await review_links.revoke(
            info.context, document_id(input.review_link_id, "ReviewLink", "input.reviewLinkId")
        )

    @strawberry.mutation(
        graphql_type=OpenReviewLinkPayload,
        description="Come by a review link: no account is needed. `INVALID` at `input.token`: the link does "
        "not work, or not any more; at `input.password`: a password is missing or wrong. Tries at passwords "
        "are limited.",
        metadata={"cost": 5, **OPEN},
    )
    async def open_review_link(self, info: Info, input: OpenReviewLinkInput) -> Outcome[OpenedLink]:
        """Become a guest."""
        return await review_links.open_link(
            info.context, link_token=input.token, password=input.password, name=input.name
        )
