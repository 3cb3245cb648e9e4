"""Comments, as clients see them and list them."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from beanie import PydanticObjectId
from strawberry import relay

import documents.projects.comment as stored
from access.permissions import Permission
from documents.newest_first import Page
from resolvers import people
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.projects import comment_threads
from resolvers.projects.comment_threads import Thread
from schema.connection import connection_of
from schema.guarding.rules import needs
from schema.ids import any_ref, document_gid, document_id, tree_gid
from schema.newest_first import After, Before, First, Last, cursor, window
from schema.person import Person

Info = strawberry.Info[Context, None]
_NODES = frozenset({"Scene", "Frame"})
TEXT = "1 to 5,000 characters."


@strawberry.type(description="Who wrote something: a user, or a guest of a review link.")
class CommentAuthor:
    """Over an author and the people who are known."""

    name: str = strawberry.field(
        description="Of a user, the account's; of a guest, as the guest gave it, which proves nothing. Empty "
        "for an account that is gone."
    )
    is_guest: bool = strawberry.field(description="Whether it is a guest, without an account.")
    user_id: strawberry.ID | None = strawberry.field(
        description="Id of the user; null for a guest, and for an account that is gone."
    )


def _author(author: stored.Author, known: Thread) -> CommentAuthor:
    if author.user_id is None:
        return CommentAuthor(name=author.name, is_guest=author.guest_id is not None, user_id=None)
    return CommentAuthor(
        name=known.people[author.user_id].name,
        is_guest=False,
        user_id=strawberry.ID(document_gid("User", author.user_id)),
    )


@strawberry.type(description="An answer to a comment.")
class CommentReply:
    """Over an answer and the thread in which it stands."""

    id: strawberry.ID = strawberry.field(description="For `editComment` and `deleteComment`.")
    text: str = strawberry.field(description=TEXT)
    created_at: datetime = strawberry.field(description="When it was written.")
    edited_at: datetime | None = strawberry.field(description="When it was last reworded; null for never.")
    author: CommentAuthor = strawberry.field(description="Who wrote it.")
    is_mine: bool = strawberry.field(description="Whether the viewer, or the guest, wrote it.")
    mentions: list[Annotated["Person", strawberry.lazy("schema.person")]] = strawberry.field(
        description="Who is mentioned."
    )


def _reply(reply: stored.Reply, thread: Thread, context: Context) -> CommentReply:
    return CommentReply(
        id=strawberry.ID(tree_gid("CommentReply", thread.stored.id, reply.id)),
        text=reply.text,
        created_at=reply.created_at,
        edited_at=reply.edited_at,
        author=_author(reply.author, thread),
        is_mine=comment_threads.is_by(context, reply.author),
        mentions=[thread.people[each] for each in reply.mentions],  # type: ignore[misc]  # shown as they are
    )


@strawberry.type(description="A comment on a project, on a scene or frame of it, or on a place in its video.")
class Comment(relay.Node):
    """Over `resolvers.projects.comment_threads.Thread`."""

    id: relay.NodeID[str]

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[Thread]) -> str:
        """Kind and key."""
        return document_gid("Comment", root.stored.id)

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the project.")
    def project_id(self, root: strawberry.Parent[Thread]) -> str:
        """Global id of the project."""
        return document_gid("Project", root.stored.project_id)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the scene or frame that it is about, which may be gone; null for none.",
    )
    def node_id(self, root: strawberry.Parent[Thread]) -> str | None:
        """Global id of the node."""
        found = root.stored
        if found.node_kind is None or found.node_id is None:
            return None
        return tree_gid(found.node_kind, found.project_id, found.node_id)

    @strawberry.field(description="Place in the video that it is about, in seconds; null for none.")
    def time_s(self, root: strawberry.Parent[Thread]) -> float | None:
        """The time code."""
        return root.stored.time_s

    @strawberry.field(description=f"{TEXT} Empty once it is deleted.")
    def text(self, root: strawberry.Parent[Thread]) -> str:
        """The words."""
        return root.stored.text

    @strawberry.field(graphql_type=CommentAuthor | None, description="Who wrote it; null once it is deleted.")
    def author(self, root: strawberry.Parent[Thread]) -> CommentAuthor | None:
        """The author."""
        return None if root.stored.deleted_at is not None else _author(root.stored.author, root)

    @strawberry.field(description="Whether the viewer, or the guest, wrote it.")
    def is_mine(self, root: strawberry.Parent[Thread], info: Info) -> bool:
        """Whether it may be reworded."""
        return comment_threads.is_by(info.context, root.stored.author)

    @strawberry.field(description="Whether it was deleted, and only its answers are left.")
    def is_deleted(self, root: strawberry.Parent[Thread]) -> bool:
        """Whether it is an empty place."""
        return root.stored.deleted_at is not None

    @strawberry.field(graphql_type=list[Person], description="Who is mentioned.")
    def mentions(self, root: strawberry.Parent[Thread]) -> list[people.Person]:
        """Those who were called."""
        return [root.people[each] for each in root.stored.mentions]

    @strawberry.field(
        graphql_type=list[CommentReply], description="The answers, in the order of their coming, at most 200."
    )
    def replies(self, root: strawberry.Parent[Thread], info: Info) -> list[CommentReply]:
        """The answers."""
        return [_reply(each, root, info.context) for each in root.stored.replies]

    @strawberry.field(description="Whether there is nothing more to do about it.")
    def is_resolved(self, root: strawberry.Parent[Thread]) -> bool:
        """Whether it is settled."""
        return root.stored.is_resolved

    @strawberry.field(description="Since when it is resolved; null while it is not.")
    def resolved_at(self, root: strawberry.Parent[Thread]) -> datetime | None:
        """When it was settled."""
        return root.stored.resolved_at

    @strawberry.field(graphql_type=CommentAuthor | None, description="Who resolved it; null while it is not.")
    def resolved_by(self, root: strawberry.Parent[Thread]) -> CommentAuthor | None:
        """Who settled it."""
        return None if root.stored.resolved_by is None else _author(root.stored.resolved_by, root)

    @strawberry.field(description="Raised with each change, answers included.")
    def revision(self, root: strawberry.Parent[Thread]) -> int:
        """How often it was changed."""
        return root.stored.revision

    @strawberry.field(description="When it was written.")
    def created_at(self, root: strawberry.Parent[Thread]) -> datetime:
        """When it was written."""
        return root.stored.created_at

    @strawberry.field(description="When it was last reworded; null for never.")
    def edited_at(self, root: strawberry.Parent[Thread]) -> datetime | None:
        """When it was reworded."""
        return root.stored.edited_at

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Comments are shown with the people of whom they speak."""
        return isinstance(obj, Thread)


