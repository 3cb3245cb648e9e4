"""Comments with the people of whom they speak, as they are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from beanie import PydanticObjectId

from access.errors import NotFound
from access.permissions import Permission
from access.viewer import Guest
from documents import newest_first as lists
from documents.newest_first import Page, Window
from documents.projects.comment import Author, Comment, Reply
from documents.projects.project import Project
from resolvers import people
from resolvers.context import Context
from resolvers.people import Person


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with the people of whom it speaks.

    Args:
        stored: the comment and its answers.
        people: authors and whom they mention.
    """

    stored: Comment
    people: Mapping[PydanticObjectId, Person]


async def of_project(
    context: Context,
    project_id: PydanticObjectId,
    *,
    node_id: PydanticObjectId | None,
    is_resolved: bool | None,
    window: Window,
) -> Page[Thread]:
    """A page of a project's comments, the newest first.

    Raises:
        NotFound: the project is not there, or not the viewer's to see.
    """
    await context.projects.check(project_id, Permission.PROJECT_VIEW)
    wanted: dict[str, Any] = {"project_id": project_id}
    if node_id is not None:
        wanted["node_id"] = node_id
    if is_resolved is not None:
        wanted["is_resolved"] = is_resolved
    page = await lists.page(Comment, wanted, window, by="created_at")
    known = await people.named({each for comment in page.members for each in _named_in(comment)})
    return page.showing([Thread(comment, known) for comment in page.members])


async def visible(context: Context, comment_id: PydanticObjectId) -> Thread | None:
    """A comment; None if there is none, or its project is not the viewer's to see."""
    try:
        comment, _ = await load(context, comment_id, Permission.PROJECT_VIEW)
    except NotFound:
        return None
    return await thread(comment)


async def by_id(comment_id: PydanticObjectId) -> Thread | None:
    """A comment on a project that the viewer follows."""
    comment = await Comment.get(comment_id)
    return None if comment is None else await thread(comment)


async def thread(comment: Comment) -> Thread:
    """A comment with the people of whom it speaks."""
    return Thread(comment, await people.named(_named_in(comment)))


def is_by(context: Context, author: Author) -> bool:
    """Whether the viewer or guest wrote it."""
    principal = context.require_principal()
    if isinstance(principal, Guest):
        return author.guest_id == principal.guest_id
    return author.user_id == principal.user_id


async def load(
    context: Context, comment_id: PydanticObjectId, permission: Permission
) -> tuple[Comment, Project]:
    """A comment and its project.

    Raises:
        NotFound: there is none, or its project is not the viewer's to see.
        Forbidden: the viewer may see it and not do this.
    """
    projects = context.projects
    comment = await Comment.get(comment_id)
    if comment is None:
        raise NotFound("Comment")
    try:
        return comment, await projects.check(comment.project_id, permission)
    except NotFound:
        raise NotFound("Comment") from None


def _named_in(comment: Comment) -> set[PydanticObjectId]:
    parts: list[Comment | Reply] = [comment, *comment.replies]
    found = {each for part in parts for each in part.mentions}
    found |= {part.author.user_id for part in parts if part.author.user_id is not None}
    if comment.resolved_by is not None and comment.resolved_by.user_id is not None:
        found.add(comment.resolved_by.user_id)
    return found
