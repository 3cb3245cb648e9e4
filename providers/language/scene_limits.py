"""A script's scenes within a brief's limits: no frame is lost."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from providers.protocols.script import WrittenScene


def within_limits(
    scenes: Sequence[WrittenScene], *, max_scenes: int, max_frames: int
) -> tuple[WrittenScene, ...] | None:
    """The scenes, none too long and not too many of them; None where there are more frames than fit.

    Long scenes are split evenly; where that makes too many scenes, the two neighbours that are smallest
    together become one, as often as it takes.
    """
    if sum(len(scene.frames) for scene in scenes) > max_scenes * max_frames:
        return None
    fitting = [part for scene in scenes for part in _split(scene, max_frames)]
    while len(fitting) > max_scenes:
        sizes = [len(a.frames) + len(b.frames) for a, b in pairwise(fitting)]
        at = min(range(len(sizes)), key=sizes.__getitem__)
        if sizes[at] > max_frames:
            return _packed(fitting, max_frames)
        fitting[at : at + 2] = [_joined(fitting[at], fitting[at + 1])]
    return tuple(fitting)


def _split(scene: WrittenScene, most: int) -> list[WrittenScene]:
    count = len(scene.frames)
    parts = math.ceil(count / most)
    borders = [round(index * count / parts) for index in range(parts + 1)]
    return [replace(scene, frames=scene.frames[start:end]) for start, end in pairwise(borders)]


def _joined(first: WrittenScene, second: WrittenScene) -> WrittenScene:
    return replace(
        first,
        frames=first.frames + second.frames,
        characters=tuple(dict.fromkeys(first.characters + second.characters)),
    )


def _packed(scenes: Sequence[WrittenScene], most: int) -> tuple[WrittenScene, ...]:
    """All frames in as few scenes as hold them; each is called what its first frame's scene was."""
    owned = [(scene, frame) for scene in scenes for frame in scene.frames]
    return tuple(
        replace(
            owned[start][0],
            frames=tuple(frame for _, frame in owned[start : start + most]),
            characters=tuple(
                dict.fromkeys(name for scene, _ in owned[start : start + most] for name in scene.characters)
            ),
        )
        for start in range(0, len(owned), most)
    )
