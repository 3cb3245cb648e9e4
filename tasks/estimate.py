"""What a production will make, how long it will take and what it will cost: told before it starts."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from documents.inputs import video_size
from documents.job import JobKind, Queue
from documents.pace import Pace
from documents.project import Project
from documents.worker_presence import WorkerPresence
from tasks.production_plan import ProductionMode, ProductionStage, Step, asset_steps, script_steps
from tasks.timeline import LEAD_IN_S, SILENT_FRAME_S, TAIL_S

_FIRST_PACES = {
    "SCRIPT": 0.3,
    "IMAGE": 0.5,
    "VOICEOVER": 0.004,
    "MUSIC": 1.5,
    "SEGMENT:preview": 0.03,
    "SEGMENT:draft": 0.034,
    "SEGMENT:standard": 0.068,
    "SEGMENT:high": 0.14,
    "RENDER:join": 0.005,
}
"""Seconds a unit before anything was measured here; units as in `Step`; frames times megapixels; frames."""

_FPS = 30
_LETTERS_PER_SECOND = 14.0
_SECONDS_PER_FRAME = 4.5
_BETWEEN_STAGES_S = 0.8


@dataclass(frozen=True, slots=True)
class StageEstimate:
    """One stage: how many pieces of each kind, and how long they take with the workers that are there."""

    stage: ProductionStage
    pieces: dict[JobKind, int]
    duration_s: float
    cost_micros: int


@dataclass(frozen=True, slots=True)
class ProductionEstimate:
    """A whole production.

    Args:
        video_s: expected length of the video, in seconds.
        currency: of the costs.
    """

    stages: tuple[StageEstimate, ...]
    video_s: float
    currency: str = "USD"

    @property
    def duration_s(self) -> float:
        """Seconds from start to video, if nothing else is running."""
        return sum(stage.duration_s for stage in self.stages)

    @property
    def cost_micros(self) -> int:
        """What the providers will charge, in millionths of the currency's major unit."""
        return sum(stage.cost_micros for stage in self.stages)


def default_seconds(step: Step) -> float:
    """How long a step takes where nothing is known yet; good enough to weigh steps against each other."""
    return _FIRST_PACES[step.kind.value] * step.units


def spoken_seconds(project: Project) -> float:
    """Length of the video: from the voices that are there, and from letters where they are not."""
    total = 0.0
    for _, frame in project.shown_frames():
        recording = frame.voiceover.recording
        letters = len(frame.voiceover.text or frame.narration)
        spoken = recording.duration_s if recording else letters / _LETTERS_PER_SECOND
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
            video_s, assets = spoken_seconds(project), asset_steps(project, mode)
        frames = video_s * _FPS
        encoding = frames * width * height / 1e6 * paces[f"SEGMENT:{profile.lower()}"] / rendering
        stages = [
            _stage(ProductionStage.SCRIPT, script, paces, hands=1),
            _stage(ProductionStage.ASSETS, assets, paces, hands=making),
            StageEstimate(
                ProductionStage.RENDER,
                {JobKind.RENDER: 1},
                encoding + frames * paces["RENDER:join"] + _BETWEEN_STAGES_S,
                0,
            ),
        ]
        last = list(ProductionStage).index(stop_after)
        return ProductionEstimate(tuple(stage for stage in stages[: last + 1] if stage.pieces), video_s)


def _stage(
    stage: ProductionStage, steps: list[Step], paces: dict[str, float], *, hands: int
) -> StageEstimate:
    seconds = sum(
        paces.get(f"{step.kind.value}:{step.provider or 'local'}", _FIRST_PACES[step.kind.value]) * step.units
        for step in steps
    )
    pieces = Counter(step.kind for step in steps)
    return StageEstimate(stage, dict(pieces), seconds / hands + _BETWEEN_STAGES_S if steps else 0.0, 0)


def _foreseen_assets(project: Project, megapixels: float) -> tuple[float, list[Step]]:
    """Video length and steps of a script that is not written yet."""
    brief = project.brief
    spoken_s = len(brief.text) / _LETTERS_PER_SECOND if brief.text else brief.target_duration_s
    frames = max(1, round(spoken_s / _SECONDS_PER_FRAME))
    letters = spoken_s * _LETTERS_PER_SECOND / frames
    style = project.style
    steps = [
        step
        for _ in range(frames)
        for step in (
            Step(JobKind.IMAGE, None, "", style.image_provider, megapixels),
            Step(JobKind.VOICEOVER, None, "", style.speech_provider, letters),
        )
    ]
    if project.music.is_enabled and project.music.track is None:
        steps.append(Step(JobKind.MUSIC, None, "", style.music_provider, 1))
    return spoken_s + frames * (LEAD_IN_S + TAIL_S), steps
