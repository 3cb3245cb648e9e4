"""What making single things would take and cost, before anybody orders them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from beanie import PydanticObjectId

from access.errors import NotFound
from access.permissions import Permission
from documents.jobs.job import JobKind
from documents.projects.cast import Cast, cast_of
from documents.projects.project import Project
from documents.tree.script import Frame, Scene
from providers.errors import CapabilityUnsupported
from providers.protocols.offer import Offer
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.jobs.generation import MOST_AT_ONCE
from resolvers.jobs.providers import registry_for
from tasks.buying.capabilities import CAPABILITY_OF
from tasks.buying.estimate import StageEstimate, is_over, left_micros
from tasks.buying.steps import Step, step_for

_SCENE_KINDS = frozenset({JobKind.CLIP})
_PROJECT_KINDS = frozenset(
    {
        JobKind.SCRIPT,
        JobKind.SCRIPT_ANALYSIS,
        JobKind.METADATA,
        JobKind.MUSIC_WORDS,
        JobKind.TRANSLATION,
        JobKind.MUSIC,
    }
)


@dataclass(frozen=True, slots=True)
class GenerationEstimate:
    """What was foreseen, and who would do it.

    Args:
        offer: of the provider that would be asked; None where nobody does this here.
        unsupported: why nobody does.
        left_micros: what the project's ceiling leaves; None where there is no ceiling.
    """

    foreseen: StageEstimate
    pieces: int
    offer: Offer | None
    model: str | None
    unsupported: str | None
    left_micros: int | None

    @property
    def exceeds_ceiling(self) -> bool:
        """Whether the project's ceiling would stop it."""
        return is_over(self.left_micros, self.foreseen.needed)


async def estimate(
    context: Context,
    project_id: PydanticObjectId,
    kind: JobKind,
    *,
    node_ids: Sequence[PydanticObjectId] | None,
    count: int,
) -> GenerationEstimate:
    """Foresee `count` pieces of a kind for each of these nodes, or for all that are shown.

    Raises:
        NotFound: the project or a node is not there, or not the viewer's to see.
        BadUserInput: nothing of the kind is made for such nodes, or the count is out of range.
    """
    project = await context.projects.load(project_id, Permission.PROJECT_VIEW)
    if kind not in CAPABILITY_OF:
        raise BadUserInput("kind", f"{kind.value} is not made by a provider.")
    if not 1 <= count <= MOST_AT_ONCE:
        raise BadUserInput("count", f"1 to {MOST_AT_ONCE}.")
    cast = await cast_of(project)
    found = await asyncio.to_thread(_steps, project, cast, kind, node_ids)  # figures take a while to be read
    steps = [step for step in found for _ in range(count)]
    registry = await registry_for(context, project)
    foreseen = await context.services.estimator.foresee(steps, registry)
    offer, why = None, None
    try:
        offer = registry.offer(CAPABILITY_OF[kind], steps[0].provider if steps else None)
    except CapabilityUnsupported as error:
        why = str(error)
    if offer is not None and not offer.available:
        why = offer.reason_unavailable
    model = steps[0].model if steps else None
    if model is None and offer is not None:
        model = next(iter(offer.models), None)
    return GenerationEstimate(foreseen, len(steps), offer, model, why, left_micros(project))


def _steps(
    project: Project, cast: Cast, kind: JobKind, node_ids: Sequence[PydanticObjectId] | None
) -> list[Step]:
    found = [step_for(project, cast, kind, scene, frame) for scene, frame in _nodes(project, kind, node_ids)]
    steps = [step for step in found if step is not None]
    if len(steps) < len(found):
        raise BadUserInput("nodeIds", f"{kind.value} is not made for nodes of this type.")
    return steps


def _nodes(
    project: Project, kind: JobKind, node_ids: Sequence[PydanticObjectId] | None
) -> list[tuple[Scene | None, Frame | None]]:
    if kind in _PROJECT_KINDS:
        if node_ids:
            raise BadUserInput("nodeIds", f"{kind.value} is made for the whole project: leave them out.")
        return [(None, None)]
    if node_ids is None:
        if kind in _SCENE_KINDS:
            return [(scene, None) for scene in project.script.scenes if not scene.is_skipped]
        return list(project.shown_frames())
    scenes: dict[PydanticObjectId, tuple[Scene | None, Frame | None]] = {
        scene.id: (scene, None) for scene in project.script.scenes
    }
    frames: dict[PydanticObjectId, tuple[Scene | None, Frame | None]] = {
        frame.id: (scene, frame) for scene, frame in project.frames()
    }
    known = scenes | frames
    if any(node_id not in known for node_id in node_ids):
        raise NotFound("Node")
    return [known[node_id] for node_id in dict.fromkeys(node_ids)]
