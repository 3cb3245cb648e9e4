"""After a turn of the house nothing needs the old key any more."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId, init_beanie
from pymongo.asynchronous.database import AsyncDatabase

from access.sealing import SealBroken, Sealing
from documents import MODELS
from documents.accounts.provider_key import ProviderKey
from documents.accounts.second_factor import SecondFactor
from documents.accounts.user import User
from tasks.housekeeping.resealing import Resealing
from tests.people import make_user

OLD = {"old": "o" * 32}
NEW = {"new": "n" * 32}


@pytest_asyncio.fixture(autouse=True)
async def collections(database: AsyncDatabase[dict[str, Any]]) -> AsyncIterator[None]:
    await init_beanie(database=database, document_models=list(MODELS))
    yield
    for model in (ProviderKey, User):
        await model.get_pymongo_collection().delete_many({})


async def make_key(sealing: Sealing, text: bytes) -> ProviderKey:
    now = datetime.now(UTC)
    owner = PydanticObjectId()
    key = ProviderKey(
        owner_id=owner,
        is_company=False,
        provider="acme",
        sealed="",
        hint="0000",
        created_by=owner,
        created_at=now,
        checked_at=now,
    )
    key.sealed = sealing.seal(key.purpose, text)
    return await key.insert()


async def make_factor(sealing: Sealing, *, is_confirmed: bool = True) -> User:
    user_id = PydanticObjectId()
    factor = SecondFactor(
        sealed_secret=sealing.seal(f"totp:{user_id}", b"JBSWY3DP"),
        started_at=datetime.now(UTC),
        confirmed_at=datetime.now(UTC) if is_confirmed else None,
    )
    return await make_user(id=user_id, totp=factor)


async def sealed(key: ProviderKey) -> str:
    found = await ProviderKey.get(key.id)
    assert found is not None
    return found.sealed


async def opened(sealing: Sealing, document: ProviderKey | User) -> bytes:
    if isinstance(document, ProviderKey):
        key = await ProviderKey.get(document.id)
        assert key is not None
        return sealing.open(key.purpose, key.sealed)
    user = await User.get(document.id)
    assert user is not None
    assert user.totp is not None
    return sealing.open(f"totp:{user.id}", user.totp.sealed_secret)


async def test_keys_and_second_factors_are_sealed_anew_and_the_old_key_can_go() -> None:
    before = Sealing(OLD)
    key, user = await make_key(before, b"good-sesame"), await make_factor(before)
    with pytest.raises(SealBroken):
        await opened(Sealing(NEW), key)
    await Resealing(Sealing(NEW | OLD)).run()
    after = Sealing(NEW)
    assert await opened(after, key) == b"good-sesame"
    assert await opened(after, user) == b"JBSWY3DP"


async def test_whatever_the_names_of_the_keys_the_older_one_is_found() -> None:
    names = ["a", "zz", "2026-01", "k9", "A"]
    for name in names:
        key = await make_key(Sealing({name: "o" * 32}), b"good")
        for newer in names:
            if newer != name:
                both = Sealing({newer: "n" * 32, name: "o" * 32})
                await key.set({"sealed": Sealing({name: "o" * 32}).seal(key.purpose, b"good")})
                await Resealing(both).run()
                assert await opened(Sealing({newer: "n" * 32}), key) == b"good"


async def test_what_is_sealed_with_the_first_key_is_left_alone() -> None:
    both = Sealing(NEW | OLD)
    key, user = await make_key(both, b"good"), await make_factor(both)
    await Resealing(both).run()
    assert await sealed(key) == key.sealed
    again = await User.get(user.id)
    assert again is not None
    assert again.totp is not None
    assert user.totp is not None
    assert again.totp.sealed_secret == user.totp.sealed_secret


async def test_what_no_key_opens_keeps_nothing_else_back() -> None:
    lost = await make_key(Sealing({"gone": "g" * 32}), b"lost")
    key = await make_key(Sealing(OLD), b"good")
    await Resealing(Sealing(NEW | OLD)).run()
    assert await sealed(lost) == lost.sealed
    assert await opened(Sealing(NEW), key) == b"good"


async def test_a_factor_that_is_being_set_up_is_not_touched() -> None:
    user = await make_factor(Sealing(OLD), is_confirmed=False)
    await Resealing(Sealing(NEW | OLD)).run()
    assert await opened(Sealing(OLD), user) == b"JBSWY3DP"


async def test_the_search_for_older_seals_reads_an_index_alone() -> None:
    both = Sealing(NEW | OLD)
    for _ in range(20):
        await make_factor(both)
    field = "totp.sealed_secret"
    older = {"$or": [{field: {"$lt": both.head}}, {field: {"$gt": f"{both.head}\uffff"}}]}
    plan = (
        await User.get_pymongo_collection()
        .find({**older, "totp.confirmed_at": {"$ne": None}}, {field: 1})
        .explain()
    )
    assert "COLLSCAN" not in str(plan["queryPlanner"]["winningPlan"])
    assert plan["executionStats"]["totalDocsExamined"] == 0
