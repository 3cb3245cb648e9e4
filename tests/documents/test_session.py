import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio
from beanie import PydanticObjectId, init_beanie
from pymongo.asynchronous.database import AsyncDatabase

from documents.accounts.session import IDLE_LIFETIME, Session, SessionEnd
from documents.accounts.user import User

NOW = datetime.now(UTC).replace(microsecond=0)
LATER = NOW + timedelta(hours=1)
FAMILY, FIRST, SECOND, THIRD = b"family", b"first", b"second", b"third"


@pytest_asyncio.fixture(scope="module", autouse=True)
async def _documents(database: AsyncDatabase[dict[str, Any]]) -> None:
    await init_beanie(database=database, document_models=[User, Session])


async def opened(user_id: PydanticObjectId | None = None, user_agent: str = "Browser/1.0") -> Session:
    return await Session.open(
        PydanticObjectId(),
        user_id or PydanticObjectId(),
        family_hash=FAMILY,
        refresh_hash=FIRST,
        user_agent=user_agent,
        address="192.0.2.1",
        now=NOW,
    )


async def rotated(
    session: Session, presented: bytes, following: bytes, *, family: bytes = FAMILY, now: datetime = LATER
) -> Session | None:
    return await Session.rotate(
        session.id, family_hash=family, presented_hash=presented, next_hash=following, now=now
    )


async def reuse_ended(
    session: Session, presented: bytes, *, family: bytes = FAMILY, now: datetime = LATER
) -> bool:
    ended = await Session.end_if_reused(session.id, family_hash=family, presented_hash=presented, now=now)
    return ended is not None


async def stored(session: Session) -> Session:
    found = await Session.get(session.id)
    assert found is not None
    return found


async def test_rotation_takes_the_current_token_and_moves_the_end_on() -> None:
    session = await rotated(await opened(), FIRST, SECOND)
    assert session is not None
    assert (session.refresh_hash, session.generation) == (SECOND, 1)
    assert (session.last_used_at, session.expires_at) == (LATER, LATER + IDLE_LIFETIME)
    assert await rotated(session, SECOND, THIRD)


async def test_of_many_rotations_at_once_exactly_one_wins() -> None:
    session = await opened()
    attempts = await asyncio.gather(*(rotated(session, FIRST, bytes([number])) for number in range(12)))
    winners = [attempt for attempt in attempts if attempt is not None]
    assert len(winners) == 1
    assert (await stored(session)).refresh_hash == winners[0].refresh_hash
    assert (await stored(session)).generation == 1


async def test_token_of_another_family_neither_rotates_nor_ends_anything() -> None:
    session = await opened()
    assert await rotated(session, FIRST, SECOND, family=b"made up") is None
    assert not await reuse_ended(session, b"made up", family=b"made up")
    assert await stored(session) == session


async def test_used_token_ends_the_session_once() -> None:
    session = await opened()
    await rotated(session, FIRST, SECOND)
    assert await reuse_ended(session, FIRST)
    assert not await reuse_ended(session, FIRST)
    ended = await stored(session)
    assert (ended.revoked_at, ended.revoked_reason) == (LATER, SessionEnd.REFRESH_TOKEN_REUSED)
    assert await rotated(session, SECOND, THIRD) is None


async def test_current_token_is_no_reuse() -> None:
    session = await opened()
    assert not await reuse_ended(session, FIRST)
    assert (await stored(session)).revoked_at is None


async def test_expired_session_rotates_no_more() -> None:
    session = await opened()
    assert await rotated(session, FIRST, SECOND, now=NOW + IDLE_LIFETIME) is None
    assert await stored(session) == session


async def test_ending_is_done_once_and_keeps_the_first_reason() -> None:
    session = await opened()
    assert await Session.end(session.id, SessionEnd.SIGNED_OUT, now=NOW)
    assert not await Session.end(session.id, SessionEnd.SUSPENDED, now=LATER)
    ended = await stored(session)
    assert (ended.revoked_at, ended.revoked_reason) == (NOW, SessionEnd.SIGNED_OUT)


async def test_ending_all_sessions_leaves_other_users_alone() -> None:
    user_id = PydanticObjectId()
    mine, others = [await opened(user_id) for _ in range(3)], await opened()
    await Session.end(mine[0].id, SessionEnd.SIGNED_OUT, now=NOW)
    assert await Session.end_all(user_id, SessionEnd.SUSPENDED, now=LATER) == 2
    assert (await stored(mine[0])).revoked_reason is SessionEnd.SIGNED_OUT
    assert (await stored(others)).revoked_at is None


async def test_overlong_user_agent_is_cut_and_digests_are_in_no_repr() -> None:
    session = await opened(user_agent="x" * 10_000)
    assert len((await stored(session)).user_agent) == 300
    assert "first" not in repr(session)
    assert "family" not in repr(session)


async def test_database_removes_expired_sessions_by_itself() -> None:
    indexes = await Session.get_pymongo_collection().index_information()
    assert indexes["expiry"]["expireAfterSeconds"] == 0
    assert indexes["expiry"]["key"] == [("expires_at", 1)]
