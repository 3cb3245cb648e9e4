"""The second factor: set up, used, renewed and removed by its owner."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from access import one_time_codes
from access.challenges import mark
from access.errors import Forbidden, Unauthenticated
from access.sealing import SealBroken
from documents.accounts import second_factor_changes
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from resolvers.accounts.account_act import AccountAct, act_on_account
from resolvers.accounts.reauthentication import own_account, proof_fault
from resolvers.accounts.sessions import SignedIn, known_here, open_within
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the authenticator app is to know; shown once."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RecoveryCodes:
    """A user whose second factor changed, and the codes; shown once."""

    user: User
    codes: list[str] = field(repr=False)


async def start(context: Context, *, password: str | None) -> Outcome[Enrolment]:
    """Make a secret for the viewer's app; it counts once a code of it came back."""
    user = await own_account(context)
    if user.has_second_factor:
        return _has_one()
    fault = await proof_fault(context, user, password)
    if fault is not None:
        return Outcome(user_errors=[fault])
    secret = one_time_codes.new_secret()
    sealed = context.services.sealing.seal(_purpose(user), secret.encode())
    if not await second_factor_changes.start(user.id, sealed_secret=sealed, now=context.services.now()):
        return _has_one()
    return Outcome(Enrolment(secret, one_time_codes.enrolment_uri(secret, user.email)))


async def confirm(context: Context, *, code: str) -> Outcome[RecoveryCodes]:
    """Let the second factor count from now on, and make recovery codes."""
    user = await own_account(context)
    if user.has_second_factor:
        return _has_one()
    await _count_guess(context, user)
    secret = _secret(context, user)
    now = context.services.now()
    step = None if secret is None else one_time_codes.step_of(secret, code, now)
    if user.totp is None or step is None:
        text = "This is no code of the secret that was shown last. Scan it again, or check the phone's clock."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.code")
    sealed = user.totp.sealed_secret
    codes = one_time_codes.new_recovery_codes()

    async def act(acting: AccountAct) -> Outcome[RecoveryCodes]:
        if not await second_factor_changes.confirm(
            user.id,
            sealed_secret=sealed,
            step=step,
            recovery_hashes=_hashes(user, codes),
            now=acting.now,
            session=acting.session,
        ):
            text = "More than 15 minutes have passed, or another secret was shown since: start again."
            return Outcome.refused(UserErrorCode.INVALID, text)
        await acting.record(AuditAction.SECOND_FACTOR_ADDED, user.id)
        await acting.tell_access_changed(user.id, "SECOND_FACTOR_ADDED")
        return Outcome(RecoveryCodes(user, codes))

    return await _as_it_is_now(await act_on_account(context, act))


async def complete_sign_in(context: Context, *, challenge: str, code: str) -> Outcome[SignedIn]:
    """Open a session for somebody whose first factor was right and who now gives the second.

    Raises:
        Unauthenticated: the challenge is not genuine or too old, or the password changed since.
        RateLimited: too many tries.
        Forbidden: the account was suspended meanwhile.
    """
    given = context.services.challenges.read(challenge)
    user = await User.get(given.user_id)
    if user is None or user.deleted_at is not None or mark(user) != given.password_mark:
        raise Unauthenticated("This sign-in is over: begin again.")
    if user.is_suspended:
        raise Forbidden("This account is suspended.")

    async def act(acting: AccountAct) -> Outcome[SignedIn]:
        if user.has_second_factor and not await _use(acting, user, code):
            return _wrong_code()
        return Outcome(SignedIn(user, await open_within(acting, user, way=given.way)))

    outcome = await _guess(context, user, act)
    if outcome.result is not None:
        await known_here(context, user)
    return outcome


