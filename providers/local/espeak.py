"""espeak-ng as an async function: text in, samples and word events out."""

import asyncio
import ctypes
import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path

import espeakng_loader

from providers.errors import ProviderUnavailable

CHILD = Path(__file__).with_name("espeak_process.py")
CANNOT_LOAD = 2
BASE_TIME_LIMIT_S = 15.0
CHARACTERS_PER_SECOND_OF_WORK = 500  # a hundred times slower than seen, for machines under load


@dataclass(frozen=True, slots=True)
class Utterance:
    """Raw speech: 16-bit mono PCM and `words`, (character from 0, time in ms) as espeak-ng reported them."""

    rate_hz: int
    pcm: bytes
    words: tuple[tuple[int, int], ...]


def why_unavailable() -> str | None:
    """What keeps espeak-ng from being loaded here, or None. Opens the library, without starting it."""
    try:
        ctypes.CDLL(espeakng_loader.get_library_path())
    except OSError as error:
        return f"The espeak-ng library does not load ({error}). Reinstall the package espeakng-loader."
    if not Path(espeakng_loader.get_data_path()).is_dir():
        return "espeak-ng's voice data is missing. Reinstall the package espeakng-loader."
    return None


async def utter(text: str, *, voice: str, words_per_minute: int) -> Utterance:
    """Speak `text` with an espeak-ng voice in a fresh process, which dies with this coroutine.

    Raises:
        ProviderUnavailable: the voice or the library does not load (not retryable), or the process died or
            took too long (retryable).
    """
    time_limit_s = BASE_TIME_LIMIT_S + len(text) / CHARACTERS_PER_SECOND_OF_WORK
    request = {
        "library": espeakng_loader.get_library_path(),
        "data_path": espeakng_loader.get_data_path(),
        "voice": voice,
        "text": text,
        "words_per_minute": words_per_minute,
        "time_limit_s": math.ceil(time_limit_s) + 1,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",  # neither the environment nor site packages have a say in it
        "-S",
        str(CHILD),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(time_limit_s):
            answer, _ = await process.communicate(json.dumps(request).encode())
    except TimeoutError as error:
        raise ProviderUnavailable("local", f"espeak-ng took more than {time_limit_s:.0f} s.") from error
    finally:
        if process.returncode is None:  # cancelled or too late: nobody waits for this speech any more
            process.kill()
            await process.wait()
    if process.returncode == CANNOT_LOAD:
        raise ProviderUnavailable("local", f"espeak-ng cannot load its voice {voice!r}.", retryable=False)
    if process.returncode != 0:
        raise ProviderUnavailable("local", f"espeak-ng ended with code {process.returncode}.")
    head, _, pcm = answer.partition(b"\n")
    facts = json.loads(head)
    return Utterance(facts["rate_hz"], pcm, tuple((at, ms) for at, ms in facts["words"]))
