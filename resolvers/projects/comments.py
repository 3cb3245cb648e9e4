"""Comments on a project, by people and by guests: written, answered, reworded, settled, deleted."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access import authentication
from access.errors import Forbidden, NotFound
from access.permissions import Permission
from access.projects import role_in
from access.viewer import Guest
from documents.audit_entry import AuditAction
from documents.companies import membership
from documents.notice import Notice, NoticeKind
from documents.projects import outbox
from documents.projects.change_event import COMMENT, ChangeEvent, ChangeKind
from documents.projects.comment import MOST_MENTIONS, MOST_PER_PROJECT, MOST_REPLIES, Author, Comment, Reply
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from documents.transaction import in_transaction
from documents.tree import place as places
from resolvers import audit, people
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.projects.comment_threads import Thread, is_by, load, thread


@dataclass(frozen=True, slots=True)
class CommentRef:
    """A comment, or one of its answers."""

    comment_id: PydanticObjectId
    reply_id: PydanticObjectId | None = None


@dataclass(frozen=True, slots=True)
class CommentGone:
    """A comment or answer that is no longer there.

    Args:
        thread: what is left of the thread; None if nothing is.
    """

    ref: CommentRef
    thread: Thread | None


async def add(
    context: Context,
    project_id: PydanticObjectId,
    *,
    node: tuple[str, PydanticObjectId] | None,
    time_s: float | None,
    text: str,
    mentions: Sequence[PydanticObjectId],
) -> Outcome[Thread]:
    """Write a comment on the project, on a scene or frame of it, or on a place in the video.

    Raises:
        NotFound: the project is not the viewer's to see, or has no such node.
        Forbidden: the viewer may not comment on it.
    """
    project = await context.projects.check(project_id, Permission.PROJECT_COMMENT)
    if node is not None:
        found = {"_id": project_id, **places.of(*node).match()}
        if await Project.get_pymongo_collection().find_one(found, {"_id": 1}) is None:
            raise NotFound(node[0])
    values, faults = checked(Comment, {"time_s": time_s}, at="input")
    words, wrong = checked(Reply, {"text": text}, at="input")
    faults += wrong + await _mention_faults(context, project, mentions)
    if faults:
        return Outcome(user_errors=faults)
    comment = Comment(
        project_id=project_id,
        node_kind=None if node is None else node[0],
        node_id=None if node is None else node[1],
        time_s=values["time_s"],
        author=_author(context),
        text=words["text"],
        mentions=list(dict.fromkeys(mentions)),
        created_at=context.services.now(),
    )

    async def write(session: AsyncClientSession) -> Comment | None:
        return comment if await Comment.put(comment, session=session) else None

    text = f"A project has at most {MOST_PER_PROJECT:,} comments: delete some that are settled."
    return await _told(
        context, project, ChangeKind.NODE_ADDED, comment.id, write, called=comment.mentions, refusal=text
    )


async def answer(
    context: Context, comment_id: PydanticObjectId, *, text: str, mentions: Sequence[PydanticObjectId]
) -> Outcome[Thread]:
    """Answer a comment.

    Raises:
        NotFound: there is none, or its project is not the viewer's to see.
        Forbidden: the viewer may not comment.
    """
    comment, project = await load(context, comment_id, Permission.PROJECT_COMMENT)
    values, faults = checked(Reply, {"text": text}, at="input")
    faults += await _mention_faults(context, project, mentions)
    if faults:
        return Outcome(user_errors=faults)
    reply = Reply(
        author=_author(context),
        text=values["text"],
        mentions=list(dict.fromkeys(mentions)),
        created_at=context.services.now(),
    )

    async def write(session: AsyncClientSession) -> Comment | None:
        return await Comment.answer(comment.id, reply, session=session)

    text = f"A comment that was deleted takes no answers, and one has at most {MOST_REPLIES}."
    return await _told(
        context, project, ChangeKind.NODE_CHANGED, comment.id, write, called=reply.mentions, refusal=text
    )


async def edit(
    context: Context, ref: CommentRef, *, text: str, mentions: Sequence[PydanticObjectId]
) -> Outcome[Thread]:
    """Put other words in the place of one's own. Those who are newly mentioned are told.

    Raises:
        NotFound: there is none, or its project is not the viewer's to see.
        Forbidden: somebody else wrote it, or the viewer may not comment any more.
    """
    comment, project = await load(context, ref.comment_id, Permission.PROJECT_COMMENT)
    known = _part(comment, ref)
    if not is_by(context, known.author):
        raise Forbidden("These are the words of somebody else.")
    values, faults = checked(Reply, {"text": text}, at="input")
    faults += await _mention_faults(context, project, mentions)
    if faults:
        return Outcome(user_errors=faults)

    async def write(session: AsyncClientSession) -> Comment | None:
        return await Comment.reword(
            ref.comment_id,
            ref.reply_id,
            text=values["text"],
            mentions=list(dict.fromkeys(mentions)),
            now=context.services.now(),
            session=session,
        )

    called = [each for each in dict.fromkeys(mentions) if each not in known.mentions]
    return await _told(context, project, ChangeKind.NODE_CHANGED, comment.id, write, called=called)


async def settle(context: Context, comment_id: PydanticObjectId, *, is_resolved: bool) -> Outcome[Thread]:
    """Say that there is nothing more to do about a comment, or that there is after all.

    Raises:
        NotFound: there is none, or its project is not the viewer's to see.
        Forbidden: the viewer may not comment.
    """
    comment, project = await load(context, comment_id, Permission.PROJECT_COMMENT)
    if comment.is_resolved == is_resolved:
        return Outcome(await thread(comment))

    async def write(session: AsyncClientSession) -> Comment | None:
        return await Comment.settle(
            comment_id,
            by=_author(context) if is_resolved else None,
            now=context.services.now(),
            session=session,
        )

    return await _told(context, project, ChangeKind.NODE_CHANGED, comment_id, write)


async def delete(context: Context, ref: CommentRef) -> Outcome[CommentGone]:
    """Take one's own words away; the project's owner may take anybody's.

    Raises:
        NotFound: there is none, or its project is not the viewer's to see.
        Forbidden: somebody else wrote it, and the viewer does not own the project.
    """
    comment, project = await load(context, ref.comment_id, Permission.PROJECT_VIEW)
    is_own = is_by(context, _part(comment, ref).author)
    if not is_own and role_in(project, context.require_principal()) is not ProjectRole.OWNER:
        raise Forbidden("These are the words of somebody else.")
    await context.projects.check(project.id, Permission.PROJECT_COMMENT)
    now = context.services.now()

    async def work(session: AsyncClientSession) -> Comment | None:
        left = await Comment.remove(ref.comment_id, ref.reply_id, now=now, session=session)
        kind = ChangeKind.NODE_REMOVED if left is None else ChangeKind.NODE_CHANGED
        event = ChangeEvent(kind=kind, node_kind=COMMENT, node_id=ref.comment_id, at=now)
        if not await outbox.tell(project.id, event, session=session):
            raise NotFound("Comment")
        await audit.record(
            context,
            AuditAction.COMMENT_DELETED,
            "Comment",
            ref.comment_id,
            session=session,
            company_id=project.company_id,
            project_id=project.id,
            is_own=is_own,
            is_answer=ref.reply_id is not None,
        )
        return left

    left = await in_transaction(work)
    await context.services.announcer.project(project.id)
    return Outcome(CommentGone(ref, None if left is None else await thread(left)))


async def _told(
    context: Context,
    project: Project,
    kind: ChangeKind,
    comment_id: PydanticObjectId,
    write: Callable[[AsyncClientSession], Awaitable[Comment | None]],
    *,
    called: Sequence[PydanticObjectId] = (),
    refusal: str | None = None,
) -> Outcome[Thread]:
    """Write, tell the project's viewers and those who are called.

    Raises:
        NotFound: the comment or its project is gone.
    """
    now = context.services.now()
    principal = context.require_principal()
    author = _author(context)
    event = ChangeEvent(kind=kind, node_kind=COMMENT, node_id=comment_id, at=now)
    payload = {
        "projectId": str(project.id),
        "title": project.title,
        "commentId": str(comment_id),
        "byName": await _name(author) if called else "",
    }
    own_id = None if isinstance(principal, Guest) else principal.user_id
    notices = [
        Notice(user_id=each, kind=NoticeKind.MENTIONED, payload=payload, at=now)
        for each in called
        if each != own_id
    ]

    async def work(session: AsyncClientSession) -> Comment | None:
        # First: comments of one project are written one after another, so that what is counted is right.
        if not await outbox.tell(project.id, event, session=session):
            raise NotFound("Comment")
        written = await write(session)
        if written is None:
            raise _NothingWritten
        await Notice.write(*notices, session=session)
        return written

    try:
        written = await in_transaction(work)
    except _NothingWritten:
        if refusal is None:
            raise NotFound("Comment") from None
        return Outcome.refused(UserErrorCode.LIMIT_EXCEEDED, refusal)
    await context.services.announcer.project(project.id)
    await context.services.announcer.notices(*notices)
    assert written is not None  # noqa: S101 - else nothing was written
    return Outcome(await thread(written))


class _NothingWritten(Exception):
    """The change met nothing; the event that came before it goes with the transaction."""


def _part(comment: Comment, ref: CommentRef) -> Comment | Reply:
    """The words that are meant. Raises NotFound if they are gone."""
    if ref.reply_id is None:
        if comment.deleted_at is not None:
            raise NotFound("Comment")
        return comment
    for reply in comment.replies:
        if reply.id == ref.reply_id:
            return reply
    raise NotFound("Comment")


def _author(context: Context) -> Author:
    principal = context.require_principal()
    if isinstance(principal, Guest):
        return Author(guest_id=principal.guest_id, name=principal.name)
    return Author(user_id=principal.user_id)


async def _name(author: Author) -> str:
    if author.user_id is None:
        return author.name
    return (await people.named([author.user_id]))[author.user_id].name


async def _mention_faults(
    context: Context, project: Project, mentions: Sequence[PydanticObjectId]
) -> list[UserError]:
    """What is wrong with calling these people; only who sees the project can be called."""
    at = "input.mentions"
    if not mentions:
        return []
    if isinstance(context.require_principal(), Guest):
        return [UserError(UserErrorCode.INVALID, at, "Guests of a review link mention nobody.")]
    if len(mentions) > MOST_MENTIONS:
        return [
            UserError(UserErrorCode.INVALID, at, f"At most {MOST_MENTIONS} people are mentioned at once.")
        ]
    wanted = list(dict.fromkeys(mentions))
    sees = await asyncio.gather(*(_may_see(project, user_id) for user_id in wanted))
    if all(sees):
        return []
    return [UserError(UserErrorCode.INVALID, at, "Mention people who may see the project: one may not.")]


async def _may_see(project: Project, user_id: PydanticObjectId) -> bool:
    standing = await membership.standing(user_id)
    return standing is not None and role_in(project, authentication.viewer(user_id, standing)) is not None
