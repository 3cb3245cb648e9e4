import io
import wave
from collections.abc import Sequence

import numpy as np
import pytest

from providers.alignment.by_audio import words_in
from providers.alignment.sound import Sound, voiced_part
from providers.local.speech import LocalSpeaker
from providers.protocols.speech import Speech, SpeechRequest, SpokenWord

ENGLISH = (
    "Honey bees dance to show each other the way to flowers. A waggle run tells the distance, and its angle "
    "tells the direction, measured from the sun. How could such a tiny brain carry out all of this? Nobody "
    "knows for sure, but every summer the hive solves it again."
)
TEXTS = {
    "en": ENGLISH,
    "de": "Bienen tanzen, um einander den Weg zu zeigen. Der Schwänzellauf verrät die Entfernung, und sein "
    "Winkel die Richtung. Wie kann ein so kleines Gehirn das leisten?",
    "es": "Las abejas bailan para mostrar el camino a las flores. La danza indica la distancia, y su ángulo "
    "indica la dirección. ¿Cómo puede un cerebro tan pequeño hacer todo esto?",
}
LEAD_S = 0.7


@pytest.fixture(scope="module")
def speaker() -> LocalSpeaker:
    return LocalSpeaker()


def sound(speech: Speech) -> Sound:
    with wave.open(io.BytesIO(speech.data)) as file:
        pcm = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return Sound(pcm / 32_768, file.getframerate())


def recorded(speech: Sound, *, noise: float) -> Sound:
    """The speech as it comes out of a room: somebody waits before and after it, and something hums."""
    quiet = np.zeros(round(LEAD_S * speech.rate_hz))
    samples = np.concatenate([quiet, speech.samples, quiet])
    return Sound(samples + np.random.default_rng(1).normal(size=len(samples)) * noise, speech.rate_hz)


def errors_s(found: Sequence[SpokenWord], truth: Sequence[SpokenWord]) -> list[float]:
    return [abs(one.start_s - LEAD_S - other.start_s) for one, other in zip(found, truth, strict=True)]


@pytest.mark.parametrize(
    ("language", "voice", "speed", "noise"),
    [
        ("en", "en-gb+f2", 1.3, 0.0),
        ("en", "en-us+m3", 0.8, 0.02),
        ("de", "de+f2", 1.2, 0.02),
        ("es", "es-419+m3", 0.85, 0.0),
    ],
)
async def test_words_of_another_voice_are_found_to_a_few_hundredths_of_a_second(
    speaker: LocalSpeaker, language: str, voice: str, speed: float, noise: float
) -> None:
    text = TEXTS[language]
    reading = await speaker.speak(SpeechRequest(text, language))
    foreign = await speaker.speak(SpeechRequest(text, language, voice=voice, speed=speed))
    assert reading.words is not None
    assert foreign.words is not None
    found = words_in(recorded(sound(foreign), noise=noise), sound(reading), reading.words)
    assert [word.text for word in found] == text.split()
    missed = errors_s(found, foreign.words)
    assert np.median(missed) < 0.02
    assert np.percentile(missed, 95) < 0.09


async def test_a_speaker_who_pauses_between_sentences_is_followed(speaker: LocalSpeaker) -> None:
    reading = await speaker.speak(SpeechRequest(ENGLISH, "en"))
    foreign = await speaker.speak(SpeechRequest(ENGLISH, "en", voice="en-gb+f2"))
    assert reading.words is not None
    assert foreign.words is not None
    said = sound(foreign)
    cut_s = next(word for word in foreign.words if word.text == "How").start_s - 0.02
    pause = np.zeros(2 * said.rate_hz)
    before, after = said.between(0, cut_s), said.between(cut_s, said.duration_s)
    slow = Sound(np.concatenate([before.samples, pause, after.samples]), said.rate_hz)
    truth = [
        SpokenWord(word.text, word.start_s + (2.0 if word.start_s >= cut_s else 0.0), word.end_s)
        for word in foreign.words
    ]
    found = words_in(recorded(slow, noise=0.01), sound(reading), reading.words)
    missed = errors_s(found, truth)
    assert np.median(missed) < 0.02
    assert np.percentile(missed, 95) < 0.12


async def test_rates_may_differ(speaker: LocalSpeaker) -> None:
    reading = await speaker.speak(SpeechRequest(ENGLISH, "en"))
    assert reading.words is not None
    ours = sound(reading)
    third = Sound(ours.samples[: len(ours.samples) // 3 * 3].reshape(-1, 3).mean(axis=1), ours.rate_hz // 3)
    found = words_in(recorded(third, noise=0.0), ours, reading.words)
    assert max(errors_s(found, reading.words)) < 0.05


async def test_the_same_sounds_give_the_same_times(speaker: LocalSpeaker) -> None:
    reading = await speaker.speak(SpeechRequest("One, two, three.", "en"))
    foreign = sound(await speaker.speak(SpeechRequest("One, two, three.", "en", speed=1.5)))
    assert reading.words is not None
    first = words_in(foreign, sound(reading), reading.words)
    assert first == words_in(foreign, sound(reading), reading.words)


@pytest.mark.parametrize("length_s", [0.0, 0.02, 0.05, 3.0])
def test_silence_gets_words_in_order_and_within_it(length_s: float) -> None:
    reading = Sound(np.zeros(16_000), 16_000)
    words = [SpokenWord("One", 0.0, 0.5), SpokenWord("two", 0.5, 1.0)]
    found = words_in(Sound(np.zeros(round(length_s * 16_000)), 16_000), reading, words)
    assert [word.text for word in found] == ["One", "two"]
    assert 0 <= found[0].start_s <= found[0].end_s <= found[1].start_s <= found[1].end_s <= length_s + 1e-9


@pytest.mark.parametrize("noise", [0.0, 0.001, 0.02])
def test_the_speaking_is_told_from_the_room(noise: float) -> None:
    beep = np.sin(np.arange(16_000) * 0.2) * 0.3
    quiet = np.zeros(8_000)
    samples = np.concatenate([quiet, beep, quiet])
    noisy = samples + np.random.default_rng(2).normal(size=len(samples)) * noise
    assert voiced_part(Sound(noisy, 16_000)) == pytest.approx((0.5, 1.5), abs=0.02)


def test_nothing_is_found_in_nothing() -> None:
    assert voiced_part(Sound(np.zeros(16_000), 16_000)) is None
    assert words_in(Sound(np.zeros(10), 16_000), Sound(np.zeros(10), 16_000), []) == ()
