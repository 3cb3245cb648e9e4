"""Making single things again: a script, pictures, voiceovers, music."""

from collections.abc import Sequence
from typing import Any

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.jobs import job_list
from documents.jobs.job import QUEUE_OF, Job, JobKind
from documents.projects.cast import cast_of
from documents.projects.project import Project
from documents.tree.inputs import music_inputs, script_inputs, voice_inputs
from documents.tree.script import Frame, Scene
from providers.protocols.offer import Capability
from providers.registry import ProviderRegistry
from resolvers.context import Context
from resolvers.jobs import job_room, jobs
from resolvers.jobs.idempotency import part_of, replayed, replayed_many, reused_elsewhere
from resolvers.jobs.pricing import price
from resolvers.jobs.providers import beyond_writer, registry_for, unsupported
from resolvers.outcome import Outcome, UserError, UserErrorCode
from tasks.job_engine.dispatch import ProjectLocked

INTERACTIVE_PRIORITY = 10
"""Somebody waits at the screen: before the steps of productions, which have 0."""

LARGEST_SEED = 2**32 - 1

MOST_AT_ONCE = 500
"""Jobs that one mutation may start."""


def new_job(
    context: Context,
    kind: JobKind,
    project_id: PydanticObjectId | None,
    *,
    node_id: PydanticObjectId | None = None,
    ordinal: int = 0,
    key: str | None = None,
    payload: dict[str, Any] | None = None,
) -> Job:
    """A job that a person starts.

    Args:
        context: whose job it is, and when it was made.
        kind: what it makes.
        project_id: where; None for what is in no project.
        node_id: the node that it is for, if it is for one.
        ordinal: tells candidates of one frame apart.
        key: the client's idempotency key.
        payload: what the work needs.
    """
    job_id = PydanticObjectId()
    return Job(
        id=job_id,
        kind=kind,
        queue=QUEUE_OF[kind],
        project_id=project_id,
        node_id=node_id,
        owner_id=context.require_viewer().user_id,
        root_id=job_id,
        ordinal=ordinal,
        priority=INTERACTIVE_PRIORITY,
        idempotency_key=key,
        payload=payload or {},
        queued_at=context.services.now(),
    )


async def start_one(context: Context, job: Job, project: Project | None = None) -> Outcome[Job]:
    """Start one job, or find the one that the same key has just started.

    Args:
        context: of the request.
        job: what to start.
        project: that pays for it; None for what costs nothing, and for what is in no project.
    """
    if full := await job_room.refusal(context, 1):
        return full
    if project is not None and (fault := await price(context, project, [job])):
        return Outcome(user_errors=[fault])
    (started,) = await context.services.dispatcher.start([job])
    if fault := reused_elsewhere(started, job):
        return Outcome(user_errors=[fault])
    return Outcome(started)


async def write_script(
    context: Context, project_id: PydanticObjectId, *, idempotency_key: str | None
) -> Outcome[Job]:
    """Have the script written out of the brief; it takes the old one's place with all its candidates.

    While a production runs it is refused (`PROJECT_LOCKED`): the frames that the production works on would
    vanish.
    """
    project = await context.projects.check(project_id, Permission.PROJECT_PRODUCE)
    if known := await replayed(context, idempotency_key, JobKind.SCRIPT, project_id):
        return known
    inputs = script_inputs(project)
    if not (inputs.text or inputs.topic):
        return Outcome.refused(
            UserErrorCode.INVALID,
            "The brief has nothing to write from: set brief.topic or brief.text with updateBrief.",
            at="input.projectId",
        )
    registry = await registry_for(context, project)
    fault = unsupported(registry, Capability.SCRIPT, provider=inputs.provider) or beyond_writer(
        registry, inputs
    )
    if fault:
        return Outcome(user_errors=[fault])
    if project.production_id is not None:
        return await jobs.refused_by_lock(ProjectLocked(project.production_id))
    return await start_one(
        context, new_job(context, JobKind.SCRIPT, project_id, key=idempotency_key), project
    )


