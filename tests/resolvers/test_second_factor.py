import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from access.challenges import Challenges
from access.errors import Forbidden, RateLimited, Unauthenticated
from access.lock_out import LockOut
from access.proof_codes import challenge_of, code_hash
from access.rate_limits import AccountBudgets, RateLimits
from access.sealing import Sealing
from access.tokens import AccessTokens
from documents.accounts.identity_proof import IdentityProof
from documents.accounts.session import Session
from documents.accounts.user import User
from documents.audit_entry import AuditAction, AuditEntry
from resolvers.accounts import accounts, identities, second_factor
from resolvers.accounts.first_factor import Challenged
from resolvers.accounts.sessions import SignedIn
from resolvers.context import Context
from resolvers.outcome import UserErrorCode
from tests.resolvers.conftest import Api
from tests.studio import Studio, open_studio

PASSWORD = "purple lantern"
START = datetime.now(UTC).replace(microsecond=0)
SIGN_IN = """mutation($input: SignInInput!) { signIn(input: $input) {
  user { email } tokens { accessToken } challenge { challenge expiresAt } userErrors { code } } }"""
COMPLETE = """mutation($input: CompleteSignInInput!) { completeSignIn(input: $input) {
  user { email secondFactor { recoveryCodesLeft } } tokens { accessToken } userErrors { code field } } }"""


@dataclass
class Clock:
    time: datetime = field(default=START)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **span: float) -> None:
        self.time += timedelta(**span)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    clock: Clock,
) -> AsyncIterator[Studio]:
    prefix = f"test:{database.name}:"
    async with open_studio(
        client=mongo_client, database=database, redis_url=redis_url, prefix=prefix, now=clock
    ) as studio:
        yield studio


@dataclass
class Person:
    """Somebody with an account and an app, and a request of theirs."""

    context: Context
    user: User
    clock: Clock
    secret: str = ""

    @property
    def guest(self) -> Context:
        """The same person before signing in."""
        return Context(self.context.services, self.context.request, "request", self.context.remote_address)

    def code(self) -> str:
        return pyotp.TOTP(self.secret).at(self.clock())

    def next_code(self) -> str:
        """One that was not used yet."""
        self.clock.forward(seconds=30)
        return self.code()

    async def stored(self) -> User:
        user = await User.get(self.user.id)
        assert user is not None
        return user

    async def enrol(self) -> list[str]:
        """Turn the second factor on; the recovery codes."""
        started = await second_factor.start(self.context, password=PASSWORD)
        assert started.result is not None, started.user_errors
        self.secret = started.result.secret
        outcome = await second_factor.confirm(self.context, code=self.code())
        assert outcome.result is not None, outcome.user_errors
        return outcome.result.codes

    async def challenge(self) -> str:
        """What the first step of signing in answers."""
        outcome = await accounts.sign_in(self.guest, email=self.user.email, password=PASSWORD)
        assert isinstance(outcome.result, Challenged), outcome
        return outcome.result.challenge

    async def complete(self, challenge: str, code: str) -> SignedIn | None:
        outcome = await second_factor.complete_sign_in(self.guest, challenge=challenge, code=code)
        return outcome.result

    async def actions(self) -> list[str]:
        entries = await AuditEntry.find({"actor_id": self.user.id}).sort("_id").to_list()
        return [entry.action.value for entry in entries]


@pytest_asyncio.fixture
async def person(studio: Studio, clock: Clock) -> Person:
    email = f"{PydanticObjectId()}@example.com"
    context = studio.context()
    context.viewer = None
    outcome = await accounts.sign_up(context, email=email, password=PASSWORD, name="Ana", locale="en")
    assert outcome.result is not None
    clock.forward(seconds=30)
    return Person(studio.context(outcome.result.user.id), outcome.result.user, clock)


