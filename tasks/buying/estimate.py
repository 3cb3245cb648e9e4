"""What a production will make, how long it will take and what it will cost: told before it starts."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from documents.jobs.job import Estimate, JobKind, Queue
from documents.jobs.pace import Pace
from documents.jobs.worker_presence import WorkerPresence
from documents.projects.cast import cast_of
from documents.projects.project import Project
from documents.tree.inputs import video_size
from providers.errors import CapabilityUnsupported
from providers.registry import ProviderRegistry
from tasks.buying.amounts import LETTERS_PER_SECOND
from tasks.buying.capabilities import CAPABILITY_OF
from tasks.buying.purchases import expected_micros
from tasks.buying.steps import MUSIC_S, Step
from tasks.productions.production_mode import ProductionMode
from tasks.productions.production_plan import ProductionStage, asset_steps, script_steps
from tasks.rendering.timeline import LEAD_IN_S, SILENT_FRAME_S, TAIL_S

_FIRST_PACES = {
    "SCRIPT": 0.3,
    "IMAGE": 0.5,
    "VOICEOVER": 0.004,
    "MUSIC": 1.5,
    "SCRIPT_ANALYSIS": 15.0,
    "CHARACTER_ANALYSIS": 8.0,
    "REWRITE": 8.0,
    "PROMPT": 5.0,
    "METADATA": 8.0,
    "TRANSLATION": 15.0,
    "CHAT_REPLY": 8.0,
    "WEEKLY_PLAN": 15.0,
    "IMAGE_EDIT": 20.0,
    "CLIP": 15.0,
    "SOUND_EFFECT": 2.0,
    "LIP_SYNC": 12.0,
    "SEGMENT:preview": 0.03,
    "SEGMENT:draft": 0.034,
    "SEGMENT:standard": 0.068,
    "SEGMENT:high": 0.14,
    "RENDER:join": 0.005,
}
"""Seconds a unit before anything was measured here; units as in `Step`; frames times megapixels; frames."""

_FPS = 30
_SECONDS_PER_FRAME = 4.5
_BETWEEN_STAGES_S = 0.8


@dataclass(frozen=True, slots=True)
class StageEstimate:
    """One stage: how many pieces of each kind, and how long they take with the workers that are there.

    `is_priced` is False where some of it costs money and its price is not known; `cost_micros` is the rest.
    """

    stage: ProductionStage
    pieces: dict[JobKind, int]
    duration_s: float
    cost_micros: int
    is_priced: bool = True


@dataclass(frozen=True, slots=True)
class ProductionEstimate:
    """A whole production.

    Args:
        video_s: expected length of the video, in seconds.
        left_micros: what the project's ceiling leaves; None where there is no ceiling.
        currency: of the costs.
    """

    stages: tuple[StageEstimate, ...]
    video_s: float
    left_micros: int | None = None
    currency: str = "USD"

    @property
    def duration_s(self) -> float:
        """Seconds from start to video, if nothing else is running."""
        return sum(stage.duration_s for stage in self.stages)

    @property
    def cost_micros(self) -> int:
        """What the providers will charge, in millionths of the currency's major unit."""
        return sum(stage.cost_micros for stage in self.stages)

    @property
    def is_priced(self) -> bool:
        """Whether all prices are known."""
        return all(stage.is_priced for stage in self.stages)

    @property
    def exceeds_ceiling(self) -> bool:
        """Whether the ceiling would stop it on the way; a price that is not known does, too."""
        if self.left_micros is None:
            return False
        return self.cost_micros > self.left_micros or not self.is_priced


def default_seconds(step: Step) -> float:
    """How long a step takes where nothing is known yet; good enough to weigh steps against each other."""
    return _FIRST_PACES[step.kind.value] * step.units


def spoken_seconds(project: Project) -> float:
    """Length of the video: from the voices that are there, and from letters where they are not."""
    total = 0.0
    for _, frame in project.shown_frames():
        recording = frame.voiceover.recording
        letters = len(frame.voiceover.text or frame.narration)
        spoken = recording.duration_s if recording else letters / LETTERS_PER_SECOND
        total += max(frame.duration_s or 0.0, LEAD_IN_S + spoken + TAIL_S if letters else SILENT_FRAME_S)
    return total


