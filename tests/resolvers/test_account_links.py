"""Verifying addresses, forgotten passwords and new addresses, by mails that a real server took."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from access.errors import RateLimited, Unauthenticated
from access.lock_out import LockOut
from access.mail_tokens import LinkPurpose
from access.permissions import Permission
from access.rate_limits import AccountBudgets, RateLimits
from documents.accounts.account_link import AccountLink
from documents.accounts.identity import Identity
from documents.accounts.session import Session
from documents.accounts.user import User
from documents.audit_entry import AuditAction, AuditEntry
from documents.jobs.job import Job
from resolvers.accounts import (
    accounts,
    api_keys,
    email_change,
    email_verification,
    password_changes,
    sessions,
)
from resolvers.accounts.sessions import SignedIn
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode
from tests.mailbox import Mailbox, text_of
from tests.studio import Studio, open_studio

PASSWORD = "purple lantern"
NEW_PASSWORD = "amber lighthouse"


@dataclass
class Clock:
    time: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def __call__(self) -> datetime:
        return self.time


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
    async with open_studio(
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"test:{database.name}:",
        now=clock,
    ) as opened:
        yield opened


@pytest.fixture
def nobody(studio: Studio) -> Context:
    context = studio.context()
    context.viewer = None
    return context


@dataclass
class Ana:
    """Somebody with an account, signed in."""

    email: str
    user_id: PydanticObjectId
    signed_in: SignedIn
    studio: Studio

    @property
    async def context(self) -> Context:
        context = self.studio.context(self.user_id)
        authenticator = self.studio.services.authenticator
        context.viewer = await authenticator.authenticate(self.signed_in.tokens.access_token)
        return context

    @property
    async def stored(self) -> User:
        user = await User.get(self.user_id)
        assert user is not None
        return user

    async def can_sign_in(self, nobody: Context, password: str, email: str | None = None) -> bool:
        outcome = await accounts.sign_in(nobody, email=email or self.email, password=password)
        return outcome.result is not None


@pytest_asyncio.fixture(loop_scope="session")
async def ana(studio: Studio, nobody: Context, mailbox: Mailbox) -> Ana:
    made = await sign_up(nobody)
    await mailbox.deliver(studio)
    return Ana(made.user.email, made.user.id, made, studio)


async def sign_up(nobody: Context) -> SignedIn:
    email = f"{PydanticObjectId()}@example.com"
    outcome = await accounts.sign_up(nobody, email=email, password=PASSWORD, name="Ana", locale="en")
    assert outcome.result is not None
    return outcome.result


def refused(outcome: Outcome[Any]) -> list[tuple[UserErrorCode, str | None]]:
    assert outcome.result is None
    return [(error.code, error.field) for error in outcome.user_errors]


BAD_LINK = [(UserErrorCode.INVALID, "input.token")]


async def actions(user_id: PydanticObjectId) -> set[AuditAction]:
    return {entry.action for entry in await AuditEntry.find({"target_id": user_id}).to_list()}


async def test_the_link_of_signing_up_verifies_the_address(
    ana: Ana, nobody: Context, mailbox: Mailbox
) -> None:
    assert (await ana.stored).email_verified_at is None
    token = mailbox.token_to(ana.email)
    assert await email_verification.verify(nobody, token) == Outcome(ana.email)
    assert (await ana.stored).email_verified_at == nobody.services.now()
    assert await email_verification.verify(nobody, token) == Outcome(
        ana.email
    )  # a second click is no mistake
    entries = await AuditEntry.find({"target_id": ana.user_id, "action": "EMAIL_VERIFIED"}).to_list()
    assert [entry.actor_id for entry in entries] == [ana.user_id]
    refusal = await email_verification.send_again(await ana.context)
    assert refused(refusal) == [(UserErrorCode.INVALID, None)]


async def test_a_link_that_is_lost_is_sent_again(
    ana: Ana, nobody: Context, mailbox: Mailbox, studio: Studio
) -> None:
    first = mailbox.token_to(ana.email)
    assert await email_verification.send_again(await ana.context) == Outcome(ana.email)
    await mailbox.deliver(studio)
    assert mailbox.token_to(ana.email) != first
    assert (await email_verification.verify(nobody, mailbox.token_to(ana.email))).result


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "",
        lambda _: "\ud800",
        lambda _: "fwm_",
        lambda token: token[:-9] + ("A" if token[-9] != "A" else "B") + token[-8:],
        lambda token: token.removeprefix("fwm_"),
        lambda token: token + "A" * 6_000,
    ],
)
async def test_a_forged_link_is_refused_everywhere(
    ana: Ana, nobody: Context, mailbox: Mailbox, spoil: Callable[[str], str]
) -> None:
    token = spoil(mailbox.token_to(ana.email))
    before = await ana.stored
    assert refused(await email_verification.verify(nobody, token)) == BAD_LINK
    assert refused(await email_change.confirm(nobody, token)) == BAD_LINK
    assert refused(await password_changes.reset(nobody, token=token, password=NEW_PASSWORD)) == BAD_LINK
    assert await ana.stored == before


async def test_a_link_of_one_purpose_is_no_link_of_another(
    ana: Ana, nobody: Context, mailbox: Mailbox
) -> None:
    token = mailbox.token_to(ana.email)
    assert refused(await password_changes.reset(nobody, token=token, password=NEW_PASSWORD)) == BAD_LINK
    named = nobody.services.mail_tokens.read(LinkPurpose.VERIFY_EMAIL, token)
    # Even a genuine token for the right purpose does not make one document into another.
    crossed = nobody.services.mail_tokens.token(LinkPurpose.RESET_PASSWORD, named)
    assert refused(await password_changes.reset(nobody, token=crossed, password=NEW_PASSWORD)) == BAD_LINK


async def test_a_verification_expires(ana: Ana, nobody: Context, mailbox: Mailbox, clock: Clock) -> None:
    clock.time += timedelta(days=3)
    assert refused(await email_verification.verify(nobody, mailbox.token_to(ana.email))) == BAD_LINK


async def reset_token(ana: Ana, nobody: Context, mailbox: Mailbox, email: str | None = None) -> str:
    assert await password_changes.request_reset(nobody, email=email or ana.email) == Outcome(result=True)
    await mailbox.deliver(ana.studio)
    return mailbox.token_to(ana.email)


async def test_a_reset_link_sets_a_password_once_and_ends_all_sessions(
    ana: Ana, nobody: Context, mailbox: Mailbox, studio: Studio
) -> None:
    older = await reset_token(ana, nobody, mailbox)
    token = await reset_token(ana, nobody, mailbox, email=ana.email.upper())
    assert older != token
    outcome = await password_changes.reset(nobody, token=token, password=NEW_PASSWORD)
    assert outcome == Outcome(result=True)
    assert await Session.open_ones(ana.user_id, now=nobody.services.now(), most=10) == []
    assert not await ana.can_sign_in(nobody, PASSWORD)
    assert await ana.can_sign_in(nobody, NEW_PASSWORD)
    assert (await ana.stored).email_verified_at is not None
    for used in (token, older):
        assert refused(await password_changes.reset(nobody, token=used, password="third lantern")) == BAD_LINK
    assert await ana.can_sign_in(nobody, NEW_PASSWORD)
    await mailbox.deliver(studio)
    assert "password" in str(mailbox.letters_to(ana.email)[-1]["Subject"])
    assert AuditAction.PASSWORD_RESET in await actions(ana.user_id)


async def test_of_resets_racing_with_one_link_one_wins(ana: Ana, nobody: Context, mailbox: Mailbox) -> None:
    token = await reset_token(ana, nobody, mailbox)
    passwords = [f"lighthouse number {number}" for number in range(5)]
    outcomes = await asyncio.gather(
        *(password_changes.reset(nobody, token=token, password=each) for each in passwords)
    )
    assert [outcome.result for outcome in outcomes].count(True) == 1
    (winner,) = [each for each, outcome in zip(passwords, outcomes, strict=True) if outcome.result]
    assert await ana.can_sign_in(nobody, winner)


async def test_a_weak_password_does_not_use_the_link_up(ana: Ana, nobody: Context, mailbox: Mailbox) -> None:
    token = await reset_token(ana, nobody, mailbox)
    for weak in ("short", ana.email, "password123", "\ud800" * 12):
        outcome = await password_changes.reset(nobody, token=token, password=weak)
        assert refused(outcome) == [(UserErrorCode.INVALID, "input.password")]
    assert (await password_changes.reset(nobody, token=token, password=NEW_PASSWORD)).result


async def test_a_reset_link_expires(ana: Ana, nobody: Context, mailbox: Mailbox, clock: Clock) -> None:
    token = await reset_token(ana, nobody, mailbox)
    clock.time += timedelta(hours=1)
    assert refused(await password_changes.reset(nobody, token=token, password=NEW_PASSWORD)) == BAD_LINK
    assert not await ana.can_sign_in(nobody, NEW_PASSWORD)


async def test_an_account_that_is_shut_out_gets_no_link_and_uses_none(
    ana: Ana, nobody: Context, mailbox: Mailbox, studio: Studio
) -> None:
    token = await reset_token(ana, nobody, mailbox)
    await User.set_suspended(ana.user_id, is_suspended=True, now=nobody.services.now())
    assert refused(await password_changes.reset(nobody, token=token, password=NEW_PASSWORD)) == BAD_LINK
    before = len(mailbox.letters_to(ana.email))
    await password_changes.request_reset(nobody, email=ana.email)
    await mailbox.deliver(studio)
    assert len(mailbox.letters_to(ana.email)) == before


async def test_asking_does_not_tell_who_has_an_account(
    ana: Ana, nobody: Context, mailbox: Mailbox, studio: Studio
) -> None:
    unknown = f"{PydanticObjectId()}@example.com"
    known_answer = await password_changes.request_reset(nobody, email=ana.email)
    unknown_answer = await password_changes.request_reset(nobody, email=unknown)
    assert known_answer == unknown_answer == Outcome(result=True)
    jobs = await Job.find({"kind": "ACCOUNT_MAIL", "state": "QUEUED"}).to_list()
    assert {job.payload["email_key"] for job in jobs} == {ana.email, unknown}
    assert ana.user_id not in {job.owner_id for job in jobs}  # nothing in the request looked the account up
    await mailbox.deliver(studio)
    assert mailbox.letters_to(unknown) == []


async def test_mail_goes_to_the_address_that_is_stored(ana: Ana, nobody: Context, mailbox: Mailbox) -> None:
    before = len(mailbox.letters_to(ana.email))
    lookalike = ana.email.replace("example", "\uff45xample")  # the same key, another mailbox perhaps
    await reset_token(ana, nobody, mailbox, email=lookalike)
    assert len(mailbox.letters_to(ana.email)) == before + 1
    homograph = ana.email.replace("example.com", "ex\u0430mple.com")
    assert refused(await password_changes.request_reset(nobody, email=homograph)) == [
        (UserErrorCode.INVALID, "input.email")
    ]


async def test_a_new_password_ends_the_other_sessions(
    ana: Ana, nobody: Context, mailbox: Mailbox, studio: Studio
) -> None:
    await accounts.sign_in(nobody, email=ana.email, password=PASSWORD)
    reset = await reset_token(ana, nobody, mailbox)
    context = await ana.context
    assert await password_changes.change(context, current=PASSWORD, new=NEW_PASSWORD) == Outcome(1)
    (open_one,) = await Session.open_ones(ana.user_id, now=nobody.services.now(), most=10)
    assert context.viewer is not None
    assert open_one.id == context.viewer.session_id
    assert await ana.can_sign_in(nobody, NEW_PASSWORD)
    assert refused(await password_changes.reset(nobody, token=reset, password="third lantern")) == BAD_LINK
    await mailbox.deliver(studio)
    assert str(mailbox.letters_to(ana.email)[-1]["Subject"]) == "Your password was changed"
    assert AuditAction.PASSWORD_CHANGED in await actions(ana.user_id)


async def test_a_new_password_takes_the_current_one(ana: Ana, nobody: Context) -> None:
    context = await ana.context
    outcome = await password_changes.change(context, current="wrong lantern", new="short")
    assert refused(outcome) == [
        (UserErrorCode.INVALID, "input.currentPassword"),
        (UserErrorCode.INVALID, "input.newPassword"),
    ]
    assert await ana.can_sign_in(nobody, PASSWORD)


async def test_an_account_without_a_password_gets_one_right_after_signing_in(
    ana: Ana, nobody: Context, clock: Clock
) -> None:
    await User.get_pymongo_collection().update_one({"_id": ana.user_id}, {"$set": {"password_hash": None}})
    context = await ana.context
    clock.time += timedelta(minutes=11)
    assert refused(await password_changes.change(context, current="", new=NEW_PASSWORD)) == [
        (UserErrorCode.INVALID, None)
    ]
    clock.time -= timedelta(minutes=11)
    assert await password_changes.change(context, current=None, new=NEW_PASSWORD) == Outcome(0)
    assert await ana.can_sign_in(nobody, NEW_PASSWORD)


async def new_address_token(ana: Ana, mailbox: Mailbox, new: str) -> str:
    outcome = await email_change.request(await ana.context, new_email=new, password=PASSWORD)
    assert outcome == Outcome(new)
    await mailbox.deliver(ana.studio)
    return mailbox.token_to(new)


async def test_a_new_address_counts_once_its_link_was_followed(
    ana: Ana, nobody: Context, mailbox: Mailbox, studio: Studio
) -> None:
    new = f"New.{PydanticObjectId()}@Example.com"
    reset = await reset_token(ana, nobody, mailbox)
    token = await new_address_token(ana, mailbox, new)
    assert (await ana.stored).email == ana.email
    assert await email_change.confirm(nobody, token) == Outcome(new)
    stored = await ana.stored
    assert (stored.email, stored.email_key) == (new, new.lower())
    assert stored.email_verified_at == nobody.services.now()
    assert await ana.can_sign_in(nobody, PASSWORD, new)
    assert not await ana.can_sign_in(nobody, PASSWORD, ana.email)
    assert refused(await email_change.confirm(nobody, token)) == BAD_LINK
    assert refused(await password_changes.reset(nobody, token=reset, password=NEW_PASSWORD)) == BAD_LINK
    await mailbox.deliver(studio)
    told = mailbox.letters_to(ana.email)[-1]
    assert str(told["Subject"]) == "Your e-mail address was changed"
    assert new.lower() in text_of(told).replace("\u2060", "").lower()
    assert AuditAction.EMAIL_CHANGED in await actions(ana.user_id)


async def test_the_letter_case_of_the_own_address_can_be_changed(
    ana: Ana, nobody: Context, mailbox: Mailbox
) -> None:
    token = await new_address_token(ana, mailbox, ana.email.upper())
    assert (await email_change.confirm(nobody, token)).result == ana.email.upper()


async def test_an_address_of_somebody_else_is_taken_in_any_spelling(ana: Ana, nobody: Context) -> None:
    other = (await sign_up(nobody)).user.email
    for spelling in (other, other.upper(), other.replace("example", "\uff45xample")):
        outcome = await email_change.request(await ana.context, new_email=spelling, password=PASSWORD)
        assert refused(outcome) == [(UserErrorCode.TAKEN, "input.newEmail")]
    assert await AccountLink.find({"user_id": ana.user_id, "kind": "CHANGE_EMAIL"}).count() == 0


async def test_an_address_that_was_taken_in_the_meantime_is_not_given_twice(
    ana: Ana, nobody: Context, mailbox: Mailbox
) -> None:
    new = f"{PydanticObjectId()}@example.com"
    token = await new_address_token(ana, mailbox, new)
    taken = await accounts.sign_up(nobody, email=new, password=PASSWORD, name="Bob", locale="en")
    assert taken.result
    assert refused(await email_change.confirm(nobody, token)) == [(UserErrorCode.TAKEN, "input.token")]
    assert (await ana.stored).email == ana.email


async def test_only_the_last_asked_for_address_can_be_confirmed(
    ana: Ana, nobody: Context, mailbox: Mailbox
) -> None:
    first = await new_address_token(ana, mailbox, f"{PydanticObjectId()}@example.com")
    second = await new_address_token(ana, mailbox, f"{PydanticObjectId()}@example.com")
    assert refused(await email_change.confirm(nobody, first)) == BAD_LINK
    assert (await email_change.confirm(nobody, second)).result


async def test_a_new_address_takes_the_password_and_an_address(ana: Ana) -> None:
    outcome = await email_change.request(await ana.context, new_email="nonsense", password="wrong lantern")
    assert refused(outcome) == [
        (UserErrorCode.INVALID, "input.newEmail"),
        (UserErrorCode.INVALID, "input.password"),
    ]
    same = await email_change.request(await ana.context, new_email=ana.email, password=PASSWORD)
    assert refused(same) == [(UserErrorCode.INVALID, "input.newEmail")]


async def test_mails_and_guesses_are_limited(
    ana: Ana, nobody: Context, studio: Studio, redis_url: str, prefix: str
) -> None:
    narrow = RateLimits(redis_url, budgets=AccountBudgets.every("1 per hour"), key_prefix=prefix)
    services = replace(studio.services, rate_limits=narrow)
    context = replace(await ana.context, services=services)
    stranger = replace(nobody, services=services)
    await password_changes.request_reset(stranger, email=ana.email)
    with pytest.raises(RateLimited):
        await password_changes.request_reset(stranger, email=ana.email)
    await password_changes.change(context, current="wrong lantern", new=NEW_PASSWORD)
    with pytest.raises(RateLimited):
        await password_changes.change(context, current=PASSWORD, new=NEW_PASSWORD)
    await narrow.close()


async def test_a_session_on_another_device_is_seen_and_ended(
    ana: Ana, nobody: Context, studio: Studio
) -> None:
    await accounts.sign_in(nobody, email=ana.email, password=PASSWORD)
    context = await ana.context
    user = await ana.stored
    assert context.viewer is not None
    found = await sessions.of_user(context, user)
    assert found is not None
    (other,) = [each for each in found if each.id != context.viewer.session_id]
    stranger = studio.context()
    assert await sessions.of_user(stranger, user) is None
    assert await sessions.visible(stranger, other.id) is None
    assert await sessions.revoke(context, other.id) == Outcome(other.id)
    assert await sessions.visible(context, other.id) is None
    again = await sessions.of_user(context, user)
    assert [each.id for each in again or ()] == [context.viewer.session_id]
    assert AuditAction.SESSION_ENDED in await actions(ana.user_id)


async def test_guessing_is_told_to_the_owner_once(
    ana: Ana, nobody: Context, mailbox: Mailbox, studio: Studio, prefix: str
) -> None:
    nobody.services = replace(studio.services, lock_out=LockOut(studio.redis, prefix))
    unknown = f"{PydanticObjectId()}@example.com"
    for email in (ana.email, unknown):
        for _ in range(6):
            assert not await ana.can_sign_in(nobody, "wrong lantern", email)
        with pytest.raises(RateLimited):
            await ana.can_sign_in(nobody, PASSWORD, email)
    await mailbox.deliver(studio)
    subjects = [str(letter["Subject"]) for letter in mailbox.letters_to(ana.email)]
    assert subjects.count("Many failed sign-ins") == 1
    assert mailbox.letters_to(unknown) == []
    assert AuditAction.SIGN_IN_LOCKED in await actions(ana.user_id)


async def test_a_new_password_ends_a_change_of_address_that_is_under_way(
    ana: Ana, nobody: Context, mailbox: Mailbox
) -> None:
    thief = f"{PydanticObjectId()}@example.com"
    change = await new_address_token(ana, mailbox, thief)
    reset = await reset_token(ana, nobody, mailbox)
    assert (await password_changes.reset(nobody, token=reset, password=NEW_PASSWORD)).result
    assert refused(await email_change.confirm(nobody, change)) == BAD_LINK
    assert (await ana.stored).email == ana.email


async def test_ways_in_that_others_made_before_the_address_was_proved_end_with_a_reset(
    ana: Ana, nobody: Context, mailbox: Mailbox
) -> None:
    made = await api_keys.create(
        await ana.context, name="Thief", scopes=[Permission.PROJECT_VIEW], expires_at=None
    )
    assert made.result is not None
    identity = Identity(key="x y", provider="test", email="t@example.com", linked_at=nobody.services.now())
    factor = {"sealed_secret": "x", "confirmed_at": nobody.services.now()}
    await User.get_pymongo_collection().update_one(
        {"_id": ana.user_id}, {"$set": {"identities": [identity.stored()], "totp": factor}}
    )
    token = await reset_token(ana, nobody, mailbox)
    assert (await password_changes.reset(nobody, token=token, password=NEW_PASSWORD)).result
    with pytest.raises(Unauthenticated):
        await nobody.services.authenticator.authenticate(made.result.token)
    stored = await ana.stored
    assert (stored.identities, stored.totp) == ([], None)


async def test_a_password_that_was_replaced_while_it_was_looked_at_opens_nothing(
    ana: Ana, nobody: Context, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await reset_token(ana, nobody, mailbox)
    verify = nobody.services.passwords.verify

    async def slowly(known: str | None, given: str) -> bool:
        matches = await verify(known, given)
        assert (await password_changes.reset(nobody, token=token, password=NEW_PASSWORD)).result
        return matches

    with monkeypatch.context() as patched:
        patched.setattr(nobody.services.passwords, "verify", slowly)
        with pytest.raises(Unauthenticated):
            await accounts.sign_in(nobody, email=ana.email, password=PASSWORD)
    assert await Session.open_ones(ana.user_id, now=nobody.services.now(), most=10) == []
