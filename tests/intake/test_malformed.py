"""A thousand files that nobody should send, through the whole check: refused with a code, and gone."""

import asyncio
import resource
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import psutil
import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.accounts.user import User
from documents.companies.car_model import CarModel, CarVariant
from documents.companies.company import Company
from documents.jobs.job import QUEUE_OF, Job, JobKind
from documents.media.upload import Upload, UploadPurpose, UploadState
from documents.projects.project import Project
from rendering.intake import limits
from rendering.intake.desk import IntakeDesk
from storage.object_store import ObjectStore
from tasks.job_engine.kill_points import KillPoints
from tasks.uploads.upload_check import check_upload
from tasks.workshop import Workshop
from tests.intake.good_files import FFMPEG
from tests.intake.malformed_files import FILMS, PICTURES, SOUNDS, Malformed, malformed
from tests.studio import make_frame, make_project, open_studio

COUNT = 1_000
SEED = 20_261_121
AT_ONCE = 4
OWN_GROWTH_BYTES = 200 * 1024**2


class House:
    """A project, a company and a user that files are sent to, and a worker."""

    def __init__(self, shop: Workshop, project: Project, company: Company, car: CarModel, user: User) -> None:
        self.shop = shop
        self.project = project
        self.company = company
        self.car = car
        self.user = user

    def whose(self, extension: str) -> dict[str, Any]:
        """What a file of this type is sent for."""
        scene = self.project.script.scenes[0]
        in_project = {"project_id": self.project.id}
        if extension in PICTURES[:3]:
            frame = {"purpose": UploadPurpose.FRAME_IMAGE, "target_id": scene.frames[0].id}
            return in_project | frame
        if extension in PICTURES:
            return {"user_id": self.user.id, "purpose": UploadPurpose.AVATAR, "target_id": self.user.id}
        if extension in FILMS:
            return in_project | {"purpose": UploadPurpose.SCENE_CLIP, "target_id": scene.id}
        if extension in SOUNDS:
            return in_project | {"purpose": UploadPurpose.MUSIC, "target_id": self.project.id}
        in_company = {"company_id": self.company.id}
        if extension == "ttf":
            options = {"kind": "FONT", "name": "F", "value": {}}
            asset = {"purpose": UploadPurpose.COMPANY_ASSET, "target_id": self.company.id}
            return in_company | asset | {"options": options}
        options = {"kind": "MODEL_3D", "title": ""}
        variant = {"purpose": UploadPurpose.CAR_MEDIA, "target_id": self.car.variants[0].id}
        return in_company | variant | {"options": options}

    async def refusal(self, file: Malformed) -> Upload:
        """What becomes of a file that is sent and checked."""
        upload_id, now = PydanticObjectId(), datetime.now(UTC)
        upload = Upload(
            id=upload_id,
            key=f"projects/{self.project.id}/uploads/{upload_id}.bin",
            state=UploadState.CHECKING,
            file_name=f"{file.kind}.{file.extension}",
            mime_type=file.mime_type,
            size_bytes=len(file.data),
            created_by=self.user.id,
            created_at=now,
            expires_at=now + timedelta(hours=1),
            **self.whose(file.extension),
        )
        await upload.insert()
        await self.shop.objects.put_bytes(upload.key, file.data, file.mime_type)
        job = Job(
            kind=JobKind.UPLOAD_CHECK,
            queue=QUEUE_OF[JobKind.UPLOAD_CHECK],
            project_id=upload.project_id,
            node_id=upload_id,
            owner_id=self.user.id,
            root_id=upload_id,
            queued_at=now,
        )
        done = await check_upload(self.shop, job, lambda *_, **__: None)
        assert done.attach is None, (file.kind, file.extension, len(file.data), "was taken")
        found = await Upload.get(upload_id)
        assert found is not None
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    object_store: ObjectStore,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[House]:
    async with open_studio(
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"{database.name}:",
        objects=object_store,
    ) as studio:
        owner, now, unused = studio.context(), datetime.now(UTC), cast("Any", None)
        user_id = owner.require_viewer().user_id
        user = User(id=user_id, email="a@a.example", email_key="a", name="A", created_at=now, updated_at=now)
        company = Company(name="C", created_by=user_id, created_at=now, updated_at=now)
        car = CarModel(
            company_id=company.id,
            name="M",
            name_key="m",
            variants=[CarVariant(year=2026, created_at=now)],
            created_by=user_id,
            created_at=now,
            updated_at=now,
        )
        for document in (user, company, car):
            await document.insert()
        shop = Workshop(
            objects=object_store,
            providers=unused,
            caps=studio.services.caps,
            engine=unused,
            intake=IntakeDesk(FFMPEG),
            scratch=tmp_path_factory.mktemp("scratch"),
            kill_points=KillPoints(),
            now=studio.services.now,
            correspondence=unused,
        )
        yield House(shop, await make_project(owner, frames=[make_frame()]), company, car, user)
        await shop.intake.close()


def largest_child_bytes() -> int:
    """Of all that this process has started so far, other tests' included."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


async def test_a_thousand_malformed_files_are_refused_and_gone(house: House) -> None:
    files = list(malformed(COUNT, seed=SEED))
    turns = asyncio.Semaphore(AT_ONCE)
    own = psutil.Process()
    before = own.memory_info().rss
    largest_before = largest_child_bytes()
    wrong: Counter[str] = Counter()

    async def send(file: Malformed) -> None:
        async with turns:
            upload = await house.refusal(file)
        assert upload.state is UploadState.REFUSED
        assert upload.reason
        if upload.reason_code not in {fault.value for fault in file.faults}:
            wrong[f"{file.kind} ({file.extension}): {upload.reason_code} {upload.reason}"] += 1

    async with asyncio.TaskGroup() as group:
        for file in files:
            group.create_task(send(file))
    assert wrong == {}
    assert own.memory_info().rss - before < OWN_GROWTH_BYTES
    assert house.shop.intake.cells.peak_memory_bytes < limits.MEMORY_BYTES
    assert largest_child_bytes() <= max(largest_before, limits.MEMORY_BYTES)
    for prefix in (
        f"projects/{house.project.id}/",
        f"companies/{house.company.id}/",
        f"users/{house.user.id}/",
    ):
        assert [each.key async for each in house.shop.objects.list(prefix)] == []
    assert list(house.shop.scratch.iterdir()) == []


def test_the_same_seed_makes_the_same_files() -> None:
    first, second = ([each.data for each in malformed(60, seed=3)] for _ in range(2))
    assert first == second