async def test_password_alone_opens_no_session_once_there_is_a_second_factor(
    person: Person, api: Api
) -> None:
    await person.enrol()
    sessions = await Session.find({"user_id": person.user.id}).count()
    first = await api(person.guest, SIGN_IN, input={"email": person.user.email, "password": PASSWORD})
    assert (first.payload["user"], first.payload["tokens"]) == (None, None)
    challenge = first.payload["challenge"]["challenge"]
    assert await Session.find({"user_id": person.user.id}).count() == sessions
    given = {"challenge": challenge, "code": person.next_code()}
    second = await api(person.guest, COMPLETE, input=given)
    viewer = await person.context.services.authenticator.authenticate(second.payload["tokens"]["accessToken"])
    assert viewer.user_id == person.user.id
    assert await Session.find({"user_id": person.user.id}).count() == sessions + 1
    assert await person.actions() == ["SIGNED_UP", "SIGNED_IN", "SECOND_FACTOR_ADDED", "SIGNED_IN"]


async def test_both_factors_make_a_network_known(person: Person) -> None:
    await person.enrol()
    elsewhere = replace(person, context=replace(person.context, remote_address="198.51.100.7"))
    challenge = await elsewhere.challenge()
    locks = person.context.services.lock_out
    assert not await locks.check(person.user.email_key, "198.51.100.7")
    assert await elsewhere.complete(challenge, elsewhere.next_code())
    assert await locks.check(person.user.email_key, "198.51.100.7")


async def test_linking_by_password_makes_no_network_known_where_more_is_asked_for(person: Person) -> None:
    await person.enrol()
    await IdentityProof(
        code_hash=code_hash("code"),
        challenge=challenge_of("verifier"),
        provider="test",
        key=f"https://issuer.example {person.user.id}",
        email=person.user.email,
        is_email_verified=True,
        name="Ana",
        locale="en",
        expires_at=person.clock() + timedelta(minutes=1),
    ).insert()
    elsewhere = replace(person.guest, remote_address="198.51.100.8")
    outcome = await identities.exchange(elsewhere, code="code", verifier="verifier", password=PASSWORD)
    assert [error.code for error in outcome.user_errors] == [UserErrorCode.TAKEN]
    assert not await person.context.services.lock_out.check(person.user.email_key, "198.51.100.8")


async def test_started_factor_counts_for_nothing_before_it_is_confirmed(person: Person) -> None:
    assert (await second_factor.start(person.context, password=PASSWORD)).result
    outcome = await accounts.sign_in(person.guest, email=person.user.email, password=PASSWORD)
    assert isinstance(outcome.result, SignedIn)


async def test_no_code_is_accepted_twice_and_none_that_is_older(person: Person) -> None:
    await person.enrol()
    confirming, challenge = person.code(), await person.challenge()
    assert await person.complete(challenge, confirming) is None
    person.clock.forward(seconds=30)
    earlier = person.code()
    later = pyotp.TOTP(person.secret).at(person.clock() + timedelta(seconds=30))
    assert await person.complete(challenge, later)
    for used in (later, earlier):
        assert await person.complete(challenge, used) is None


async def test_of_two_who_send_one_code_at_once_one_is_let_in(person: Person) -> None:
    codes = await person.enrol()
    challenge = await person.challenge()
    for code in (person.next_code(), codes[0]):
        results = await asyncio.gather(*(person.complete(challenge, code) for _ in range(5)))
        assert sum(result is not None for result in results) == 1


async def test_recovery_code_opens_once_and_leaves_a_line(person: Person) -> None:
    codes = await person.enrol()
    challenge = await person.challenge()
    assert await person.complete(challenge, codes[3].upper())
    assert await person.complete(challenge, codes[3]) is None
    factor = (await person.stored()).totp
    assert factor is not None
    assert len(factor.recovery_hashes) == 9
    assert (await person.actions())[-2:] == ["RECOVERY_CODE_USED", "SIGNED_IN"]


