"""Operators: they see all accounts, shut people out at once, and never lock themselves out."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from access.built_in_roles import SUPERADMIN, USER
from access.email_addresses import MalformedAddress
from access.errors import NotFound, Unauthenticated
from access.operators import OperatorRefused, make_operator
from access.permissions import ACCOUNT_PERMISSIONS
from access.viewer import Viewer
from documents.accounts.session import Session
from documents.accounts.user import User
from documents.audit_entry import AuditAction, AuditEntry
from documents.jobs.job import QUEUE_OF, Job, JobKind, JobState
from documents.notice import Notice
from resolvers.accounts import accounts, platform_users
from resolvers.accounts.platform_users import PlatformUserPage
from resolvers.accounts.sessions import SignedIn
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.outcome import UserErrorCode
from resolvers.projects.project_list import Paging
from tests.studio import Studio, open_studio

PASSWORD = "purple lantern"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]], database: AsyncDatabase[dict[str, Any]], redis_url: str
) -> AsyncIterator[Studio]:
    async with open_studio(
        client=mongo_client, database=database, redis_url=redis_url, prefix=f"test:{database.name}:"
    ) as opened:
        yield opened


async def sign_up(studio: Studio, email: str | None = None) -> SignedIn:
    context = studio.context()
    context.viewer = None
    address = email or f"{PydanticObjectId()}@example.com"
    outcome = await accounts.sign_up(context, email=address, password=PASSWORD, name="Ana", locale="en")
    assert outcome.result is not None
    return outcome.result


async def operator(studio: Studio) -> Context:
    """Somebody who runs the platform."""
    user = (await sign_up(studio)).user
    await User.set_platform_role(user.id, SUPERADMIN.id, now=studio.services.now())
    context = studio.context(user.id)
    held = ACCOUNT_PERMISSIONS | SUPERADMIN.permissions
    context.viewer = Viewer(user.id, PydanticObjectId(), role_id=SUPERADMIN.id, permissions=held)
    return context


async def stored(user_id: PydanticObjectId) -> User:
    user = await User.get(user_id)
    assert user is not None
    return user


async def test_what_a_suspended_person_has_ordered_stops(studio: Studio) -> None:
    boss, ana, ben = await operator(studio), await sign_up(studio), await sign_up(studio)
    now = studio.services.now()

    def job(owner: SignedIn, kind: JobKind, root: Job | None = None) -> Job:
        job_id = PydanticObjectId()
        return Job(
            id=job_id,
            kind=kind,
            queue=QUEUE_OF[kind],
            owner_id=owner.user.id,
            parent_id=None if root is None else root.id,
            root_id=job_id if root is None else root.id,
            is_waiting=root is None,
            state=JobState.RUNNING if root is None else JobState.QUEUED,
            queued_at=now,
        )

    production = job(ana, JobKind.PRODUCTION)
    picture, mail, other = (
        job(ana, JobKind.IMAGE, production),
        job(ana, JobKind.MAIL),
        job(ben, JobKind.IMAGE),
    )
    for each in (production, picture, mail, other):
        await each.insert()
    await platform_users.suspend(boss, ana.user.id, reason="Spam")
    await studio.services.dispatcher.end_canceled()
    after = [await Job.get(each.id) for each in (production, picture, mail, other)]
    states = [each.state for each in after if each is not None]
    assert states == [JobState.CANCELED, JobState.CANCELED, JobState.RUNNING, JobState.RUNNING]


async def test_a_suspended_person_is_out_at_once_and_comes_back_by_signing_in(studio: Studio) -> None:
    boss, ana = await operator(studio), await sign_up(studio)
    authenticator = studio.services.authenticator
    with studio.services.rights.alarm(ana.user.id) as alarm:
        outcome = await platform_users.suspend(boss, ana.user.id, reason="Spam")
        assert await alarm.wait(5.0)
    assert outcome.result is not None
    assert outcome.result.user.is_suspended
    with pytest.raises(Unauthenticated):
        await authenticator.authenticate(ana.tokens.access_token)
    assert await Session.open_ones(ana.user.id, now=studio.services.now(), most=5) == []
    admitted = await platform_users.admit(boss, ana.user.id)
    assert admitted.result is not None
    with pytest.raises(Unauthenticated):
        await authenticator.authenticate(ana.tokens.access_token)
    context = studio.context()
    context.viewer = None
    assert (await accounts.sign_in(context, email=ana.user.email, password=PASSWORD)).result
    entries = await AuditEntry.find({"target_id": ana.user.id}).sort("_id").to_list()
    assert boss.viewer is not None
    told = [(entry.action, entry.actor_id == boss.viewer.user_id) for entry in entries]
    assert (AuditAction.USER_SUSPENDED, True) in told
    assert (AuditAction.USER_ADMITTED, True) in told
    assert await Notice.find({"user_id": ana.user.id}).count() == 0  # all were published


async def test_nobody_shuts_themselves_out_and_of_two_at_each_other_one_remains(studio: Studio) -> None:
    first, second = await operator(studio), await operator(studio)
    one, two = first.require_viewer().user_id, second.require_viewer().user_id
    outcome = await platform_users.suspend(first, one, reason="")
    assert [(error.code, error.field) for error in outcome.user_errors] == [
        (UserErrorCode.INVALID, "input.userId")
    ]
    tries = await asyncio.gather(
        platform_users.suspend(first, two, reason=""),
        platform_users.suspend(second, one, reason=""),
        return_exceptions=True,
    )
    assert sum(isinstance(each, NotFound) for each in tries) == 1
    assert [(await stored(each)).is_suspended for each in (one, two)].count(True) == 1


async def test_of_two_operators_who_dismiss_each_other_one_remains(studio: Studio) -> None:
    first, second = await operator(studio), await operator(studio)
    one, two = first.require_viewer().user_id, second.require_viewer().user_id
    tries = await asyncio.gather(
        platform_users.set_operator(first, two, is_operator=False),
        platform_users.set_operator(second, one, is_operator=False),
        return_exceptions=True,
    )
    assert sum(isinstance(each, NotFound) for each in tries) == 1
    assert sorted([(await stored(each)).role_id for each in (one, two)]) == sorted([USER.id, SUPERADMIN.id])


async def test_who_proved_no_address_runs_no_platform(studio: Studio) -> None:
    boss, ana = await operator(studio), await sign_up(studio)
    outcome = await platform_users.set_operator(boss, ana.user.id, is_operator=True)
    assert [error.field for error in outcome.user_errors] == ["input.userId"]
    assert (await stored(ana.user.id)).role_id == USER.id


async def test_a_member_of_a_company_runs_no_platform(studio: Studio) -> None:
    boss, ana = await operator(studio), await sign_up(studio)
    await User.get_pymongo_collection().update_one(
        {"_id": ana.user.id}, {"$set": {"company_id": PydanticObjectId()}}
    )
    outcome = await platform_users.set_operator(boss, ana.user.id, is_operator=True)
    assert [error.field for error in outcome.user_errors] == ["input.userId"]
    with pytest.raises(OperatorRefused):
        await make_operator(
            ana.user.email,
            name="Ana",
            password=None,
            passwords=studio.services.passwords,
            now=studio.services.now,
        )
    assert (await stored(ana.user.id)).role_id == USER.id


async def test_who_is_not_there_cannot_be_shut_out(studio: Studio) -> None:
    boss = await operator(studio)
    with pytest.raises(NotFound):
        await platform_users.suspend(boss, PydanticObjectId(), reason="")
    with pytest.raises(NotFound):
        await platform_users.admit(boss, PydanticObjectId())
    ana = await sign_up(studio)
    for reason in ("x" * 501, "a\x00b", "\ud800"):
        outcome = await platform_users.suspend(boss, ana.user.id, reason=reason)
        assert [error.field for error in outcome.user_errors] == ["input.reason"]
    assert not (await stored(ana.user.id)).is_suspended


async def test_accounts_are_listed_by_address_filtered_and_paged(studio: Studio) -> None:
    boss, run = await operator(studio), PydanticObjectId()
    people = [(await sign_up(studio, f"Walrus{run}.{letter}@Example.com")).user for letter in "cabd"]
    await platform_users.suspend(boss, people[0].id, reason="")
    company_id = PydanticObjectId()
    await User.get_pymongo_collection().update_one(
        {"_id": people[1].id}, {"$set": {"company_id": company_id}}
    )

    async def listed(
        *, suspended: bool | None = None, company: PydanticObjectId | None = None, **paging: Any
    ) -> PlatformUserPage:
        return await platform_users.listed(
            search=f" walrus{run}".upper(),
            is_suspended=suspended,
            company_id=company,
            paging=Paging(**paging),
        )

    def letters(page: PlatformUserPage) -> str:
        return "".join(each.user.email_key.partition("@")[0][-1] for each in page.members)

    assert letters(await listed()) == "abcd"
    assert letters(await listed(suspended=True)) == "c"
    assert letters(await listed(suspended=False)) == "abd"
    assert letters(await listed(company=company_id)) == "a"
    first = await listed(first=2)
    assert (letters(first), first.has_next, first.has_previous) == ("ab", True, False)
    second = await listed(first=2, after=first.members[-1].cursor)
    assert (letters(second), second.has_next, second.has_previous) == ("cd", False, True)
    back = await listed(last=1, before=second.members[0].cursor)
    assert (letters(back), back.has_next, back.has_previous) == ("b", True, True)
    assert first.members[0].role is not None
    assert first.members[0].role.name == "USER"
    for wrong in ({"after": "nonsense!"}, {"first": -1}, {"first": 1, "last": 1}):
        with pytest.raises(BadUserInput):
            await listed(**wrong)


async def test_the_first_operator_comes_from_the_command_line(studio: Studio) -> None:
    services, email = studio.services, f"{PydanticObjectId()}@Example.com"

    async def make(password: str | None, address: str = email) -> User:
        return await make_operator(
            address, name="Root", password=password, passwords=services.passwords, now=services.now
        )

    for weak in (None, "short"):
        with pytest.raises(OperatorRefused):
            await make(weak)
    with pytest.raises(MalformedAddress):
        await make(PASSWORD, "nonsense")
    assert await User.with_email_key(email.lower()) is None
    made = await make(PASSWORD)
    assert (made.role_id, made.email, made.email_verified_at is not None) == (SUPERADMIN.id, email, True)
    context = studio.context()
    context.viewer = None
    assert (await accounts.sign_in(context, email=email, password=PASSWORD)).result
    ana = await sign_up(studio)
    with pytest.raises(OperatorRefused, match="may be anybody"):
        await make(None, ana.user.email)
    assert (await stored(ana.user.id)).role_id == USER.id
    await User.get_pymongo_collection().update_one(
        {"_id": ana.user.id}, {"$set": {"email_verified_at": services.now()}}
    )
    promoted = await make(None, ana.user.email.upper())
    assert (promoted.id, promoted.role_id) == (ana.user.id, SUPERADMIN.id)
    (entry,) = await AuditEntry.find({"target_id": ana.user.id, "action": "PLATFORM_ROLE_CHANGED"}).to_list()
    assert entry.actor_id is None
