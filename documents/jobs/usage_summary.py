"""Usage added up: by day, by kind of work, by whom it was bought from, by whom and for what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from documents.jobs.usage_record import UsageRecord

GROUPS_MAX: Final = 400
"""Groups that a summary has at the most: more than days in its longest range."""
_AMOUNTS: Final = ("input_tokens", "output_tokens", "characters", "images", "seconds", "duration_ms")


class Dimension(Enum):
    """What records are put together by."""

    DAY = "DAY"
    KIND = "KIND"
    PROVIDER = "PROVIDER"
    MODEL = "MODEL"
    PROJECT = "PROJECT"
    USER = "USER"


_KEYS: Final[Mapping[Dimension, Mapping[str, Any]]] = {
    Dimension.DAY: {"day": {"$dateTrunc": {"date": "$at", "unit": "day"}}},
    Dimension.KIND: {"kind": "$kind"},
    Dimension.PROVIDER: {"provider": "$provider"},
    Dimension.MODEL: {"provider": "$provider", "model": "$model"},
    Dimension.PROJECT: {"project_id": "$project_id"},
    Dimension.USER: {"owner_id": "$owner_id"},
}
"""The parts of a group's key, as MongoDB finds them in a record."""


@dataclass(frozen=True, slots=True)
class UsageTotals:
    """What some records come to.

    Args:
        calls: how many records.
        unpriced_calls: those of them whose price was not known.
        costs: micros by currency.
    """

    calls: int = 0
    unpriced_calls: int = 0
    costs: Sequence[tuple[str, int]] = ()
    input_tokens: int = 0
    output_tokens: int = 0
    characters: int = 0
    images: int = 0
    seconds: float = 0.0
    duration_ms: int = 0


@dataclass(frozen=True, slots=True)
class UsageGroup:
    """Records that have something in common: `key` has it by name, as `_KEYS` does."""

    key: Mapping[str, Any]
    totals: UsageTotals


async def totals(query: Mapping[str, Any]) -> UsageTotals:
    """What all records that match come to."""
    found = await _grouped(query, {}, by_time=False)
    return found[0].totals if found else UsageTotals()


async def groups(query: Mapping[str, Any], by: Dimension) -> list[UsageGroup]:
    """The records that match, put together: days in their order, all else by cost, the dearest first.

    Args:
        query: which records; bounded in time, and by somebody whose index serves it.
        by: what they are put together by. There are at most `GROUPS_MAX`; what is left out cost less.
    """
    return await _grouped(query, _KEYS[by], by_time=by is Dimension.DAY)


async def _grouped(query: Mapping[str, Any], key: Mapping[str, Any], *, by_time: bool) -> list[UsageGroup]:
    sums: dict[str, Any] = {name: {"$sum": f"${name}"} for name in ("calls", "unpriced_calls", *_AMOUNTS)}
    in_one_currency = {
        **{name: {"$sum": f"${name}"} for name in (*_AMOUNTS, "cost_micros")},
        "calls": {"$sum": 1},
        "unpriced_calls": {"$sum": {"$cond": ["$is_priced", 0, 1]}},
    }
    cost = {"currency": "$_id.currency", "micros": "$cost_micros"}
    order = {"_id": 1} if by_time else {"cost_micros": -1, "calls": -1, "_id": 1}
    found = await UsageRecord.get_pymongo_collection().aggregate(
        [
            {"$match": dict(query)},
            {"$group": {"_id": {"key": dict(key), "currency": "$currency"}, **in_one_currency}},
            {"$sort": {"_id.currency": 1}},
            {
                "$group": {
                    "_id": "$_id.key",
                    "cost_micros": {"$sum": "$cost_micros"},
                    "costs": {"$push": cost},
                }
                | sums
            },
            {"$sort": order},
            {"$limit": GROUPS_MAX},
        ]
    )
    return [_group(raw) async for raw in found]


def _group(raw: dict[str, Any]) -> UsageGroup:
    amounts = {name: raw[name] for name in ("calls", "unpriced_calls", *_AMOUNTS)}
    costs = [(each["currency"], each["micros"]) for each in raw["costs"]]
    return UsageGroup(raw["_id"], UsageTotals(costs=costs, **amounts))
