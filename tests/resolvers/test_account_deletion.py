"""Accounts are closed at once, come back within 30 days, and are gone for good after them."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from access.built_in_roles import ADMIN, MEMBER, BuiltInRole
from access.errors import Unauthenticated
from documents import MODELS
from documents.accounts.session import Session
from documents.accounts.user import User
from documents.audit_entry import AuditAction, AuditEntry
from documents.companies.company import Company
from documents.companies.role import Role
from documents.jobs.job import Job, JobKind, JobState
from documents.projects.comment import Author, Comment, Reply
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from resolvers.accounts import account_deletion, accounts, sessions
from resolvers.accounts.first_factor import Challenged
from resolvers.accounts.sessions import SignedIn
from resolvers.context import Context
from resolvers.outcome import UserErrorCode
from storage import keys
from storage.object_store import ObjectStore
from tasks.housekeeping.account_removal import AccountRemoval
from tasks.housekeeping.project_removal import ProjectRemoval
from tests.studio import Studio, make_frame, make_project, open_studio
from tests.tasks.test_engine import job_of

PASSWORD = "purple lantern"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    object_store: ObjectStore,
) -> AsyncIterator[Studio]:
    opened = open_studio(
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"test:{database.name}:",
        objects=object_store,
    )
    async with opened as studio:
        yield studio


async def signed_up(studio: Studio) -> tuple[Context, SignedIn]:
    """Somebody new, in the first session."""
    anonymous = studio.context()
    anonymous.viewer = None
    made = await accounts.sign_up(
        anonymous, email=f"{PydanticObjectId()}@example.com", password=PASSWORD, name="Ana", locale="en"
    )
    assert made.result is not None
    return await again(studio, made.result), made.result


async def again(studio: Studio, signed_in: SignedIn) -> Context:
    """The next request with the same access token."""
    context = studio.context()
    context.viewer = await studio.services.authenticator.authenticate(signed_in.tokens.access_token)
    return context


async def sign_in(studio: Studio, signed_in: SignedIn) -> SignedIn | Challenged | None:
    anonymous = studio.context()
    anonymous.viewer = None
    return (await accounts.sign_in(anonymous, email=signed_in.user.email, password=PASSWORD)).result


def in_days(days: float) -> Callable[[], datetime]:
    later = datetime.now(UTC) + timedelta(days=days)
    return lambda: later


async def sweep(studio: Studio, days: float) -> None:
    objects = studio.services.objects
    await AccountRemoval(objects, ProjectRemoval(objects, in_days(days)), in_days(days)).run()


async def employ(user: User, company_id: PydanticObjectId, role: BuiltInRole) -> None:
    await User.find({"_id": user.id}).update(
        {"$set": {"company_id": company_id, "role_id": role.id, "company_joined_at": datetime.now(UTC)}}
    )


async def company_of(user: User) -> Company:
    now = datetime.now(UTC)
    return await Company(name="Bees", created_by=user.id, created_at=now, updated_at=now).insert()


async def test_a_wrong_password_deletes_nothing(studio: Studio) -> None:
    ana, signed_in = await signed_up(studio)
    for password in (None, "violet lantern"):
        refused = await account_deletion.delete(ana, password=password)
        assert [(each.code, each.field) for each in refused.user_errors] == [
            (UserErrorCode.INVALID, "input.password")
        ]
    user = await User.get(signed_in.user.id)
    assert user is not None
    assert user.deleted_at is None


async def test_deleting_ends_sessions_and_work_and_takes_the_projects_along(studio: Studio) -> None:
    ana, signed_in = await signed_up(studio)
    eva, _ = await signed_up(studio)
    project = await make_project(
        ana, frames=[make_frame()], collaborators={eva.require_viewer().user_id: ProjectRole.EDITOR}
    )
    job = job_of(JobKind.IMAGE, project_id=project.id, owner_id=signed_in.user.id)
    await job.insert()
    done = await account_deletion.delete(ana, password=PASSWORD)
    assert done.user_errors == ()
    with pytest.raises(Unauthenticated):
        await again(studio, signed_in)
    with pytest.raises(Unauthenticated):
        await sessions.refresh_tokens(ana, refresh_token=signed_in.tokens.refresh_token)
    stored, ended = await Project.get(project.id), await Job.get(job.id)
    assert stored is not None
    assert stored.deleted_at is not None
    assert ended is not None
    assert ended.state is JobState.CANCELED
    mail = await Job.find_one({"owner_id": signed_in.user.id, "payload.template": "ACCOUNT_DELETED"})
    assert mail is not None
    with pytest.raises(Unauthenticated):
        await account_deletion.delete(ana, password=PASSWORD)


async def test_signing_in_asks_and_restoring_brings_back_what_went_along(studio: Studio) -> None:
    ana, signed_in = await signed_up(studio)
    kept, gone = await make_project(ana, frames=[]), await make_project(ana, frames=[])
    earlier = datetime.now(UTC) - timedelta(days=3)
    await Project.find({"_id": gone.id}).update({"$set": {"deleted_at": earlier}})
    await account_deletion.delete(ana, password=PASSWORD)
    asked = await sign_in(studio, signed_in)
    assert isinstance(asked, Challenged)
    assert asked.erased_at is not None
    assert timedelta(days=29) < asked.erased_at - datetime.now(UTC) < timedelta(days=31)
    restored = await account_deletion.restore(ana, challenge=asked.challenge)
    assert isinstance(restored.result, SignedIn)
    back = await again(studio, restored.result)
    assert back.require_viewer().user_id == signed_in.user.id
    deleted = [(each.id, each.deleted_at is not None) for each in await Project.find_all().to_list()]
    assert (kept.id, False) in deleted
    assert (gone.id, True) in deleted
    with pytest.raises(Unauthenticated):  # of a challenge that has done its work
        await account_deletion.restore(ana, challenge=asked.challenge)
    assert isinstance(await sign_in(studio, signed_in), SignedIn)
    actions = [each.action for each in await AuditEntry.find({"target_id": signed_in.user.id}).to_list()]
    assert actions.count(AuditAction.ACCOUNT_DELETED) == actions.count(AuditAction.ACCOUNT_RESTORED) == 1


async def test_the_last_administrator_of_others_stays(studio: Studio) -> None:
    ana, signed_in = await signed_up(studio)
    eva, other = await signed_up(studio)
    company = await company_of(signed_in.user)
    await employ(signed_in.user, company.id, ADMIN)
    await employ(other.user, company.id, MEMBER)
    ana = await again(studio, signed_in)
    refused = await account_deletion.delete(ana, password=PASSWORD)
    assert [each.code for each in refused.user_errors] == [UserErrorCode.LAST_ADMINISTRATOR]
    user = await User.get(signed_in.user.id)
    assert user is not None
    assert (user.deleted_at, user.company_id) == (None, company.id)
    del eva


async def test_who_joins_a_company_meanwhile_is_not_deleted_as_its_member(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, signed_in = await signed_up(studio)
    _, admin = await signed_up(studio)
    company = await company_of(admin.user)
    await employ(admin.user, company.id, ADMIN)
    jobs = account_deletion._unfinished

    async def joined_first(user_id: PydanticObjectId) -> Any:
        await employ(signed_in.user, company.id, MEMBER)
        return await jobs(user_id)

    with monkeypatch.context() as patched:
        patched.setattr(account_deletion, "_unfinished", joined_first)
        refused = await account_deletion.delete(ana, password=PASSWORD)
    assert [each.code for each in refused.user_errors] == [UserErrorCode.INVALID]
    user = await User.get(signed_in.user.id)
    assert user is not None
    assert (user.deleted_at, user.company_id) == (None, company.id)
    assert (await account_deletion.delete(ana, password=PASSWORD)).user_errors == ()
    gone = await User.get(signed_in.user.id)
    assert gone is not None
    assert gone.company_id is None


async def test_a_member_leaves_the_companys_projects_to_it(studio: Studio) -> None:
    ana, signed_in = await signed_up(studio)
    _, admin = await signed_up(studio)
    company = await company_of(admin.user)
    await employ(admin.user, company.id, ADMIN)
    await employ(signed_in.user, company.id, MEMBER)
    ana = await again(studio, signed_in)
    shared, private = await make_project(ana, frames=[]), await make_project(ana, frames=[])
    await Project.find({"_id": shared.id}).update({"$set": {"company_id": company.id}})
    assert (await account_deletion.delete(ana, password=PASSWORD)).user_errors == ()
    await sweep(studio, 31)
    stays = await Project.get(shared.id)
    assert stays is not None
    assert (stays.owner_id, stays.deleted_at) == (admin.user.id, None)
    assert await Project.get(private.id) is None
    assert await Company.get(company.id) is not None


async def test_who_is_alone_in_a_company_takes_it_along(studio: Studio) -> None:
    ana, signed_in = await signed_up(studio)
    company = await company_of(signed_in.user)
    role = await Role(name="Curator", permissions=[], company_id=company.id).insert()
    await employ(signed_in.user, company.id, ADMIN)
    ana = await again(studio, signed_in)
    project = await make_project(ana, frames=[])
    await Project.find({"_id": project.id}).update({"$set": {"company_id": company.id}})
    logo = keys.company_asset(str(company.id), "logos", "a1", "png")
    await studio.services.objects.put_bytes(logo, b"png", "image/png")
    assert (await account_deletion.delete(ana, password=PASSWORD)).user_errors == ()
    await sweep(studio, 29)
    assert await Company.get(company.id) is not None
    await sweep(studio, 31)
    assert await Company.get(company.id) is None
    assert await Role.get(role.id) is None
    assert await Project.get(project.id) is None
    assert not await studio.services.objects.exists(logo)


async def test_nothing_but_ids_stays_of_an_erased_account(studio: Studio) -> None:
    ana, signed_in = await signed_up(studio)
    eva, _ = await signed_up(studio)
    user_id, user = signed_in.user.id, signed_in.user
    await make_project(ana, frames=[make_frame()])
    others = await make_project(eva, frames=[], collaborators={user_id: ProjectRole.EDITOR})
    now = datetime.now(UTC)
    said, heard = Author(user_id=user_id), Author(user_id=eva.require_viewer().user_id)
    remark = Comment(
        project_id=others.id,
        author=said,
        text="Brighter.",
        mentions=[user_id],
        resolved_by=said,
        replies=[
            Reply(author=each, text="Yes.", mentions=[user_id], created_at=now) for each in (said, heard)
        ],
        created_at=now,
    )
    await remark.insert()
    avatar = keys.user_file(str(user_id), "avatars", "a1", "webp")
    await studio.services.objects.put_bytes(avatar, b"webp", "image/webp")
    await account_deletion.delete(ana, password=PASSWORD)
    await sweep(studio, 29)
    assert await User.get(user_id) is not None
    assert isinstance(await sign_in(studio, signed_in), Challenged)
    for _ in range(2):
        await sweep(studio, 31)
    assert await User.get(user_id) is None
    assert await Session.find({"user_id": user_id}).count() == 0
    assert await Project.find({"owner_id": user_id}).count() == 0
    assert [each async for each in studio.services.objects.list(keys.user_prefix(str(user_id)))] == []
    shared = await Project.get(others.id)
    assert shared is not None
    assert shared.collaborators == []
    kept = await Comment.get(remark.id)
    assert kept is not None
    assert (kept.text, kept.author.user_id, kept.mentions) == ("Brighter.", None, [])
    assert [each.author.user_id for each in kept.replies] == [None, heard.user_id]
    trail = await AuditEntry.find({"target_id": user_id}).to_list()
    assert sum(each.action is AuditAction.ACCOUNT_ERASED for each in trail) == 1
    for model in MODELS:
        for raw in await model.get_pymongo_collection().find({}).to_list():
            assert user.email not in str(raw), model.__name__
            if model is not AuditEntry:
                assert str(user_id) not in str(raw), model.__name__
    anonymous = studio.context()
    anonymous.viewer = None
    again_here = await accounts.sign_up(
        anonymous, email=user.email, password=PASSWORD, name="Ana", locale="en"
    )
    assert again_here.result is not None


async def test_an_erasure_that_was_broken_off_is_finished(studio: Studio) -> None:
    ana, signed_in = await signed_up(studio)
    project = await make_project(ana, frames=[])
    await account_deletion.delete(ana, password=PASSWORD)
    # A worker that died right before the account itself: all around it is gone.
    await Project.find({"_id": project.id}).delete()
    await Session.find({"user_id": signed_in.user.id}).delete()
    await sweep(studio, 31)
    assert await User.get(signed_in.user.id) is None
