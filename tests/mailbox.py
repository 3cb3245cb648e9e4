"""Mails as they arrived at a real mail server, and sending those that wait."""

import email
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path
from typing import Any, cast

from documents.jobs.job import Job, JobKind, JobState
from mail.post import SmtpPost, SmtpServer
from tasks.job_engine.work import Done, Report
from tasks.letters.account_mail import send_account_mail
from tasks.letters.correspondence import Correspondence
from tasks.letters.mail import send_mail
from tasks.workshop import Workshop
from tests.studio import Studio

_TOKEN = re.compile(r"#token=(fwm_[\w-]+)")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What the server keeps in `folder`, and where it is spoken to."""

    folder: Path
    smtp_url: str

    def letters_to(self, address: str) -> list[EmailMessage]:
        """Mails that were handed over for an address, oldest first."""
        files = sorted(self.folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        letters = [email.message_from_bytes(file.read_bytes(), policy=SMTPUTF8) for file in files]
        local, _, domain = address.rpartition("@")
        wanted = f"{local}@{domain.lower()}"  # domains are written in their usual form
        return [letter for letter in letters if str(letter["X-Envelope-To"]) == wanted]

    def token_to(self, address: str) -> str:
        """The token in the link of the last mail to an address."""
        found = _TOKEN.search(text_of(self.letters_to(address)[-1]))
        assert found is not None
        return found[1]

    async def deliver(self, studio: Studio) -> int:
        """Send every mail that waits in a studio, as a worker does; how many there were."""
        shop = workshop(studio, self.smtp_url)

        async def send(job: Job, report: Report) -> Done:
            return await send_mail(shop, job, report)

        async def send_if_known(job: Job, report: Report) -> Done:
            return await send_account_mail(shop, job, report)

        handlers = {JobKind.MAIL: send, JobKind.ACCOUNT_MAIL: send_if_known}
        wanted = {"kind": {"$in": list(handlers)}, "state": JobState.QUEUED}
        waiting = await Job.find(wanted).sort("_id").to_list()
        for job in waiting:
            await studio.engine(handlers).run(job.id)
        return len(waiting)


def workshop(studio: Studio, smtp_url: str) -> Workshop:
    """A worker's parts, of which only those for mails are there."""
    unused = cast("Any", None)
    return Workshop(
        objects=studio.services.objects,
        providers=unused,
        caps=studio.services.caps,
        engine=unused,
        intake=unused,
        scratch=unused,
        kill_points=unused,
        now=studio.services.now,
        correspondence=Correspondence(
            post=SmtpPost(SmtpServer.parse(smtp_url)),
            tokens=studio.services.mail_tokens,
            sender="Framewright <studio@framewright.example>",
            app_url="https://app.example",
        ),
    )


def text_of(letter: EmailMessage) -> str:
    """The plain text of a mail."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(letter: EmailMessage) -> str:
    """The HTML of a mail."""
    body = letter.get_body(("html",))
    assert body is not None
    return str(body.get_content())
