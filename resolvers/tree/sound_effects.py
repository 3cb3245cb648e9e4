"""Sound effects of frames: described, made, changed, removed."""

from collections.abc import Mapping
from typing import Any

from beanie import PydanticObjectId

from access.errors import NotFound
from access.permissions import Permission
from documents.jobs import job_list
from documents.jobs.job import Job, JobKind
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.look import EFFECTS_MAX, SoundEffect
from documents.tree.media_edit import MediaEditor
from documents.tree.media_inputs import effect_inputs
from documents.tree.script import Frame
from providers.protocols.offer import Capability
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.jobs.generation import new_job, seed_fault, seed_order, start_one
from resolvers.jobs.idempotency import part_of, replayed_many
from resolvers.jobs.providers import beyond_sound_maker, registry_for, unsupported
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.tree.changes import Removed, answer, editor, editor_of, remove, set_fields
from tasks.making.media_steps import effect_order

_GIVEN_AS = {"input.wantedS": "input.durationS"}


async def add(
    context: Context, project_id: PydanticObjectId, frame_id: PydanticObjectId, values: Mapping[str, Any]
) -> Outcome[SoundEffect]:
    """Lay a sound under a frame that is only described yet: the next production makes it.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
        NodeMissing: there is no such frame.
    """
    media = MediaEditor(await editor(context, project_id))
    effect = _described(values)
    if not isinstance(effect, SoundEffect):
        return Outcome(user_errors=effect)
    return await answer(context, media.add_sound_effect(frame_id, effect))


async def generate(
    context: Context,
    project_id: PydanticObjectId,
    frame_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    seed: int | None,
    idempotency_key: str | None,
) -> Outcome[Job]:
    """Have a sound made and laid under a frame once it is there; `seed` is that of one to make again.

    Raises:
        NotFound, Forbidden: the viewer may not see the project or the frame, or not produce it.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_PRODUCE)
    frame = _frame(project, frame_id)
    key = part_of(idempotency_key, frame.id, 0)
    known = await replayed_many(
        context, idempotency_key, JobKind.SOUND_EFFECT, project_id, parts=[key] if key else None
    )
    if known:
        return Outcome(next(iter(known.result or []), None), known.user_errors)
    effect = _described(values)
    if not isinstance(effect, SoundEffect):
        return Outcome(user_errors=effect)
    if wrong := seed_fault(seed):
        return Outcome(user_errors=[wrong])
    if len(frame.sound_effects) >= EFFECTS_MAX:
        text = f"A frame has at most {EFFECTS_MAX} sound effects: remove some with removeSoundEffect."
        return Outcome.refused(UserErrorCode.LIMIT_EXCEEDED, text, at="input.frameId")
    registry, inputs = (
        await registry_for(context, project),
        effect_inputs(project, effect.prompt, effect.wanted_s),
    )
    fault = unsupported(registry, Capability.SOUND_EFFECT, provider=inputs.provider)
    if fault := fault or beyond_sound_maker(registry, inputs):
        return Outcome(user_errors=[fault])
    ordinals = await job_list.next_ordinals(project_id, JobKind.SOUND_EFFECT)
    job = new_job(
        context,
        JobKind.SOUND_EFFECT,
        project_id,
        node_id=frame.id,
        ordinal=ordinals[JobKind.SOUND_EFFECT, frame.id],
        key=key,
        payload=effect_order(effect, is_new=True) | seed_order(seed),
    )
    return await start_one(context, job, project)


async def update(
    context: Context,
    project_id: PydanticObjectId,
    effect_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> Outcome[SoundEffect]:
    """Set fields of a sound; its file stays until another one is made.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not change it.
        NodeMissing: there is no such sound.
    """
    outcome: Outcome[SoundEffect] = await set_fields(
        context,
        project_id,
        places.sound_effect(effect_id),
        _stored_names(values),
        expected_revision=expected_revision,
    )
    return Outcome(outcome.result, [_told(fault) for fault in outcome.user_errors])


async def delete(
    context: Context,
    project_id: PydanticObjectId,
    effect_id: PydanticObjectId,
    *,
    expected_revision: int | None,
) -> Outcome[SoundEffect | Removed]:
    """Take a sound away.

    Raises:
        NotFound, Forbidden: the viewer may not see the project or the sound, or not change it.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_EDIT)
    held = [frame for _, frame in project.frames() if any(e.id == effect_id for e in frame.sound_effects)]
    if not held:
        raise NotFound("SoundEffect")
    media = MediaEditor(await editor_of(context, project))
    change = media.remove_sound_effect(held[0].id, effect_id, expected_revision=expected_revision)
    return await remove(context, Removed("SoundEffect", project_id, effect_id), change)


def _frame(project: Project, frame_id: PydanticObjectId) -> Frame:
    for _, frame in project.frames():
        if frame.id == frame_id:
            return frame
    raise NotFound("Frame")


def _described(values: Mapping[str, Any]) -> SoundEffect | list[UserError]:
    """A new sound out of a client's values, or what there is to mend."""
    good, faults = checked(SoundEffect, _stored_names(values), at="input")
    if not faults and not str(good.get("prompt", "")).strip():
        text = "Say in words what is heard, such as `a door creaks`."
        faults = [UserError(UserErrorCode.INVALID, "input.prompt", text)]
    if faults:
        return [_told(fault) for fault in faults]
    return SoundEffect(**good)


def _stored_names(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"wanted_s" if name == "duration_s" else name: value for name, value in values.items()}


def _told(fault: UserError) -> UserError:
    return UserError(fault.code, _GIVEN_AS.get(fault.field or "", fault.field), fault.message)
