"""Productions of projects that move and sound: what is made in which order, and what the video then shows."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.jobs.job import Job, JobKind, JobState
from documents.jobs.render import Render
from documents.projects.project import Project
from documents.tree.look import SoundEffect
from documents.tree.script import ClipStart, LipSyncSource, MediaKind, Scene
from rendering.loudness import read_loudness
from rendering.runner import run
from rendering.timeline import Timeline
from storage.object_store import ObjectStore
from tests.rendering.test_sound_effects import heard, power
from tests.stand_ins.replicate import CLIP_TONE_HZ
from tests.stand_ins.server import Fault
from tests.tasks.media_studio import (
    FFMPEG,
    MediaStudio,
    frame,
    gid,
    make_project,
    open_media_studio,
)

ESTIMATE = """query($id: ID!) { productionEstimate(projectId: $id) {
  cost { minor } stages { pieces { kind count } } } }"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    object_store: ObjectStore,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[MediaStudio]:
    async with open_media_studio(
        scratch=tmp_path_factory.mktemp("scratch"),
        objects=object_store,
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"{database.name}:",
    ) as opened:
        yield opened


def story() -> list[Scene]:
    """Two scenes of one continued film, and one who speaks to us while a bell rings."""
    moving = {"media_kind": MediaKind.CLIP}
    bell = SoundEffect(prompt="a bell rings", start_s=0.5, volume=0.6, wanted_s=1.0)
    return [
        Scene(title="One", frames=[frame("Bees fly out.", **moving), frame("They dance.", **moving)]),
        Scene(title="Two", use_seed_frame=True, frames=[frame("They come home.", **moving)]),
        Scene(
            title="Three",
            frames=[
                frame("Good night.", lip_sync_from=LipSyncSource.PICTURE, sound_effects=[bell], **moving)
            ],
        ),
    ]


async def test_a_production_makes_what_moves_and_sounds_and_shows_it(
    studio: MediaStudio, tmp_path: Path
) -> None:
    project = await make_project(studio, *story())
    foreseen = await studio.desk.ask(
        ESTIMATE,
        by=project.owner_id,
        id=gid(project),
    )
    pieces = foreseen["productionEstimate"]["stages"][0]["pieces"]
    made = {"IMAGE": 3, "VOICEOVER": 4, "SOUND_EFFECT": 1, "CLIP": 2, "LIP_SYNC": 1}
    assert {each["kind"]: each["count"] for each in pieces} == made
    assert foreseen["productionEstimate"]["cost"]["minor"] > 0

    await studio.order(
        project, "startProduction", {"projectId": gid(project), "profile": "PREVIEW"}, "job { id }"
    )
    jobs = await Job.find({"project_id": project.id}).to_list()
    assert {job.state for job in jobs} == {JobState.SUCCEEDED}, [job.error for job in jobs if job.error]
    counted = {kind.value: sum(job.kind is kind for job in jobs) for kind in JobKind}
    assert {name: number for name, number in counted.items() if name in made} == made
    assert len(studio.replicate.predictions) == 3

    now = await studio.now(project)
    one, two, three = now.script.scenes
    assert [one.clips[0].start, two.clips[0].start] == [ClipStart.PICTURE, ClipStart.SEED_FRAME]
    assert one.frames[1].images == []  # the clip plays on: no picture is needed
    (spoken,) = three.frames
    assert spoken.lip_sync is not None
    assert spoken.sound_effects[0].file is not None
    assert len(three.clips) == 0

    render = await Render.find_one({"project_id": project.id})
    assert render is not None
    video = tmp_path / "video.mp4"
    video.write_bytes(await studio.bytes_of(render.video.key))
    ran = await run(
        FFMPEG,
        ["-i", str(video), "-af", "ebur128=peak=true", "-f", "null", "-"],
        cwd=tmp_path,
        timeout_s=60,
    )
    loudness = read_loudness(ran.log)
    assert loudness.integrated_lufs == pytest.approx(-14, abs=1)
    begins_s = await _last_shot_begins_s(project)
    sound = await heard(video, FFMPEG)
    assert power(sound, 880, begins_s + 0.55, begins_s + 1.3) > 4 * power(sound, 880, 0.2, begins_s)
    assert await _moves(video, 0.2, 1.0)
    assert await _moves(video, begins_s + 0.3, begins_s + 1.0)

    assets = {"projectId": gid(project), "stopAfter": "ASSETS"}
    await studio.order(project, "startProduction", assets | {"mode": "STALE"}, "job { id }")
    assert len(studio.replicate.predictions) == 3
    assert len(studio.elevenlabs.paid) == 1

    await studio.order(project, "startProduction", assets | {"mode": "ALL"}, "job { id }")
    again = await studio.now(project)
    assert [len(scene.clips) for scene in again.script.scenes] == [2, 2, 0]
    assert len(studio.replicate.predictions) == 6
    newest = again.script.scenes[0].clips[1]
    assert newest.provenance.inputs_hash != one.clips[0].provenance.inputs_hash  # of the new picture


