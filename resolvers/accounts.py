"""Accounts: signing up, in and out, and going on after the access token has run out."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final

import structlog
from beanie import PydanticObjectId
from pydantic import TypeAdapter, ValidationError

from access.email_addresses import EmailAddress, MalformedAddress
from access.errors import Forbidden, Unauthenticated
from access.password_rules import password_fault
from access.permissions import Permission
from access.refresh_tokens import RefreshToken
from documents.session import Session, SessionEnd
from documents.text import LanguageTag, Title
from documents.user import User
from resolvers.context import Context
from resolvers.outcome import Outcome, UserError, UserErrorCode

_log = structlog.get_logger()
_NAME: Final[TypeAdapter[str]] = TypeAdapter(Title)
_LOCALE: Final[TypeAdapter[str]] = TypeAdapter(LanguageTag)
_SESSION_OVER: Final = "This session is over: sign in again."


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client holds of a session.

    Args:
        access_token: goes with every request, until `access_expires_at`.
        refresh_token: good for one exchange, until `refresh_expires_at`.
    """

    access_token: str = field(repr=False)
    access_expires_at: datetime
    refresh_token: str = field(repr=False)
    refresh_expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user and the tokens of one of the user's sessions."""

    user: User
    tokens: Tokens


class SignOutScope(Enum):
    """Which sessions a sign-out ends."""

    THIS_SESSION = "THIS_SESSION"
    ALL_SESSIONS = "ALL_SESSIONS"


async def viewer(context: Context) -> User | None:
    """The account of whoever asks, None for nobody."""
    asking = context.viewer
    if asking is None or not asking.is_in_scope(Permission.ACCOUNT_VIEW):
        return None
    return await User.get(asking.user_id)


async def sign_up(
    context: Context, *, email: str, password: str, name: str, locale: str
) -> Outcome[SignedIn]:
    """Make an account and open its first session.

    An address in use is named as such (`TAKEN`): without mail to confirm an address there is no way to
    sign up that does not tell, so what is limited is how often one may ask.

    Raises:
        RateLimited: too many from this IP address, or too many passwords wait to be hashed.
    """
    await context.services.rate_limits.count_sign_up(context.remote_address)
    faults: list[UserError] = []
    address = _address(email, faults)
    if address is not None and (fault := password_fault(password, address)) is not None:
        faults.append(UserError(UserErrorCode.INVALID, "input.password", fault))
    checked_name = _checked(_NAME, name, "input.name", "A name is one line of 1 to 200 characters.", faults)
    checked_locale = _checked(
        _LOCALE, locale, "input.locale", "A locale is a language tag such as en or pt-BR.", faults
    )
    if address is None or faults:
        return Outcome(user_errors=faults)
    user = await User.register(
        email=address.typed,
        email_key=address.key,
        name=checked_name,
        locale=checked_locale,
        password_hash=await context.services.passwords.hash(password),
        now=context.services.now(),
    )
    if user is None:
        return Outcome.refused(
            UserErrorCode.TAKEN, "There is an account with this address: sign in instead.", at="input.email"
        )
    return Outcome(SignedIn(user, await _open_session(context, user)))


async def sign_in(context: Context, *, email: str, password: str) -> Outcome[SignedIn]:
    """Open a session with address and password.

    An unknown address, an account without a password and a wrong password get the same answer after the
    same work.

    Raises:
        RateLimited: too many tries from this IP address or for this account.
        Forbidden: the password is right and the account suspended.
    """
    address = _address(email, [])
    await context.services.rate_limits.count_sign_in(
        context.remote_address, email if address is None else address.key
    )
    user = None if address is None else await User.with_email_key(address.key)
    known_hash = None if user is None else user.password_hash
    matches = await context.services.passwords.verify(known_hash, password)
    if user is None or known_hash is None or not matches:
        return Outcome.refused(UserErrorCode.INVALID, "E-mail address and password do not match.")
    if user.is_suspended:
        raise Forbidden("This account is suspended.")
    if context.services.passwords.is_outdated(known_hash):
        await User.replace_password_hash(
            user.id,
            known=known_hash,
            new=await context.services.passwords.hash(password),
            now=context.services.now(),
        )
    return Outcome(SignedIn(user, await _open_session(context, user)))


async def refresh_tokens(context: Context, *, refresh_token: str) -> Outcome[SignedIn]:
    """Trade a refresh token for new tokens; the old one is used up.

    One that was used up before ends its session, for the owner as for a thief.

    Raises:
        RateLimited: too many from this IP address.
        Unauthenticated: the token is unknown, used up or expired, its session over or its user shut out.
    """
    await context.services.rate_limits.count_refresh(context.remote_address)
    presented = RefreshToken.parse(refresh_token)
    following = presented.next()
    now = context.services.now()
    session = await Session.rotate(
        presented.session_id,
        family_hash=presented.family_hash,
        presented_hash=presented.own_hash,
        next_hash=following.own_hash,
        now=now,
    )
    if session is None:
        was_reused = await Session.end_if_reused(
            presented.session_id,
            family_hash=presented.family_hash,
            presented_hash=presented.own_hash,
            now=now,
        )
        if was_reused:
            _log.warning(
                "refresh_token_reused", session_id=str(presented.session_id), address=context.remote_address
            )
        raise Unauthenticated(_SESSION_OVER)
    user = await User.get(session.user_id)
    if user is None or user.is_suspended:
        await Session.end(presented.session_id, SessionEnd.SUSPENDED, now=now)
        raise Unauthenticated(_SESSION_OVER)
    return Outcome(SignedIn(user, _tokens(context, session, following)))


async def sign_out(context: Context, *, scope: SignOutScope) -> Outcome[int]:
    """End this session or all of the viewer's; the result is how many were open.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    viewer = context.require_viewer()
    now = context.services.now()
    if scope is SignOutScope.ALL_SESSIONS:
        return Outcome(await Session.end_all(viewer.user_id, SessionEnd.SIGNED_OUT, now=now))
    assert viewer.session_id is not None  # noqa: S101 - the operation's rule asks for a session
    return Outcome(int(await Session.end(viewer.session_id, SessionEnd.SIGNED_OUT, now=now)))


async def _open_session(context: Context, user: User) -> Tokens:
    token = RefreshToken.first(PydanticObjectId())
    session = await Session.open(
        token.session_id,
        user.id,
        family_hash=token.family_hash,
        refresh_hash=token.own_hash,
        user_agent=context.request.headers.get("user-agent", ""),
        address=context.remote_address,
        now=context.services.now(),
    )
    return _tokens(context, session, token)


def _tokens(context: Context, session: Session, refresh_token: RefreshToken) -> Tokens:
    access_token = context.services.tokens.issue(session.user_id, refresh_token.session_id)
    return Tokens(
        access_token=access_token.value,
        access_expires_at=access_token.expires_at,
        refresh_token=refresh_token.reveal(),
        refresh_expires_at=session.expires_at,
    )


def _address(email: str, faults: list[UserError]) -> EmailAddress | None:
    try:
        return EmailAddress.parse(email)
    except MalformedAddress as error:
        faults.append(UserError(UserErrorCode.INVALID, "input.email", str(error)))
        return None


def _checked(kind: TypeAdapter[str], text: str, at: str, rule: str, faults: list[UserError]) -> str:
    try:
        return kind.validate_python(text)
    except ValidationError:
        faults.append(UserError(UserErrorCode.INVALID, at, rule))
        return text
