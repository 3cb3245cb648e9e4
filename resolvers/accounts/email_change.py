"""Another e-mail address for an account: proved to be read before it counts, and told to the old one."""

from pymongo.errors import DuplicateKeyError

from access.mail_tokens import LinkPurpose
from documents.accounts.account_link import AccountLink, AccountLinkKind
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from mail.template import MailTemplate
from resolvers.accounts import account_mails
from resolvers.accounts.account_act import AccountAct, act_on_account
from resolvers.accounts.account_links import link_id, not_good
from resolvers.accounts.account_texts import email_address
from resolvers.accounts.reauthentication import own_account, proof_fault
from resolvers.context import Context
from resolvers.outcome import Outcome, UserError, UserErrorCode

_TAKEN = "Another account has this address."


async def request(context: Context, *, new_email: str, password: str | None) -> Outcome[str]:
    """Send a link to the new address; until it is followed nothing changes. The result is that address.

    An address that differs from another account's in letter case or look alone is that account's.

    Raises:
        RateLimited: too many passwords were tried, or mails asked for.
    """
    user = await own_account(context)
    faults: list[UserError] = []
    address = email_address(new_email, faults, at="input.newEmail")
    if (fault := await proof_fault(context, user, password)) is not None:
        faults.append(fault)
    if address is None or faults:
        return Outcome(user_errors=faults)
    if address.typed == user.email:
        text = "This is the account's address already."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.newEmail")
    holder = await User.with_email_key(address.key)
    if holder is not None and holder.id != user.id:
        return Outcome.refused(UserErrorCode.TAKEN, _TAKEN, at="input.newEmail")
    await context.services.rate_limits.count_mail(context.remote_address, address.key, user_id=user.id)

    async def act(acting: AccountAct) -> Outcome[str]:
        await AccountLink.void(user.id, AccountLinkKind.CHANGE_EMAIL, session=acting.session)
        link = await AccountLink.put(
            AccountLinkKind.CHANGE_EMAIL,
            user.id,
            email=address.typed,
            email_key=address.key,
            known_key=user.email_key,
            now=acting.now,
            session=acting.session,
        )
        await account_mails.send(acting, MailTemplate.CHANGE_EMAIL, user, about=link.id, to=link.email)
        return Outcome(link.email)

    return await act_on_account(context, act)


async def confirm(context: Context, token: str) -> Outcome[str]:
    """Give the account the address that a link was sent to; the old one is told. The result is the new one.

    Links for a new password that went to the old address die with it.
    """
    named = link_id(context, LinkPurpose.CHANGE_EMAIL, token)
    if named is None:
        return not_good()

    async def act(acting: AccountAct) -> Outcome[str]:
        link = await AccountLink.use(
            named, AccountLinkKind.CHANGE_EMAIL, now=acting.now, session=acting.session
        )
        if link is None:
            return not_good()
        before = await User.change_email(
            link.user_id,
            known_key=link.known_key,
            email=link.email,
            email_key=link.email_key,
            now=acting.now,
            session=acting.session,
        )
        if before is None:
            return not_good()
        await AccountLink.void(
            link.user_id, AccountLinkKind.RESET_PASSWORD, AccountLinkKind.VERIFY_EMAIL, session=acting.session
        )
        await acting.record(AuditAction.EMAIL_CHANGED, link.user_id)
        await account_mails.send(
            acting, MailTemplate.EMAIL_CHANGED, before, about=link.id, new_email=link.email
        )
        return Outcome(link.email)

    try:
        return await act_on_account(context, act)
    except DuplicateKeyError:  # somebody signed up with it in the meantime
        return Outcome.refused(UserErrorCode.TAKEN, _TAKEN, at="input.token")
