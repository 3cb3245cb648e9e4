"""Productions: the whole way from brief to video, foreseen and started."""

from collections.abc import Iterator

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.jobs.job import QUEUE_OF, Estimate, Job, JobKind
from documents.projects.cast import Cast, cast_of
from documents.projects.project import Project
from documents.tree.inputs import script_inputs, voice_inputs
from documents.tree.look import SoundEffect
from documents.tree.media_inputs import effect_inputs
from providers.registry import ProviderRegistry
from rendering.timeline import Profile
from resolvers.context import Context
from resolvers.jobs import job_room, jobs
from resolvers.jobs.idempotency import replayed, reused_elsewhere
from resolvers.jobs.personal_spending import limit_fault
from resolvers.jobs.providers import beyond_sound_maker, beyond_writer, registry_for, unsupported
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.projects.budgets import over_ceiling
from tasks.buying.capabilities import CAPABILITY_OF
from tasks.buying.estimate import ProductionEstimate
from tasks.job_engine.dispatch import ProjectLocked
from tasks.productions.production_mode import ProductionMode
from tasks.productions.production_plan import ProductionStage, asset_steps, script_steps

PRIORITY = 0
"""Of a production and all its steps: what a person waits for at the screen goes first."""


async def estimate(
    context: Context,
    project_id: PydanticObjectId,
    *,
    mode: ProductionMode,
    stop_after: ProductionStage,
    profile: Profile,
) -> ProductionEstimate:
    """What a production would make now, and what it would take.

    Raises:
        NotFound: the project is not there, or not the viewer's to see.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_VIEW)
    registry = await registry_for(context, project)
    return await context.services.estimator.estimate(project, mode, stop_after, registry, profile.name)


async def start(
    context: Context,
    project_id: PydanticObjectId,
    *,
    mode: ProductionMode,
    stop_after: ProductionStage,
    profile: Profile,
    idempotency_key: str | None,
) -> Outcome[Job]:
    """Start the production of a project; on `PROJECT_LOCKED` the result is the one that runs.

    Raises:
        NotFound: the project is not there, or not the viewer's to see.
        Forbidden: the viewer may not produce it.
    """
    services = context.services
    project = await context.projects.load(project_id, Permission.PROJECT_PRODUCE)
    if known := await replayed(context, idempotency_key, JobKind.PRODUCTION, project_id):
        return known
    registry = await registry_for(context, project)
    expected = await services.estimator.estimate(project, mode, stop_after, registry, profile.name)
    cast = await cast_of(project)
    fault = (
        _fault(registry, project, cast, mode, stop_after)
        or over_ceiling(expected.needed, project)
        or await limit_fault(context, expected.by_installation)
    )
    if fault:
        return Outcome(user_errors=[fault])
    if full := await job_room.refusal(context, 1):
        return full
    job_id = PydanticObjectId()
    production = Job(
        id=job_id,
        kind=JobKind.PRODUCTION,
        queue=QUEUE_OF[JobKind.PRODUCTION],
        project_id=project_id,
        owner_id=context.require_viewer().user_id,
        root_id=job_id,
        priority=PRIORITY,
        estimate=Estimate(
            duration_s=expected.duration_s,
            cost_micros=expected.cost_micros,
            currency=expected.currency,
            is_priced=expected.is_priced,
        ),
        idempotency_key=idempotency_key,
        payload={"mode": mode.value, "stop_after": stop_after.value, "profile": profile.name},
        queued_at=services.now(),
    )
    try:
        started = await services.dispatcher.start_production(production)
    except ProjectLocked as locked:
        return await jobs.refused_by_lock(locked)
    if fault := reused_elsewhere(started, production):
        return Outcome(user_errors=[fault])
    return Outcome(started)


def _fault(
    registry: ProviderRegistry,
    project: Project,
    cast: Cast,
    mode: ProductionMode,
    stop_after: ProductionStage,
) -> UserError | None:
    """The first reason why a production could come to nothing."""
    script = script_steps(project, mode)
    if not script and not project.shown_frames():
        return UserError(UserErrorCode.INVALID, "input.projectId", _nothing_to_produce(project))
    wanted = set(_asked_of(project, cast, mode, stop_after))
    faults = (
        unsupported(registry, CAPABILITY_OF[kind], provider=provider, model=model, voice=voice)
        for kind, provider, model, voice in sorted(wanted, key=str)
    )
    fault = next((fault for fault in faults if fault is not None), None)
    if fault is not None:
        return fault
    if script:
        return beyond_writer(registry, script_inputs(project))
    return None if stop_after is ProductionStage.SCRIPT else _unknown_sound(registry, project, cast, mode)


def _unknown_sound(
    registry: ProviderRegistry, project: Project, cast: Cast, mode: ProductionMode
) -> UserError | None:
    """The first of the sounds that are due which would not be made of its words."""
    for step in asset_steps(project, cast, mode):
        if step.kind is JobKind.SOUND_EFFECT:
            effect = SoundEffect.model_validate(step.payload["effect"])
            inputs = effect_inputs(project, effect.prompt, effect.wanted_s)
            if refused := beyond_sound_maker(registry, inputs):
                text = f"The sound effect {effect.prompt[:100]!r} cannot be made. {refused.message}"
                return UserError(refused.code, "input.projectId", text)
    return None


def _nothing_to_produce(project: Project) -> str:
    if any(scene.frames for scene in project.script.scenes):
        return "Every scene or frame is skipped: take one back in with updateScene or updateFrame."
    if project.script.scenes:
        return "The script's scenes have no frames: add some with addFrame."
    return "There is nothing to produce: set brief.topic or brief.text with updateBrief, or add scenes."


def _asked_of(
    project: Project, cast: Cast, mode: ProductionMode, stop_after: ProductionStage
) -> Iterator[tuple[JobKind, str | None, str | None, str | None]]:
    """Kind, provider, model and voice of all that will be asked for, as far as it is known now."""
    style = project.style
    script = script_steps(project, mode)
    for step in script:
        yield step.kind, step.provider, step.model, None
    if stop_after is ProductionStage.SCRIPT:
        return
    if script:
        yield JobKind.IMAGE, style.image_provider, style.image_model, None
        yield JobKind.VOICEOVER, style.speech_provider, style.speech_model, style.voice
        if project.music.is_enabled:
            yield JobKind.MUSIC, style.music_provider, style.music_model, None
        return
    frames = {frame.id: frame for _, frame in project.shown_frames()}
    for step in asset_steps(project, cast, mode):
        voice = None
        if step.kind is JobKind.VOICEOVER and step.node_id is not None:
            voice = voice_inputs(project, frames[step.node_id], cast).voice
        yield step.kind, step.provider, step.model, voice
