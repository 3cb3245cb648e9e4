"""New passwords: by somebody who knows the old one, and by somebody who reads the account's mail."""

from beanie import PydanticObjectId

from access.email_addresses import EmailAddress
from access.mail_tokens import LinkPurpose
from access.password_rules import password_fault
from documents.accounts.account_link import AccountLink, AccountLinkKind
from documents.accounts.api_key import ApiKey
from documents.accounts.session import SessionEnd
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from mail.template import MailTemplate
from resolvers.accounts import account_mails, sessions
from resolvers.accounts.account_act import AccountAct, act_on_account
from resolvers.accounts.account_links import link_id, not_good
from resolvers.accounts.account_texts import email_address
from resolvers.accounts.reauthentication import own_account, proof_fault
from resolvers.context import Context
from resolvers.outcome import Outcome, UserError, UserErrorCode


async def change(context: Context, *, current: str | None, new: str) -> Outcome[int]:
    """Put a new password in the place of the current one; the viewer's other sessions end.

    An account that has none gets its first one from whoever signed in a short while ago.

    The result is how many of them were open.

    Raises:
        RateLimited: too many passwords were tried.
    """
    user = await own_account(context)
    faults = _faults(user, new, at="input.newPassword")
    if (fault := await proof_fault(context, user, current, at="input.currentPassword")) is not None:
        faults.insert(0, fault)
    if faults:
        return Outcome(user_errors=faults)
    known = user.password_hash
    new_hash = await context.services.passwords.hash(new)

    async def act(acting: AccountAct) -> Outcome[int]:
        is_changed = await User.replace_password_hash(
            user.id, known=known, new=new_hash, now=acting.now, session=acting.session
        )
        if not is_changed:
            text = "The password was changed by another request just now."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.currentPassword")
        this_session = context.require_viewer().session_id
        await acting.record(AuditAction.PASSWORD_CHANGED, user.id)
        return Outcome(await _settle(acting, user, but=this_session))

    return await act_on_account(context, act)


async def request_reset(context: Context, *, email: str) -> Outcome[bool]:
    """Send a link to whoever has an account under an address, if anybody has.

    The answer, and the time that it takes, are the same in either case.

    Raises:
        RateLimited: too many mails were asked for, for this address or from this IP address.
    """
    faults: list[UserError] = []
    address = email_address(email, faults)
    if address is None:
        return Outcome(user_errors=faults)
    await context.services.rate_limits.count_mail(context.remote_address, address.key)
    await account_mails.to_whoever_has(context, MailTemplate.RESET_PASSWORD, address.key)
    return Outcome(result=True)


async def reset(context: Context, *, token: str, password: str) -> Outcome[bool]:
    """Set a password with a link that came by mail; all sessions of the account end.

    Nobody is signed in by it: whoever has a second factor still needs it to sign in. Where nobody had proved
    the address before, all other ways into the account go: a stranger may have made them.
    """
    named = link_id(context, LinkPurpose.RESET_PASSWORD, token)
    if named is None:
        return not_good()
    link = await AccountLink.in_time(named, AccountLinkKind.RESET_PASSWORD, now=context.services.now())
    user = None if link is None else await User.get(link.user_id)
    if link is None or link.used_at is not None or user is None:
        return not_good()
    if faults := _faults(user, password, at="input.password"):
        return Outcome(user_errors=faults)
    password_hash = await context.services.passwords.hash(password)

    async def act(acting: AccountAct) -> Outcome[bool]:
        used = await AccountLink.use(
            named, AccountLinkKind.RESET_PASSWORD, now=acting.now, session=acting.session
        )
        if used is None:
            return not_good()
        before = await User.get(used.user_id, session=acting.session)
        if before is not None and before.email_verified_at is None:
            await _end_ways_in_of_strangers(acting, before)
        renewed = await User.reset_password(
            used.user_id,
            email_key=used.known_key,
            password_hash=password_hash,
            now=acting.now,
            session=acting.session,
        )
        if renewed is None:
            return not_good()
        await acting.record(AuditAction.PASSWORD_RESET, used.user_id)
        await _settle(acting, renewed)
        return Outcome(result=True)

    outcome = await act_on_account(context, act)
    if outcome.result:
        await context.services.lock_out.forgiven(link.known_key)
    return outcome


async def _end_ways_in_of_strangers(acting: AccountAct, user: User) -> None:
    """Take away what opens an account besides its password.

    Whoever signed up with an address that was never proved may be somebody else, who waits for its owner.
    """
    await ApiKey.get_pymongo_collection().delete_many({"user_id": user.id}, session=acting.session)
    await User.get_pymongo_collection().update_one(
        {"_id": user.id}, {"$set": {"identities": [], "totp": None}}, session=acting.session
    )


async def _settle(acting: AccountAct, user: User, *, but: PydanticObjectId | None = None) -> int:
    """What follows from a new password: sessions end, links die, the owner is told.

    A change of address that is under way dies as well: whoever knew the old password may have asked for it.
    """
    kinds = (AccountLinkKind.RESET_PASSWORD, AccountLinkKind.CHANGE_EMAIL)
    await AccountLink.void(user.id, *kinds, session=acting.session)
    ended = await sessions.end_all(acting, user.id, SessionEnd.PASSWORD_CHANGED, but=but)
    about = PydanticObjectId()  # each change has its own mail
    await account_mails.send(acting, MailTemplate.PASSWORD_CHANGED, user, about=about)
    return ended


def _faults(user: User, password: str, *, at: str) -> list[UserError]:
    fault = password_fault(password, EmailAddress(user.email, user.email_key))
    return [] if fault is None else [UserError(UserErrorCode.INVALID, at, fault)]
