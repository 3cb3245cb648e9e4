from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId, init_beanie
from pymongo.asynchronous.database import AsyncDatabase

from access.authentication import Authenticator
from access.built_in_roles import MEMBER, USER, store_built_in_roles
from access.errors import Unauthenticated
from access.permissions import ACCOUNT_PERMISSIONS, Permission
from access.refresh_tokens import RefreshToken
from access.tokens import AccessTokens
from access.viewer import Viewer
from documents.accounts.session import IDLE_LIFETIME, Session, SessionEnd
from documents.accounts.user import User
from documents.companies.company import Company
from documents.companies.role import Role

NOW = datetime.now(UTC).replace(microsecond=0)


class Clock:
    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


@pytest_asyncio.fixture(scope="module", autouse=True)
async def _documents(database: AsyncDatabase[dict[str, Any]]) -> None:
    await init_beanie(database=database, document_models=[User, Session, Role, Company])
    await store_built_in_roles()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(clock: Clock) -> AccessTokens:
    return AccessTokens(["k" * 32], issuer="i", audience="a", now=clock, lifetime_s=10**8)


@pytest.fixture
def authenticator(tokens: AccessTokens, clock: Clock) -> Authenticator:
    return Authenticator(tokens, now=clock)


@pytest_asyncio.fixture
async def session() -> AsyncIterator[Session]:
    key = f"{PydanticObjectId()}@example.com"
    user = await User.register(email=key, email_key=key, name="Ana", locale="en", password_hash="x", now=NOW)
    assert user is not None
    token = RefreshToken.first(PydanticObjectId())
    yield await Session.open(
        token.session_id,
        user.id,
        family_hash=token.family_hash,
        refresh_hash=token.own_hash,
        user_agent="",
        address="192.0.2.1",
        now=NOW,
    )


async def test_token_of_an_open_session_names_its_viewer(
    authenticator: Authenticator, tokens: AccessTokens, session: Session
) -> None:
    bearer = tokens.issue(session.user_id, session.id).value
    assert await authenticator.authenticate(bearer) == Viewer(
        session.user_id,
        session.id,
        role_id=USER.id,
        permissions=ACCOUNT_PERMISSIONS | {Permission.PROJECT_CREATE},
    )


async def test_company_and_role_are_read_with_the_session(
    authenticator: Authenticator, tokens: AccessTokens, session: Session
) -> None:
    company = await Company(name="Acme", created_by=session.user_id, created_at=NOW, updated_at=NOW).insert()
    await User.find_one({"_id": session.user_id}).update(
        {"$set": {"company_id": company.id, "role_id": MEMBER.id}}
    )
    bearer = tokens.issue(session.user_id, session.id).value
    viewer = await authenticator.authenticate(bearer)
    assert (viewer.company_id, viewer.role_id) == (company.id, MEMBER.id)
    assert viewer.has(Permission.COMPANY_VIEW)
    assert not viewer.has(Permission.COMPANY_EDIT)


async def test_company_that_demands_a_second_factor_is_closed_without_one(
    authenticator: Authenticator, tokens: AccessTokens, session: Session
) -> None:
    company = await Company(
        name="Acme", requires_second_factor=True, created_by=session.user_id, created_at=NOW, updated_at=NOW
    ).insert()
    change = {"company_id": company.id, "role_id": MEMBER.id}
    await User.find_one({"_id": session.user_id}).update({"$set": change})
    viewer = await authenticator.authenticate(tokens.issue(session.user_id, session.id).value)
    assert (viewer.company_id, viewer.lacks_second_factor) == (None, True)
    assert not viewer.has(Permission.COMPANY_VIEW)
    await User.find_one({"_id": session.user_id}).update({"$set": {"totp": {"confirmed_at": NOW}}})
    viewer = await authenticator.authenticate(tokens.issue(session.user_id, session.id).value)
    assert (viewer.company_id, viewer.lacks_second_factor) == (company.id, False)


async def test_ended_session_refuses_its_tokens_at_once(
    authenticator: Authenticator, tokens: AccessTokens, session: Session
) -> None:
    bearer = tokens.issue(session.user_id, session.id).value
    assert await authenticator.authenticate(bearer)
    await Session.end(session.id, SessionEnd.SIGNED_OUT, now=NOW)
    with pytest.raises(Unauthenticated):
        await authenticator.authenticate(bearer)


async def test_suspension_shuts_out_at_once_and_its_end_lets_in_again(
    authenticator: Authenticator, tokens: AccessTokens, session: Session
) -> None:
    bearer = tokens.issue(session.user_id, session.id).value
    await User.set_suspended(session.user_id, is_suspended=True, now=NOW)
    with pytest.raises(Unauthenticated):
        await authenticator.authenticate(bearer)
    await User.set_suspended(session.user_id, is_suspended=False, now=NOW)
    assert await authenticator.authenticate(bearer)


async def test_deleted_user_is_refused(
    authenticator: Authenticator, tokens: AccessTokens, session: Session
) -> None:
    bearer = tokens.issue(session.user_id, session.id).value
    await User.find_one({"_id": session.user_id}).delete()
    with pytest.raises(Unauthenticated):
        await authenticator.authenticate(bearer)


async def test_session_that_idled_away_is_refused(
    authenticator: Authenticator, tokens: AccessTokens, session: Session, clock: Clock
) -> None:
    bearer = tokens.issue(session.user_id, session.id).value
    clock.time = NOW + IDLE_LIFETIME - timedelta(seconds=1)
    assert await authenticator.authenticate(bearer)
    clock.time = NOW + IDLE_LIFETIME
    with pytest.raises(Unauthenticated):
        await authenticator.authenticate(bearer)


async def test_session_of_somebody_else_or_of_nobody_is_refused(
    authenticator: Authenticator, tokens: AccessTokens, session: Session
) -> None:
    for user_id, session_id in [
        (PydanticObjectId(), session.id),
        (session.user_id, PydanticObjectId()),
    ]:
        with pytest.raises(Unauthenticated):
            await authenticator.authenticate(tokens.issue(user_id, session_id).value)
