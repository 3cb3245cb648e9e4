from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import imageio_ffmpeg
import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from access.provider_choice import ProviderChoice
from access.sealing import Sealing
from documents.jobs.job import QUEUE_OF, Job, JobKind, JobState
from documents.media.library_entry import LibraryEntry, LibraryKind
from documents.projects.cast import Cast
from documents.projects.project import AssetReuse, Project
from documents.tree.asset import Origin
from documents.tree.brief import Resolution
from documents.tree.caps import Caps
from documents.tree.inputs import image_is_stale, music_is_stale, voice_is_stale
from providers.desk import ProviderDesk
from providers.local.service import LocalService
from providers.protocols.offer import Capability
from rendering.engine import RenderEngine
from rendering.fonts import FontShelf
from storage.object_store import ObjectStore
from tasks.housekeeping.project_removal import ProjectRemoval
from tasks.housekeeping.project_tidying import QUIET, ProjectTidying
from tasks.job_engine.kill_points import KillPoints
from tasks.job_engine.work import Done, Report
from tasks.making.image import draw_image
from tasks.making.music import compose_music
from tasks.making.voiceover import speak_voiceover
from tasks.workshop import Workshop
from tests.studio import Studio, make_frame, make_project, open_studio

Task = Callable[[Workshop, Job, Report], Awaitable[Done]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    object_store: ObjectStore,
) -> AsyncIterator[Studio]:
    async with open_studio(
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"{database.name}:",
        objects=object_store,
    ) as opened:
        yield opened


class Atelier:
    """Makes things for projects of one owner, and counts what was really made."""

    def __init__(self, studio: Studio, folder: Path) -> None:
        self.studio = studio
        self.owner = studio.context()
        desk = ProviderDesk([LocalService()], dict.fromkeys(Capability, "PROVIDERS"))
        self._shop = Workshop(
            objects=studio.services.objects,
            providers=ProviderChoice(desk, Sealing({"s": "s" * 32})),
            caps=Caps(),
            engine=RenderEngine(Path(imageio_ffmpeg.get_ffmpeg_exe()), FontShelf(folder, fetch=None), ""),
            intake=cast("Any", None),
            scratch=folder,
            kill_points=KillPoints(),
            now=studio.services.now,
            correspondence=cast("Any", None),
        )

    async def project(self, reuse: AssetReuse, *, frames: int = 1, **values: Any) -> Project:
        """A small project whose frames are all alike."""
        project = await make_project(self.owner, frames=[make_frame() for _ in range(frames)])
        project.asset_reuse = reuse
        project.style.resolution = Resolution.P480
        for name, value in values.items():
            setattr(project, name, value)
        await project.replace()
        return project

    async def make(self, project: Project, kind: JobKind, *, frame: int = 0) -> Project:
        """The project after a job of this kind."""
        task: Task = {
            JobKind.IMAGE: draw_image,
            JobKind.VOICEOVER: speak_voiceover,
            JobKind.MUSIC: compose_music,
        }[kind]
        node = None if kind is JobKind.MUSIC else project.script.scenes[0].frames[frame].id
        job = Job(
            kind=kind,
            queue=QUEUE_OF[kind],
            project_id=project.id,
            node_id=node,
            owner_id=project.owner_id,
            root_id=project.id,
            max_attempts=1,
            queued_at=self.studio.services.now(),
        )

        async def work(job: Job, report: Report) -> Done:
            return await task(self._shop, job, report)

        await self.studio.services.dispatcher.start([job])
        await self.studio.engine({kind: work}).run(job.id)
        ended, now = await Job.get(job.id), await Project.get(project.id)
        assert ended is not None
        assert ended.state is JobState.SUCCEEDED, ended.error
        assert now is not None
        return now


@pytest.fixture
def atelier(studio: Studio, tmp_path: Path) -> Atelier:
    return Atelier(studio, tmp_path)


def assets(project: Project, frame: int = 0) -> list[Any]:
    """Picture, voice and music, as far as they are there."""
    shown = project.script.scenes[0].frames[frame]
    return [each for each in (shown.chosen_image, shown.voiceover.recording, project.music.track) if each]


KINDS = (JobKind.IMAGE, JobKind.VOICEOVER, JobKind.MUSIC)


