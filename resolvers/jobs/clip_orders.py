"""Ordering moving pictures: clips of scenes, pictures out of clips, lips that follow a voice."""

from collections.abc import Sequence

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.jobs import job_list
from documents.jobs.job import Job, JobKind
from documents.projects.project import Project
from documents.tree.media_inputs import (
    LONGEST_CLIP_S,
    SHORTEST_CLIP_S,
    clip_seconds,
    first_picture,
    lip_sync_picture,
)
from documents.tree.script import ClipStart, LipSyncSource, Scene
from providers.protocols.offer import Capability
from resolvers.context import Context
from resolvers.jobs.generation import (
    frames_of,
    new_job,
    parts_of,
    seed_fault,
    seed_order,
    start_many,
    start_one,
)
from resolvers.jobs.idempotency import part_of, replayed_many
from resolvers.jobs.providers import registry_for, unsupported
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.tree.clips import holder
from tasks.making.media_steps import clip_order

MOST_CANDIDATES = 4
"""Clips of one scene that one order makes."""


async def generate(
    context: Context,
    project_id: PydanticObjectId,
    *,
    scene_ids: Sequence[PydanticObjectId] | None,
    start: ClipStart,
    duration_s: float | None,
    count: int,
    choose: bool,
    seed: int | None,
    idempotency_key: str | None,
) -> Outcome[list[Job]]:
    """Have new candidate clips made, `count` a scene.

    Args:
        context: of the request.
        project_id: whose scenes.
        scene_ids: which scenes; None for all that are shown.
        start: what the clips begin with.
        duration_s: 1 to 60; None for as long as the scene's frames last, 3 to 10.
        count: 1 to 4.
        choose: whether the first new clip of a scene is its chosen one at once.
        seed: of an earlier clip, to make it again; None for one that was not there before.
        idempotency_key: the client's, for the whole order.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_PRODUCE)
    if not 1 <= count <= MOST_CANDIDATES:
        text = f"1 to {MOST_CANDIDATES} clips a scene are made at a time."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.count")
    if duration_s is not None and not SHORTEST_CLIP_S <= duration_s <= LONGEST_CLIP_S:
        text = f"A clip lasts {SHORTEST_CLIP_S:g} to {LONGEST_CLIP_S:g} seconds."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.durationS")
    if wrong := seed_fault(seed, count):
        return Outcome(user_errors=[wrong])
    parts = None if scene_ids is None else parts_of(idempotency_key, scene_ids, count)
    if known := await replayed_many(context, idempotency_key, JobKind.CLIP, project_id, parts=parts):
        return known
    found = _scenes(project, scene_ids)
    fault = found if isinstance(found, UserError) else None
    if fault is None and not isinstance(found, UserError):
        most = context.services.caps.clips_per_scene
        fault = _fault(project, found, start, count=count, most=most)
    fault = fault or unsupported(
        await registry_for(context, project), Capability.CLIP, provider=project.style.clip_provider
    )
    if fault is not None or isinstance(found, UserError):
        return Outcome(user_errors=[fault] if fault else [])
    ordinals = await job_list.next_ordinals(project_id, JobKind.CLIP)
    return await start_many(
        context,
        project,
        [
            new_job(
                context,
                JobKind.CLIP,
                project_id,
                node_id=scene.id,
                ordinal=max(ordinals[JobKind.CLIP, scene.id], len(scene.clips)) + number,
                key=part_of(idempotency_key, scene.id, number),
                payload=clip_order(start, duration_s or clip_seconds(scene))
                | {"choose": choose and number == 0}
                | seed_order(seed),
            )
            for scene in found
            for number in range(count)
        ],
    )


def _scenes(project: Project, scene_ids: Sequence[PydanticObjectId] | None) -> list[Scene] | UserError:
    """The scenes that are meant, each once, in the order in which they are told."""
    if scene_ids is None:
        shown = [scene for scene in project.script.scenes if scene.shown_frames]
        if shown:
            return shown
        text = "The project shows no scenes: write a script with generateScript or addScene first."
        return UserError(UserErrorCode.INVALID, "input.projectId", text)
    if not scene_ids:
        return UserError(UserErrorCode.INVALID, "input.sceneIds", "Name a scene, or leave it out for all.")
    found = [scene for scene in project.script.scenes if scene.id in set(scene_ids)]
    if len(found) == len(set(scene_ids)):
        return found
    gone = len(set(scene_ids)) - len(found)
    return UserError(
        UserErrorCode.INVALID, "input.sceneIds", f"{gone} of these scenes are not in this project."
    )


def _fault(
    project: Project, scenes: Sequence[Scene], start: ClipStart, *, count: int, most: int
) -> UserError | None:
    full = [scene for scene in scenes if len(scene.clips) + count > most]
    if full:
        return UserError(
            UserErrorCode.LIMIT_EXCEEDED,
            "input.count",
            f"A scene has at most {most} clips, and {len(full)} of these would have more: "
            "remove some with removeClip.",
        )
    if start is ClipStart.TEXT:
        return None
    lacking = [scene for scene in scenes if first_picture(project, scene, start) is None]
    if not lacking:
        return None
    advice = (
        "generate or choose a picture for the first frame"
        if start is ClipStart.PICTURE
        else "extract and choose a seed frame, or with useSeedFrame choose a clip of the scene before"
    )
    have = "has" if len(lacking) == 1 else "have"
    return UserError(
        UserErrorCode.INVALID,
        "input.from",
        f"{len(lacking)} of these scenes {have} no picture for a clip to begin with: {advice}.",
    )


async def extract_seed_frame(
    context: Context,
    project_id: PydanticObjectId,
    clip_id: PydanticObjectId,
    *,
    at_s: float | None,
    choose: bool,
    idempotency_key: str | None,
) -> Outcome[Job]:
    """Have a picture taken out of a scene's clip: the last one, or the one that is shown at `at_s`."""
    project = await context.projects.load(project_id, Permission.PROJECT_PRODUCE)
    scene = holder(project, clip_id, "Clip", lambda each: each.clips)
    clip = next(each for each in scene.clips if each.id == clip_id)
    key = part_of(idempotency_key, clip_id, 0)
    known = await replayed_many(
        context, idempotency_key, JobKind.SEED_FRAME, project_id, parts=[key] if key else None
    )
    if known:
        return Outcome(next(iter(known.result or []), None), known.user_errors)
    if at_s is not None and not 0 <= at_s <= clip.duration_s:
        text = f"The clip lasts {clip.duration_s:g} seconds: 0 to that, or leave it out for the last picture."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.atS")
    most = context.services.caps.clips_per_scene
    if len(scene.seed_frames) >= most:
        text = f"A scene has at most {most} seed frames: remove some with removeSeedFrame."
        return Outcome.refused(UserErrorCode.LIMIT_EXCEEDED, text, at="input.clipId")
    job = new_job(
        context,
        JobKind.SEED_FRAME,
        project_id,
        node_id=scene.id,
        key=key,
        payload={"clip_id": str(clip_id), "at_s": at_s, "choose": choose},
    )
    return await start_one(context, job)


