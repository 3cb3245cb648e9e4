"""Proving that an account's owner reads mail at its address."""

from access.mail_tokens import LinkPurpose
from documents.accounts.account_link import AccountLink, AccountLinkKind
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from resolvers.accounts import account_mails
from resolvers.accounts.account_act import AccountAct, act_on_account
from resolvers.accounts.account_links import link_id, not_good
from resolvers.accounts.reauthentication import own_account
from resolvers.context import Context
from resolvers.outcome import Outcome, UserErrorCode


async def verify(context: Context, token: str) -> Outcome[str]:
    """Verify the address that a link was sent to; the result is the address.

    The link proves that whoever holds it reads mail there; nobody need be signed in. Following it twice is
    no mistake.
    """
    named = link_id(context, LinkPurpose.VERIFY_EMAIL, token)
    if named is None:
        return not_good()
    now = context.services.now()
    link = await AccountLink.in_time(named, AccountLinkKind.VERIFY_EMAIL, now=now)
    if link is None:
        return not_good()

    async def act(acting: AccountAct) -> Outcome[str]:
        if await User.verify_email(
            link.user_id, email_key=link.email_key, now=acting.now, session=acting.session
        ):
            await acting.record(AuditAction.EMAIL_VERIFIED, link.user_id)
            return Outcome(link.email)
        user = await User.find_one({"_id": link.user_id}, session=acting.session)
        is_still_so = user is not None and user.email_key == link.email_key and not user.is_suspended
        return Outcome(link.email) if is_still_so else not_good()

    return await act_on_account(context, act)


async def send_again(context: Context) -> Outcome[str]:
    """Send another link to the viewer's address; the result is the address.

    Raises:
        RateLimited: too many mails were asked for.
    """
    user = await own_account(context)
    if user.email_verified_at is not None:
        text = "This address is verified already."
        return Outcome.refused(UserErrorCode.INVALID, text)
    await context.services.rate_limits.count_mail(context.remote_address, user.email_key, user_id=user.id)

    async def act(acting: AccountAct) -> Outcome[str]:
        await account_mails.ask_to_verify(acting, user)
        return Outcome(user.email)

    return await act_on_account(context, act)