async def test_the_library_serves_what_was_made_from_the_same_inputs(
    atelier: Atelier, studio: Studio
) -> None:
    first = await atelier.project(AssetReuse.NEVER)
    second = await atelier.project(AssetReuse.WITHIN_LIBRARY)
    for kind in KINDS:
        first = await atelier.make(first, kind)
        second = await atelier.make(second, kind)
    entries = await LibraryEntry.find({"project_id": first.id}).to_list()
    assert {entry.kind for entry in entries} == {LibraryKind.IMAGE, LibraryKind.VOICEOVER, LibraryKind.MUSIC}
    assert await LibraryEntry.find({"project_id": second.id}).count() == 0
    by_bytes = {entry.file.sha256: entry for entry in entries}
    for made, again in zip(assets(first), assets(second), strict=True):
        entry = by_bytes[again.file.sha256]
        assert entry.use_count == 1
        assert made.provenance.origin is Origin.GENERATED
        assert (again.provenance.origin, again.provenance.cost_micros) == (Origin.REUSED, 0)
        assert (again.provenance.parent_kind, again.provenance.parent_id) == ("LibraryEntry", entry.id)
        assert again.file.key.startswith(f"projects/{second.id}/")
        data = await studio.services.objects.get_bytes(again.file.key)
        assert data == await studio.services.objects.get_bytes(made.file.key)
    scene = second.script.scenes[0]
    frame = scene.frames[0]
    assert frame.voiceover.recording is not None
    assert [word.text for word in frame.voiceover.recording.words] == frame.narration.split()
    assert frame.chosen_image is not None
    assert not image_is_stale(second, scene, frame, frame.chosen_image, Cast())
    assert not voice_is_stale(second, frame, Cast())
    assert not music_is_stale(second)


async def test_never_means_never(atelier: Atelier) -> None:
    for _ in range(2):
        project = await atelier.make(await atelier.project(AssetReuse.NEVER), JobKind.IMAGE)
        assert [asset.provenance.origin for asset in assets(project)] == [Origin.GENERATED]


async def test_within_the_project_means_no_further(atelier: Atelier) -> None:
    await atelier.make(await atelier.project(AssetReuse.NEVER), JobKind.IMAGE)
    project = await atelier.project(AssetReuse.WITHIN_PROJECT, frames=2)
    project = await atelier.make(project, JobKind.IMAGE, frame=0)
    project = await atelier.make(project, JobKind.IMAGE, frame=1)
    origins = [assets(project, frame)[0].provenance.origin for frame in (0, 1)]
    assert origins == [Origin.GENERATED, Origin.REUSED]


async def test_who_asks_again_for_the_same_frame_gets_something_new(atelier: Atelier) -> None:
    project = await atelier.project(AssetReuse.WITHIN_LIBRARY)
    for _ in range(2):
        project = await atelier.make(project, JobKind.VOICEOVER)
        assert assets(project)[0].provenance.origin is Origin.GENERATED


async def test_nothing_crosses_the_border_of_a_company_or_an_owner(studio: Studio, tmp_path: Path) -> None:
    """An owner's private things stay out of the company's projects, and the other way round."""
    atelier, stranger = Atelier(studio, tmp_path), Atelier(studio, tmp_path)
    company = PydanticObjectId()
    await atelier.make(await atelier.project(AssetReuse.NEVER), JobKind.VOICEOVER)
    for maker, of_company in ((atelier, company), (stranger, None)):
        project = await maker.project(AssetReuse.WITHIN_LIBRARY, company_id=of_company)
        project = await maker.make(project, JobKind.VOICEOVER)
        assert assets(project)[0].provenance.origin is Origin.GENERATED
    project = await stranger.project(AssetReuse.WITHIN_LIBRARY, company_id=company)
    project = await stranger.make(project, JobKind.VOICEOVER)
    assert assets(project)[0].provenance.origin is Origin.REUSED


async def test_what_is_gone_is_made_anew(atelier: Atelier, studio: Studio) -> None:
    first = await atelier.make(await atelier.project(AssetReuse.NEVER), JobKind.VOICEOVER)
    await studio.services.objects.delete(assets(first)[0].file.key)
    second = await atelier.make(await atelier.project(AssetReuse.WITHIN_LIBRARY), JobKind.VOICEOVER)
    assert assets(second)[0].provenance.origin is Origin.GENERATED


async def test_an_entry_goes_with_its_file_and_with_its_project(atelier: Atelier, studio: Studio) -> None:
    project = await atelier.make(await atelier.project(AssetReuse.NEVER), JobKind.VOICEOVER)
    project.brief.language = "de"
    await project.replace()
    project = await atelier.make(project, JobKind.VOICEOVER)
    assert await LibraryEntry.find({"project_id": project.id}).count() == 2
    objects, now = studio.services.objects, studio.services.now
    removed = await ProjectTidying(objects, lambda: now() + 2 * QUIET).tidy(project.id)
    assert removed == 1
    (left,) = await LibraryEntry.find({"project_id": project.id}).to_list()
    assert left.file == assets(project)[0].file
    assert await objects.stat(left.file.key) is not None
    await ProjectRemoval(objects, now).remove_all({"_id": project.id})
    assert await LibraryEntry.find({"project_id": project.id}).count() == 0