async def apply_lip_sync(
    context: Context,
    project_id: PydanticObjectId,
    *,
    frame_ids: Sequence[PydanticObjectId],
    source: LipSyncSource,
    choose: bool,
    idempotency_key: str | None,
) -> Outcome[list[Job]]:
    """Have lips moved to the voices of frames; what comes takes the place of a frame's earlier one.

    Args:
        context: of the request.
        project_id: whose frames.
        frame_ids: which frames.
        source: whose lips move.
        choose: whether the frames show what moves at once.
        idempotency_key: the client's, for the whole order.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_PRODUCE)
    parts = parts_of(idempotency_key, frame_ids, 1)
    if known := await replayed_many(context, idempotency_key, JobKind.LIP_SYNC, project_id, parts=parts):
        return known
    found = frames_of(project, frame_ids)
    if isinstance(found, UserError):
        return Outcome(user_errors=[found])
    blank = [
        frame
        for scene, frame in found
        if frame.voiceover.recording is None or lip_sync_picture(scene, frame, source) is None
    ]
    if blank:
        have = "has" if len(blank) == 1 else "have"
        what = "chosen picture" if source is LipSyncSource.PICTURE else "chosen clip in the scene"
        return Outcome.refused(
            UserErrorCode.INVALID,
            f"{len(blank)} of these frames {have} no voiceover or no {what}: choose or make what is missing.",
            at="input.frameIds",
        )
    provider = project.style.lip_sync_provider
    if fault := unsupported(await registry_for(context, project), Capability.LIP_SYNC, provider=provider):
        return Outcome(user_errors=[fault])
    return await start_many(
        context,
        project,
        [
            new_job(
                context,
                JobKind.LIP_SYNC,
                project_id,
                node_id=frame.id,
                key=part_of(idempotency_key, frame.id, 0),
                payload={"source": source.value, "choose": choose},
            )
            for _, frame in found
        ],
    )
