import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo.asynchronous.database import AsyncDatabase
from starlette.requests import HTTPConnection
from structlog.testing import capture_logs

from access.errors import Forbidden, RateLimited, Unauthenticated
from access.passwords import Passwords
from access.rate_limits import AccountBudgets, RateLimits
from access.viewer import Viewer
from documents.accounts.session import IDLE_LIFETIME, Session, SessionEnd
from documents.accounts.user import User
from resolvers.accounts import accounts, sessions
from resolvers.accounts.first_factor import Challenged
from resolvers.accounts.sessions import SignedIn, SignOutScope
from resolvers.context import Context, Services
from resolvers.outcome import Outcome, UserErrorCode
from tests.account_services import open_account_services

PASSWORD = "purple lantern"
START = datetime.now(UTC).replace(microsecond=0)


@dataclass
class Clock:
    time: datetime = field(default=START)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def services(
    database: AsyncDatabase[dict[str, Any]], redis_url: str, prefix: str, clock: Clock
) -> AsyncIterator[Services]:
    async with open_account_services(database, redis_url, prefix, now=clock) as opened:
        yield opened


@pytest.fixture
def context(services: Services) -> Context:
    return context_of(services)


def context_of(services: Services, viewer: Viewer | None = None) -> Context:
    scope = {"type": "http", "headers": [(b"user-agent", b"Browser/1.0")]}
    return Context(services, HTTPConnection(scope), "request", "192.0.2.1", viewer=viewer)


async def as_viewer(context: Context, signed_in: SignedIn) -> Context:
    viewer = await context.services.authenticator.authenticate(signed_in.tokens.access_token)
    return context_of(context.services, viewer)


async def sign_up(context: Context, **changes: str) -> Outcome[SignedIn]:
    given = {"email": address(), "password": PASSWORD, "name": "Ana", "locale": "pt-BR"} | changes
    return await accounts.sign_up(context, **given)


async def signed_up(context: Context, **changes: str) -> SignedIn:
    outcome = await sign_up(context, **changes)
    assert outcome.result is not None
    assert not outcome.user_errors
    return outcome.result


async def refreshed(context: Context, refresh_token: str) -> SignedIn:
    outcome = await sessions.refresh_tokens(context, refresh_token=refresh_token)
    assert outcome.result is not None
    return outcome.result


async def only_session(signed_in: SignedIn) -> Session:
    (session,) = await Session.find({"user_id": signed_in.user.id}).to_list()
    return session


def address() -> str:
    return f"{PydanticObjectId()}@example.com"


async def test_sign_up_stores_the_account_and_opens_a_session(context: Context) -> None:
    signed_in = await signed_up(context, email=" Ana.Silva@B\u00fccher.Example ", name="  Ana $ne {{x}} ")
    stored = await User.get(signed_in.user.id)
    assert stored is not None
    assert stored.email == "Ana.Silva@B\u00fccher.Example"
    assert stored.email_key == "ana.silva@xn--bcher-kva.example"
    assert (stored.name, stored.locale, stored.plan) == ("Ana $ne {{x}}", "pt-BR", "free")
    assert stored.password_hash is not None
    assert PASSWORD not in stored.password_hash
    session = await only_session(signed_in)
    assert (session.user_agent, session.address) == ("Browser/1.0", "192.0.2.1")
    assert await accounts.viewer(await as_viewer(context, signed_in)) == stored
    assert signed_in.tokens.access_expires_at == START + timedelta(minutes=15)
    assert signed_in.tokens.refresh_expires_at == START + IDLE_LIFETIME


async def test_nobody_is_no_viewer(context: Context) -> None:
    assert await accounts.viewer(context) is None


