import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio
from beanie import PydanticObjectId, init_beanie
from pymongo.asynchronous.database import AsyncDatabase

from documents.accounts.user import User

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest_asyncio.fixture(scope="module", autouse=True)
async def _documents(database: AsyncDatabase[dict[str, Any]]) -> None:
    await init_beanie(database=database, document_models=[User])


async def registered(key: str) -> User | None:
    return await User.register(
        email=key.upper(), email_key=key, name="Ana", locale="pt-BR", password_hash="old hash", now=NOW
    )


async def new_user() -> User:
    user = await registered(f"{PydanticObjectId()}@example.com")
    assert user is not None
    return user


async def test_of_many_sign_ups_for_one_address_exactly_one_gets_it() -> None:
    users = await asyncio.gather(*(registered("race@example.com") for _ in range(12)))
    assert sum(user is not None for user in users) == 1
    assert await User.find({"email_key": "race@example.com"}).count() == 1


async def test_user_is_found_by_key_and_stored_as_typed() -> None:
    user = await new_user()
    found = await User.with_email_key(user.email_key)
    assert found == user
    assert found is not None
    assert (found.email, found.created_at, found.is_suspended) == (user.email_key.upper(), NOW, False)
    assert await User.with_email_key("nobody@example.com") is None


async def test_password_hash_is_in_no_repr() -> None:
    user = await new_user()
    assert "old hash" not in repr(user)
    assert "old hash" not in str(user)


async def test_new_hash_replaces_only_the_known_one() -> None:
    user = await new_user()
    assert await User.replace_password_hash(user.id, known="old hash", new="new hash", now=LATER)
    assert not await User.replace_password_hash(user.id, known="old hash", new="late hash", now=LATER)
    stored = await User.get(user.id)
    assert stored is not None
    assert (stored.password_hash, stored.updated_at) == ("new hash", LATER)


async def test_suspending_changes_that_and_nothing_else() -> None:
    user = await new_user()
    suspended = await User.set_suspended(user.id, is_suspended=True, now=LATER)
    assert suspended == user.model_copy(update={"is_suspended": True, "updated_at": LATER})
    assert await User.set_suspended(PydanticObjectId(), is_suspended=True, now=LATER) is None
