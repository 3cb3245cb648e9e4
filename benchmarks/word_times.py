"""How exactly, and how quickly, words of a foreign voice are found by comparing it with a reading of ours.

The foreign voice is another voice of espeak-ng at another speed, whose words' times are known, with a second
of a room's noise around it. Errors are those of the words' starts; the time is that of the comparison alone,
as a share of the sound's length.

    python -m benchmarks.word_times
"""

import argparse
import asyncio
import io
import json
import time
import wave
from pathlib import Path
from typing import Any, Final

import numpy as np

from providers.alignment.by_audio import words_in
from providers.alignment.sound import Sound
from providers.local.speech import LocalSpeaker, TimedSpeech
from providers.protocols.speech import SpeechRequest

RESULT: Final = Path(__file__).with_name("results") / "word_times.json"
SENTENCES: Final = (
    "Honey bees dance to show each other the way to flowers. A waggle run tells the distance, and its angle "
    "tells the direction, measured from the sun. How could such a tiny brain carry out all of this? Nobody "
    "knows for sure, but every summer the hive solves it again. "
)
VOICES: Final = (("en-gb+f2", 1.2), ("en-us+m3", 0.85), ("en-gb+Annie", 1.0))
LEAD_S: Final = 1.0
NOISE: Final = 0.01  # about 22 dB below the voice


def _sound(speech: TimedSpeech) -> Sound:
    with wave.open(io.BytesIO(speech.data)) as file:
        pcm = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return Sound(pcm / 32_768, file.getframerate())


async def _measure(speaker: LocalSpeaker, text: str) -> dict[str, Any]:
    reading = await speaker.speak(SpeechRequest(text, "en"))
    missed_ms: list[float] = []
    share: list[float] = []
    for voice, speed in VOICES:
        foreign = await speaker.speak(SpeechRequest(text, "en", voice=voice, speed=speed))
        said = _sound(foreign)
        quiet = np.zeros(round(LEAD_S * said.rate_hz))
        samples = np.concatenate([quiet, said.samples, quiet])
        samples += np.random.default_rng(1).normal(size=len(samples)) * NOISE
        began = time.process_time()
        found = words_in(Sound(samples, said.rate_hz), _sound(reading), reading.words)
        share.append((time.process_time() - began) / foreign.duration_s)
        missed_ms += [
            abs(one.start_s - LEAD_S - truth.start_s) * 1000
            for one, truth in zip(found, foreign.words, strict=True)
        ]
    return {
        "seconds": round(reading.duration_s),
        "median_ms": float(np.median(missed_ms)),
        "p95_ms": float(np.percentile(missed_ms, 95)),
        "cpu_share": float(np.median(share)),
    }


async def _main(repeats: list[int]) -> None:
    speaker = LocalSpeaker()
    figures = [await _measure(speaker, SENTENCES * repeat) for repeat in repeats]
    print("seconds  median error, ms  95 %, ms  CPU / length of the sound")
    for each in figures:
        print(
            f"{each['seconds']:7} {each['median_ms']:17.1f} {each['p95_ms']:9.1f} {each['cpu_share']:13.4f}"
        )
    await asyncio.to_thread(RESULT.parent.mkdir, exist_ok=True)
    await asyncio.to_thread(RESULT.write_text, json.dumps(figures, indent=1))


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--repeats", type=int, nargs="+", default=[1, 4, 12], help="of the text, for its length"
    )
    asyncio.run(_main(parser.parse_args().repeats))


if __name__ == "__main__":
    main()
