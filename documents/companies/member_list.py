"""A company's members by name, page by page: keyset under the collation of names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from beanie import PydanticObjectId

from documents.accounts.user import NAME_COLLATION, User
from documents.name_search import name_filter


@dataclass(frozen=True, slots=True)
class NameSpot:
    """Where a member stands in the list."""

    name: str
    id: PydanticObjectId


async def page(
    company_id: PydanticObjectId,
    *,
    search: str,
    size: int,
    after: NameSpot | None = None,
    before: NameSpot | None = None,
    from_end: bool = False,
) -> tuple[Sequence[User], bool]:
    """Members in order of their names, and whether there are more in the direction of reading.

    Args:
        company_id: of which company.
        search: each of its words begins a word of the name; without a word, all members are found.
        size: how many at the most.
        after: only those who stand behind this spot.
        before: only those who stand in front of this spot.
        from_end: read the last ones instead of the first.
    """
    bounds: list[dict[str, Any]] = []
    for spot, beyond, reach in ((after, "$gt", "$gte"), (before, "$lt", "$lte")):
        if spot is not None:
            ties = [{"name": {beyond: spot.name}}, {"name": spot.name, "_id": {beyond: spot.id}}]
            bounds.append({"name": {reach: spot.name}, "$or": ties})
    query: dict[str, Any] = {"company_id": company_id, "deleted_at": None, **name_filter(search)}
    if bounds:
        query["$and"] = bounds
    direction = -1 if from_end else 1
    cursor = User.get_pymongo_collection().find(query).collation(NAME_COLLATION)
    raw = await cursor.sort([("name", direction), ("_id", direction)]).limit(size + 1).to_list()
    members = [User.model_validate(document) for document in raw[:size]]
    if from_end:
        members.reverse()
    return members, len(raw) > size
