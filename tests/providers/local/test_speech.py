import asyncio
import hashlib
import io
import os
import subprocess
import sys
import time
import wave
from pathlib import Path

import numpy as np
import pytest

from providers.errors import InvalidRequest
from providers.local.loudness import integrated_lufs
from providers.local.speech import LocalSpeaker, TimedSpeech
from providers.protocols.speech import SpeechRequest

ROOT = Path(__file__).parents[3]
SENTENCE = "It costs $5.50, don't you think? Of the 1,234 bees — 🎉 e.g. http://a.b/c?d=1 at 3pm."
HOSTILE = [
    'Wait <break time="3s"/> here <speak>now</speak>',
    "[[h@l@U]] is text and so is [[",
    "a\x01b\x0150s \x1b[31m red \x00 end",
    "$(rm -rf /) `id` ; | & %s %n {\\an8} \\N 'quoted' \"twice\"",
    "---",
    "🎉🎉🎉",
    "Ω≈ç√∫ mixed Кириллица 漢字 العربية words",
    "W" * 400,
    "\ufeffzero\u200bwidth\u202eturned",
]


@pytest.fixture(scope="module")
def speaker() -> LocalSpeaker:
    return LocalSpeaker()


def samples(speech: TimedSpeech) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    with wave.open(io.BytesIO(speech.data)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (48_000, 2, 1)
        heard = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2") / 32_768
    assert len(heard) == round(speech.duration_s * 48_000)
    return heard


def speaking_processes() -> set[int]:
    """Ids of espeak-ng processes that this one started."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == os.getpid() and b"espeak_process" in command:
            found.add(int(entry.name))
    return found


def assert_words_stand_in_order(speech: TimedSpeech) -> None:
    assert speech.words[0].start_s >= 0
    assert speech.words[-1].end_s == pytest.approx(speech.duration_s)
    for word, following in zip(speech.words, speech.words[1:], strict=False):
        assert word.start_s < word.end_s == pytest.approx(following.start_s)
    assert speech.words[-1].start_s < speech.words[-1].end_s


async def test_every_written_word_is_timed_once_and_unchanged(speaker: LocalSpeaker) -> None:
    speech = await speaker.speak(SpeechRequest(SENTENCE, "en-US"))
    assert speech.spoken
    assert [word.text for word in speech.words] == SENTENCE.split()
    assert_words_stand_in_order(speech)


async def test_words_are_timed_where_they_sound(speaker: LocalSpeaker) -> None:
    speech = await speaker.speak(SpeechRequest("One.\n\nTwo.\n\nThree.", "en"))
    heard = samples(speech)
    for word in speech.words:
        early = heard[int(word.start_s * 48_000) :][: 48_000 // 5]
        assert np.abs(early).max() > 0.05, word
    # In the pause before a sentence nothing is heard.
    for word in speech.words[1:]:
        pause = heard[int((word.start_s - 0.12) * 48_000) : int((word.start_s - 0.02) * 48_000)]
        assert np.abs(pause).max() < 0.02, word


async def test_same_request_gives_same_bytes_in_another_process(speaker: LocalSpeaker) -> None:
    program = (
        "import asyncio, hashlib; from providers.local.speech import LocalSpeaker as L;"
        "from providers.protocols.speech import SpeechRequest as R;"
        f"s = asyncio.run(L().speak(R({SENTENCE!r}, 'en')));"
        "print(hashlib.sha256(s.data + repr(s.words).encode()).hexdigest())"
    )
    process = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for _ in range(2):
        speech = await speaker.speak(SpeechRequest(SENTENCE, "en"))
        here = hashlib.sha256(speech.data + repr(speech.words).encode()).hexdigest()
        assert here == process.stdout.strip()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Bienen tanzen, um einander den Weg zu zeigen."),
        ("es-MX", "Las abejas bailan para mostrar el camino."),
        ("pt-BR", "As abelhas dançam para mostrar o caminho."),
        ("fr", "L'abeille danse, n'est-ce pas ?"),
        ("it", "Le api danzano per mostrare la strada."),
        ("pl", "Pszczoły tańczą, aby wskazać drogę."),
        ("ru", "Пчёлы танцуют, чтобы показать дорогу."),
        ("hi", "आज मौसम अच्छा है, चलो पार्क चलें।"),
        ("ar", "الطقس جميل اليوم فلنذهب إلى الحديقة."),
        ("ko", "오늘은 날씨가 좋아서 공원을 산책합니다."),
    ],
)
async def test_languages_with_a_voice_are_spoken(speaker: LocalSpeaker, language: str, text: str) -> None:
    speech = await speaker.speak(SpeechRequest(text, language))
    assert speech.spoken
    assert [word.text for word in speech.words] == text.split()
    assert_words_stand_in_order(speech)
    assert -22 < integrated_lufs(samples(speech)) < -16
    assert np.abs(samples(speech)).max() <= 10 ** (-1 / 20)


async def test_chinese_is_spoken_in_phrases_without_losing_a_character(speaker: LocalSpeaker) -> None:
    speech = await speaker.speak(SpeechRequest("今天天气很好,我们去公园散步吧。", "zh-CN"))
    assert speech.spoken
    assert len(speech.words) > 4
    assert "".join(word.text for word in speech.words) == "今天天气很好,我们去公园散步吧。"
    assert_words_stand_in_order(speech)


async def test_language_without_a_voice_is_silent_at_reading_speed(speaker: LocalSpeaker) -> None:
    text = "今日は天気がいいので公園を散歩しましょう。"
    speech = await speaker.speak(SpeechRequest(text, "ja-JP"))
    assert not speech.spoken
    assert speech.voice is None
    assert not samples(speech).any()
    assert 2 < speech.duration_s < 6
    assert "".join(word.text for word in speech.words) == text
    assert_words_stand_in_order(speech)
    faster = await speaker.speak(SpeechRequest(text, "ja-JP", speed=2))
    assert faster.duration_s == pytest.approx(speech.duration_s / 2, abs=0.01)


@pytest.mark.parametrize("text", HOSTILE)
async def test_text_that_looks_like_markup_is_read_as_text(speaker: LocalSpeaker, text: str) -> None:
    speech = await speaker.speak(SpeechRequest(text, "en"))
    assert [word.text for word in speech.words] == text.split()
    assert_words_stand_in_order(speech)


async def test_phoneme_codes_and_ssml_change_nothing_but_words(speaker: LocalSpeaker) -> None:
    pause = await speaker.speak(SpeechRequest('Wait <break time="9s"/> here', "en"))
    assert pause.duration_s < 6


async def test_edges_are_trimmed(speaker: LocalSpeaker) -> None:
    heard = samples(await speaker.speak(SpeechRequest("Bees dance.", "en")))
    loud = np.flatnonzero(np.abs(heard) > 0.01)
    assert loud[0] < 0.06 * 48_000
    assert len(heard) - loud[-1] < 0.15 * 48_000


async def test_speed_and_voice_change_the_reading(speaker: LocalSpeaker) -> None:
    plain = await speaker.speak(SpeechRequest("The bees dance all day long.", "en"))
    fast = await speaker.speak(SpeechRequest("The bees dance all day long.", "en", speed=1.6))
    other = await speaker.speak(SpeechRequest("The bees dance all day long.", "en", voice="en+f3"))
    assert 1.3 < plain.duration_s / fast.duration_s < 1.9
    assert other.data != plain.data
    assert (plain.voice, other.voice) == ("en", "en+f3")


async def test_every_offered_voice_loads_and_sounds_its_own(speaker: LocalSpeaker) -> None:
    voices = [voice for voice in speaker.offer.voices if voice.language in {"en", "pt-br"}]
    texts = {"en": "Bees dance.", "pt-br": "As abelhas dançam."}
    made = [await speaker.speak(SpeechRequest(texts[v.language], v.language, v.id)) for v in voices]
    assert len({speech.data for speech in made}) == len(voices) == 10


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (SpeechRequest(" \n", "en"), "text"),
        (SpeechRequest("a " * 5_001, "en"), "text"),
        (SpeechRequest("Hello", "en", speed=3), "speed"),
        (SpeechRequest("Hello", "en", speed=float("nan")), "speed"),
        (SpeechRequest("Hello", "en", voice="en+../../x"), "voice"),
        (SpeechRequest("Hello", "en", voice=""), "voice"),
    ],
)
async def test_unusable_requests_name_the_field(
    speaker: LocalSpeaker, request_: SpeechRequest, field: str
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        await speaker.speak(request_)
    assert refusal.value.field == field


async def test_cancelling_leaves_no_process_behind(speaker: LocalSpeaker) -> None:
    text = "A very long text indeed. " * 190
    task = asyncio.create_task(speaker.speak(SpeechRequest(text, "en")))
    async with asyncio.timeout(10):
        while not (running := speaking_processes()):
            await asyncio.sleep(0.002)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not speaking_processes() & running


async def test_event_loop_goes_on_while_speech_is_made(speaker: LocalSpeaker) -> None:
    task = asyncio.create_task(speaker.speak(SpeechRequest("Bees dance all day long. " * 60, "en")))
    longest_s = 0.0
    while not task.done():
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        longest_s = max(longest_s, time.perf_counter() - before)
    assert (await task).duration_s > 60
    assert longest_s < 0.5
