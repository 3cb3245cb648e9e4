"""Composing a project's music."""

from functools import partial

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job
from documents.media import library
from documents.media.file_copy import Copy
from documents.media.library_entry import LibraryKind
from documents.projects.change_event import ChangeKind
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.brief import Music, MusicTrack
from documents.tree.changes import TreeEditor
from documents.tree.inputs import MusicInputs, music_inputs
from providers.protocols.sound import Music as MadeMusic
from providers.protocols.sound import MusicRequest
from storage import keys
from tasks.buying.order import Order
from tasks.buying.provenance import provenance_of, took
from tasks.buying.purchases import buy_file
from tasks.buying.reuse import reused
from tasks.buying.steps import MUSIC_S
from tasks.job_engine.derived import derived_id, seed_of
from tasks.job_engine.work import Done, Report, Took
from tasks.making.library_assets import music
from tasks.making.made_media import look_into
from tasks.workshop import Workshop


async def compose_music(shop: Workshop, job: Job, report: Report) -> Done:
    """Give the project music: what was composed from the same inputs, if that is wanted, or new music."""
    project = await shop.project(job.in_project)
    inputs = music_inputs(project)
    report(0, 1, stage="composing")
    track_id = derived_id(job.id, "music", inputs.hash)
    there = project.music.track
    is_repeated = there is not None and there.provenance.inputs_hash == inputs.hash
    again = None
    if not is_repeated and "seed" not in job.payload:
        again = await reused(
            shop,
            job,
            project,
            LibraryKind.MUSIC,
            inputs.hash,
            copy=lambda file: Copy(file, str(track_id), partial(keys.project_music, str(project.id))),
        )
    if again is not None:
        spent = None
        track = MusicTrack(
            id=track_id, file=again.file, duration_s=again.entry.duration_s, provenance=again.provenance
        )
    else:
        track, spent = await _composed(shop, job, project, inputs)

    async def attach(session: AsyncClientSession) -> None:
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await editor.set_fields(places.section(Music), {"track": track.stored()}, kind=ChangeKind.ASSET_READY)
        if again is not None:
            await again.count(shop, session)
        else:
            await library.enter(job.in_project, music(track), session=session)

    return Done(result={"key": track.file.key}, attach=attach, took=spent)


async def _composed(
    shop: Workshop, job: Job, project: Project, inputs: MusicInputs
) -> tuple[MusicTrack, Took]:
    """Ask a composer for the music and store it."""
    request = MusicRequest(
        mood=inputs.mood,
        duration_s=MUSIC_S,
        seed=seed_of(job, inputs.hash),
        tempo_bpm=inputs.tempo_bpm,
        prompt=inputs.prompt,
        model=inputs.model,
    )
    composer = (await shop.registry(job, project)).composer(inputs.provider)
    track_id = derived_id(job.id, "music", inputs.hash)
    order = Order(
        name="music",
        inputs=request,
        offer=composer.offer,
        model=inputs.model,
        amounts={"seconds": MUSIC_S},
        project=project,
    )
    bought = await buy_file(
        shop,
        job,
        order,
        MadeMusic,
        key=partial(keys.project_music, str(project.id), str(track_id)),
        call=lambda tab: composer.compose(request, tab),
    )
    made = bought.made
    file, duration_s = bought.file, made.duration_s
    if duration_s is None:
        found = await look_into(shop, job, bought)
        file, duration_s = found.file, found.duration_s
    provenance = provenance_of(job, made.usage, inputs_hash=inputs.hash, now=shop.now())
    provenance.prompt = inputs.prompt
    provenance.seed = made.seed
    track = MusicTrack(id=track_id, file=file, duration_s=duration_s, provenance=provenance)
    return track, took(job, made.usage, units=1)
