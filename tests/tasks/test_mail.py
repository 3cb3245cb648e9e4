"""Mails as jobs: stored with a change, sent once it stands, tried again while the server is away."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError

from access.mail_tokens import LinkPurpose
from devstack.server import free_port
from documents.jobs.job import Job, JobKind, JobState
from documents.transaction import in_transaction
from mail.template import MailTemplate
from resolvers.accounts.mails import letter
from tasks.job_engine.work import Done, Report
from tasks.letters.mail import send_mail
from tests.mailbox import Mailbox, text_of, workshop
from tests.studio import Studio, open_studio


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]], database: AsyncDatabase[dict[str, Any]], redis_url: str
) -> AsyncIterator[Studio]:
    async with open_studio(
        client=mongo_client, database=database, redis_url=redis_url, prefix=f"test:{database.name}:"
    ) as opened:
        yield opened


def an_invitation(studio: Studio, to: str, about: PydanticObjectId) -> Job:
    return letter(
        studio.context(),
        MailTemplate.COMPANY_INVITATION,
        to=to,
        locale="en",
        owner_id=PydanticObjectId(),
        about=about,
        inviter="Ana",
        company="Bees Ltd",
        role="MEMBER",
    )


async def store(studio: Studio, job: Job) -> None:
    await in_transaction(lambda session: studio.services.dispatcher.store([job], session))
    await studio.services.dispatcher.admit(job.owner_id)


async def test_a_mail_arrives_with_a_link_that_names_its_document(studio: Studio, mailbox: Mailbox) -> None:
    to, about = f"{uuid4().hex}@example.com", PydanticObjectId()
    await store(studio, an_invitation(studio, to, about))
    assert await mailbox.deliver(studio) == 1
    (mail,) = mailbox.letters_to(to)
    assert str(mail["Subject"]) == "Ana invites you to Bees Ltd"
    assert "https://app.example/company-invitation#token=fwm_" in text_of(mail)
    tokens = studio.services.mail_tokens
    assert tokens.read(LinkPurpose.COMPANY_INVITATION, mailbox.token_to(to)) == about
    stored = str(await Job.get_pymongo_collection().find_one({"payload.to": to}))
    assert "fwm_" not in stored  # the database holds no link


async def test_one_mail_of_a_kind_is_sent_about_a_document(studio: Studio) -> None:
    first = an_invitation(studio, "a@example.com", PydanticObjectId())
    again = an_invitation(studio, "a@example.com", first.payload["about"])
    again.owner_id = first.owner_id
    await store(studio, first)
    with pytest.raises(BulkWriteError):
        await store(studio, again)


async def test_a_server_that_is_away_is_tried_again(studio: Studio, mailbox: Mailbox) -> None:
    to = f"{uuid4().hex}@example.com"
    job = an_invitation(studio, to, PydanticObjectId())
    await store(studio, job)
    shop = workshop(studio, f"smtp://127.0.0.1:{free_port()}")

    async def send(job: Job, report: Report) -> Done:
        return await send_mail(shop, job, report)

    await studio.engine({JobKind.MAIL: send}).run(job.id)
    waiting = await Job.get(job.id)
    assert waiting is not None
    assert (waiting.state, waiting.attempt, waiting.max_attempts) == (JobState.QUEUED, 1, 20)
    await Job.find_one({"_id": job.id}).update({"$set": {"run_after": None}})
    await mailbox.deliver(studio)
    assert len(mailbox.letters_to(to)) == 1


def test_values_that_the_texts_do_not_mention_are_a_defect(studio: Studio) -> None:
    with pytest.raises(TypeError, match="takes"):
        letter(
            studio.context(),
            MailTemplate.VERIFY_EMAIL,
            to="a@example.com",
            locale="en",
            owner_id=PydanticObjectId(),
            about=PydanticObjectId(),
        )