async def test_no_secret_is_stored_readable_or_shown_in_a_repr(context: Context) -> None:
    signed_in = await signed_up(context)
    raw = repr(await Session.get_pymongo_collection().find_one({"user_id": signed_in.user.id}))
    assert signed_in.tokens.refresh_token not in raw
    assert signed_in.tokens.access_token not in raw
    shown = repr(signed_in) + repr(await only_session(signed_in))
    for secret in (signed_in.tokens.refresh_token, signed_in.tokens.access_token, "$argon2id$", PASSWORD):
        assert secret not in shown


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"email": "ana"}, ["input.email"]),
        ({"email": "ana\x00@example.com"}, ["input.email"]),
        ({"email": "a" * 300 + "@example.com"}, ["input.email"]),
        ({"email": "\u0430na@example.com"}, ["input.email"]),
        ({"password": "short"}, ["input.password"]),
        ({"password": "password123"}, ["input.password"]),
        ({"password": "x" * 257}, ["input.password"]),
        ({"password": "purple\x07lantern"}, ["input.password"]),
        ({"password": "purple\ud800lantern"}, ["input.password"]),
        ({"name": ""}, ["input.name"]),
        ({"name": "   "}, ["input.name"]),
        ({"name": "A\nB"}, ["input.name"]),
        ({"name": "A\x1b[31m"}, ["input.name"]),
        ({"name": "\ud800"}, ["input.name"]),
        ({"name": "x" * 201}, ["input.name"]),
        ({"locale": "Portuguese"}, ["input.locale"]),
        ({"locale": "en\n"}, ["input.locale"]),
        ({"password": "short", "name": "", "locale": ""}, ["input.password", "input.name", "input.locale"]),
    ],
)
async def test_bad_sign_up_names_each_field_and_writes_nothing(
    context: Context, changes: dict[str, str], fields: list[str]
) -> None:
    before = await User.count(), await Session.count()
    outcome = await sign_up(context, **changes)
    assert outcome.result is None
    assert [error.field for error in outcome.user_errors] == fields
    assert {error.code for error in outcome.user_errors} == {UserErrorCode.INVALID}
    assert (await User.count(), await Session.count()) == before


async def test_address_in_use_is_taken_in_any_spelling_and_writes_nothing(context: Context) -> None:
    email = (await signed_up(context)).user.email
    before = await User.count(), await Session.count()
    for spelling in (email, email.upper(), email.replace("example", "\uff45xample"), f" {email} "):
        outcome = await sign_up(context, email=spelling)
        assert outcome.result is None
        assert [(error.code, error.field) for error in outcome.user_errors] == [
            (UserErrorCode.TAKEN, "input.email")
        ]
    assert (await User.count(), await Session.count()) == before


async def test_of_sign_ups_racing_for_an_address_exactly_one_wins(context: Context) -> None:
    email = address()
    outcomes = await asyncio.gather(*(sign_up(context, email=email) for _ in range(8)))
    assert sum(outcome.result is not None for outcome in outcomes) == 1
    (user,) = await User.find({"email_key": email}).to_list()
    assert await Session.find({"user_id": user.id}).count() == 1


async def test_sign_in_opens_another_session(context: Context) -> None:
    first = await signed_up(context)
    outcome = await accounts.sign_in(context, email=first.user.email.upper(), password=PASSWORD)
    assert isinstance(outcome.result, SignedIn)
    assert outcome.result.user.id == first.user.id
    assert await Session.find({"user_id": first.user.id}).count() == 2
    assert await accounts.viewer(await as_viewer(context, first))


async def test_wrong_password_and_unknown_address_get_the_very_same_answer(context: Context) -> None:
    email = (await signed_up(context)).user.email
    before = await Session.count()
    refusals = [
        await accounts.sign_in(context, email=email, password="purple lanterN"),
        await accounts.sign_in(context, email=email, password=""),
        await accounts.sign_in(context, email=email, password="\ud800"),
        await accounts.sign_in(context, email=address(), password=PASSWORD),
        await accounts.sign_in(context, email="no address", password=PASSWORD),
        await accounts.sign_in(context, email="\ud800", password=PASSWORD),
        await accounts.sign_in(context, email='{"$ne": null}', password=PASSWORD),
    ]
    assert all(refusal == refusals[0] for refusal in refusals)
    assert refusals[0].result is None
    assert refusals[0].user_errors[0].code is UserErrorCode.INVALID
    assert refusals[0].user_errors[0].field is None
    assert await Session.count() == before


async def test_unknown_and_malformed_addresses_take_the_time_of_a_wrong_password(services: Services) -> None:
    slow = Passwords(concurrency=1, time_cost=3, memory_kib=16_384, lanes=1)
    context = context_of(replace(services, passwords=slow))
    email = (await signed_up(context)).user.email

    async def fastest_s(spelling: Callable[[], str]) -> float:
        times_s = []
        for _ in range(5):
            start_s = perf_counter()
            await accounts.sign_in(context, email=spelling(), password="wrong lantern")
            times_s.append(perf_counter() - start_s)
        return min(times_s)

    wrong_s = await fastest_s(lambda: email)
    for spelling in (address, lambda: "no address"):
        assert 0.5 < await fastest_s(spelling) / wrong_s < 2
    slow.close()


