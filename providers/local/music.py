"""Music without a network: composed by rule from mood and seed, played by numpy."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from providers.errors import InvalidRequest
from providers.local.music_score import BEATS_PER_BAR, PHRASE_BARS, moods, score
from providers.local.music_synthesis import beat_in_samples, synthesise
from providers.local.turns import Turns
from providers.local.wave_file import MIME_TYPE, RATE_HZ, wav
from providers.protocols.offer import Capability, ModelFacts, Offer, Usage
from providers.protocols.prediction import Tab
from providers.protocols.sound import Music, MusicRequest

MODEL = "moods"
MAX_DURATION_S = 3_600.0
LOOP_AT_MOST_S = 64.0
MIN_TEMPO_BPM = 50.0
MAX_TEMPO_BPM = 180.0
TEMPO_SPREAD = 0.04  # a seed may make a mood this much faster or slower
TIME_LIMIT_S = 90.0


@dataclass(frozen=True, slots=True)
class TimedMusic(Music):
    """Music of known length."""

    duration_s: float
    tempo_bpm: float


class LocalComposer:
    """Deterministic by mood, duration, tempo and seed. The offer's styles are its moods."""

    def __init__(self) -> None:
        self._moods = moods()
        self._turns = Turns()
        self.offer = Offer(
            capability=Capability.MUSIC,
            provider="local",
            models=(MODEL,),
            models_are_all=True,
            styles=tuple(self._moods),
            is_free=True,
            facts=(ModelFacts(model=MODEL, takes_seeds=True, shortest_s=1, longest_s=MAX_DURATION_S),),
        )

    async def compose(
        self,
        request: MusicRequest,
        tab: Tab | None = None,  # noqa: ARG002 - it is made at once
    ) -> TimedMusic:
        """Compose whole four-bar phrases; at most about a minute, which then loops without a seam.

        Raises:
            InvalidRequest: an unknown mood, or a duration or tempo out of its range.
            ProviderUnavailable: the machine was too busy to finish in time.
        """
        mood = self._checked(request)
        async with self._turns.turn() as watch:
            data, duration_s, tempo_bpm = await self._turns.in_thread(TIME_LIMIT_S, _composed, mood, request)
            took_ms = watch.ms
        return TimedMusic(
            data=data,
            mime_type=MIME_TYPE,
            duration_s=duration_s,
            loopable=True,
            tempo_bpm=tempo_bpm,
            usage=Usage(
                provider="local",
                model=MODEL,
                seconds=duration_s,
                duration_ms=took_ms,
            ),
            seed=request.seed,
        )

    def _checked(self, request: MusicRequest) -> Mapping[str, Any]:
        mood = self._moods.get(request.mood.strip().lower())
        if mood is None:
            raise InvalidRequest(
                "mood", f"{request.mood!r} is unknown; choose one of {', '.join(self._moods)}."
            )
        if not 1 <= request.duration_s <= MAX_DURATION_S:
            raise InvalidRequest(
                "duration_s", f"{request.duration_s} is outside of 1 to {MAX_DURATION_S:.0f}."
            )
        tempo = request.tempo_bpm
        if tempo is not None and not MIN_TEMPO_BPM <= tempo <= MAX_TEMPO_BPM:
            raise InvalidRequest(
                "tempo_bpm", f"{tempo} is outside of {MIN_TEMPO_BPM:.0f} to {MAX_TEMPO_BPM:.0f}."
            )
        return mood


def _composed(mood: Mapping[str, Any], request: MusicRequest) -> tuple[bytes, float, float]:
    random = np.random.Generator(np.random.PCG64(abs(request.seed)))
    drawn = mood["tempo"] * (1 + TEMPO_SPREAD * random.uniform(-1, 1))
    tempo_bpm = float(drawn) if request.tempo_bpm is None else request.tempo_bpm
    beat = beat_in_samples(tempo_bpm)
    phrase_s = PHRASE_BARS * BEATS_PER_BAR * beat / RATE_HZ
    wanted = math.ceil(request.duration_s / phrase_s - 1e-9)
    phrases = max(1, min(wanted, math.floor(LOOP_AT_MOST_S / phrase_s)))
    samples = synthesise(score(mood, phrases * PHRASE_BARS, random), mood, beat, random)
    return wav(samples), len(samples) / RATE_HZ, 60 * RATE_HZ / beat
