"""Accounts that tests need in the database."""

from datetime import UTC, datetime
from typing import Any

from beanie import PydanticObjectId

from documents.accounts.user import User


async def make_user(name: str = "Ana", **values: Any) -> User:
    """A stored account with a verified address of its own."""
    now = datetime.now(UTC)
    user_id = PydanticObjectId()
    address = f"{name.lower()}-{user_id}@example.com"
    given = {
        "id": user_id,
        "email": address,
        "email_key": address,
        "name": name,
        "email_verified_at": now,
        "created_at": now,
        "updated_at": now,
    }
    return await User(**(given | values)).insert()
