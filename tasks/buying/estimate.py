"""What a production will make, how long it will take and what it will cost: told before it starts."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from documents.jobs.job import Estimate, JobKind, Queue
from documents.jobs.pace import Pace
from documents.jobs.usage_record import INSTALLATION
from documents.jobs.worker_presence import WorkerPresence
from documents.projects.cast import Cast, cast_of
from documents.projects.project import Project
from documents.tree.inputs import video_size
from providers.errors import CapabilityUnsupported
from providers.protocols.offer import Capability, Offer
from providers.registry import ProviderRegistry
from providers.spoken.text import spoken_text
from tasks.buying.amounts import LETTERS_PER_SECOND, Amounts
from tasks.buying.capabilities import CAPABILITY_OF
from tasks.buying.order import expected_micros
from tasks.buying.steps import MUSIC_S, Step, transcript_seconds, voice_seconds
from tasks.productions.production_mode import ProductionMode
from tasks.productions.production_plan import ProductionStage, asset_steps, script_steps
from tasks.rendering.timeline import LEAD_IN_S, TAIL_S, is_told, shot_seconds

_FIRST_PACES = {
    "SCRIPT": 0.3,
    "IMAGE": 0.5,
    "VOICEOVER": 0.004,
    "MUSIC": 1.5,
    "SCRIPT_ANALYSIS": 15.0,
    "CHARACTER_ANALYSIS": 8.0,
    "CHARACTER_IMAGE": 0.5,
    "REWRITE": 8.0,
    "PROMPT": 5.0,
    "METADATA": 8.0,
    "MUSIC_WORDS": 4.0,
    "TRANSLATION": 15.0,
    "CHAT_REPLY": 8.0,
    "WEEKLY_PLAN": 15.0,
    "IMAGE_EDIT": 20.0,
    "CLIP": 15.0,
    "SOUND_EFFECT": 2.0,
    "VOICE_PREVIEW": 0.004,
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
class Bill:
    """What some work costs. Without `is_priced` some of it has no known price, and `micros` is the rest."""

    micros: int = 0
    is_priced: bool = True

    def __add__(self, other: "Bill") -> "Bill":
        return Bill(self.micros + other.micros, self.is_priced and other.is_priced)


@dataclass(frozen=True, slots=True)
class StageEstimate:
    """One stage: how many pieces of each kind, and how long they take with the workers that are there.

    Args:
        needed: what has to be paid for it.
        spared: what is paid besides as long as the project's ceiling leaves room: transcripts of voices.
        by_installation: the part of what is needed that the installation's keys pay.
    """

    stage: ProductionStage
    pieces: dict[JobKind, int]
    duration_s: float
    needed: Bill = field(default_factory=Bill)
    spared: Bill = field(default_factory=Bill)
    by_installation: Bill = field(default_factory=Bill)

    @property
    def cost_micros(self) -> int:
        """What providers will charge, in millionths of the currency's major unit."""
        return (self.needed + self.spared).micros

    @property
    def is_priced(self) -> bool:
        """Whether all prices are known."""
        return (self.needed + self.spared).is_priced

    @property
    def of_job(self) -> Estimate:
        """As a job keeps it."""
        return Estimate(duration_s=self.duration_s, cost_micros=self.cost_micros, is_priced=self.is_priced)


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
    def needed(self) -> Bill:
        """What has to be paid for the video to come about."""
        return sum((stage.needed for stage in self.stages), Bill())

    @property
    def by_installation(self) -> Bill:
        """The part of it that the installation's keys pay."""
        return sum((stage.by_installation for stage in self.stages), Bill())

    @property
    def exceeds_ceiling(self) -> bool:
        """Whether the ceiling would stop it on the way; a price that is not known does, too."""
        return is_over(self.left_micros, self.needed)


def default_seconds(step: Step) -> float:
    """How long a step takes where nothing is known yet; good enough to weigh steps against each other."""
    return _FIRST_PACES[step.kind.value] * step.units


