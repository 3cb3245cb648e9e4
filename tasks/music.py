"""Composing a project's music."""

from pymongo.asynchronous.client_session import AsyncClientSession

from documents import place as places
from documents.brief import Music, MusicTrack
from documents.change_event import ChangeKind
from documents.inputs import music_inputs
from documents.job import Job
from documents.tree import TreeEditor
from providers.protocols.sound import Music as MadeMusic
from providers.protocols.sound import MusicRequest
from storage import keys
from tasks.derived import derived_id, derived_seed
from tasks.file_types import EXTENSIONS
from tasks.made_media import look_into
from tasks.provenance import provenance_of, took
from tasks.purchases import Order, buy_file
from tasks.steps import MUSIC_S
from tasks.work import Done, Report
from tasks.workshop import Workshop


async def compose_music(shop: Workshop, job: Job, report: Report) -> Done:
    """Ask a composer for the music, store it, and make it the project's."""
    project = await shop.project(job.in_project)
    inputs = music_inputs(project)
    report(0, 1, stage="composing")
    request = MusicRequest(
        mood=inputs.mood,
        duration_s=MUSIC_S,
        seed=derived_seed(inputs.hash),
        prompt=inputs.prompt,
        model=inputs.model,
    )
    composer = (await shop.registry(job, project)).composer(inputs.provider)
    track_id = derived_id(job.id, "music", inputs.hash)
    order = Order(
        name="music",
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
        key=lambda made: keys.project_music(str(project.id), str(track_id), EXTENSIONS[made.mime_type]),
        call=lambda tab: composer.compose(request, tab),
    )
    music = bought.made
    file, duration_s = bought.file, music.duration_s
    if duration_s is None:
        found = await look_into(shop, job, bought)
        file, duration_s = found.file, found.duration_s
    provenance = provenance_of(job, music.usage, inputs_hash=inputs.hash, now=shop.now())
    provenance.prompt = inputs.prompt
    provenance.seed = request.seed
    track = MusicTrack(
        id=track_id,
        file=file,
        duration_s=duration_s,
        provenance=provenance,
    )

    async def attach(session: AsyncClientSession) -> None:
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await editor.set_fields(places.section(Music), {"track": track.stored()}, kind=ChangeKind.ASSET_READY)

    return Done(
        result={"key": bought.file.key},
        attach=attach,
        took=took(job, music.usage, units=1),
    )
