"""Composing a project's music."""

import hashlib

from pymongo.asynchronous.client_session import AsyncClientSession

from documents import place as places
from documents.asset import StoredFile
from documents.brief import Music, MusicTrack
from documents.change_event import ChangeKind
from documents.inputs import music_inputs
from documents.job import Job
from documents.tree import TreeEditor
from providers.protocols import MusicRequest
from storage import keys
from tasks.derived import derived_id, derived_seed
from tasks.kill_points import KillPoint
from tasks.provenance import provenance_of, took
from tasks.work import Done, Report
from tasks.workshop import Workshop, ask

LOOP_S = 40.0
"""Length asked for; the renderer loops it under a longer video, so the music need not know the video."""


async def compose_music(shop: Workshop, job: Job, report: Report) -> Done:
    """Ask a composer for the music, store it, and make it the project's."""
    project = await shop.project(job.in_project)
    inputs = music_inputs(project)
    report(0, 1, stage="composing")
    request = MusicRequest(mood=inputs.mood, duration_s=LOOP_S, seed=derived_seed(inputs.hash))
    music = await ask(shop.providers.composer(inputs.provider).compose(request))
    track_id = derived_id(job.id, "music", inputs.hash)
    key = keys.project_music(str(project.id), str(track_id), "wav")
    await shop.objects.put_bytes(key, music.data, music.mime_type)
    shop.kill_points.reach(KillPoint.AFTER_BYTES_STORED)
    provenance = provenance_of(job, music.usage, inputs_hash=inputs.hash, now=shop.now())
    provenance.prompt = inputs.prompt
    provenance.seed = request.seed
    track = MusicTrack(
        id=track_id,
        file=StoredFile(
            key=key,
            sha256=hashlib.sha256(music.data).hexdigest(),
            size_bytes=len(music.data),
            mime_type=music.mime_type,
        ),
        duration_s=music.duration_s,
        provenance=provenance,
    )

    async def attach(session: AsyncClientSession) -> None:
        editor = TreeEditor(job.in_project, shop.caps, shop.now(), session)
        await editor.set_fields(places.section(Music), {"track": track.stored()}, kind=ChangeKind.ASSET_READY)

    return Done(
        result={"key": key},
        attach=attach,
        cost_minor=music.usage.cost_minor,
        took=took(job, music.usage, units=1),
    )