async def test_sign_ins_at_once_renew_a_hash_together(services: Services) -> None:
    signed_in = await signed_up(context_of(services))
    stronger = Passwords(time_cost=2, memory_kib=128, lanes=1)
    context = context_of(replace(services, passwords=stronger))
    outcomes = await asyncio.gather(
        *(accounts.sign_in(context, email=signed_in.user.email, password=PASSWORD) for _ in range(8))
    )
    assert all(outcome.result for outcome in outcomes)
    stronger.close()


async def test_sign_in_renews_a_hash_of_old_parameters(services: Services) -> None:
    signed_in = await signed_up(context_of(services))
    stronger = Passwords(time_cost=2, memory_kib=128, lanes=1)
    context = context_of(replace(services, passwords=stronger))
    assert (await accounts.sign_in(context, email=signed_in.user.email, password=PASSWORD)).result
    renewed = await User.get(signed_in.user.id)
    assert renewed is not None
    assert renewed.password_hash is not None
    assert not stronger.is_outdated(renewed.password_hash)
    assert (await accounts.sign_in(context, email=signed_in.user.email, password=PASSWORD)).result
    stronger.close()


async def test_suspended_account_is_told_so_only_with_the_right_password(context: Context) -> None:
    user = (await signed_up(context)).user
    await User.set_suspended(user.id, is_suspended=True, now=START)
    assert (await accounts.sign_in(context, email=user.email, password="wrong lantern")).user_errors
    with pytest.raises(Forbidden):
        await accounts.sign_in(context, email=user.email, password=PASSWORD)
    assert await Session.find({"user_id": user.id}).count() == 1


async def test_refresh_gives_new_tokens_for_the_same_session(context: Context, clock: Clock) -> None:
    first = await signed_up(context)
    clock.time = START + timedelta(days=20)
    second = await refreshed(context, first.tokens.refresh_token)
    assert second.tokens.refresh_token != first.tokens.refresh_token
    assert second.tokens.refresh_expires_at == START + timedelta(days=20) + IDLE_LIFETIME
    assert (await only_session(first)).generation == 1
    assert await accounts.viewer(await as_viewer(context, second))
    assert await refreshed(context, second.tokens.refresh_token)


async def test_used_refresh_token_ends_the_session_for_all_who_hold_its_tokens(context: Context) -> None:
    first = await signed_up(context)
    second = await refreshed(context, first.tokens.refresh_token)
    with capture_logs() as logs, pytest.raises(Unauthenticated):
        await sessions.refresh_tokens(context, refresh_token=first.tokens.refresh_token)
    assert [entry["event"] for entry in logs] == ["refresh_token_reused"]
    assert first.tokens.refresh_token not in str(logs)
    assert (await only_session(first)).revoked_reason is SessionEnd.REFRESH_TOKEN_REUSED
    with pytest.raises(Unauthenticated):
        await sessions.refresh_tokens(context, refresh_token=second.tokens.refresh_token)
    with pytest.raises(Unauthenticated):
        await as_viewer(context, second)


async def test_refreshes_racing_with_one_token_have_at_most_one_winner_and_end_the_session(
    context: Context,
) -> None:
    first = await signed_up(context)
    attempts = await asyncio.gather(
        *(sessions.refresh_tokens(context, refresh_token=first.tokens.refresh_token) for _ in range(6)),
        return_exceptions=True,
    )
    assert sum(isinstance(attempt, Outcome) for attempt in attempts) == 1
    assert sum(isinstance(attempt, Unauthenticated) for attempt in attempts) == 5
    session = await only_session(first)
    assert (session.generation, session.revoked_reason) == (1, SessionEnd.REFRESH_TOKEN_REUSED)


async def test_token_made_up_around_a_known_session_id_ends_nothing(context: Context) -> None:
    first, stranger = await signed_up(context), await signed_up(context)
    own_prefix = len("fwr_") + 16  # the session's 12 bytes in base64
    made_up = first.tokens.refresh_token[:own_prefix] + stranger.tokens.refresh_token[own_prefix:]
    with pytest.raises(Unauthenticated):
        await sessions.refresh_tokens(context, refresh_token=made_up)
    assert await refreshed(context, first.tokens.refresh_token)
    assert await refreshed(context, stranger.tokens.refresh_token)


