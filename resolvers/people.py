"""People as others see them: by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from beanie import PydanticObjectId

from documents.accounts.user import User


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account.

    Args:
        name: empty for an account that is gone.
        email: only for those to whom it is shown.
    """

    user_id: PydanticObjectId
    name: str
    email: str | None = None


async def named(
    user_ids: Iterable[PydanticObjectId], *, with_email: bool = False
) -> Mapping[PydanticObjectId, Person]:
    """People by their ids, everybody who is asked for, in one look-up."""
    wanted = list(set(user_ids))
    users = User.get_pymongo_collection()
    shown = {"name": 1, "email": 1} if with_email else {"name": 1}
    found = await users.find({"_id": {"$in": wanted}, "deleted_at": None}, shown).to_list()
    known = {raw["_id"]: Person(raw["_id"], raw["name"], raw.get("email")) for raw in found}
    return {user_id: known.get(user_id, Person(user_id, "")) for user_id in wanted}
