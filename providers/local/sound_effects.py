"""Sound effects without a network: a score of them, made by numpy, found by the words that ask for them."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from providers.errors import InvalidRequest
from providers.local.sounds.recipes import RECIPES
from providers.local.turns import Turns
from providers.local.wave_file import MIME_TYPE, RATE_HZ, wav
from providers.protocols.offer import Capability, ModelFacts, Offer, Usage
from providers.protocols.prediction import Tab
from providers.protocols.sound import MadeSound, SoundEffectRequest

MODEL = "sounds"
MIN_DURATION_S = 0.05
MAX_DURATION_S = 60.0
PEAK = 10 ** (-3 / 20)
EDGE_S = 0.004
TIME_LIMIT_S = 30.0


@dataclass(frozen=True, slots=True)
class TimedSound(MadeSound):
    """A sound of known length."""

    duration_s: float


@dataclass(frozen=True, slots=True)
class KnownSound:
    """A sound that can be made here."""

    name: str
    length_s: float
    longest_s: float


class LocalSoundMaker:
    """Deterministic by sound, duration and seed. The offer's styles are the sounds that it has."""

    def __init__(self) -> None:
        self._by_word = _known_sounds()
        self._turns = Turns()
        self.offer = Offer(
            capability=Capability.SOUND_EFFECT,
            provider="local",
            models=(MODEL,),
            models_are_all=True,
            styles=tuple(RECIPES),
            is_free=True,
            facts=(
                ModelFacts(
                    model=MODEL, takes_seeds=True, shortest_s=MIN_DURATION_S, longest_s=MAX_DURATION_S
                ),
            ),
        )

    def check(self, request: SoundEffectRequest) -> None:
        """See whether the prompt names a sound that there is here.

        Raises:
            InvalidRequest: it names none, or the duration is out of its range.
        """
        self._asked_for(request)

    async def make(
        self,
        request: SoundEffectRequest,
        tab: Tab | None = None,  # noqa: ARG002 - it is made at once
    ) -> TimedSound:
        """Make the sound that the prompt names first; single sounds last no longer than they ring.

        Raises:
            InvalidRequest: the prompt names no sound that there is here, or the duration is out of its range.
            ProviderUnavailable: the machine was too busy to finish in time.
        """
        sound, duration_s = self._asked_for(request)
        async with self._turns.turn() as watch:
            data = await self._turns.in_thread(TIME_LIMIT_S, _made, sound.name, duration_s, request.seed)
            took_ms = watch.ms
        usage = Usage(provider="local", model=MODEL, seconds=duration_s, duration_ms=took_ms)
        return TimedSound(data, MIME_TYPE, duration_s, usage, request.seed)

    def _asked_for(self, request: SoundEffectRequest) -> tuple[KnownSound, float]:
        """The sound, and how long it will last."""
        words = re.findall(r"\w+", _plain(request.prompt))
        found = next((self._by_word[word] for word in words if word in self._by_word), None)
        if found is None:
            raise InvalidRequest(
                "prompt",
                f"No sound that is made here is named in it; there are {', '.join(RECIPES)}. Other sounds "
                "need a provider that makes them from any words.",
            )
        wanted_s = found.length_s if request.duration_s is None else request.duration_s
        if not MIN_DURATION_S <= wanted_s <= MAX_DURATION_S:
            raise InvalidRequest(
                "duration_s", f"{wanted_s} is outside of {MIN_DURATION_S} to {MAX_DURATION_S:.0f}."
            )
        return found, min(wanted_s, found.longest_s)


def _known_sounds() -> Mapping[str, KnownSound]:
    """The sounds by the words that ask for them, their own names among these."""
    with (Path(__file__).parent / "sounds" / "effects.toml").open("rb") as file:
        table: dict[str, dict[str, Any]] = tomllib.load(file)
    return {
        word: KnownSound(name, entry["length_s"], entry["longest_s"])
        for name, entry in table.items()
        for word in (name, *entry["words"])
    }


def _plain(text: str) -> str:
    """In one case and without accents."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in spread if not unicodedata.combining(character))


def _made(name: str, duration_s: float, seed: int) -> bytes:
    random = np.random.Generator(np.random.PCG64(abs(seed)))
    samples = RECIPES[name](duration_s, random)
    samples = samples - samples.mean()
    edge = np.minimum(1.0, np.arange(len(samples)) / (EDGE_S * RATE_HZ))
    samples = samples * edge[::-1] * (edge if name in {"rain", "wind", "waves", "fire", "applause"} else 1.0)
    return wav(samples * (PEAK / max(1e-9, float(np.abs(samples).max()))))
