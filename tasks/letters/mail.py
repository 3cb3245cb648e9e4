"""Sending a mail. A worker that dies right after the server took it sends it once more, with the same id."""

from beanie import PydanticObjectId

from documents.jobs.job import Job
from mail.composition import Letter, compose
from mail.errors import MailDelayed, MailRefused
from mail.template import MailTemplate
from tasks.job_engine.work import Done, Hopeless, Report, Retryable
from tasks.workshop import Workshop


async def send_mail(shop: Workshop, job: Job, report: Report) -> Done:
    """Write the mail of a job and hand it over.

    Raises:
        Retryable: the mail server is away or wants it later.
        Hopeless: the mail server never takes it.
    """
    del report
    payload = job.payload
    template = MailTemplate(payload["template"])
    letter = Letter(
        template=template,
        to=payload["to"],
        locale=payload["locale"],
        values=payload["values"],
        link=shop.correspondence.link(template, PydanticObjectId(payload["about"])),
        letter_id=str(job.id),
    )
    await deliver(shop, letter)
    return Done()


async def deliver(shop: Workshop, letter: Letter) -> None:
    """Hand a letter over.

    Raises:
        Retryable, Hopeless: as for `send_mail`.
    """
    message = compose(letter, sender=shop.correspondence.sender, at=shop.now())
    try:
        await shop.correspondence.post.send(message)
    except MailDelayed as error:
        raise Retryable("MAIL_DELAYED", str(error)) from error
    except MailRefused as error:
        raise Hopeless("MAIL_REFUSED", str(error)) from error