async def test_secrets_are_stored_sealed_and_hashed(person: Person) -> None:
    codes = await person.enrol()
    stored = await person.stored()
    raw = repr(await User.get_pymongo_collection().find_one({"_id": person.user.id}))
    assert person.secret not in raw
    assert not any(code in raw or code.replace("-", "") in raw for code in codes)
    assert stored.totp is not None
    assert stored.totp.sealed_secret not in repr(stored)
    other = person.context.services.sealing
    assert other.open(f"totp:{person.user.id}", stored.totp.sealed_secret).decode() == person.secret


async def test_secret_of_one_account_opens_no_other(person: Person, studio: Studio) -> None:
    """Whoever can write to the database still cannot slip a secret of theirs to somebody else."""
    await person.enrol()
    sealed = studio.services.sealing.seal("totp:somebody", person.secret.encode())
    await User.get_pymongo_collection().update_one(
        {"_id": person.user.id}, {"$set": {"totp.sealed_secret": sealed}}
    )
    assert await person.complete(await person.challenge(), person.next_code()) is None


async def test_new_recovery_codes_void_the_old_ones(person: Person) -> None:
    old = await person.enrol()
    outcome = await second_factor.renew_recovery_codes(person.context, code=person.next_code())
    assert outcome.result is not None
    challenge = await person.challenge()
    assert await person.complete(challenge, old[0]) is None
    assert await person.complete(challenge, outcome.result.codes[0])
    assert "RECOVERY_CODES_RENEWED" in await person.actions()


async def test_removed_factor_is_asked_for_no_more(person: Person) -> None:
    await person.enrol()
    refused = await second_factor.remove(person.context, code="000000")
    assert [each.field for each in refused.user_errors] == ["input.code"]
    assert (await person.stored()).has_second_factor
    assert (await second_factor.remove(person.context, code=person.next_code())).result
    outcome = await accounts.sign_in(person.guest, email=person.user.email, password=PASSWORD)
    assert isinstance(outcome.result, SignedIn)
    assert (await person.actions())[-2:] == ["SECOND_FACTOR_REMOVED", "SIGNED_IN"]
    assert (await second_factor.remove(person.context, code="000000")).user_errors


async def test_setting_up_takes_the_password(person: Person) -> None:
    for password in (None, "violet lantern"):
        outcome = await second_factor.start(person.context, password=password)
        assert [(each.code, each.field) for each in outcome.user_errors] == [
            (UserErrorCode.INVALID, "input.password")
        ]
    assert (await person.stored()).totp is None


async def test_account_without_a_password_needs_a_fresh_sign_in(person: Person) -> None:
    await User.get_pymongo_collection().update_one({"_id": person.user.id}, {"$set": {"password_hash": None}})
    session = await Session.find_one({"user_id": person.user.id})
    assert session is not None
    viewer = replace(person.context.require_viewer(), session_id=session.id)
    person.context.viewer = viewer
    assert (await second_factor.start(person.context, password=None)).result
    person.clock.forward(minutes=11)
    assert (await second_factor.start(person.context, password=None)).user_errors


async def test_wrong_late_or_foreign_code_confirms_nothing(person: Person) -> None:
    assert (await second_factor.confirm(person.context, code="123456")).user_errors
    started = await second_factor.start(person.context, password=PASSWORD)
    assert started.result is not None
    first = started.result.secret
    again = await second_factor.start(person.context, password=PASSWORD)
    assert again.result is not None
    for code in (pyotp.TOTP(first).at(person.clock()), "12 34", "", "\ud800"):
        assert (await second_factor.confirm(person.context, code=code)).user_errors
    person.clock.forward(minutes=16)
    person.secret = again.result.secret
    assert (await second_factor.confirm(person.context, code=person.code())).user_errors
    assert not (await person.stored()).has_second_factor


async def test_second_one_is_not_started_beside_the_first(person: Person) -> None:
    await person.enrol()
    for outcome in (
        await second_factor.start(person.context, password=PASSWORD),
        await second_factor.confirm(person.context, code=person.next_code()),
    ):
        assert [each.code for each in outcome.user_errors] == [UserErrorCode.TAKEN]


