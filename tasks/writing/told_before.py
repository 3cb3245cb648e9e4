"""What was told before: so that a show goes on instead of repeating itself, and so does a person."""

from collections.abc import Sequence
from typing import Final

from beanie import PydanticObjectId

from documents.projects.project import Project
from documents.writers_room import episodes
from documents.writers_room.show import Show

_EPISODES: Final = 20
_RECENT: Final = 20
_LONGEST: Final = 200  # characters of a topic


async def to_avoid(project: Project, *, by: PydanticObjectId) -> tuple[str, ...]:
    """Titles of the episodes before this one, and titles and topics of what its owner made last.

    What else the owner has made is the owner's alone to know: a script that somebody else orders, `by`, could
    tell of it.
    """
    before = await episodes.titles_before(project, most=_EPISODES)
    recent: Sequence[str] = ()
    if by == project.owner_id:
        recent = await recent_subjects(project.owner_id, project.company_id, besides=project.id)
    return tuple(dict.fromkeys([*before, *recent]))


async def recent_subjects(
    owner_id: PydanticObjectId,
    company_id: PydanticObjectId | None,
    *,
    besides: PydanticObjectId | None = None,
) -> Sequence[str]:
    """Titles and topics of the last projects of somebody, in one company or outside of companies."""
    query = {"owner_id": owner_id, "deleted_at": None, "company_id": company_id}
    wanted = {"title": 1, "brief.topic": 1}
    found = Project.get_pymongo_collection().find(query, wanted).sort([("created_at", -1), ("_id", -1)])
    subjects: list[str] = []
    async for raw in found.limit(_RECENT + 1):
        if raw["_id"] != besides:
            topic = " ".join((raw.get("brief", {}).get("topic") or "").split())
            subjects += [raw["title"], topic[:_LONGEST]]
    return [each for each in dict.fromkeys(subjects) if each]


async def as_episode(project: Project) -> str | None:
    """Which episode of which show a project is, for its writer; None for none."""
    show = None if project.show_id is None else await Show.get(project.show_id)
    if show is None:
        return None
    about = f" {show.description}" if show.description else ""
    return f'This is episode {project.episode_number} of the show "{show.name}".{about}'
