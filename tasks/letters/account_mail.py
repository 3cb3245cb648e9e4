"""Mails that strangers may cause: whether there is an account to write to is found out in a worker."""

from typing import Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.accounts.account_link import AccountLink, AccountLinkKind
from documents.accounts.user import User
from documents.audit_entry import AuditAction, AuditEntry
from documents.jobs.job import Job
from mail.composition import Letter
from mail.template import MailTemplate
from tasks.job_engine.work import Attach, Done, Report
from tasks.letters.mail import deliver
from tasks.workshop import Workshop

_LINK_KINDS: Final = {MailTemplate.RESET_PASSWORD: AccountLinkKind.RESET_PASSWORD}


async def send_account_mail(shop: Workshop, job: Job, report: Report) -> Done:
    """Write to the account of an address; do nothing where there is none, or it is suspended.

    A link that the mail holds is stored under the job's own id, however often the job is tried.

    Raises:
        Retryable: the mail server is away or wants it later.
        Hopeless: the mail server never takes it.
    """
    del report
    template = MailTemplate(job.payload["template"])
    user = await User.with_email_key(job.payload["email_key"])
    if user is None or user.is_suspended:
        return Done()
    kind = _LINK_KINDS.get(template)
    if kind is not None:
        await AccountLink.put(
            kind,
            user.id,
            email=user.email,
            email_key=user.email_key,
            known_key=user.email_key,
            now=shop.now(),
            link_id=job.id,
        )
    letter = Letter(
        template=template,
        to=user.email,
        locale=user.locale,
        values={"name": user.name},
        link=shop.correspondence.link(template, job.id),
        letter_id=str(job.id),
    )
    await deliver(shop, letter)
    return Done(attach=_noted(shop, job, user) if template is MailTemplate.SIGN_IN_LOCKED else None)


def _noted(shop: Workshop, job: Job, user: User) -> Attach:
    entry = AuditEntry(
        id=PydanticObjectId(),
        at=shop.now(),
        action=AuditAction.SIGN_IN_LOCKED,
        address=job.payload["address"],
        user_agent=job.payload["user_agent"],
        target_kind="User",
        target_id=user.id,
        company_id=user.company_id,
    )

    async def attach(session: AsyncClientSession) -> None:
        await AuditEntry.write(entry, session=session)

    return attach
