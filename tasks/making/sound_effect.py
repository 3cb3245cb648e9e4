"""Making one sound effect of a frame: a new one, or the file of one that is only described yet."""

from collections.abc import Callable
from functools import partial
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.errors import NodeMissing
from documents.jobs.job import Job
from documents.media import library
from documents.media.file_copy import Copy
from documents.media.library_entry import LibraryKind
from documents.projects.change_event import ChangeKind
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.changes import TreeEditor
from documents.tree.look import SoundEffect
from documents.tree.media_edit import MediaEditor
from documents.tree.media_inputs import EffectInputs, effect_inputs
from documents.tree.script import Scene
from providers.protocols.sound import MadeSound, SoundEffectRequest
from storage import keys
from tasks.buying.order import Order
from tasks.buying.provenance import provenance_of, took
from tasks.buying.purchases import buy_file
from tasks.buying.reuse import reused
from tasks.buying.steps import EFFECT_S
from tasks.job_engine.derived import derived_id, seed_of
from tasks.job_engine.work import Done, Report, Took
from tasks.making.image import place_in_script
from tasks.making.library_assets import sound_of
from tasks.making.made_media import look_into
from tasks.workshop import Workshop


def effect_request(inputs: EffectInputs, *, seed: int) -> SoundEffectRequest:
    """What a sound maker is asked for."""
    return SoundEffectRequest(prompt=inputs.prompt, duration_s=inputs.duration_s, seed=seed)


async def make_sound_effect(shop: Workshop, job: Job, report: Report) -> Done:
    """Lay a sound under its frame: one made from the same inputs before, if that is wanted, or a new one."""
    project = await shop.project(job.in_project)
    _, scene, _, frame = place_in_script(project, job)
    asked = SoundEffect.model_validate(job.payload["effect"])
    known = next((effect for effect in frame.sound_effects if effect.id == asked.id), None)
    if known is None and not job.payload["is_new"]:
        raise NodeMissing("SoundEffect")
    wanted = known or asked
    inputs = effect_inputs(project, wanted.prompt, wanted.wanted_s)
    report(0, 1, stage="recording")
    file_id = derived_id(job.id, "sound", inputs.hash)
    # Who orders one more sound wants none that is there; one that was described may sound like another.
    there = frame.sound_effects if known is None else [known]
    again, spent = None, None
    if "seed" not in job.payload:
        again = await reused(
            shop,
            job,
            project,
            LibraryKind.SOUND_EFFECT,
            inputs.hash,
            copy=lambda file: Copy(file, str(file_id), _key(project, scene)),
            without={each.file.sha256 for each in there if each.file is not None},
        )
    if again is not None:
        values: dict[str, Any] = {
            "file": again.file,
            "duration_s": again.entry.duration_s,
            "provenance": again.provenance,
        }
    else:
        values, spent = await _recorded(shop, job, project, scene, inputs)
    effect = wanted.model_copy(update=values)
    stored = effect.stored()

    async def attach(session: AsyncClientSession) -> None:
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        if again is not None:
            await again.count(shop, session)
        else:
            await library.enter(job.in_project, sound_of(frame.id, file_id, effect), session=session)
        if known is None:
            await MediaEditor(editor).add_sound_effect(frame.id, effect, kind=ChangeKind.ASSET_READY)
            return
        await editor.set_fields(
            places.sound_effect(effect.id),
            {name: stored[name] for name in values},
            kind=ChangeKind.ASSET_READY,
        )

    file = values["file"]
    return Done(
        result={
            "sound_effect_id": str(effect.id),
            "key": file.key,
            "duration_s": values["duration_s"],
        },
        attach=attach,
        took=spent,
    )


def _key(project: Project, scene: Scene) -> Callable[[str, str], str]:
    return partial(keys.scene_asset, str(project.id), str(scene.id), "sounds")


async def _recorded(
    shop: Workshop, job: Job, project: Project, scene: Scene, inputs: EffectInputs
) -> tuple[dict[str, Any], Took]:
    """Ask a sound maker for the sound and store it: the fields of the effect that change with it."""
    request = effect_request(inputs, seed=seed_of(job, inputs.hash))
    maker = (await shop.registry(job, project)).sound_maker(inputs.provider)
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
        key=partial(_key(project, scene), str(derived_id(job.id, "sound", inputs.hash))),
        call=lambda tab: maker.make(request, tab),
    )
    found = await look_into(shop, job, bought)
    provenance = provenance_of(job, bought.made.usage, inputs_hash=inputs.hash, now=shop.now())
    provenance.prompt = inputs.prompt
    provenance.seed = bought.made.seed
    values = {"file": found.file, "duration_s": found.duration_s, "provenance": provenance}
    return values, took(job, bought.made.usage, units=found.duration_s)
