"""An archive holds all that is its owner's and nothing else, and its owner alone can get it for a week."""

import json
import tracemalloc
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from access.permissions import KEY_SCOPES
from documents.accounts.data_export import DataExport
from documents.accounts.user import User
from documents.audit_entry import AuditAction, AuditEntry
from documents.companies.company_invitation import CompanyInvitation
from documents.holdings import HOLDINGS
from documents.jobs.job import Job, JobKind, JobState
from documents.projects.project_invitation import ProjectInvitation
from documents.projects.project_role import ProjectRole
from resolvers.accounts import data_exports
from resolvers.context import Context
from schema.root import build_schema
from storage import keys
from storage.object_store import ObjectStore
from tasks.data_export import export_data
from tasks.housekeeping.export_removal import ExportRemoval
from tasks.job_engine.kill_points import KillPoints
from tasks.job_engine.work import Hopeless
from tasks.workshop import Workshop
from tests.resolvers.conftest import Api
from tests.studio import Studio, make_frame, make_project, open_studio

EXPORTS = "{ viewer { dataExports { id state readyAt expiresAt file { url mimeType sizeBytes } } } }"
ORDER = "mutation { exportData { dataExport { id state file { url } } userErrors { code } } }"


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


@pytest.fixture
def shop(studio: Studio, tmp_path: Path) -> Workshop:
    unused = cast("Any", None)
    return Workshop(
        objects=studio.services.objects,
        providers=unused,
        caps=unused,
        engine=unused,
        intake=unused,
        scratch=tmp_path,
        kill_points=KillPoints(),
        now=studio.services.now,
        correspondence=unused,
    )


async def somebody(studio: Studio) -> Context:
    context = studio.context()
    user_id, now = context.require_viewer().user_id, datetime.now(UTC)
    address = f"{user_id}@example.com"
    await User(
        id=user_id,
        email=address,
        email_key=address,
        name="Ana \u2713",
        password_hash="$argon2id$secret",
        created_at=now,
        updated_at=now,
    ).insert()
    return context


async def made(studio: Studio, shop: Workshop, context: Context) -> DataExport:
    """Order an archive and make it."""
    ordered = (await data_exports.order(context)).result
    assert ordered is not None

    async def work(job: Job, report: Any) -> Any:
        return await export_data(shop, job, report)

    await studio.engine({JobKind.DATA_EXPORT: work}).run(ordered.job_id)
    export = await DataExport.get(ordered.id)
    assert export is not None
    return export


async def fetched(studio: Studio, export: DataExport, folder: Path) -> zipfile.ZipFile:
    assert export.file is not None
    path = folder / "fetched.zip"
    await studio.services.objects.get_file(export.file.key, path)
    return zipfile.ZipFile(path)


@pytest.mark.parametrize("is_proved", [True, False])
async def test_invitations_are_told_to_who_proved_the_address_alone(
    studio: Studio, shop: Workshop, tmp_path: Path, *, is_proved: bool
) -> None:
    ana, eva = await somebody(studio), await somebody(studio)
    now, user_id = datetime.now(UTC), ana.require_viewer().user_id
    if is_proved:
        await User.find_one({"_id": user_id}).update({"$set": {"email_verified_at": now}})
    address = f"{user_id}@example.com"
    given: dict[str, Any] = {"email": address, "email_key": address, "created_at": now}
    given |= {"invited_by": eva.require_viewer().user_id, "expires_at": now + timedelta(days=1)}
    await CompanyInvitation(company_id=PydanticObjectId(), role_id=PydanticObjectId(), **given).insert()
    await ProjectInvitation(project_id=PydanticObjectId(), role=ProjectRole.VIEWER, **given).insert()
    archive = await fetched(studio, await made(studio, shop, ana), tmp_path)
    for name in ("company_invitations", "project_invitations"):
        assert len(json.loads(archive.read(f"data/{name}.json"))) == is_proved


