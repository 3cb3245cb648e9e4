"""A request for a picture, with whatever matters told."""

from typing import Any

from providers.protocols.picture import ImageRequest


def picture_request(**told: Any) -> ImageRequest:
    usual: dict[str, Any] = {
        "prompt": "a lighthouse",
        "negative_prompt": "",
        "style": "",
        "width": 768,
        "height": 1344,
        "seed": 7,
        "ordinal": 0,
        "scene_prompt": "",
        "scene_ordinal": 0,
        "frame_ordinal": 0,
    }
    return ImageRequest(**usual | told)
