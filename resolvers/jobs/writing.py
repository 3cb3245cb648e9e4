"""Work on words: a script read closely, told differently, better prompts, words for the platforms."""

from collections.abc import Sequence
from typing import Any, Final

from beanie import PydanticObjectId
from pydantic import TypeAdapter, ValidationError

from access.errors import NotFound
from access.permissions import Permission
from documents.jobs.job import Job, JobKind
from documents.projects.project import Project
from documents.text import Remark
from documents.tree.script import Frame
from providers.protocols.offer import Capability
from resolvers.context import Context
from resolvers.fields import explained
from resolvers.jobs.generation import frames_of, new_job, start_many, start_one
from resolvers.jobs.idempotency import part_of, replayed, replayed_many
from resolvers.jobs.providers import registry_for, unsupported
from resolvers.outcome import Outcome, UserErrorCode
from tasks.buying.capabilities import CAPABILITY_OF
from tasks.writing.metadata import publishing_words
from tasks.writing.music_words import music_words
from tasks.writing.words import words_hash

_INSTRUCTION: Final = TypeAdapter[str](Remark)
INSTRUCTION_MAX: Final = 5_000


async def analyse_script(
    context: Context, project_id: PydanticObjectId, *, apply: bool, idempotency_key: str | None
) -> Outcome[Job]:
    """Have the script read closely; with `apply`, what scenes lack is filled in.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not have things made in it.
    """
    return await _of_project(
        context, project_id, JobKind.SCRIPT_ANALYSIS, {"apply": apply}, idempotency_key=idempotency_key
    )


async def describe_video(
    context: Context, project_id: PydanticObjectId, *, idempotency_key: str | None
) -> Outcome[Job]:
    """Have title, description and hashtags found.

    Raises:
        NotFound, Forbidden: as for `analyse_script`.
    """
    return await _of_project(context, project_id, JobKind.METADATA, {}, idempotency_key=idempotency_key)


async def suggest_music(
    context: Context, project_id: PydanticObjectId, *, idempotency_key: str | None
) -> Outcome[Job]:
    """Have mood, wishes and tempo of the music found.

    Raises:
        NotFound, Forbidden: as for `analyse_script`.
    """
    return await _of_project(context, project_id, JobKind.MUSIC_WORDS, {}, idempotency_key=idempotency_key)


async def _of_project(
    context: Context,
    project_id: PydanticObjectId,
    kind: JobKind,
    payload: dict[str, Any],
    *,
    idempotency_key: str | None,
) -> Outcome[Job]:
    project = await context.projects.load(project_id, Permission.PROJECT_PRODUCE)
    if known := await replayed(context, idempotency_key, kind, project_id):
        return known
    if not any(frame.narration.strip() for _, frame in project.frames()):
        return Outcome.refused(
            UserErrorCode.INVALID,
            "The script has no narration: write one with generateScript, writeScript or addScene.",
            at="input.projectId",
        )
    if refused := await writer_missing(context, project, CAPABILITY_OF[kind]):
        return refused
    if kind is JobKind.METADATA:
        payload = {"publishing": publishing_words(project.publishing)}
    if kind is JobKind.MUSIC_WORDS:
        payload = {"music": music_words(project.music)}
    return await start_one(
        context, new_job(context, kind, project_id, key=idempotency_key, payload=payload), project
    )


async def optimise_prompts(
    context: Context,
    project_id: PydanticObjectId,
    *,
    frame_ids: Sequence[PydanticObjectId] | None,
    idempotency_key: str | None,
) -> Outcome[list[Job]]:
    """Have picture prompts said better, one job a frame.

    Raises:
        NotFound, Forbidden: as for `analyse_script`.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_PRODUCE)
    parts = None if frame_ids is None else [part_of(idempotency_key, each, 0) or "" for each in frame_ids]
    if known := await replayed_many(context, idempotency_key, JobKind.PROMPT, project_id, parts=parts):
        return known
    found = frames_of(project, frame_ids)
    if not isinstance(found, list):
        return Outcome(user_errors=[found])
    if refused := await writer_missing(context, project, Capability.PROMPT):
        return refused
    jobs = [
        new_job(
            context,
            JobKind.PROMPT,
            project_id,
            node_id=frame.id,
            key=part_of(idempotency_key, frame.id, 0),
            payload={"words": words_hash([frame])},
        )
        for _, frame in found
    ]
    return await start_many(context, project, jobs)


async def rewrite_scene(
    context: Context,
    project_id: PydanticObjectId,
    scene_id: PydanticObjectId,
    instruction: str,
    *,
    idempotency_key: str | None,
) -> Outcome[Job]:
    """Have a whole scene told differently.

    Raises:
        NotFound, Forbidden: as for `analyse_script`, or the scene is not there.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_PRODUCE)
    scene = next((each for each in project.script.scenes if each.id == scene_id), None)
    if scene is None:
        raise NotFound("Scene")
    return await _rewritten(
        context, project, scene.id, scene.frames, instruction, kind="Scene", idempotency_key=idempotency_key
    )


async def rewrite_frame(
    context: Context,
    project_id: PydanticObjectId,
    frame_id: PydanticObjectId,
    instruction: str,
    *,
    idempotency_key: str | None,
) -> Outcome[Job]:
    """Have one frame told differently.

    Raises:
        NotFound, Forbidden: as for `analyse_script`, or the frame is not there.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_PRODUCE)
    found = [frame for _, frame in project.frames() if frame.id == frame_id]
    if not found:
        raise NotFound("Frame")
    return await _rewritten(
        context, project, frame_id, found, instruction, kind="Frame", idempotency_key=idempotency_key
    )


async def _rewritten(
    context: Context,
    project: Project,
    node_id: PydanticObjectId,
    frames: Sequence[Frame],
    instruction: str,
    *,
    kind: str,
    idempotency_key: str | None,
) -> Outcome[Job]:
    if known := await replayed(context, idempotency_key, JobKind.REWRITE, project.id, node_id=node_id):
        return known
    try:
        wanted = _INSTRUCTION.validate_python(instruction)
    except ValidationError as error:
        return Outcome(user_errors=explained(error, at="input.instruction"))
    if not any(frame.narration.strip() for frame in frames):
        text = "There is no narration to tell differently: write it with updateFrame."
        return Outcome.refused(UserErrorCode.INVALID, text, at=f"input.{kind.lower()}Id")
    if refused := await writer_missing(context, project, Capability.REWRITE):
        return refused
    job = new_job(
        context,
        JobKind.REWRITE,
        project.id,
        node_id=node_id,
        key=idempotency_key,
        payload={
            "instruction": wanted,
            "frame_ids": [str(frame.id) for frame in frames],
            "words": words_hash(frames),
        },
    )
    job.node_kind = kind
    return await start_one(context, job, project)


async def writer_missing(context: Context, project: Project, capability: Capability) -> Outcome[Any] | None:
    """The refusal of work on words that nobody does here; None if somebody does."""
    registry = await registry_for(context, project)
    fault = unsupported(registry, capability, provider=project.style.writer_provider)
    return None if fault is None else Outcome(user_errors=[fault])
