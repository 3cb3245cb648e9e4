"""One utterance of espeak-ng, in a process of its own.

Run by path, not imported: it needs nothing but the standard library, so that it starts in a few hundredths
of a second. A fresh process for each utterance because espeak-ng keeps state from one call to the next (the
same text gives other samples the second time) and is not safe to use from two threads.

Reads a JSON object on stdin: library, data_path, voice, text, words_per_minute, time_limit_s (whole).
Writes one line of JSON on stdout, {"rate_hz", "words": [[character, time_ms], ...]}, then 16-bit mono PCM.
`character` counts from 0 in the text. Exits with 2 when the library or the voice does not load.
"""

import ctypes
import json
import signal
import sys
from typing import Any

RETRIEVAL = 1  # audio goes to the callback instead of a sound card
CHARACTERS_UTF8 = 1  # and neither SSML (0x10) nor phoneme codes (0x100): text is text
POSITION_CHARACTER = 1
RATE_PARAMETER = 1
EVENT_LIST_TERMINATED = 0
EVENT_WORD = 1
CANNOT_LOAD = 2


class Event(ctypes.Structure):
    """espeak_EVENT of espeak-ng's speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))


def utter(request: dict[str, Any]) -> tuple[int, list[tuple[int, int]], bytes]:
    """Speak; gives the sample rate in Hz, the word events and the PCM."""
    library = ctypes.CDLL(request["library"])
    rate_hz = library.espeak_Initialize(RETRIEVAL, 0, request["data_path"].encode(), 0)
    if rate_hz <= 0 or library.espeak_SetVoiceByName(request["voice"].encode()) != 0:
        sys.exit(CANNOT_LOAD)
    pcm = bytearray()
    words: list[tuple[int, int]] = []

    def collect(samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            pcm.extend(ctypes.string_at(samples, count * 2))
        at = 0
        while events[at].type != EVENT_LIST_TERMINATED:
            if events[at].type == EVENT_WORD:
                words.append((events[at].text_position - 1, events[at].audio_position))
            at += 1
        return 0

    callback = CALLBACK(collect)
    library.espeak_SetSynthCallback(callback)
    library.espeak_SetParameter(RATE_PARAMETER, request["words_per_minute"], 0)
    text = request["text"].encode() + b"\0"
    library.espeak_Synth(text, len(text), 0, POSITION_CHARACTER, 0, CHARACTERS_UTF8, None, None)
    library.espeak_Synchronize()
    return rate_hz, words, bytes(pcm)


def main() -> None:
    """Answer the request on stdin."""
    request = json.load(sys.stdin)
    # The parent's deadline dies with the parent; this one does not.
    signal.alarm(request["time_limit_s"])
    rate_hz, words, pcm = utter(request)
    sys.stdout.buffer.write(json.dumps({"rate_hz": rate_hz, "words": words}).encode() + b"\n" + pcm)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
