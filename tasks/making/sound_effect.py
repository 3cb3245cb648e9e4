"""Making one sound effect of a frame: a new one, or the file of one that is only described yet."""

from functools import partial

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import NodeMissing
from documents.jobs.job import Job
from documents.media import library
from documents.projects.change_event import ChangeKind
from documents.tree import place as places
from documents.tree.changes import TreeEditor
from documents.tree.look import SoundEffect
from documents.tree.media_edit import MediaEditor
from documents.tree.media_inputs import EffectInputs, effect_inputs
from providers.protocols.sound import MadeSound, SoundEffectRequest
from storage import keys
from tasks.buying.order import Order
from tasks.buying.provenance import provenance_of, took
from tasks.buying.purchases import buy_file
from tasks.buying.steps import EFFECT_S
from tasks.job_engine.derived import derived_id, seed_of
from tasks.job_engine.work import Done, Report
from tasks.making.image import place_in_script
from tasks.making.library_assets import sound_of
from tasks.making.made_media import look_into
from tasks.workshop import Workshop


def effect_request(inputs: EffectInputs, *, seed: int) -> SoundEffectRequest:
    """What a sound maker is asked for."""
    return SoundEffectRequest(prompt=inputs.prompt, duration_s=inputs.duration_s, seed=seed)


async def make_sound_effect(shop: Workshop, job: Job, report: Report) -> Done:
    """Ask a sound maker for the sound, store it, and lay it under its frame."""
    project = await shop.project(job.in_project)
    _, scene, _, frame = place_in_script(project, job)
    asked = SoundEffect.model_validate(job.payload["effect"])
    known = next((effect for effect in frame.sound_effects if effect.id == asked.id), None)
    if known is None and not job.payload["is_new"]:
        raise NodeMissing("SoundEffect")
    wanted = known or asked
    inputs = effect_inputs(project, wanted.prompt, wanted.wanted_s)
    report(0, 1, stage="recording")
    request = effect_request(inputs, seed=seed_of(job, inputs.hash))
    maker = (await shop.registry(job, project)).sound_maker(inputs.provider)
    file_id = str(derived_id(job.id, "sound", inputs.hash))
    order = Order(
        name="sound",
        inputs=request,
        offer=maker.offer,
        model=None,
        amounts={"seconds": inputs.duration_s or EFFECT_S},
        project=project,
    )
    bought = await buy_file(
        shop,
        job,
        order,
        MadeSound,
        key=partial(keys.scene_asset, str(project.id), str(scene.id), "sounds", file_id),
        call=lambda tab: maker.make(request, tab),
    )
    found = await look_into(shop, job, bought)
    provenance = provenance_of(job, bought.made.usage, inputs_hash=inputs.hash, now=shop.now())
    provenance.prompt = inputs.prompt
    provenance.seed = bought.made.seed
    values = {"file": found.file, "duration_s": found.duration_s, "provenance": provenance}
    effect = wanted.model_copy(update=values)
    stored = effect.stored()

    async def attach(session: AsyncClientSession) -> None:
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await library.enter(
            job.in_project, sound_of(frame.id, PydanticObjectId(file_id), effect), session=session
        )
        if known is None:
            await MediaEditor(editor).add_sound_effect(frame.id, effect, kind=ChangeKind.ASSET_READY)
            return
        await editor.set_fields(
            places.sound_effect(effect.id),
            {name: stored[name] for name in values},
            kind=ChangeKind.ASSET_READY,
        )

    return Done(
        result={"sound_effect_id": str(effect.id), "key": found.file.key, "duration_s": found.duration_s},
        attach=attach,
        took=took(job, bought.made.usage, units=found.duration_s),
    )
