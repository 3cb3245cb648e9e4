"""A user's own news, as subscribers see them."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

import strawberry

from access.permissions import Permission
from documents.notice import NoticeKind
from documents.projects.project_role import ProjectRole
from events.event import ResyncReason
from resolvers.context import Context
from resolvers.live import viewer_events
from resolvers.live.viewer_events import NewsLost, NoticeTold, ViewerNews, oid
from schema.guarding.rules import needs
from schema.ids import document_gid
from schema.live.event import LiveEvent
from schema.projects import project as _project  # noqa: F401 - declares the enum of project roles

Info = strawberry.Info[Context, None]


def _is(obj: object, kind: NoticeKind) -> bool:
    return isinstance(obj, NoticeTold) and obj.kind is kind


def _id_field(name: str, kind: str, description: str) -> Any:
    def found(root: strawberry.Parent[NoticeTold]) -> str | None:
        value = oid(root, name)
        return None if value is None else document_gid(kind, value)

    return strawberry.field(
        resolver=found,
        graphql_type=strawberry.ID | None,
        description=f"{description} Null where there is none.",
    )


def _text_field(name: str, description: str) -> Any:
    def found(root: strawberry.Parent[NoticeTold]) -> str:
        return str(root.payload.get(name) or "")

    return strawberry.field(resolver=found, graphql_type=str, description=description)


@strawberry.type(
    description="The viewer's rights may have changed, somewhere: get anew what you show, lists of projects "
    "and the company among it."
)
class AccessChanged(LiveEvent):
    """Over `NoticeTold`."""

    cause = _text_field("reason", "What happened, in a word for programs; empty where that is not told.")
    project_id = _id_field("projectId", "Project", "Id of the project that it is about.")
    company_id = _id_field("companyId", "Company", "Id of the company that it is about.")

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Changes of rights."""
        return _is(obj, NoticeKind.ACCESS_CHANGED)


@strawberry.type(description="A project was shared with the viewer, or given to the viewer.")
class ProjectShared(LiveEvent):
    """Over `NoticeTold`."""

    project_id = _id_field("projectId", "Project", "Id of the project.")
    title = _text_field("title", "Its title then.")
    by_name = _text_field("byName", "Name of who shared it; empty for an account that is gone.")

    @strawberry.field(graphql_type=ProjectRole, description="What the viewer is to it.")
    def role(self, root: strawberry.Parent[NoticeTold]) -> ProjectRole:
        """The role."""
        return ProjectRole(root.payload["role"])

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Projects that came."""
        return _is(obj, NoticeKind.PROJECT_SHARED)


@strawberry.type(description="A project is no longer shared with the viewer.")
class ProjectUnshared(LiveEvent):
    """Over `NoticeTold`."""

    project_id = _id_field("projectId", "Project", "Id of the project.")
    title = _text_field("title", "Its title then.")
    by_name = _text_field("byName", "Name of who took it away; empty for an account that is gone.")

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Projects that went."""
        return _is(obj, NoticeKind.PROJECT_UNSHARED)


@strawberry.type(description="The viewer was invited into a company; `viewer.invitations` has it.")
class Invited(LiveEvent):
    """Over `NoticeTold`."""

    invitation_id = _id_field("invitationId", "CompanyInvitation", "Id of the invitation.")
    company_id = _id_field("companyId", "Company", "Id of the company.")

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Invitations."""
        return _is(obj, NoticeKind.INVITED)


@strawberry.type(description="Somebody mentioned the viewer in a comment.")
class Mentioned(LiveEvent):
    """Over `NoticeTold`."""

    project_id = _id_field("projectId", "Project", "Id of the project.")
    comment_id = _id_field("commentId", "Comment", "Id of the comment, or of the one that was answered.")
    title = _text_field("title", "The project's title then.")
    by_name = _text_field("byName", "Name of who wrote it; empty for an account that is gone.")

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Mentions."""
        return _is(obj, NoticeKind.MENTIONED)


@strawberry.type(description="News were lost: fetch anew what you show. What follows lies behind `cursor`.")
class NewsResyncRequired(LiveEvent):
    """Over `resolvers.live.viewer_events.NewsLost`."""

    reason: ResyncReason = strawberry.field(description="Why.")

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Losses."""
        return isinstance(obj, NewsLost)


ViewerEvent = Annotated[
    AccessChanged | ProjectShared | ProjectUnshared | Invited | Mentioned | NewsResyncRequired,
    strawberry.union("ViewerEvent", description="Something that concerns the viewer."),
]


@strawberry.type
class ViewerEventQueries:
    """Part of the query root."""

    @strawberry.field(
        description="The place after the viewer's last news: ask for it before what you show of projects and "
        "company, then subscribe to `viewerEvents` with it as `after`, and nothing falls in between.",
        metadata={"cost": 5, **needs(Permission.ACCOUNT_VIEW)},
    )
    async def viewer_event_cursor(self, info: Info) -> str:
        """Where the viewer's news stand."""
        return await viewer_events.cursor(info.context)


@strawberry.type
class ViewerEventSubscriptions:
    """Part of the subscription root."""

    @strawberry.subscription(
        graphql_type=ViewerEvent,
        description="What concerns the viewer, each event once and in order: shared projects, invitations, "
        "mentions, changed rights. Ends with `UNAUTHENTICATED` when the session is over, and with "
        "`UNAVAILABLE` when events are not taken in time: subscribe again with the last cursor.",
        metadata=needs(Permission.ACCOUNT_VIEW),
    )
    async def viewer_events(
        self,
        info: Info,
        after: Annotated[
            str | None,
            strawberry.argument(
                description="Cursor of the last event that was received, or of `viewerEventCursor`: what "
                "happened since comes first. Null to begin now."
            ),
        ] = None,
    ) -> AsyncGenerator[ViewerNews, None]:
        """Follow one's own news."""
        async with aclosing(viewer_events.of_viewer(info.context, after=after)) as stream:
            async for event in stream:
                yield event