CommentConnection = connection_of(
    Comment,
    "A page of a project's comments, the newest first.",
    one="comment",
    place=lambda each: cursor(each.stored.created_at, each.stored.id),
)


@strawberry.input(description="Which comments a list holds.")
class CommentFilter:
    """Unpacked by `CommentQueries.comments`."""

    node_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only those on this scene or frame itself; null for all."
    )
    is_resolved: bool | None = strawberry.field(
        default=None, description="Only those that are resolved, or that are not; null for all."
    )


@strawberry.type
class CommentQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=CommentConnection,
        description="Comments on a project, the newest first, each with its answers.",
        metadata={"cost": 5, **needs(Permission.PROJECT_VIEW)},
    )
    async def comments(
        self,
        info: Info,
        project_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the project.")],
        filter: Annotated[
            CommentFilter | None, strawberry.argument(description="Which of them; null for all.")
        ] = None,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[Thread]:
        """A page of them."""
        project = document_id(project_id, "Project", "projectId")
        wanted = filter or CommentFilter()
        node = None if wanted.node_id is None else commented_node(wanted.node_id, project, "filter.nodeId")
        return await comment_threads.of_project(
            info.context,
            project,
            node_id=None if node is None else node[1],
            is_resolved=wanted.is_resolved,
            window=window(first, after, last, before),
        )


def commented_node(value: str, project: PydanticObjectId, field: str) -> tuple[str, PydanticObjectId]:
    """Kind and key of the scene or frame that an id names.

    Raises:
        BadUserInput: it is no id of one in this project.
    """
    ref = any_ref(value, field)
    if ref.kind not in _NODES or ref.project_id != project:
        raise BadUserInput(field, "Send the id of a scene or a frame of this project.")
    return ref.kind, ref.oid
