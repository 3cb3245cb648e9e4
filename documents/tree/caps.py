"""How large a project's tree may grow."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caps:
    """Limits of one tree; past one a change is refused with `LIMIT_EXCEEDED`."""

    scenes_per_script: int = 200
    frames_per_scene: int = 30
    frames_per_project: int = 2_000
    candidates_per_frame: int = 16
    clips_per_scene: int = 16
    tree_bytes: int = 4 * 1024 * 1024