def video_seconds(project: Project, cast: Cast) -> float:
    """Length of the video: from the voices that are there, and from letters where they are not."""
    return sum(
        shot_seconds(voice_seconds(project, frame, cast) if is_told(frame) else None, frame.duration_s)
        for _, frame in project.shown_frames()
    )


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
            cast = await cast_of(project)
            video_s, assets = await asyncio.to_thread(_known_assets, project, cast, mode)
        frames = video_s * _FPS
        encoding = frames * width * height / 1e6 * paces[f"SEGMENT:{profile.lower()}"] / rendering
        stages = [
            _stage(ProductionStage.SCRIPT, script, paces, registry, hands=1),
            _stage(ProductionStage.ASSETS, assets, paces, registry, hands=making),
            StageEstimate(
                ProductionStage.RENDER,
                {JobKind.RENDER: 1},
                encoding + frames * paces["RENDER:join"] + _BETWEEN_STAGES_S,
            ),
        ]
        last = list(ProductionStage).index(stop_after)
        due = tuple(stage for stage in stages[: last + 1] if stage.pieces)
        return ProductionEstimate(due, video_s, left_micros(project))

    async def each(self, steps: Sequence[Step | None], registry: ProviderRegistry) -> list[StageEstimate]:
        """What each of some pieces of work would take one pair of hands and cost; nothing for None."""
        paces = _FIRST_PACES | await Pace.known()
        foreseen = [_stage(ProductionStage.ASSETS, [s] if s else [], paces, registry, hands=1) for s in steps]
        return [replace(each, duration_s=max(0.0, each.duration_s - _BETWEEN_STAGES_S)) for each in foreseen]

    async def foresee(self, steps: Sequence[Step], registry: ProviderRegistry) -> StageEstimate:
        """What some pieces of work would take and cost, done by all hands that there are."""
        hands = await WorkerPresence.hands_on(Queue.GENERATE, self._now())
        paces = _FIRST_PACES | await Pace.known()
        return _stage(ProductionStage.ASSETS, steps, paces, registry, hands=hands)


def _known_assets(project: Project, cast: Cast, mode: ProductionMode) -> tuple[float, list[Step]]:
    """The video's length and what is due of a script that is there. Figures take a while to be read."""
    return video_seconds(project, cast), asset_steps(project, cast, mode)


def is_over(left: int | None, bill: Bill) -> bool:
    """Whether work is stopped by a ceiling that leaves so much; None for no ceiling."""
    return left is not None and (bill.micros > left or not bill.is_priced)


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
    seconds, needed, spared, by_installation = 0.0, Bill(), Bill(), Bill()
    for step in steps:
        offer = _offer(registry, CAPABILITY_OF[step.kind], step.provider)
        provider = offer.provider if offer else step.provider or "nobody"
        first = _FIRST_PACES[step.kind.value]
        seconds += paces.get(f"{step.kind.value}:{provider}", first) * step.units
        if offer is None:  # what nobody does costs nothing
            continue
        bill = _bill(offer, step.model, step.amounts)
        needed += bill
        if offer.whose_key == INSTALLATION:
            by_installation += bill
        if step.transcript_s and not offer.times_words:
            hearer = _offer(registry, Capability.TRANSCRIPTION, None)
            if hearer is not None and hearer.available:
                spared += _bill(hearer, None, {"seconds": step.transcript_s})
    pieces = Counter(step.kind for step in steps)
    duration_s = seconds / hands + _BETWEEN_STAGES_S if steps else 0.0
    return StageEstimate(stage, dict(pieces), duration_s, needed, spared, by_installation)


def _offer(registry: ProviderRegistry, capability: Capability, provider: str | None) -> Offer | None:
    try:
        return registry.offer(capability, provider)
    except CapabilityUnsupported:
        return None


def _bill(offer: Offer, model: str | None, amounts: Amounts) -> Bill:
    micros = expected_micros(offer, model, amounts)
    return Bill(is_priced=False) if micros is None else Bill(micros)


def _foreseen_assets(project: Project, megapixels: float) -> tuple[float, list[Step]]:
    """Video length and steps of a script that is not written yet."""
    brief = project.brief
    # A given text is told paragraph by paragraph: each has frames of its own.
    style = project.style
    lengths_s = (
        [
            len(spoken_text(part, brief.language).text) / LETTERS_PER_SECOND
            for part in brief.text.splitlines()
            if part.strip()
        ]
        if brief.text
        else [brief.target_duration_s]
    )
    spoken_s = sum(lengths_s)
    frames = sum(max(1, round(length_s / _SECONDS_PER_FRAME)) for length_s in lengths_s)
    letters = spoken_s * LETTERS_PER_SECOND / frames
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
                transcript_s=transcript_seconds(style, letters, speed=style.speech_speed),
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
