"""Plan, encode, join: a whole render in one call."""

from dataclasses import dataclass
from pathlib import Path

from rendering.engine import RenderEngine
from rendering.join import Finished
from rendering.plan import RenderPlan
from rendering.timeline import Timeline
from tests.rendering.library import Library


@dataclass(frozen=True)
class Rendered:
    plan: RenderPlan
    files: dict[str, Path]
    finished: Finished


async def render(engine: RenderEngine, timeline: Timeline, library: Library, folder: Path) -> Rendered:
    plan = await engine.plan(timeline)
    files: dict[str, Path] = {}
    for segment in plan.segments:
        files[segment.key] = folder / "segments" / f"{segment.key}.mp4"
        await engine.encode(segment, library.files, files[segment.key])
    return Rendered(plan, files, await engine.join(plan, files, library.files, folder / "out"))
