"""Models that are known, by capability, the default first, with their published inputs.

The inputs are those of the models' pages (`replicate.com/<owner>/<name>/api`). Settings may name any other.
"""

from collections.abc import Mapping
from dataclasses import replace

from providers.protocols.offer import Capability
from providers.replicate.options import ReplicateModel, ReplicateOptions

_FLUX_RATIOS = ("1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21")
_CLIP_RATIOS = ("16:9", "4:3", "1:1", "3:4", "9:16", "21:9", "9:21")
_SEEDREAM_RATIOS = ("1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "21:9")

_FLUX_SCHNELL = ReplicateModel(
    "black-forest-labs/flux-schnell",
    inputs={"prompt": "prompt", "aspect_ratio": "aspect_ratio", "seed": "seed"},
    fixed={"num_outputs": 1, "output_format": "png"},
    aspect_ratios=_FLUX_RATIOS,
)
_FLUX_PRO = ReplicateModel(
    "black-forest-labs/flux-1.1-pro",
    inputs={"prompt": "prompt", "aspect_ratio": "aspect_ratio", "seed": "seed"},
    fixed={"output_format": "png"},
    aspect_ratios=tuple(ratio for ratio in _FLUX_RATIOS if ratio not in {"21:9", "9:21"}),
)
_SEEDREAM = ReplicateModel(
    "bytedance/seedream-4",
    inputs={"prompt": "prompt", "aspect_ratio": "aspect_ratio", "images": "image_input"},
    fixed={"size": "2K"},
    aspect_ratios=_SEEDREAM_RATIOS,
    in_lists=frozenset({"images"}),
    most_images=10,
)
_KONTEXT = ReplicateModel(
    "black-forest-labs/flux-kontext-pro",
    inputs={"prompt": "prompt", "image": "input_image", "seed": "seed"},
    fixed={"aspect_ratio": "match_input_image", "output_format": "png"},
)
_FILL = ReplicateModel(
    "black-forest-labs/flux-fill-pro",
    inputs={"prompt": "prompt", "image": "image", "mask": "mask", "seed": "seed"},
    fixed={"output_format": "png"},
)
_SEEDANCE_INPUTS = {
    "prompt": "prompt",
    "first_image": "image",
    "duration": "duration",
    "aspect_ratio": "aspect_ratio",
    "seed": "seed",
}
_SEEDANCE_LENGTHS_S = tuple(range(2, 13))

KNOWN: Mapping[Capability, tuple[ReplicateModel, ...]] = {
    Capability.IMAGE: (_FLUX_SCHNELL, _FLUX_PRO, _SEEDREAM),
    Capability.IMAGE_EDIT: (_KONTEXT, _SEEDREAM, _FILL),
    Capability.CLIP: (
        ReplicateModel(
            "bytedance/seedance-1-lite",
            inputs={**_SEEDANCE_INPUTS, "images": "reference_images"},
            fixed={"resolution": "720p"},
            durations_s=_SEEDANCE_LENGTHS_S,
            aspect_ratios=_CLIP_RATIOS,
            in_lists=frozenset({"images"}),
            most_images=4,
        ),
        ReplicateModel(
            "bytedance/seedance-1-pro",
            inputs=_SEEDANCE_INPUTS,
            fixed={"resolution": "1080p"},
            durations_s=_SEEDANCE_LENGTHS_S,
            aspect_ratios=_CLIP_RATIOS,
        ),
    ),
    Capability.MUSIC: (
        ReplicateModel(
            "stability-ai/stable-audio-2.5",
            inputs={"prompt": "prompt", "duration": "duration", "seed": "seed"},
            longest_s=190,
        ),
    ),
    Capability.LIP_SYNC: (
        ReplicateModel(
            "sync/lipsync-2",
            inputs={"video": "video", "audio": "audio"},
            fixed={"sync_mode": "loop"},
        ),
        ReplicateModel("bytedance/omni-human", inputs={"image": "image", "audio": "audio"}),
    ),
}

_LEAST: Mapping[Capability, Mapping[str, str]] = {
    Capability.IMAGE: {"prompt": "prompt"},
    Capability.IMAGE_EDIT: {"prompt": "prompt", "image": "image"},
    Capability.CLIP: {"prompt": "prompt", "first_image": "image"},
    Capability.MUSIC: {"prompt": "prompt"},
    Capability.LIP_SYNC: {"video": "video", "audio": "audio"},
}


def models_of(capability: Capability, options: ReplicateOptions) -> tuple[ReplicateModel, ...]:
    """Those that serve a capability here, the default first: the operator's, or all that are known."""
    chosen = options.models.get(capability)
    if chosen is None:
        return KNOWN[capability]
    if chosen.inputs:
        return (chosen,)
    known = next((each for each in KNOWN[capability] if each.name == chosen.plain_name), None)
    if known is None:
        return (replace(chosen, inputs=_LEAST[capability]),)
    return (replace(known, name=chosen.name, fixed={**known.fixed, **chosen.fixed}),)
