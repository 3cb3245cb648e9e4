"""What a user is at this moment: company and role, looked up together with whatever names the user."""

from dataclasses import dataclass
from typing import Any, Final

from beanie import PydanticObjectId

from documents.companies.role import USER_ROLE_ID


@dataclass(frozen=True, slots=True)
class Standing:
    """What a user is.

    Args:
        company_id: the company that the user belongs to.
        role_id: the user's role.
        permissions: names of the role's permissions.
        lacks_second_factor: the company demands one and the user has none.
    """

    company_id: PydanticObjectId | None
    role_id: PydanticObjectId
    permissions: tuple[str, ...]
    lacks_second_factor: bool


def _one(collection: str, key: str, name: str, shown: dict[str, Any]) -> dict[str, Any]:
    return {
        "$lookup": {
            "from": collection,
            "localField": key,
            "foreignField": "_id",
            "pipeline": [{"$project": shown}],
            "as": name,
        }
    }


STANDING: Final[list[dict[str, Any]]] = [
    {
        "$lookup": {
            "from": "users",
            "localField": "user_id",
            "foreignField": "_id",
            "pipeline": [
                {"$match": {"is_suspended": False, "deleted_at": None}},
                {"$project": {"company_id": 1, "role_id": 1, "totp.confirmed_at": 1}},
            ],
            "as": "user",
        }
    },
    {"$unwind": "$user"},
    {"$set": {"user.role_id": {"$ifNull": ["$user.role_id", USER_ROLE_ID]}}},
    _one("roles", "user.role_id", "role", {"permissions": 1}),
    _one("companies", "user.company_id", "company", {"requires_second_factor": 1}),
]
"""Stages that follow a document with a `user_id`; nothing comes out for a user who is gone or suspended."""


def read_standing(found: dict[str, Any]) -> Standing:
    """Read what `STANDING` found."""
    user, company = found["user"], found["company"]
    has_second_factor = bool((user.get("totp") or {}).get("confirmed_at"))
    return Standing(
        company_id=user.get("company_id"),
        role_id=user["role_id"],
        permissions=tuple(found["role"][0]["permissions"]) if found["role"] else (),
        lacks_second_factor=bool(company and company[0].get("requires_second_factor"))
        and not has_second_factor,
    )
