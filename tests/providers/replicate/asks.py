"""Requests as the tests make them."""

from typing import cast

from providers.protocols.clip import ClipMaker, ClipRequest
from providers.protocols.offer import Capability
from providers.protocols.picture import ImageMaker, ImageRequest
from providers.replicate.service import ReplicateService
from providers.service import Account

PICTURE = ImageRequest(
    prompt="a lighthouse",
    negative_prompt="",
    style="film",
    width=1080,
    height=1920,
    seed=2**40 + 5,
    ordinal=0,
    scene_prompt="a coast",
    scene_ordinal=0,
    frame_ordinal=0,
    full_prompt="a lighthouse on a coast, film",
)
CLIP = ClipRequest(prompt="waves roll in", duration_s=3.2, width=1080, height=1920, seed=11)


def image_maker(service: ReplicateService, account: Account | None = None) -> ImageMaker:
    return cast("ImageMaker", service.makers(account)[Capability.IMAGE])


def clip_maker(service: ReplicateService) -> ClipMaker:
    return cast("ClipMaker", service.makers(None)[Capability.CLIP])
