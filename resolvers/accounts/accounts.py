"""Accounts: who is asking, signing up and signing in with a password."""

from access.email_addresses import EmailAddress
from access.errors import Forbidden
from access.password_rules import password_fault
from access.permissions import Permission
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from resolvers.accounts import account_mails
from resolvers.accounts.account_act import AccountAct, act_on_account
from resolvers.accounts.account_texts import email_address, language_tag, person_name
from resolvers.accounts.first_factor import Challenged, proceed
from resolvers.accounts.sessions import SignedIn, open_session
from resolvers.context import Context
from resolvers.outcome import Outcome, UserError, UserErrorCode


async def viewer(context: Context) -> User | None:
    """The account of whoever asks, None for nobody."""
    asking = context.viewer
    if asking is None or not asking.is_in_scope(Permission.ACCOUNT_VIEW):
        return None
    return await User.get(asking.user_id)


async def sign_up(
    context: Context, *, email: str, password: str, name: str, locale: str
) -> Outcome[SignedIn]:
    """Make an account, send a link that verifies its address, and open its first session.

    An address in use is named as such (`TAKEN`): people who sign up a second time by mistake must find out.
    What is limited is how often one may ask.

    Raises:
        RateLimited: too many from this IP address, or too many passwords wait to be hashed.
    """
    await context.services.rate_limits.count_sign_up(context.remote_address)
    faults: list[UserError] = []
    address = email_address(email, faults)
    if address is not None and (fault := password_fault(password, address)) is not None:
        faults.append(UserError(UserErrorCode.INVALID, "input.password", fault))
    checked_name, checked_locale = person_name(name, faults), language_tag(locale, faults)
    if address is None or faults:
        return Outcome(user_errors=faults)
    password_hash = await context.services.passwords.hash(password)

    async def act(acting: AccountAct) -> Outcome[User]:
        user = await User.register(
            email=address.typed,
            email_key=address.key,
            name=checked_name,
            locale=checked_locale,
            password_hash=password_hash,
            now=acting.now,
            session=acting.session,
        )
        if user is None:
            text = "There is an account with this address: sign in instead."
            return Outcome.refused(UserErrorCode.TAKEN, text, at="input.email")
        await acting.record(AuditAction.SIGNED_UP, user.id)
        await account_mails.ask_to_verify(acting, user)
        return Outcome(user)

    made = await act_on_account(context, act)
    if made.result is None:
        return Outcome(user_errors=made.user_errors)
    return Outcome(SignedIn(made.result, await open_session(context, made.result, way="sign-up")))


async def sign_in(context: Context, *, email: str, password: str) -> Outcome[SignedIn | Challenged]:
    """Open a session with address and password, or ask for the second factor of an account that has one.

    An unknown address, an account without a password and a wrong password get the same answer after the
    same work.

    Raises:
        RateLimited: too many tries from this IP address or for this account, or the last ones failed.
        Forbidden: the password is right and the account suspended.
    """
    services = context.services
    address = email_address(email, [])
    account = email if address is None else address.key
    is_known = await services.lock_out.check(account, context.remote_address)
    await services.rate_limits.count_sign_in(context.remote_address, account, is_known=is_known)
    user = await _with_password(context, address, password)
    if user is None:
        if await services.lock_out.failed(account, context.remote_address):
            await account_mails.tell_of_lock(context, account)
        return Outcome.refused(UserErrorCode.INVALID, "E-mail address and password do not match.")
    if user.is_suspended:
        raise Forbidden("This account is suspended.")
    return await proceed(context, user, way="password")


async def _with_password(context: Context, address: EmailAddress | None, password: str) -> User | None:
    """The account with this address and password, its hash renewed if it was made with old parameters."""
    passwords = context.services.passwords
    user = None if address is None else await User.with_email_key(address.key)
    known_hash = None if user is None else user.password_hash
    matches = await passwords.verify(known_hash, password)
    if user is None or known_hash is None or not matches:
        return None
    if passwords.is_outdated(known_hash):
        new = await passwords.hash(password)
        if not await User.replace_password_hash(
            user.id, known=known_hash, new=new, now=context.services.now()
        ):
            return await _with_password(context, address, password)  # somebody was faster: what holds now?
        user.password_hash = new
    return user