class Estimator:
    """Foresees productions from what was measured on this installation's workers."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    async def estimate(
        self,
        project: Project,
        mode: ProductionMode,
        stop_after: ProductionStage,
        registry: ProviderRegistry,
        profile: str = "STANDARD",
    ) -> ProductionEstimate:
        """What a production would do now. Segments that are rendered already are counted as work."""
        paces = _FIRST_PACES | await Pace.known()
        making = await WorkerPresence.hands_on(Queue.GENERATE, self._now())
        rendering = await WorkerPresence.hands_on(Queue.RENDER, self._now())
        width, height = video_size(project.style)
        script = script_steps(project, mode)
        if script:
            video_s, assets = _foreseen_assets(project, width * height / 1e6)
        else:
            video_s, assets = spoken_seconds(project), asset_steps(project, await cast_of(project), mode)
        frames = video_s * _FPS
        encoding = frames * width * height / 1e6 * paces[f"SEGMENT:{profile.lower()}"] / rendering
        stages = [
            _stage(ProductionStage.SCRIPT, script, paces, registry, hands=1),
            _stage(ProductionStage.ASSETS, assets, paces, registry, hands=making),
            StageEstimate(
                ProductionStage.RENDER,
                {JobKind.RENDER: 1},
                encoding + frames * paces["RENDER:join"] + _BETWEEN_STAGES_S,
                0,
            ),
        ]
        last = list(ProductionStage).index(stop_after)
        due = tuple(stage for stage in stages[: last + 1] if stage.pieces)
        return ProductionEstimate(due, video_s, left_micros(project))

    async def each(self, steps: Sequence[Step | None], registry: ProviderRegistry) -> list[Estimate]:
        """What each of some pieces of work would take one pair of hands and cost; nothing for None."""
        paces = _FIRST_PACES | await Pace.known()
        foreseen = [_stage(ProductionStage.ASSETS, [s] if s else [], paces, registry, hands=1) for s in steps]
        return [
            Estimate(
                duration_s=max(0.0, each.duration_s - _BETWEEN_STAGES_S),
                cost_micros=each.cost_micros,
                is_priced=each.is_priced,
            )
            for each in foreseen
        ]

    async def foresee(self, steps: Sequence[Step], registry: ProviderRegistry) -> StageEstimate:
        """What some pieces of work would take and cost, done by all hands that there are."""
        hands = await WorkerPresence.hands_on(Queue.GENERATE, self._now())
        paces = _FIRST_PACES | await Pace.known()
        return _stage(ProductionStage.ASSETS, steps, paces, registry, hands=hands)


def left_micros(project: Project) -> int | None:
    """What a project's ceiling leaves to be spent; None where there is no ceiling."""
    budget = project.budget
    if budget.ceiling_micros is None:
        return None
    return max(0, budget.ceiling_micros - budget.spent_micros - budget.reserved_micros)


def _stage(
    stage: ProductionStage,
    steps: Sequence[Step],
    paces: dict[str, float],
    registry: ProviderRegistry,
    *,
    hands: int,
) -> StageEstimate:
    seconds, micros, is_priced = 0.0, 0, True
    for step in steps:
        provider, cost = _who_and_price(step, registry)
        first = _FIRST_PACES[step.kind.value]
        seconds += paces.get(f"{step.kind.value}:{provider}", first) * step.units
        is_priced = is_priced and cost is not None
        micros += cost or 0
    pieces = Counter(step.kind for step in steps)
    duration_s = seconds / hands + _BETWEEN_STAGES_S if steps else 0.0
    return StageEstimate(stage, dict(pieces), duration_s, micros, is_priced)


def _who_and_price(step: Step, registry: ProviderRegistry) -> tuple[str, int | None]:
    """Who would do a step, and for how much; what nobody does costs nothing."""
    try:
        offer = registry.offer(CAPABILITY_OF[step.kind], step.provider)
    except CapabilityUnsupported:
        return step.provider or "nobody", 0
    return offer.provider, expected_micros(offer, step.model, step.amounts)


def _foreseen_assets(project: Project, megapixels: float) -> tuple[float, list[Step]]:
    """Video length and steps of a script that is not written yet."""
    brief = project.brief
    # A given text is told paragraph by paragraph: each has frames of its own.
    lengths_s = (
        [len(part) / LETTERS_PER_SECOND for part in brief.text.splitlines() if part.strip()]
        if brief.text
        else [brief.target_duration_s]
    )
    spoken_s = sum(lengths_s)
    frames = sum(max(1, round(length_s / _SECONDS_PER_FRAME)) for length_s in lengths_s)
    letters = spoken_s * LETTERS_PER_SECOND / frames
    style = project.style
    steps = [
        step
        for _ in range(frames)
        for step in (
            Step(
                JobKind.IMAGE,
                None,
                "",
                style.image_provider,
                megapixels,
                model=style.image_model,
                amounts={"images": 1},
            ),
            Step(
                JobKind.VOICEOVER,
                None,
                "",
                style.speech_provider,
                letters,
                model=style.speech_model,
                amounts={"characters": letters},
            ),
        )
    ]
    if project.music.is_enabled and project.music.track is None:
        steps.append(
            Step(
                JobKind.MUSIC,
                None,
                "",
                style.music_provider,
                1,
                model=style.music_model,
                amounts={"seconds": MUSIC_S},
            )
        )
    return spoken_s + frames * (LEAD_IN_S + TAIL_S), steps