async def test_access_token_is_no_refresh_token(context: Context) -> None:
    signed_in = await signed_up(context)
    with pytest.raises(Unauthenticated):
        await sessions.refresh_tokens(context, refresh_token=signed_in.tokens.access_token)
    with pytest.raises(Unauthenticated):
        await context.services.authenticator.authenticate(signed_in.tokens.refresh_token)


async def test_refresh_after_the_session_idled_away_is_refused(context: Context, clock: Clock) -> None:
    signed_in = await signed_up(context)
    clock.time = START + IDLE_LIFETIME
    with pytest.raises(Unauthenticated):
        await sessions.refresh_tokens(context, refresh_token=signed_in.tokens.refresh_token)


async def test_refresh_of_a_suspended_user_is_refused_and_ends_the_session(context: Context) -> None:
    signed_in = await signed_up(context)
    await User.set_suspended(signed_in.user.id, is_suspended=True, now=START)
    with pytest.raises(Unauthenticated):
        await sessions.refresh_tokens(context, refresh_token=signed_in.tokens.refresh_token)
    assert (await only_session(signed_in)).revoked_reason is SessionEnd.SUSPENDED


async def test_sign_out_ends_this_session_at_once_and_no_other(context: Context) -> None:
    first = await signed_up(context)
    second = (await accounts.sign_in(context, email=first.user.email, password=PASSWORD)).result
    assert isinstance(second, SignedIn)
    viewing = await as_viewer(context, first)
    assert await sessions.sign_out(viewing, scope=SignOutScope.THIS_SESSION) == Outcome(1)
    with pytest.raises(Unauthenticated):
        await as_viewer(context, first)
    with pytest.raises(Unauthenticated):
        await sessions.refresh_tokens(context, refresh_token=first.tokens.refresh_token)
    assert await accounts.viewer(await as_viewer(context, second))
    assert await sessions.sign_out(viewing, scope=SignOutScope.THIS_SESSION) == Outcome(0)


async def test_sign_out_everywhere_ends_all_sessions_of_the_viewer_alone(context: Context) -> None:
    first, other = await signed_up(context), await signed_up(context)
    await accounts.sign_in(context, email=first.user.email, password=PASSWORD)
    viewing = await as_viewer(context, first)
    assert await sessions.sign_out(viewing, scope=SignOutScope.ALL_SESSIONS) == Outcome(2)
    with pytest.raises(Unauthenticated):
        await as_viewer(context, first)
    assert await accounts.viewer(await as_viewer(context, other))


async def test_nobody_cannot_sign_out(context: Context) -> None:
    with pytest.raises(Unauthenticated):
        await sessions.sign_out(context, scope=SignOutScope.ALL_SESSIONS)


async def test_budgets_refuse_before_anything_is_looked_at(
    services: Services, redis_url: str, prefix: str
) -> None:
    narrow = RateLimits(redis_url, budgets=AccountBudgets.every("1 per minute"), key_prefix=prefix + "narrow")
    context = context_of(replace(services, rate_limits=narrow))
    signed_in = await signed_up(context)
    before = await User.count()
    with pytest.raises(RateLimited):
        await sign_up(context)
    assert await User.count() == before
    assert (await accounts.sign_in(context, email=signed_in.user.email, password="wrong one")).user_errors
    with pytest.raises(RateLimited):
        await accounts.sign_in(context, email=signed_in.user.email, password=PASSWORD)
    second = await refreshed(context, signed_in.tokens.refresh_token)
    with pytest.raises(RateLimited):
        await sessions.refresh_tokens(context, refresh_token=second.tokens.refresh_token)
    assert (await only_session(signed_in)).revoked_at is None
    await narrow.close()


async def test_a_password_alone_makes_no_network_known_where_a_second_factor_is_asked_for(
    context: Context,
) -> None:
    signed_in = await signed_up(context)
    totp = {"sealed_secret": "x", "confirmed_at": START}
    await User.get_pymongo_collection().update_one({"_id": signed_in.user.id}, {"$set": {"totp": totp}})
    elsewhere = replace(context, remote_address="198.51.100.7")
    outcome = await accounts.sign_in(elsewhere, email=signed_in.user.email, password=PASSWORD)
    assert isinstance(outcome.result, Challenged)
    locks = context.services.lock_out
    assert await locks.check(signed_in.user.email_key, context.remote_address)
    assert not await locks.check(signed_in.user.email_key, elsewhere.remote_address)
