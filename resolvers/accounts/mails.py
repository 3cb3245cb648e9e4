"""Mails that an operation sends: jobs, stored with the change that they tell about."""

from typing import Final

from beanie import PydanticObjectId

from documents.jobs.job import QUEUE_OF, Job, JobKind
from mail.template import MailTemplate
from resolvers.context import Context

MAIL_ATTEMPTS: Final = 20
"""With the engine's pauses about an hour: as long as servers that know no sender make it wait."""

_PRIORITY: Final = 20  # somebody looks into a mailbox and waits


def letter(
    context: Context,
    template: MailTemplate,
    *,
    to: str,
    locale: str,
    owner_id: PydanticObjectId,
    about: PydanticObjectId,
    **values: str,
) -> Job:
    """A job that sends a mail.

    Store it with `dispatcher.store([job], session)` in the transaction of the change, and call
    `dispatcher.admit(owner_id)` afterwards.

    Args:
        context: the operation's.
        template: the kind of mail.
        to: address as its owner typed it, out of a stored document; never one that only was entered.
        locale: BCP 47 tag of the language in which the person is addressed.
        owner_id: whose turn at the workers it takes: who caused the mail.
        about: the document that the link names; one mail of a kind is sent about it, ever.
        values: what the texts mention (see `MailTemplate.values`); from people, made harmless when written.

    Raises:
        TypeError: a value is missing, or one that the template does not know is given.
    """
    if values.keys() != template.values:
        raise TypeError(f"{template} takes {sorted(template.values)}, not {sorted(values)}.")
    job_id = PydanticObjectId()
    return Job(
        id=job_id,
        kind=JobKind.MAIL,
        queue=QUEUE_OF[JobKind.MAIL],
        owner_id=owner_id,
        root_id=job_id,
        priority=_PRIORITY,
        max_attempts=MAIL_ATTEMPTS,
        idempotency_key=f"mail:{template}:{about}",
        payload={
            "template": template.value,
            "to": to,
            "locale": locale,
            "about": about,
            "values": dict(values),
        },
        queued_at=context.services.now(),
    )