async def test_a_clips_own_sound_is_heard_as_loud_as_its_scene_says(
    studio: MediaStudio, tmp_path: Path
) -> None:
    one = Scene(
        title="One", frames=[frame(each, media_kind=MediaKind.CLIP) for each in ("Bees fly.", "They hum.")]
    )
    project = await make_project(studio, one, Scene(title="Two", frames=[frame("They rest.")]))
    studio.replicate.tell("/predictions", Fault(told="loud"))
    made = {"projectId": gid(project), "stopAfter": "ASSETS"}
    await studio.order(project, "startProduction", made, "job { id }")
    (clip,) = (await studio.now(project)).script.scenes[0].clips
    assert clip.has_sound
    scene, heard_at, encoded = gid(project, one), [], []
    for volume in (None, 0.7):
        if volume is not None:
            loud = {"sceneId": scene, "clipVolume": volume}
            changed = await studio.desk.change(
                "updateScene", loud, "scene { clipVolume }", by=project.owner_id
            )
            assert changed["scene"]["clipVolume"] == volume
        render = {"projectId": gid(project), "profile": "PREVIEW"}
        await studio.order(project, "renderProject", render, "job { id }")
        jobs = await Job.find({"project_id": project.id}).to_list()
        assert {job.state for job in jobs} == {JobState.SUCCEEDED}, [job.error for job in jobs if job.error]
        newest = await Render.find({"project_id": project.id}).sort("-created_at").first_or_none()
        assert newest is not None
        video = tmp_path / f"{volume}.mp4"
        video.write_bytes(await studio.bytes_of(newest.video.key))
        arguments = ["-i", str(video), "-af", "ebur128=peak=true", "-f", "null", "-"]
        loudness = read_loudness((await run(FFMPEG, arguments, cwd=tmp_path, timeout_s=60)).log)
        assert loudness.integrated_lufs == pytest.approx(-14, abs=1)
        assert (loudness.true_peak_dbtp or 0.0) <= -1
        encoded.append(sum(job.kind is JobKind.SEGMENT for job in jobs))
        ends_s = await _last_shot_begins_s(project)
        sound = await heard(video, FFMPEG)
        heard_at.append(
            [
                power(sound, CLIP_TONE_HZ, begin, end)
                for begin, end in (
                    (0.1, ends_s / 2),
                    (ends_s / 2, ends_s - 0.1),
                    (ends_s + 0.2, ends_s + 0.9),
                )
            ]
        )
    silent, loud_now = heard_at
    assert max(silent) < 0.003  # the voices have a little of everything
    assert min(loud_now[:2]) > 0.02  # under both frames that it plays through
    assert loud_now[2] < 0.003
    assert encoded[1] == encoded[0]  # no picture was made anew


async def _last_shot_begins_s(project: Project) -> float:
    job = await Job.find_one({"project_id": project.id, "kind": JobKind.RENDER})
    assert job is not None
    timeline = Timeline.model_validate_json(job.checkpoint["timeline"])
    return sum(shot.duration_s for shot in timeline.shots[:-1])


async def _moves(video: Path, from_s: float, to_s: float) -> bool:
    process = await asyncio.create_subprocess_exec(
        FFMPEG,
        *("-v", "error", "-ss", f"{from_s}", "-to", f"{to_s}", "-i", video),
        *("-vf", "scale=48:84", "-pix_fmt", "gray", "-f", "rawvideo", "-"),
        stdout=asyncio.subprocess.PIPE,
    )
    raw, _ = await process.communicate()
    frames = np.frombuffer(raw, dtype=np.uint8).reshape(-1, 84 * 48).astype(np.int16)
    return bool(np.abs(frames[-1] - frames[0]).mean() > 2)