async def renew_recovery_codes(context: Context, *, code: str) -> Outcome[RecoveryCodes]:
    """Put new recovery codes in the place of the old ones."""
    user = await own_account(context)
    if not user.has_second_factor:
        return _has_none()
    codes = one_time_codes.new_recovery_codes()

    async def act(acting: AccountAct) -> Outcome[RecoveryCodes]:
        if not await _use(acting, user, code):
            return _wrong_code()
        hashes = _hashes(user, codes)
        await second_factor_changes.renew_recovery_codes(user.id, hashes, session=acting.session)
        await acting.record(AuditAction.RECOVERY_CODES_RENEWED, user.id)
        return Outcome(RecoveryCodes(user, codes))

    return await _as_it_is_now(await _guess(context, user, act))


async def remove(context: Context, *, code: str) -> Outcome[User]:
    """Take the second factor away; a company that demands one is closed from then on."""
    user = await own_account(context)
    if not user.has_second_factor:
        return _has_none()

    async def act(acting: AccountAct) -> Outcome[User]:
        if not await _use(acting, user, code):
            return _wrong_code()
        await second_factor_changes.remove(user.id, now=acting.now, session=acting.session)
        await acting.record(AuditAction.SECOND_FACTOR_REMOVED, user.id)
        await acting.tell_access_changed(user.id, "SECOND_FACTOR_REMOVED")
        return Outcome(user)

    return await _guess(context, user, act)


async def _guess(
    context: Context, user: User, act: Callable[[AccountAct], Awaitable[Outcome[ResultT]]]
) -> Outcome[ResultT]:
    """Do what takes a code, unless too many wrong ones came before."""
    await _count_guess(context, user)
    outcome = await act_on_account(context, act)
    lock_out = context.services.lock_out
    if outcome.user_errors:
        await lock_out.failed(_purpose(user), context.remote_address)
    else:
        await lock_out.succeeded(_purpose(user), context.remote_address)
    return outcome


async def _count_guess(context: Context, user: User) -> None:
    # Pauses alone would let through what is sent at once.
    await context.services.lock_out.check(_purpose(user), context.remote_address)
    await context.services.rate_limits.count_guess(_purpose(user), context.remote_address)


async def _as_it_is_now(outcome: Outcome[RecoveryCodes]) -> Outcome[RecoveryCodes]:
    if outcome.result is None:
        return outcome
    user = await User.get(outcome.result.user.id)
    return outcome if user is None else Outcome(RecoveryCodes(user, outcome.result.codes))


async def _use(acting: AccountAct, user: User, code: str) -> bool:
    """Use a code up, of the app or for recovery; whether it was good."""
    session = acting.session
    secret = _secret(acting.context, user)
    step = None if secret is None else one_time_codes.step_of(secret, code, acting.now)
    if step is not None:
        return await second_factor_changes.use_step(user.id, step=step, session=session)
    digest = one_time_codes.recovery_hash(user.id, code)
    if digest is None:
        return False
    if not await second_factor_changes.use_recovery_code(user.id, recovery_hash=digest, session=session):
        return False
    await acting.record(AuditAction.RECOVERY_CODE_USED, user.id)
    return True


def _secret(context: Context, user: User) -> str | None:
    """The app's secret. None where there is none, or where the key that sealed it is gone."""
    if user.totp is None:
        return None
    try:
        return context.services.sealing.open(_purpose(user), user.totp.sealed_secret).decode()
    except SealBroken:
        return None


def _purpose(user: User) -> str:
    return f"totp:{user.id}"


def _hashes(user: User, codes: list[str]) -> list[bytes]:
    return [digest for code in codes if (digest := one_time_codes.recovery_hash(user.id, code))]


def _has_one() -> Outcome[Any]:
    return Outcome.refused(UserErrorCode.TAKEN, "This account has a second factor: remove it first.")


def _has_none() -> Outcome[Any]:
    return Outcome.refused(UserErrorCode.INVALID, "This account has no second factor.")


def _wrong_code() -> Outcome[Any]:
    text = "This code is wrong, too old or used already. Wait for the next one, or use a recovery code."
    return Outcome.refused(UserErrorCode.INVALID, text, at="input.code")