async def compose_music(
    context: Context, project_id: PydanticObjectId, *, seed: int | None, idempotency_key: str | None
) -> Outcome[Job]:
    """Have the project's music composed; it takes the old one's place.

    Args:
        context: of the request.
        project_id: whose music.
        seed: of earlier music, to make it again; None for music that was not there before.
        idempotency_key: the client's.
    """
    project = await context.projects.check(project_id, Permission.PROJECT_PRODUCE)
    if known := await replayed(context, idempotency_key, JobKind.MUSIC, project_id):
        return known
    if wrong := seed_fault(seed):
        return Outcome(user_errors=[wrong])
    inputs = music_inputs(project)
    if fault := unsupported(await registry_for(context, project), Capability.MUSIC, provider=inputs.provider):
        return Outcome(user_errors=[fault])
    ordinals = await job_list.next_ordinals(project_id, JobKind.MUSIC)
    job = new_job(
        context,
        JobKind.MUSIC,
        project_id,
        ordinal=ordinals[JobKind.MUSIC, None],
        key=idempotency_key,
        payload=seed_order(seed),
    )
    return await start_one(context, job, project)


async def draw_images(
    context: Context,
    project_id: PydanticObjectId,
    *,
    frame_ids: Sequence[PydanticObjectId] | None,
    count: int,
    choose: bool,
    seed: int | None,
    idempotency_key: str | None,
) -> Outcome[list[Job]]:
    """Have new candidate pictures drawn, `count` a frame, each different from those before.

    Args:
        context: of the request.
        project_id: whose frames.
        frame_ids: which frames; None for all that are shown.
        count: 1 to 4.
        choose: whether the first new picture of a frame is shown at once.
        seed: of an earlier picture, to make it again; None for one that was not there before.
        idempotency_key: the client's, for the whole order.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_PRODUCE)
    if wrong := _number_fault(count, seed):
        return Outcome(user_errors=[wrong])
    parts = parts_of(idempotency_key, frame_ids, count)
    if known := await replayed_many(context, idempotency_key, JobKind.IMAGE, project_id, parts=parts):
        return known
    found = frames_of(project, frame_ids)
    if isinstance(found, UserError):
        return Outcome(user_errors=[found])
    most = context.services.caps.candidates_per_frame
    if fault := _image_fault(await registry_for(context, project), project, found, count=count, most=most):
        return Outcome(user_errors=[fault])
    ordinals = await job_list.next_ordinals(project_id, JobKind.IMAGE)
    return await start_many(
        context,
        project,
        [
            new_job(
                context,
                JobKind.IMAGE,
                project_id,
                node_id=frame.id,
                ordinal=max(ordinals[JobKind.IMAGE, frame.id], len(frame.images)) + number,
                key=part_of(idempotency_key, frame.id, number),
                payload={"choose": choose and number == 0} | seed_order(seed),
            )
            for _, frame in found
            for number in range(count)
        ],
    )


async def speak_voiceovers(
    context: Context,
    project_id: PydanticObjectId,
    *,
    frame_ids: Sequence[PydanticObjectId] | None,
    idempotency_key: str | None,
) -> Outcome[list[Job]]:
    """Have the narration of frames spoken; each new voice takes the old one's place.

    Args:
        context: of the request.
        project_id: whose frames.
        frame_ids: which frames; None for all that are shown and have words to speak.
        idempotency_key: the client's, for the whole order.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_PRODUCE)
    parts = parts_of(idempotency_key, frame_ids, 1)
    if known := await replayed_many(context, idempotency_key, JobKind.VOICEOVER, project_id, parts=parts):
        return known
    found = frames_of(project, frame_ids)
    if isinstance(found, UserError):
        return Outcome(user_errors=[found])
    cast = await cast_of(project)
    spoken = [(scene, frame) for scene, frame in found if voice_inputs(project, frame, cast).text.strip()]
    if not spoken or (frame_ids is not None and len(spoken) < len(found)):
        silent = len(found) - len(spoken)
        have = "has" if silent == 1 else "have"
        return Outcome.refused(
            UserErrorCode.INVALID,
            f"{silent} of these frames {have} no narration to speak: write it with updateFrame.",
            at="input.frameIds",
        )
    registry = await registry_for(context, project)
    for _, frame in spoken:
        inputs = voice_inputs(project, frame, cast)
        if fault := unsupported(registry, Capability.SPEECH, provider=inputs.provider, voice=inputs.voice):
            return Outcome(user_errors=[fault])
    return await start_many(
        context,
        project,
        [
            new_job(
                context,
                JobKind.VOICEOVER,
                project_id,
                node_id=frame.id,
                key=part_of(idempotency_key, frame.id, 0),
            )
            for _, frame in spoken
        ],
    )


