"""Words for music without a network: a mood by the words of the script, which it does not understand."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from providers.local.music_score import moods
from providers.local.scripts.keywords import EDGES
from providers.local.tokens import tokens
from providers.protocols.music_words import MusicWords, MusicWordsRequest
from providers.protocols.offer import Capability, Offer, Usage

MODEL = "own-words"
USUAL_MOOD: Final = "uplifting"
USUAL_BPM: Final = 100.0
_WHOLE_LETTERS: Final = 4
_A_TONE_COUNTS: Final = 5  # as often as a word of the script: somebody asked for it


@dataclass(frozen=True, slots=True)
class _Signs:
    """Beginnings of words, mostly English, that speak for a mood, and what such music sounds like.

    Short ones are whole words: `war` is no `warmth`.
    """

    stems: tuple[str, ...]
    sound: str

    def have(self, word: str) -> bool:
        """Whether a word speaks for the mood."""
        return any(
            word in {stem, f"{stem}s"} if len(stem) <= _WHOLE_LETTERS else word.startswith(stem)
            for stem in self.stems
        )


_SIGNS: Final[Mapping[str, _Signs]] = {
    "calm": _Signs(
        (
            "calm",
            "quiet",
            "peace",
            "gentl",
            "breath",
            "relax",
            "slow",
            "rest",
            "meditat",
            "ruhig",
            "tranquil",
        ),
        "soft piano and warm pads, little movement",
    ),
    "uplifting": _Signs(
        ("happy", "joy", "hope", "success", "celebrat", "better", "great", "love", "glück", "alegr", "felic"),
        "bright arpeggios over a steady beat, rising",
    ),
    "dramatic": _Signs(
        (
            "war",
            "fight",
            "danger",
            "crisis",
            "disaster",
            "death",
            "murder",
            "storm",
            "escape",
            "krieg",
            "guerr",
        ),
        "low strings and heavy drums, tense",
    ),
    "mysterious": _Signs(
        ("myster", "secret", "unknown", "hidden", "strange", "ghost", "vanish", "riddle", "puzzl", "geheim"),
        "distant bells over dark pads, uncertain",
    ),
    "playful": _Signs(
        (
            "fun",
            "funny",
            "play",
            "game",
            "joke",
            "silly",
            "kid",
            "child",
            "cat",
            "dog",
            "puppy",
            "lustig",
            "divert",
        ),
        "light pizzicato and a skipping rhythm",
    ),
    "epic": _Signs(
        ("hero", "legend", "empire", "king", "giant", "ancient", "conquer", "battle", "mountain", "universe"),
        "broad strings, brass and great drums, growing",
    ),
    "sad": _Signs(
        ("sad", "loss", "lost", "grief", "tear", "alone", "lonely", "goodbye", "mourn", "traur", "trist"),
        "a lonely piano melody over slow strings",
    ),
    "tech": _Signs(
        (
            "tech",
            "robot",
            "computer",
            "software",
            "data",
            "digital",
            "code",
            "machine",
            "chip",
            "electr",
            "app",
        ),
        "pulsing synthesisers and a clean beat",
    ),
    "inspiring": _Signs(
        ("dream", "inspir", "learn", "grow", "discover", "change", "future", "possib", "courage", "begin"),
        "clear bells and strings over a soft beat, opening up",
    ),
    "dreamy": _Signs(
        (
            "night",
            "star",
            "moon",
            "sky",
            "sea",
            "ocean",
            "sleep",
            "cloud",
            "fairy",
            "magic",
            "traum",
            "noche",
        ),
        "wide pads and slow bells, floating",
    ),
}


class LocalMusicAdviser:
    """A mood that the script's words speak for, and such music's usual tempo."""

    def __init__(self) -> None:
        self._tempos = {name: float(mood["tempo"]) for name, mood in moods().items()}
        self.offer = Offer(
            capability=Capability.MUSIC_WORDS,
            provider="local",
            models=(MODEL,),
            models_are_all=True,
            is_free=True,
            knows_facts=False,
        )

    async def suggest(self, request: MusicWordsRequest) -> MusicWords:
        """Count the words. Where none speaks for a mood, it is the usual one."""
        began = time.perf_counter()
        mood = self._mood(request)
        signs = _SIGNS.get(mood)
        sound = "" if signs is None else f", {signs.sound}"
        return MusicWords(
            mood=mood,
            prompt=f"{mood.capitalize()} instrumental background music{sound}, with room for a voice.",
            tempo_bpm=self._tempos.get(mood, USUAL_BPM),
            usage=Usage(
                provider="local", model=MODEL, duration_ms=round((time.perf_counter() - began) * 1000)
            ),
        )

    def _mood(self, request: MusicWordsRequest) -> str:
        allowed = {each.casefold(): each for each in request.moods} or {name: name for name in _SIGNS}
        known = [name for name in _SIGNS if name in allowed]
        if not known:
            return request.moods[0]
        told = _words(f"{request.title} {request.narration}", request.language)
        told += _words(request.tone or "", request.language) * _A_TONE_COUNTS
        scores = {name: sum(_SIGNS[name].have(word) for word in told) for name in known}
        best = max(known, key=lambda name: (scores[name], name == USUAL_MOOD))
        return allowed[best]


def _words(text: str, language: str) -> list[str]:
    return [EDGES.sub("", token.text).casefold() for token in tokens(text, language)]
