"""Lists of projects: light documents, pages by keyset, each served by one compound index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from beanie import PydanticObjectId

from documents.projects.project import Project, ProjectStatus

_HEAVY = ("script", "timeline", "outbox")


class ProjectScope(StrEnum):
    """Whose projects are listed."""

    MINE = "MINE"
    COMPANY = "COMPANY"
    SHARED = "SHARED"


class ProjectOrder(StrEnum):
    """How a list of projects is ordered; the newest first, or by title."""

    UPDATED_AT = "UPDATED_AT"
    CREATED_AT = "CREATED_AT"
    TITLE = "TITLE"


_FIELD = {
    ProjectOrder.UPDATED_AT: ("updated_at", -1),
    ProjectOrder.CREATED_AT: ("created_at", -1),
    ProjectOrder.TITLE: ("title", 1),
}


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """Which projects a list holds; None means no matter which."""

    status: ProjectStatus | None = None
    is_archived: bool | None = None
    is_deleted: bool = False
    tag: str | None = None
    folder_id: PydanticObjectId | None = None


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose projects a list holds.

    Args:
        viewer_id: who lists.
        scope: in which capacity.
        company_id: the viewer's company, for its projects.
        outside_companies: none that belong to a company.
    """

    viewer_id: PydanticObjectId
    scope: ProjectScope
    company_id: PydanticObjectId | None = None
    outside_companies: bool = False

    def query(self) -> dict[str, Any]:
        """The filter; an index begins with its field."""
        if self.scope is ProjectScope.COMPANY:
            return {"company_id": self.company_id}
        name = "owner_id" if self.scope is ProjectScope.MINE else "collaborators.user_id"
        return {name: self.viewer_id} | ({"company_id": None} if self.outside_companies else {})


@dataclass(frozen=True, slots=True)
class Keyset:
    """A place in an ordered list: the sort value and the id of the project that stands there."""

    value: datetime | str
    project_id: PydanticObjectId


def keyset(project: Project, order: ProjectOrder) -> Keyset:
    """Where a project stands in a list of this order."""
    assert project.id is not None  # noqa: S101 - a listed project is stored
    return Keyset(getattr(project, _FIELD[order][0]), project.id)


def _query(whose: Whose, wanted: ProjectFilter) -> dict[str, Any]:
    query = whose.query()
    query["deleted_at"] = {"$type": "date"} if wanted.is_deleted else None
    exact: Mapping[str, Any] = {
        "status": wanted.status,
        "is_archived": wanted.is_archived,
        "tags": wanted.tag,
        "folder_id": wanted.folder_id,
    }
    return query | {name: value for name, value in exact.items() if value is not None}


async def page(
    whose: Whose,
    *,
    wanted: ProjectFilter,
    order: ProjectOrder,
    size: int,
    after: Keyset | None = None,
    before: Keyset | None = None,
    from_end: bool = False,
    whole: bool = False,
) -> tuple[Sequence[Project], bool]:
    """A page in list order, and whether there is more in the direction in which it was read.

    Args:
        whose: whose projects.
        wanted: which of them.
        order: in which order.
        size: how many at the most.
        after: only those that stand behind this place.
        before: only those that stand in front of this place.
        from_end: read the last ones instead of the first.
        whole: load the trees too; else they are left out and must not be read.
    """
    name, direction = _FIELD[order]
    query = _query(whose, wanted)
    bounds = []
    for place, towards in ((after, direction), (before, -direction)):
        if place is not None:
            beyond, reach = ("$gt", "$gte") if towards == 1 else ("$lt", "$lte")
            bounds.append(
                {
                    name: {reach: place.value},
                    "$or": [
                        {name: {beyond: place.value}},
                        {name: place.value, "_id": {beyond: place.project_id}},
                    ],
                }
            )
    if bounds:
        query["$and"] = bounds
    sort = -direction if from_end else direction
    cursor = Project.get_pymongo_collection().find(query, None if whole else dict.fromkeys(_HEAVY, 0))
    raw = await cursor.sort([(name, sort), ("_id", sort)]).limit(size + 1).to_list()
    projects = [Project.model_validate(document) for document in raw[:size]]
    if from_end:
        projects.reverse()
    return projects, len(raw) > size
