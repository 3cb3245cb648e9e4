"""Hearing a voice before it is chosen."""

from collections.abc import Mapping
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError

from access.errors import Forbidden, NotFound
from access.permissions import Permission
from documents.jobs import job_list
from documents.jobs.job import Job, JobKind
from documents.media.voice_preview import KEPT_FOR, VoicePreview
from documents.projects.project import Project
from documents.transaction import in_transaction
from documents.tree.inputs import hash_of
from providers.protocols.offer import Capability
from providers.registry import ProviderRegistry
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.jobs import job_room
from resolvers.jobs.generation import new_job
from resolvers.jobs.idempotency import replayed
from resolvers.jobs.pricing import price_steps
from resolvers.jobs.providers import registry_for, unsupported
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.tree import named_makers
from resolvers.tree.named_makers import MakerFields
from tasks.making.voice_preview import preview_request, preview_step

_SPEAKER: Final = (MakerFields((Capability.SPEECH,), "provider", "model", "voice"),)


async def order(
    context: Context,
    project_id: PydanticObjectId | None,
    values: Mapping[str, Any],
    *,
    idempotency_key: str | None,
) -> Outcome[VoicePreview]:
    """Have a voice say a few words; the same words of the same voice are spoken once, as long as they last.

    Args:
        context: of the request.
        project_id: that pays, and whose language and speaker are meant where none is named; None for the
            viewer's own cost.
        values: fields of `VoicePreview` that were given.
        idempotency_key: the client's.

    Raises:
        NotFound, Forbidden: the viewer may not see the project, or not have things made in it; or, without
            one, may have nothing made anywhere.
    """
    project = None
    if project_id is not None:
        project = await context.projects.check(project_id, Permission.PROJECT_PRODUCE)
    elif not context.require_viewer().has(Permission.PROJECT_CREATE):
        raise Forbidden(f"This takes the permission {Permission.PROJECT_CREATE.value}.")
    if known := await _replayed(context, project_id, idempotency_key):
        return known
    good, faults = checked(VoicePreview, _meant(values, project), at="input")
    if faults:
        return Outcome(user_errors=faults)
    return await _ordered(context, project, good, key=idempotency_key)


async def _ordered(
    context: Context, project: Project | None, good: Mapping[str, Any], *, key: str | None
) -> Outcome[VoicePreview]:
    """The preview that is there already, or a new one, if somebody can speak it and it may be paid."""
    registry = await registry_for(context, project)
    if faults := _cannot_speak(registry, good):
        return Outcome(user_errors=faults)
    now, owner_id = context.services.now(), context.require_viewer().user_id
    job = new_job(context, JobKind.VOICE_PREVIEW, None if project is None else project.id, key=key)
    preview = VoicePreview(
        owner_id=owner_id, job_id=job.id, inputs_hash="", created_at=now, expires_at=now + KEPT_FOR, **good
    )
    speaker = registry.speaker(preview.provider).offer.provider
    preview.inputs_hash = hash_of(f"preview by {speaker}", preview_request(preview))
    there = await VoicePreview.alike(owner_id, preview.inputs_hash, now=now)
    if there is not None and (there.file is not None or await _is_under_way(there)):
        return Outcome(there)
    job.node_id = preview.id
    if full := await job_room.refusal(context, 1):
        return full
    if fault := await price_steps(context, registry, project, [job], [preview_step(job, preview)]):
        return Outcome(user_errors=[fault])
    return await _begin(context, preview, job)


async def _is_under_way(preview: VoicePreview) -> bool:
    job = await Job.get(preview.job_id)
    return job is not None and not job.state.is_over


async def load(context: Context, preview_id: PydanticObjectId) -> VoicePreview:
    """A preview of the viewer's own.

    Raises:
        NotFound: there is none, or no more.
    """
    viewer = context.require_viewer()
    preview = await VoicePreview.get(preview_id)
    is_own = preview is not None and preview.owner_id == viewer.user_id
    if preview is None or not is_own or preview.expires_at <= context.services.now():
        raise NotFound("VoicePreview")
    return preview


def _meant(values: Mapping[str, Any], project: Project | None) -> dict[str, Any]:
    """What is given, and what the project says where nothing is."""
    given = {name: value for name, value in values.items() if value is not None}
    if project is None:
        return {"language": "en"} | given
    style, usual = project.style, {"language": project.brief.language}
    if "provider" not in given:
        speaker = {"provider": style.speech_provider, "model": style.speech_model, "voice": style.voice}
        usual |= {name: value for name, value in speaker.items() if value is not None}
    return usual | given


def _cannot_speak(registry: ProviderRegistry, values: Mapping[str, Any]) -> list[UserError]:
    faults = named_makers.faults(registry, _SPEAKER, values, now={}, at="input")
    fault = unsupported(registry, Capability.SPEECH, provider=values.get("provider"))
    return faults or ([] if fault is None else [fault])


async def _begin(context: Context, preview: VoicePreview, job: Job) -> Outcome[VoicePreview]:
    """Store the order with its job, and let the job run."""

    async def write(session: AsyncClientSession) -> None:
        await context.services.dispatcher.store([job], session)
        values = preview.model_dump(by_alias=True, exclude={"revision_id"})
        await VoicePreview.get_pymongo_collection().insert_one(values, session=session)

    try:
        await in_transaction(write)
    except BulkWriteError:  # the same order came twice at the same time
        again = await _replayed(context, job.project_id, job.idempotency_key)
        if again is None:
            raise
        return again
    await context.services.announcer.job(job)
    await context.services.dispatcher.admit(job.owner_id)
    return Outcome(preview)


async def _replayed(
    context: Context, project_id: PydanticObjectId | None, key: str | None
) -> Outcome[VoicePreview] | None:
    """What an order that was sent before came to; None for a new one."""
    job = None if key is None else await job_list.of_key(context.require_viewer().user_id, key)
    node_id = None if job is None else job.node_id
    found = await replayed(context, key, JobKind.VOICE_PREVIEW, project_id, node_id=node_id)
    if found is None or found.result is None:
        return None if found is None else Outcome(user_errors=found.user_errors)
    preview = await VoicePreview.find_one({"job_id": found.result.id})
    if preview is not None:
        return Outcome(preview)
    return Outcome.refused(
        UserErrorCode.INVALID,
        "This key was used for a preview whose time is over: take a new key.",
        at="input.idempotencyKey",
    )
