"""The episodes of a show: projects, each with a number of its own there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.projects.change_event import ChangeEvent, ChangeKind
from documents.projects.project import Project

_LIGHT = dict.fromkeys(("script", "timeline", "outbox"), 0)


async def page(
    show_id: PydanticObjectId,
    seen: Mapping[str, Any],
    *,
    size: int,
    after: int | None = None,
    before: int | None = None,
    from_end: bool = False,
) -> tuple[Sequence[Project], bool]:
    """Episodes by their numbers, and whether there are more in the direction of reading.

    Args:
        show_id: whose.
        seen: filter of the projects that the reader sees.
        size: how many at the most.
        after: only those with higher numbers.
        before: only those with lower numbers.
        from_end: read the last ones instead of the first.
    """
    number = {"$gt": after or 0} | ({} if before is None else {"$lt": before})
    query = {"show_id": show_id, "episode_number": number, "deleted_at": None, **seen}
    found = Project.get_pymongo_collection().find(query, _LIGHT)
    raw = await found.sort("episode_number", -1 if from_end else 1).limit(size + 1).to_list()
    episodes = [Project.model_validate(each) for each in raw[:size]]
    if from_end:
        episodes.reverse()
    return episodes, len(raw) > size


async def next_number(show_id: PydanticObjectId) -> int:
    """The number after the highest one; deleted episodes keep theirs as long as they can be restored."""
    taken = {"show_id": show_id, "episode_number": {"$gt": 0}}
    highest = await Project.get_pymongo_collection().find_one(
        taken, {"episode_number": 1}, sort=[("episode_number", -1)]
    )
    return 1 if highest is None else int(highest["episode_number"]) + 1


async def titles_before(project: Project, *, most: int) -> Sequence[str]:
    """Titles of the last episodes in front of one: of those that are of the same company, or owner."""
    if project.show_id is None or project.episode_number is None:
        return []
    whose: dict[str, Any] = {"company_id": project.company_id}
    if project.company_id is None:
        whose["owner_id"] = project.owner_id
    return await last_titles(project.show_id, whose, below=project.episode_number, most=most)


async def last_titles(
    show_id: PydanticObjectId, whose: Mapping[str, Any], *, most: int, below: int | None = None
) -> Sequence[str]:
    """Titles of a show's last episodes, the last one first.

    Args:
        show_id: which show.
        whose: filter of the episodes that count.
        most: how many at the most.
        below: only those with lower numbers.
    """
    number = {"$gt": 0} | ({} if below is None else {"$lt": below})
    query = {"show_id": show_id, "episode_number": number, "deleted_at": None, **whose}
    found = Project.get_pymongo_collection().find(query, {"title": 1}).sort("episode_number", -1)
    return [raw["title"] async for raw in found.limit(most)]


async def release_all(show_id: PydanticObjectId, *, now: datetime, session: AsyncClientSession) -> None:
    """Let all episodes of a show be projects of no show."""
    event = ChangeEvent(kind=ChangeKind.PROJECT_CHANGED, node_kind="Project", at=now)
    await Project.get_pymongo_collection().update_many(
        {"show_id": show_id, "episode_number": {"$gt": 0}},
        {
            "$set": {"show_id": None, "episode_number": None, "updated_at": now},
            "$inc": {"revision": 1},
            "$push": {"outbox": event.stored()},
        },
        session=session,
    )