async def test_challenge_ends_after_five_minutes_with_the_password_and_with_the_account(
    person: Person,
) -> None:
    await person.enrol()
    challenge = await person.challenge()
    person.clock.forward(minutes=5)
    with pytest.raises(Unauthenticated):
        await person.complete(challenge, person.code())
    challenge = await person.challenge()
    users = User.get_pymongo_collection()
    hashed = (await person.stored()).password_hash
    await users.update_one({"_id": person.user.id}, {"$set": {"password_hash": "another"}})
    with pytest.raises(Unauthenticated):
        await person.complete(challenge, person.next_code())
    await users.update_one({"_id": person.user.id}, {"$set": {"password_hash": hashed, "is_suspended": True}})
    with pytest.raises(Forbidden):
        await person.complete(challenge, person.next_code())
    await users.delete_one({"_id": person.user.id})
    with pytest.raises(Unauthenticated):
        await person.complete(challenge, person.next_code())


async def test_forged_challenges_are_refused(person: Person, studio: Studio) -> None:
    await person.enrol()
    services, now = studio.services, studio.services.now
    genuine = await person.challenge()
    session = await Session.find_one({"user_id": person.user.id})
    assert session is not None
    forged = [
        services.tokens.issue(person.user.id, session.id).value,
        Challenges(["f" * 32], issuer="https://a.example", audience="api", now=now)
        .issue(person.user, way="PASSWORD")
        .value,
        Challenges(["k" * 32], issuer="https://b.example", audience="api", now=now)
        .issue(person.user, way="PASSWORD")
        .value,
        Challenges(["k" * 32], issuer="https://a.example", audience="mail", now=now)
        .issue(person.user, way="PASSWORD")
        .value,
        genuine[:-4] + "AAAA",
        "",
        "\ud800",
    ]
    for challenge in forged:
        with pytest.raises(Unauthenticated):
            await person.complete(challenge, person.code())
    # And the other way round: a challenge is no access token.
    with pytest.raises(Unauthenticated):
        await services.authenticator.authenticate(genuine)
    with pytest.raises(Unauthenticated):
        AccessTokens(["k" * 32], issuer="https://a.example", audience="api", now=now).read(genuine)


async def test_guessing_is_slowed_down_from_one_place(person: Person, studio: Studio, prefix: str) -> None:
    await person.enrol()
    challenge = await person.challenge()
    lock_out = LockOut(studio.redis, prefix)
    person.context.services = replace(person.context.services, lock_out=lock_out)
    for _ in range(6):
        assert await person.complete(challenge, "000000") is None
    with pytest.raises(RateLimited):
        await person.complete(challenge, person.next_code())


async def test_guessing_all_at_once_ends_early(person: Person, redis_url: str, prefix: str) -> None:
    await person.enrol()
    challenge = await person.challenge()
    limits = RateLimits(redis_url, budgets=AccountBudgets(), key_prefix=prefix)
    person.context.services = replace(person.context.services, rate_limits=limits)
    tries = [person.complete(challenge, f"{number:06}") for number in range(30)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(not isinstance(each, RateLimited) for each in results) <= 10
    await limits.close()


async def test_factor_whose_key_is_gone_leaves_the_recovery_codes(person: Person) -> None:
    codes = await person.enrol()
    challenge = await person.challenge()
    person.context.services = replace(person.context.services, sealing=Sealing({"n": "n" * 32}))
    assert await person.complete(challenge, person.next_code()) is None
    assert await person.complete(challenge, codes[0])


async def test_company_demanding_one_opens_with_it_and_closes_without(person: Person) -> None:
    """What `lacks_second_factor` reads is what these operations write."""
    assert AuditAction.SECOND_FACTOR_ADDED.value not in await person.actions()
    await person.enrol()
    raw = await User.get_pymongo_collection().find_one({"_id": person.user.id})
    assert raw is not None
    assert raw["totp"]["confirmed_at"] is not None
    await second_factor.remove(person.context, code=person.next_code())
    raw = await User.get_pymongo_collection().find_one({"_id": person.user.id})
    assert raw is not None
    assert raw["totp"] is None
