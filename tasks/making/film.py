"""Moving pictures out of what providers sent: bought, looked into, with a thumbnail."""

from collections.abc import Awaitable, Callable
from functools import partial

from beanie import PydanticObjectId

from documents.jobs.job import Job
from documents.tree.script import Clip
from providers.protocols.clip import MadeClip
from providers.protocols.offer import Usage
from providers.protocols.prediction import Tab
from storage import keys
from tasks.buying.order import Order
from tasks.buying.provenance import provenance_of
from tasks.buying.purchases import buy_file
from tasks.job_engine.derived import derived_id
from tasks.making.made_media import look_into
from tasks.workshop import Workshop


async def bought_clip(
    shop: Workshop,
    job: Job,
    order: Order,
    call: Callable[[Tab], Awaitable[MadeClip]],
    *,
    scene_id: PydanticObjectId,
    clip_id: PydanticObjectId,
    inputs_hash: str,
) -> tuple[Clip, Usage]:
    """Buy a moving picture for a scene or one of its frames, and find out what it is.

    Args:
        shop: the worker's parts.
        job: that is claimed.
        order: what is bought, and from whom.
        call: asks the provider.
        scene_id: with which it is stored.
        clip_id: its own id.
        inputs_hash: of what it is made from.

    Raises:
        Retryable, Hopeless: as for `buy_file` and `look_into`.
    """
    key = partial(keys.scene_asset, str(job.in_project), str(scene_id), "clips")
    bought = await buy_file(shop, job, order, MadeClip, key=partial(key, str(clip_id)), call=call)
    thumbnail_id = str(derived_id(clip_id, "thumbnail"))
    found = await look_into(shop, job, bought, thumbnail_key=partial(key, thumbnail_id))
    usage = bought.made.usage
    provenance = provenance_of(job, usage, inputs_hash=inputs_hash, now=shop.now())
    provenance.seed = bought.made.seed
    clip = Clip(
        id=clip_id,
        file=found.file,
        width=found.width,
        height=found.height,
        duration_s=found.duration_s,
        has_sound=found.has_sound,
        provenance=provenance,
    )
    return clip, usage