async def test_an_archive_holds_what_is_ones_own_and_nothing_of_others(
    studio: Studio, shop: Workshop, tmp_path: Path
) -> None:
    ana, eva = await somebody(studio), await somebody(studio)
    objects = studio.services.objects
    mine, theirs = [await make_project(each, frames=[make_frame()], topic="bees") for each in (ana, eva)]
    picture = keys.scene_asset(str(mine.id), "s1", "images", "i1", "png")
    await objects.put_bytes(picture, b"\x89PNG mine", "image/png")
    await objects.put_bytes(keys.scene_asset(str(theirs.id), "s1", "images", "i1", "png"), b"x", "image/png")
    user = str(ana.require_viewer().user_id)
    avatar = keys.user_file(user, "avatars", "a1", "webp")
    await objects.put_bytes(avatar, b"", "image/webp")
    await objects.put_bytes(keys.segment("users", user, "d" * 64), b"cache", "video/mp4")
    archive = await fetched(studio, await made(studio, shop, ana), tmp_path)
    assert archive.testzip() is None
    names = set(archive.namelist())
    assert {each for each in names if each.startswith("files/")} == {f"files/{picture}", f"files/{avatar}"}
    assert archive.read(f"files/{picture}") == b"\x89PNG mine"
    assert {f"data/{each.name}.json" for each in HOLDINGS if each.exported} <= names
    (account,) = json.loads(archive.read("data/users.json"))
    assert account["name"] == "Ana \u2713"
    assert "password_hash" not in account
    (project,) = json.loads(archive.read("data/projects.json"))
    assert project["_id"] == {"$oid": str(mine.id)}
    assert json.loads(archive.read("data/renders.json")) == []
    everything = b"".join(archive.read(name) for name in names)
    assert b"secret" not in everything.replace(b"secrets such as", b"")
    assert str(eva.require_viewer().user_id).encode() not in everything
    assert list(tmp_path.rglob("exports/*")) == []


async def test_memory_stays_flat_however_much_there_is(studio: Studio, shop: Workshop) -> None:
    ana = await somebody(studio)
    project = await make_project(ana, frames=[])
    large = bytes(24 * 1024**2)
    for number in range(2):
        key = keys.scene_asset(str(project.id), "s1", "clips", f"c{number}", "mp4")
        await studio.services.objects.put_bytes(key, large, "video/mp4")
    del large
    tracemalloc.start()
    export = await made(studio, shop, ana)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert export.file is not None
    assert export.file.size_bytes > 48 * 1024**2
    assert peak_bytes < 36 * 1024**2  # two parts of 16 MiB on their way to storage


async def test_two_orders_at_a_time_are_one(studio: Studio) -> None:
    ana = await somebody(studio)
    first, second = await data_exports.order(ana), await data_exports.order(ana)
    assert first.result is not None
    assert second.result is not None
    assert first.result.id == second.result.id
    (entry,) = await AuditEntry.find({"actor_id": ana.require_viewer().user_id}).to_list()
    assert entry.action is AuditAction.DATA_EXPORTED


async def test_a_worker_that_died_after_it_had_stored_the_archive_is_made_good(
    studio: Studio, shop: Workshop
) -> None:
    ana = await somebody(studio)
    ordered = (await data_exports.order(ana)).result
    assert ordered is not None
    job = await Job.get(ordered.job_id)
    assert job is not None
    await export_data(shop, job, lambda *_, **__: None)  # stored, and nobody told of it
    export = await made(studio, shop, ana)
    assert export.id == ordered.id
    assert export.file is not None
    again = await export_data(shop, job, lambda *_, **__: None)
    assert again.attach is None
    letters = await Job.find({"owner_id": job.owner_id, "kind": JobKind.MAIL}).to_list()
    assert [each.payload["template"] for each in letters] == ["DATA_EXPORTED"]


async def test_an_archive_is_its_owners_alone_and_gone_after_a_week(studio: Studio, shop: Workshop) -> None:
    api = Api(build_schema())
    ana = await somebody(studio)
    (ordered,) = [(await api(ana, ORDER)).payload["dataExport"]]
    assert (ordered["state"], ordered["file"]) == ("QUEUED", None)
    export = await made(studio, shop, ana)
    (shown,) = (await api(ana, EXPORTS)).payload["dataExports"]
    assert (shown["id"], shown["state"]) == (ordered["id"], JobState.SUCCEEDED.value)
    assert shown["file"]["mimeType"] == "application/zip"
    assert export.file is not None
    with_key = studio.context(ana.require_viewer().user_id)
    with_key.viewer = replace(with_key.require_viewer(), session_id=None, scopes=KEY_SCOPES)
    assert (await api(with_key, EXPORTS)).payload["dataExports"] is None
    assert (await api(with_key, ORDER)).codes == ["FORBIDDEN"]
    for days, is_there in ((6, True), (8, False)):
        later = datetime.now(UTC) + timedelta(days=days)
        await ExportRemoval(studio.services.objects, lambda later=later: later).run()  # type: ignore[misc]
        assert await studio.services.objects.exists(export.file.key) is is_there
    assert (await api(ana, EXPORTS)).payload["dataExports"] == []


async def test_an_order_of_an_account_that_is_gone_ends(studio: Studio, shop: Workshop) -> None:
    ana = await somebody(studio)
    ordered = (await data_exports.order(ana)).result
    assert ordered is not None
    job = await Job.get(ordered.job_id)
    assert job is not None
    await User.find({"_id": ana.require_viewer().user_id}).delete()
    with pytest.raises(Hopeless):
        await export_data(shop, job, lambda *_, **__: None)
