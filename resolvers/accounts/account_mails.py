"""Mails about an account, each with what it takes for its link to be good."""

import hashlib
from typing import Final

from beanie import PydanticObjectId

from documents.accounts.account_link import AccountLink, AccountLinkKind
from documents.accounts.user import User
from documents.jobs.job import QUEUE_OF, Job, JobKind
from mail.template import MailTemplate
from resolvers.accounts.account_act import AccountAct
from resolvers.accounts.mails import MAIL_ATTEMPTS, letter
from resolvers.context import Context

_PRIORITY: Final = 20


async def ask_to_verify(acting: AccountAct, user: User) -> None:
    """Send a link that verifies the account's address."""
    link = await AccountLink.put(
        AccountLinkKind.VERIFY_EMAIL,
        user.id,
        email=user.email,
        email_key=user.email_key,
        known_key=user.email_key,
        now=acting.now,
        session=acting.session,
    )
    await send(acting, MailTemplate.VERIFY_EMAIL, user, about=link.id)


async def send(
    acting: AccountAct,
    template: MailTemplate,
    user: User,
    *,
    about: PydanticObjectId,
    to: str | None = None,
    **values: str,
) -> None:
    """Send a mail to somebody about the own account.

    Args:
        acting: the change that it tells about.
        template: the kind of mail; it greets by name.
        user: whom.
        about: what its link names, or what else there is one mail about.
        to: another address than the account's own.
        values: what else the texts mention.
    """
    job = letter(
        acting.context,
        template,
        to=to or user.email,
        locale=user.locale,
        owner_id=user.id,
        about=about,
        name=user.name,
        **values,
    )
    await acting.store(job)


async def tell_of_lock(context: Context, account: str) -> None:
    """Tell whoever has an account that guesses at its password are being slowed down, if anybody has."""
    await to_whoever_has(context, MailTemplate.SIGN_IN_LOCKED, account)


async def to_whoever_has(context: Context, template: MailTemplate, account: str) -> None:
    """Have a worker see whether there is an account, and write to it.

    The request does the same work in either case, and so takes the same time and leaves the same traces:
    nobody learns from it who has an account.

    Args:
        context: the operation's.
        template: RESET_PASSWORD or SIGN_IN_LOCKED.
        account: the e-mail address as a key, or what was typed in its place.
    """
    text = account.encode("utf-8", "replace").decode()[:254]
    job_id = PydanticObjectId()
    job = Job(
        id=job_id,
        kind=JobKind.ACCOUNT_MAIL,
        queue=QUEUE_OF[JobKind.ACCOUNT_MAIL],
        # Turns at the workers are taken for the address: it may be nobody's.
        owner_id=PydanticObjectId(hashlib.sha256(f"account {text}".encode()).digest()[:12]),
        root_id=job_id,
        priority=_PRIORITY,
        max_attempts=MAIL_ATTEMPTS,
        payload={
            "template": template.value,
            "email_key": text,
            "address": context.remote_address,
            "user_agent": context.request.headers.get("user-agent", "")[:300],
        },
        queued_at=context.services.now(),
    )
    await context.services.dispatcher.start([job])
