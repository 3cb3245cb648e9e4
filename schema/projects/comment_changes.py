"""Comments written, answered, reworded, resolved and deleted."""

from collections.abc import Sequence

import strawberry
from beanie import PydanticObjectId

from access.permissions import Permission
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.outcome import Outcome
from resolvers.projects import comments
from resolvers.projects.comment_threads import Thread
from resolvers.projects.comments import CommentGone, CommentRef
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import any_ref, document_gid, document_id, project_id, tree_gid
from schema.projects.comment import TEXT, Comment, commented_node

Info = strawberry.Info[Context, None]
_MENTIONS = "Ids of users who may see the project, at most 20: they are told. Guests mention nobody."


@strawberry.input(description="A new comment.")
class AddCommentInput:
    """Unpacked by `CommentMutations.add_comment`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    node_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of the scene or frame that it is about; null for the whole project."
    )
    time_s: float | None = strawberry.field(
        default=None, description="Place in the video, 0 to 36,000 seconds; null for none."
    )
    text: str = strawberry.field(description=TEXT)
    mentions: list[strawberry.ID] = strawberry.field(default_factory=list, description=_MENTIONS)


@strawberry.input(description="An answer to a comment.")
class ReplyToCommentInput:
    """Unpacked by `CommentMutations.reply_to_comment`."""

    comment_id: strawberry.ID = strawberry.field(description="Id of the comment.")
    text: str = strawberry.field(description=TEXT)
    mentions: list[strawberry.ID] = strawberry.field(default_factory=list, description=_MENTIONS)


@strawberry.input(description="Other words for a comment or an answer of one's own.")
class EditCommentInput:
    """Unpacked by `CommentMutations.edit_comment`."""

    id: strawberry.ID = strawberry.field(description="Id of the comment or answer.")
    text: str = strawberry.field(description=TEXT)
    mentions: list[strawberry.ID] = strawberry.field(
        default_factory=list, description=f"{_MENTIONS} Those who were mentioned before are not told again."
    )


@strawberry.input(description="Whether there is something to do about a comment.")
class ResolveCommentInput:
    """Unpacked by `CommentMutations.resolve_comment`."""

    comment_id: strawberry.ID = strawberry.field(description="Id of the comment.")
    is_resolved: bool = strawberry.field(default=True, description="False to open it again.")


@strawberry.input(description="The comment or answer to delete.")
class DeleteCommentInput:
    """Unpacked by `CommentMutations.delete_comment`."""

    id: strawberry.ID = strawberry.field(description="Id of the comment or answer.")


@strawberry.type
class _CommentPayload(Payload):
    """What the payloads of changes of a comment share."""

    comment = result_field(Comment, "The comment with its answers, as it is now; null if it was refused.")


@strawberry.type(description="What came of writing a comment.")
class AddCommentPayload(_CommentPayload):
    """Over `Outcome[Thread]`."""


@strawberry.type(description="What came of answering a comment.")
class ReplyToCommentPayload(_CommentPayload):
    """Over `Outcome[Thread]`."""


@strawberry.type(description="What came of rewording a comment or an answer.")
class EditCommentPayload(_CommentPayload):
    """Over `Outcome[Thread]`."""


@strawberry.type(description="What came of resolving a comment, or opening it again.")
class ResolveCommentPayload(_CommentPayload):
    """Over `Outcome[Thread]`."""


@strawberry.type(description="What came of deleting a comment or an answer.")
class DeleteCommentPayload(Payload):
    """Over `Outcome[CommentGone]`."""

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of what is deleted; null if it was refused."
    )
    def deleted_id(self, root: strawberry.Parent[Outcome[CommentGone]]) -> str | None:
        """What is gone."""
        if root.result is None:
            return None
        ref = root.result.ref
        if ref.reply_id is None:
            return document_gid("Comment", ref.comment_id)
        return tree_gid("CommentReply", ref.comment_id, ref.reply_id)

    @strawberry.field(
        graphql_type=Comment | None, description="What is left of the thread; null if nothing is."
    )
    def comment(self, root: strawberry.Parent[Outcome[CommentGone]]) -> Thread | None:
        """The rest."""
        return None if root.result is None else root.result.thread


@strawberry.type
class CommentMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=AddCommentPayload,
        description="Write a comment on a project, on a scene or frame of it, or on a place in its video. "
        "`LIMIT_EXCEEDED`: the project has 5,000 of them.",
        metadata={"cost": 5, **needs(Permission.PROJECT_COMMENT)},
    )
    async def add_comment(self, info: Info, input: AddCommentInput) -> Outcome[Thread]:
        """Write."""
        project = project_id(input.project_id, "input.projectId")
        return await comments.add(
            info.context,
            project,
            node=None if input.node_id is None else commented_node(input.node_id, project, "input.nodeId"),
            time_s=input.time_s,
            text=input.text,
            mentions=_users(input.mentions),
        )

    @strawberry.mutation(
        graphql_type=ReplyToCommentPayload,
        description="Answer a comment. `LIMIT_EXCEEDED`: it was deleted, or has 200 answers.",
        metadata={"cost": 5, **needs(Permission.PROJECT_COMMENT)},
    )
    async def reply_to_comment(self, info: Info, input: ReplyToCommentInput) -> Outcome[Thread]:
        """Answer."""
        return await comments.answer(
            info.context,
            document_id(input.comment_id, "Comment", "input.commentId"),
            text=input.text,
            mentions=_users(input.mentions),
        )

    @strawberry.mutation(
        graphql_type=EditCommentPayload,
        description="Reword a comment or an answer of one's own.",
        metadata={"cost": 5, **needs(Permission.PROJECT_COMMENT)},
    )
    async def edit_comment(self, info: Info, input: EditCommentInput) -> Outcome[Thread]:
        """Reword."""
        return await comments.edit(
            info.context, _ref(input.id), text=input.text, mentions=_users(input.mentions)
        )

    @strawberry.mutation(
        graphql_type=ResolveCommentPayload,
        description="Say that there is nothing more to do about a comment, or that there is after all.",
        metadata=needs(Permission.PROJECT_COMMENT),
    )
    async def resolve_comment(self, info: Info, input: ResolveCommentInput) -> Outcome[Thread]:
        """Settle."""
        return await comments.settle(
            info.context,
            document_id(input.comment_id, "Comment", "input.commentId"),
            is_resolved=input.is_resolved,
        )

    @strawberry.mutation(
        graphql_type=DeleteCommentPayload,
        description="Delete a comment or an answer of one's own; the project's owner may delete anybody's. A "
        "comment with answers stays as an empty place above them.",
        metadata=needs(Permission.PROJECT_COMMENT),
    )
    async def delete_comment(self, info: Info, input: DeleteCommentInput) -> Outcome[CommentGone]:
        """Delete."""
        return await comments.delete(info.context, _ref(input.id))


def _ref(value: str) -> CommentRef:
    ref = any_ref(value, "input.id")
    if ref.kind == "Comment" and ref.project_id is None:
        return CommentRef(ref.oid)
    if ref.kind == "CommentReply" and ref.project_id is not None:  # what stands there is the comment's
        return CommentRef(ref.project_id, ref.oid)
    raise BadUserInput("input.id", "Send the id of a comment or of an answer.")


def _users(ids: Sequence[str]) -> list[PydanticObjectId]:
    return [document_id(each, "User", f"input.mentions.{index}") for index, each in enumerate(ids)]
