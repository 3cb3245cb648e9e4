"""All accounts of the platform in order of their addresses, page by page: keyset over the unique key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from beanie import PydanticObjectId

from documents.accounts.user import User

_BEYOND_ALL: Final = "\uffff"  # sorts after every other character, and no address holds it


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Which accounts.

    Args:
        prefix: what their addresses, as keys, begin with; empty for all.
        is_suspended: only those that are shut out, or only those that are not.
        company_id: only members of this company.
    """

    prefix: str = ""
    is_suspended: bool | None = None
    company_id: PydanticObjectId | None = None


async def page(
    wanted: UserFilter,
    *,
    size: int,
    after: str | None = None,
    before: str | None = None,
    from_end: bool = False,
) -> tuple[Sequence[User], bool]:
    """Accounts, and whether there are more in the direction of reading.

    Args:
        wanted: which ones.
        size: how many at the most.
        after: only those behind this key.
        before: only those in front of this key.
        from_end: read the last ones instead of the first.
    """
    bounds: list[dict[str, Any]] = []
    if wanted.prefix:
        bounds.append({"email_key": {"$gte": wanted.prefix, "$lt": wanted.prefix + _BEYOND_ALL}})
    if after is not None:
        bounds.append({"email_key": {"$gt": after}})
    if before is not None:
        bounds.append({"email_key": {"$lt": before}})
    query: dict[str, Any] = {"$and": bounds} if bounds else {}
    if wanted.is_suspended is not None:
        query["is_suspended"] = wanted.is_suspended
    if wanted.company_id is not None:
        query["company_id"] = wanted.company_id
    direction = -1 if from_end else 1
    cursor = User.get_pymongo_collection().find(query).sort("email_key", direction)
    raw = await cursor.limit(size + 1).to_list()
    users = [User.model_validate(document) for document in raw[:size]]
    if from_end:
        users.reverse()
    return users, len(raw) > size
