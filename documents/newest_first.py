"""Pages of documents by time, the newest first: keyset over a time and, where that is equal, the id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from beanie import Document, PydanticObjectId

DocumentT = TypeVar("DocumentT", bound=Document)
MemberT = TypeVar("MemberT")
ShownT = TypeVar("ShownT")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a document stands in such a list."""

    at: datetime
    id: PydanticObjectId


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is read.

    Args:
        size: how many at the most.
        after: only those that stand behind this spot.
        before: only those that stand in front of this spot.
        from_end: read the last ones instead of the first.
    """

    size: int
    after: Spot | None = None
    before: Spot | None = None
    from_end: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[MemberT]):
    """Part of a list, in list order.

    Args:
        has_more: whether there are more in the direction in which it was read.
        window: what was asked for.
    """

    members: Sequence[MemberT]
    has_more: bool
    window: Window

    def showing(self, members: Sequence[ShownT]) -> "Page[ShownT]":
        """The same page, its members shown as something else, one for each and in their order."""
        return Page(members, self.has_more, self.window)

    @property
    def has_next(self) -> bool:
        """Whether more stand behind the page; read from the end, whether the page is bounded there."""
        return self.window.before is not None if self.window.from_end else self.has_more

    @property
    def has_previous(self) -> bool:
        """Whether more stand in front of the page; read from the start, whether the page is bounded there."""
        return self.has_more if self.window.from_end else self.window.after is not None


async def page(
    model: type[DocumentT],
    query: Mapping[str, Any],
    window: Window,
    *,
    by: str,
    without: Sequence[str] = (),
    hint: str | None = None,
) -> Page[DocumentT]:
    """Read one page.

    Args:
        model: the documents' class.
        query: which documents; an index that begins with its fields and goes on with `by` and `_id`, both
            descending, serves it.
        window: which part.
        by: the field of the time.
        without: fields that are not read: their defaults stand in the answer.
        hint: name of the index that serves it, where MongoDB might take another one.
    """
    bounds = []
    for spot, beyond, reach in ((window.after, "$lt", "$lte"), (window.before, "$gt", "$gte")):
        if spot is not None:
            ties = [{by: {beyond: spot.at}}, {by: spot.at, "_id": {beyond: spot.id}}]
            bounds.append({by: {reach: spot.at}, "$or": ties})
    direction = 1 if window.from_end else -1
    found = model.get_pymongo_collection().find(
        {**query, "$and": bounds} if bounds else dict(query), dict.fromkeys(without, 0) or None
    )
    if hint is not None:
        found = found.hint(hint)
    raw = await found.sort([(by, direction), ("_id", direction)]).limit(window.size + 1).to_list()
    members = [model.model_validate(document) for document in raw[: window.size]]
    if window.from_end:
        members.reverse()
    return Page(members, len(raw) > window.size, window)
