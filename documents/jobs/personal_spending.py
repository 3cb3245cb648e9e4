"""What a person has had bought with the installation's keys lately, and what they may still have bought.

Nothing is added up in advance: what was spent stands in the records of usage, what is set aside in the jobs
that have not ended. A worker that dies at any line leaves neither more nor less than that.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.accounts.allowance import Allowance
from documents.jobs.job import Job
from documents.jobs.usage_record import INSTALLATION, UsageRecord

WINDOW: Final = timedelta(days=30)
"""For how long a purchase counts."""


@dataclass(frozen=True, slots=True)
class PersonalSpending:
    """With the installation's keys, in micros.

    Args:
        limit_micros: that both others never exceed together; None for no limit.
        spent_micros: within the window.
        reserved_micros: what unfinished jobs are expected to cost.
    """

    limit_micros: int | None
    spent_micros: int
    reserved_micros: int

    @property
    def left_micros(self) -> int | None:
        """What may still be spent now; None where there is no limit."""
        if self.limit_micros is None:
            return None
        return max(0, self.limit_micros - self.spent_micros - self.reserved_micros)


async def spending_of(
    user_id: PydanticObjectId,
    *,
    everybodys_micros: int | None,
    now: datetime,
    session: AsyncClientSession | None = None,
) -> PersonalSpending:
    """How a person stands.

    Args:
        user_id: whose jobs buy.
        everybodys_micros: the limit of who has none of their own; None for no limit.
        now: the end of the window.
        session: of the transaction that is about to reserve.
    """
    limit = await Allowance.limit_of(user_id, everybodys_micros, session)
    spent = await _sum(UsageRecord, _counted(user_id, now), "cost_micros", session)
    waiting = {"owner_id": user_id, "installation_micros": {"$gt": 0}}
    return PersonalSpending(limit, spent, await _sum(Job, waiting, "installation_micros", session))


async def room_again_at(user_id: PydanticObjectId, micros: int, *, now: datetime) -> datetime | None:
    """When so much of what counts now will have left the window; None if it never will be that much."""
    async for at, cost in _oldest_first(user_id, now):
        micros -= cost
        if micros <= 0:
            return at + WINDOW
    return None


def _counted(user_id: PydanticObjectId, now: datetime) -> dict[str, Any]:
    return {"owner_id": user_id, "whose_key": INSTALLATION, "at": {"$gt": now - WINDOW}}


async def _oldest_first(user_id: PydanticObjectId, now: datetime) -> AsyncIterator[tuple[datetime, int]]:
    records = UsageRecord.get_pymongo_collection()
    found = records.find(_counted(user_id, now), {"_id": 0, "at": 1, "cost_micros": 1}).sort("at", 1)
    async for raw in found:
        yield raw["at"], raw["cost_micros"]


async def _sum(
    model: type[UsageRecord] | type[Job],
    which: dict[str, Any],
    field: str,
    session: AsyncClientSession | None,
) -> int:
    total = [{"$match": which}, {"$group": {"_id": None, "micros": {"$sum": f"${field}"}}}]
    found = await model.get_pymongo_collection().aggregate(total, session=session)
    return sum([raw["micros"] async for raw in found])
