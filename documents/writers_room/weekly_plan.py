"""A plan: what to make on which day, as a persona thought it out and a person put it right."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, ClassVar, Final, NoReturn

from beanie import Document, PydanticObjectId
from pydantic import AfterValidator, Field, StringConstraints
from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import CapReached, NodeMissing, RevisionStale
from documents.text import LanguageTag, Line, Paragraph, Tag, Title
from documents.tree.node import Stored

MOST_DAYS: Final = 31
MOST_PER_DAY: Final = 5
MOST_ENTRIES: Final = 300
"""Entries of a plan, those that people add included."""
_FIRST_DAY: Final = date(2000, 1, 1)
_LAST_DAY: Final = date(2999, 11, 30)


def _as_day(text: str) -> str:
    if not _FIRST_DAY <= date.fromisoformat(text) <= _LAST_DAY:
        raise ValueError(f"a day between {_FIRST_DAY} and {_LAST_DAY}")
    return text


Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_as_day)]
"""A calendar day, `YYYY-MM-DD`."""


class PlanEntry(Stored):
    """One video that is planned.

    Args:
        topic: fit for a brief.
        hook: how the video begins.
        hashtags: without `#`.
        project_id: the project that was made of it, which may be gone; None before.
    """

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    day: Day
    title: Title
    topic: Annotated[Paragraph, Field(min_length=1)]
    hook: Annotated[Paragraph, Field(max_length=500)] = ""
    hashtags: Annotated[list[Tag], Field(max_length=30)] = Field(default_factory=list)
    project_id: PydanticObjectId | None = None


class WeeklyPlan(Document):
    """What somebody asked a persona to plan, and what came of it.

    Args:
        show_id: the show whose episodes are planned; None for none.
        brief: what it is about, in the words of whoever asked.
        starts_on: the first of `days` days.
        entries: as the persona planned them, by day, and then those that people added.
        made_at: when the persona was done; None before.
        job_id: the job that makes it.
    """

    id: PydanticObjectId = Field(default_factory=PydanticObjectId, alias="_id")
    owner_id: PydanticObjectId
    persona_id: PydanticObjectId
    persona_version: int
    show_id: PydanticObjectId | None = None
    brief: Annotated[Paragraph, Field(min_length=1)]
    starts_on: Day
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 7
    per_day: Annotated[int, Field(ge=1, le=MOST_PER_DAY)] = 1
    language: LanguageTag = "en"
    audience: Line | None = None
    culture: Line | None = None
    entries: list[PlanEntry] = Field(default_factory=list)
    made_at: datetime | None = None
    job_id: PydanticObjectId
    revision: int = 0
    created_at: datetime

    class Settings:
        """Collection `weekly_plans`."""

        name = "weekly_plans"
        indexes: ClassVar[list[IndexModel]] = [
            IndexModel(
                [("owner_id", ASCENDING), ("created_at", DESCENDING), ("_id", DESCENDING)],
                name="newest_of_owner",
            ),
            IndexModel([("job_id", ASCENDING)], name="of_job"),
        ]

    @property
    def calendar(self) -> tuple[str, ...]:
        """Its days in their order."""
        first = date.fromisoformat(self.starts_on)
        return tuple((first + timedelta(days=number)).isoformat() for number in range(self.days))

    def entry(self, entry_id: PydanticObjectId) -> PlanEntry | None:
        """The entry of this id."""
        return next((each for each in self.entries if each.id == entry_id), None)


async def fill(
    plan_id: PydanticObjectId, entries: Sequence[PlanEntry], *, now: datetime, session: AsyncClientSession
) -> None:
    """Put entries into a plan, before those that somebody added, in the transaction that ends its job.

    Nothing happens if the plan is gone.
    """
    made = {"$each": [each.stored() for each in entries], "$position": 0}
    await WeeklyPlan.get_pymongo_collection().update_one(
        {"_id": plan_id},
        {"$push": {"entries": made}, "$set": {"made_at": now}, "$inc": {"revision": 1}},
        session=session,
    )


async def add_entry(
    plan_id: PydanticObjectId, entry: PlanEntry, *, expected_revision: int | None
) -> WeeklyPlan:
    """Put one more entry behind the others.

    Raises:
        NodeMissing: the plan is gone.
        RevisionStale: it has another revision than expected.
        CapReached: it is full.
    """
    expected = {} if expected_revision is None else {"revision": expected_revision}
    changed = await _changed(
        {"_id": plan_id, f"entries.{MOST_ENTRIES - 1}": {"$exists": False}, **expected},
        {"$push": {"entries": entry.stored()}, "$inc": {"revision": 1}},
    )
    if changed is not None:
        return changed
    current = await WeeklyPlan.get(plan_id)
    if current is None:
        raise NodeMissing("WeeklyPlan")
    if expected_revision is not None and current.revision != expected_revision:
        raise RevisionStale("WeeklyPlan", current)
    raise CapReached("entries of a plan", MOST_ENTRIES)


async def remove_entry(
    plan_id: PydanticObjectId, entry_id: PydanticObjectId, *, expected_revision: int | None
) -> WeeklyPlan:
    """Take an entry out.

    Raises:
        NodeMissing: it is gone.
        RevisionStale: the plan has another revision than expected.
    """
    expected = {} if expected_revision is None else {"revision": expected_revision}
    changed = await _changed(
        {"_id": plan_id, "entries._id": entry_id, **expected},
        {"$pull": {"entries": {"_id": entry_id}}, "$inc": {"revision": 1}},
    )
    return changed or await _unchanged(plan_id, entry_id)


async def change_entry(
    plan_id: PydanticObjectId,
    entry_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> WeeklyPlan:
    """Set fields of one entry.

    Raises:
        NodeMissing: it is gone.
        RevisionStale: the plan has another revision than expected.
    """
    expected = {} if expected_revision is None else {"revision": expected_revision}
    changed = await _changed(
        {"_id": plan_id, "entries._id": entry_id, **expected},
        {
            "$set": {f"entries.$.{name}": value for name, value in values.items()},
            "$inc": {"revision": 1},
        },
    )
    return changed or await _unchanged(plan_id, entry_id)


async def _changed(query: Mapping[str, Any], update: Mapping[str, Any]) -> WeeklyPlan | None:
    raw = await WeeklyPlan.get_pymongo_collection().find_one_and_update(
        query, update, return_document=ReturnDocument.AFTER
    )
    return None if raw is None else WeeklyPlan.model_validate(raw)


async def _unchanged(plan_id: PydanticObjectId, entry_id: PydanticObjectId) -> NoReturn:
    """Say why an entry could not be changed."""
    current = await WeeklyPlan.get(plan_id)
    if current is None or current.entry(entry_id) is None:
        raise NodeMissing("WeeklyPlanEntry")
    raise RevisionStale("WeeklyPlan", current)


async def note_project(
    plan_id: PydanticObjectId, entry_id: PydanticObjectId, project_id: PydanticObjectId
) -> None:
    """Remember which project was made of an entry."""
    await WeeklyPlan.get_pymongo_collection().update_one(
        {"_id": plan_id, "entries._id": entry_id},
        {"$set": {"entries.$.project_id": project_id}, "$inc": {"revision": 1}},
    )
