"""Which records of usage a list holds, or a summary adds up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class UsageFilter:
    """Which of somebody's records are meant; None means no matter which.

    Args:
        since: not before this time.
        until: before this time.
        kinds: bought for one of these kinds of work, by `JobKind`'s values.
        providers: bought from one of these.
        whose_keys: paid with a key of one of these: `USER`, `COMPANY`, `INSTALLATION`.
    """

    since: datetime | None = None
    until: datetime | None = None
    kinds: Sequence[str] | None = None
    providers: Sequence[str] | None = None
    whose_keys: Sequence[str] | None = None

    def query(self, of: Mapping[str, Any]) -> dict[str, Any]:
        """As MongoDB is asked; `of` says whose: a person's, a project's or a company's, and has its index."""
        among = {"kind": self.kinds, "provider": self.providers, "whose_key": self.whose_keys}
        query = dict(of) | {name: {"$in": list(some)} for name, some in among.items() if some is not None}
        bounds = {"$gte": self.since, "$lt": self.until}
        if times := {sign: time for sign, time in bounds.items() if time is not None}:
            query["at"] = times
        return query
