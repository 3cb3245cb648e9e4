"""What is played: bars of chords, and the notes of bass, lead and drums in them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

MOODS = Path(__file__).with_name("moods.toml")
SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
}
BEATS_PER_BAR = 4
PHRASE_BARS = 4
# Eighths on which a melody may begin a note, as shapes of one bar; the seed chooses.
RHYTHMS = ((0, 3, 6), (0, 2, 4, 6), (0, 4), (0, 3, 4, 6), (2, 4, 7))
ARPEGGIOS = ((0, 1, 2, 3, 2, 1, 2, 1), (0, 2, 1, 2, 3, 2, 1, 2), (0, 1, 2, 1, 3, 1, 2, 1))


@dataclass(frozen=True, slots=True)
class Note:
    """A note: when and how long in beats, which by MIDI number (fractions allowed), how loud 0 to 1."""

    beat: float
    beats: float
    pitch: int
    level: float


@dataclass(frozen=True, slots=True)
class Score:
    """All notes of a loop of whole four-bar phrases, by part; drums have the pitch 0."""

    bars: int
    parts: Mapping[str, tuple[Note, ...]]


def moods() -> dict[str, dict[str, Any]]:
    """The table of moods.toml."""
    return tomllib.loads(MOODS.read_text(encoding="utf-8"))


def score(mood: Mapping[str, Any], bars: int, random: np.random.Generator) -> Score:
    """Write `bars` bars (a multiple of four) in a mood.

    One progression is repeated by phrases, the lead rests in the first of more than two, and every last bar
    of a phrase has its fill, so that the whole is neither a wall nor a chain of accidents.
    """
    scale = SCALES[mood["scale"]]
    progression = mood["chords"][random.integers(len(mood["chords"]))]
    motif = _motif(random)
    pattern = ARPEGGIOS[random.integers(len(ARPEGGIOS))]
    parts: dict[str, list[Note]] = {
        name: [] for name in ("pad", "bass", "arpeggio", "melody", "bells", "kick", "snare", "hat")
    }
    for bar in range(bars):
        chord = _chord(progression[bar % PHRASE_BARS], scale, mood["root"])
        beat = float(bar * BEATS_PER_BAR)
        phrase, in_phrase = divmod(bar, PHRASE_BARS)
        parts["pad"].extend(Note(beat, BEATS_PER_BAR, pitch, 0.8) for pitch in _voiced(chord))
        _bass(parts["bass"], chord[0], beat, mood["pulse"])
        if phrase > 0 or bars <= 2 * PHRASE_BARS:
            _lead(parts, mood["lead"], chord, beat, (motif[in_phrase], pattern, phrase))
        _drums(parts, mood["pulse"], beat, fill=in_phrase == PHRASE_BARS - 1)
    return Score(bars, {name: tuple(notes) for name, notes in parts.items() if notes})


def _chord(name: str, scale: tuple[int, ...], root: int) -> tuple[int, ...]:
    degree = int(name[0]) - 1
    steps = [0, 3 if name.endswith("s") else 2, 4]
    if name.endswith("7") and len(name) > 1:
        steps.append(6)
    return tuple(root + scale[(degree + s) % 7] + 12 * ((degree + s) // 7) for s in steps)


def _voiced(chord: tuple[int, ...]) -> list[int]:
    """The chord's notes folded into one octave about middle C, so that chords move by small steps."""
    return sorted({55 + (pitch - 55) % 12 for pitch in chord})


def _bass(notes: list[Note], root: int, beat: float, pulse: str) -> None:
    low = 36 + (root - 36) % 12 - (12 if (root - 36) % 12 > 7 else 0)  # noqa: PLR2004  a fifth above C
    if pulse == "four":
        notes.extend(Note(beat + at / 2, 0.45, low, 0.9 if at % 2 else 0.7) for at in range(8))
    elif pulse in {"heavy", "light"}:
        notes.extend(
            (Note(beat, 1.4, low, 0.9), Note(beat + 1.5, 0.5, low, 0.6), Note(beat + 2, 1.9, low, 0.8))
        )
    else:
        notes.append(Note(beat, BEATS_PER_BAR, low, 0.8))


def _motif(random: np.random.Generator) -> list[list[tuple[int, int]]]:
    """Four bars of (eighth, step above the chord's root): a call, its echo, a turn and a rest."""
    call = [(at, int(random.integers(0, 5))) for at in RHYTHMS[random.integers(len(RHYTHMS))]]
    echo = [(at, step + (1 if at >= BEATS_PER_BAR else 0)) for at, step in call]
    turn = [(at, int(random.integers(1, 6))) for at in RHYTHMS[random.integers(len(RHYTHMS))]]
    return [call, echo, turn, [(0, 2), (4, 0)]]


def _lead(
    parts: dict[str, list[Note]],
    kind: str,
    chord: tuple[int, ...],
    beat: float,
    shape: tuple[list[tuple[int, int]], tuple[int, ...], int],
) -> None:
    motif, pattern, phrase = shape
    tones = [67 + (pitch - 67) % 12 for pitch in chord]
    ladder = sorted({*tones, *(tone + 12 for tone in tones)})
    if kind == "arpeggio":
        for at in range(8):
            pitch = ladder[pattern[at] % len(ladder)] + (12 if phrase % 4 == PHRASE_BARS - 1 else 0)
            parts[kind].append(Note(beat + at / 2, 0.5, pitch, 0.9 if at % 4 == 0 else 0.6))
    elif kind in {"melody", "bells"}:
        ends = [*(at for at, _ in motif[1:]), 8]
        for (at, step), end in zip(motif, ends, strict=True):
            pitch = ladder[step % len(ladder)]
            parts[kind].append(Note(beat + at / 2, (end - at) / 2, pitch, 0.9 if at == 0 else 0.7))


def _drums(parts: dict[str, list[Note]], pulse: str, beat: float, *, fill: bool) -> None:
    kicks: tuple[float, ...] = {"four": (0, 1, 2, 3), "heavy": (0, 1.5, 2), "light": (0, 2)}.get(pulse, ())
    snares: tuple[float, ...] = {"four": (1, 3), "heavy": (2,), "light": (1, 3)}.get(pulse, ())
    hats = {"four": 8, "heavy": 0, "light": 4}.get(pulse, 0)
    parts["kick"].extend(Note(beat + at, 1, 0, 0.9) for at in kicks)
    parts["snare"].extend(Note(beat + at, 1, 0, 0.6) for at in snares)
    parts["hat"].extend(
        Note(beat + (at + 0.5) * BEATS_PER_BAR / hats, 0.5, 0, 0.5 if at % 2 else 0.35) for at in range(hats)
    )
    if fill and pulse in {"four", "heavy"}:
        parts["snare"].extend(Note(beat + 3 + at / 4, 0.5, 0, 0.25 + 0.1 * at) for at in (1, 2, 3))