def frames_of(
    project: Project, frame_ids: Sequence[PydanticObjectId] | None
) -> list[tuple[Scene, Frame]] | UserError:
    """The frames that are meant, each once, in the order in which they are told."""
    if frame_ids is None:
        shown = project.shown_frames()
        if shown:
            return shown
        return UserError(
            UserErrorCode.INVALID,
            "input.projectId",
            "The project shows no frames: write a script with generateScript or addScene first.",
        )
    if not frame_ids:
        return UserError(UserErrorCode.INVALID, "input.frameIds", "Name a frame, or leave it out for all.")
    wanted = set(frame_ids)
    found = [(scene, frame) for scene, frame in project.frames() if frame.id in wanted]
    if len(found) == len(wanted):
        return found
    return UserError(
        UserErrorCode.INVALID,
        "input.frameIds",
        f"{len(wanted) - len(found)} of these frames are not in this project.",
    )


def _number_fault(count: int, seed: int | None) -> UserError | None:
    if not 1 <= count <= 4:  # noqa: PLR2004 - stated in the schema
        text = "1 to 4 pictures a frame are made at a time."
        return UserError(UserErrorCode.INVALID, "input.count", text)
    return seed_fault(seed, count)


def seed_fault(seed: int | None, count: int = 1) -> UserError | None:
    """Why things cannot be made from this seed, `count` for each node; None if they can."""
    if seed is None:
        return None
    if not 0 <= seed <= LARGEST_SEED:
        return UserError(UserErrorCode.INVALID, "input.seed", f"A seed is 0 to {LARGEST_SEED:,}.")
    if count > 1:
        text = "One seed makes one candidate: leave out the count, or the seed."
        return UserError(UserErrorCode.INVALID, "input.count", text)
    return None


def seed_order(seed: int | None) -> dict[str, Any]:
    """What a job's payload says of the seed that was asked for."""
    return {} if seed is None else {"seed": seed}


def _image_fault(
    registry: ProviderRegistry,
    project: Project,
    found: Sequence[tuple[Scene, Frame]],
    *,
    count: int,
    most: int,
) -> UserError | None:
    full = [frame for _, frame in found if len(frame.images) + count > most]
    if full:
        return UserError(
            UserErrorCode.LIMIT_EXCEEDED,
            "input.count",
            f"A frame has at most {most} candidates, and {len(full)} of these would have more: "
            "remove some with removeImage.",
        )
    return unsupported(registry, Capability.IMAGE, provider=project.style.image_provider)


def parts_of(key: str | None, frame_ids: Sequence[PydanticObjectId] | None, count: int) -> list[str] | None:
    """The keys of the jobs that an order names; None if it is for all frames."""
    if frame_ids is None:
        return None
    keys = [part_of(key, frame_id, number) for frame_id in frame_ids for number in range(count)]
    return [each for each in keys if each is not None]


async def start_many(context: Context, project: Project, wanted: list[Job]) -> Outcome[list[Job]]:
    """Start jobs that a project pays for, or find those that the same keys have just started."""
    if len(wanted) > MOST_AT_ONCE:
        return Outcome.refused(
            UserErrorCode.LIMIT_EXCEEDED,
            f"This would start {len(wanted)} jobs, where {MOST_AT_ONCE} are started at a time: "
            "name fewer frames, or start a production.",
        )
    if full := await job_room.refusal(context, len(wanted)):
        return full
    if fault := await price(context, project, wanted):
        return Outcome(user_errors=[fault])
    return await start_all(context, wanted)


async def start_all(context: Context, wanted: list[Job]) -> Outcome[list[Job]]:
    """Start jobs that have their price, or find those that the same keys have just started."""
    started = await context.services.dispatcher.start(wanted)
    for found, job in zip(started, wanted, strict=True):
        if fault := reused_elsewhere(found, job):
            return Outcome(user_errors=[fault])
    return Outcome(started)
