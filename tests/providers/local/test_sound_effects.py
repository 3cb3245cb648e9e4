"""The sounds that are made without a network."""

import io
import re
import wave
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from providers.errors import InvalidRequest
from providers.local.sound_effects import LocalSoundMaker, TimedSound
from providers.protocols.prediction import Unwritten
from providers.protocols.sound import SoundEffectRequest, SoundMaker
from tests.stand_ins.media import encoded

MAKER = LocalSoundMaker()
SOUNDS = MAKER.offer.styles


def samples(sound: TimedSound) -> NDArray[np.float64]:
    with wave.open(io.BytesIO(sound.data)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (48_000, 2, 1)
        heard = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2") / 32_768
    assert len(heard) == round(sound.duration_s * 48_000)
    return np.asarray(heard)


async def made(prompt: str, duration_s: float | None = None, seed: int = 1) -> TimedSound:
    return await MAKER.make(SoundEffectRequest(prompt, duration_s, seed), Unwritten())


def centre_hz(heard: NDArray[np.float64]) -> float:
    power = np.abs(np.fft.rfft(heard)) ** 2
    return float((power * np.fft.rfftfreq(len(heard), 1 / 48_000)).sum() / power.sum())


def test_it_is_a_sound_maker_and_free() -> None:
    maker: SoundMaker = MAKER
    assert maker.offer.is_free
    assert len(set(SOUNDS)) == len(SOUNDS) == 20


@pytest.mark.parametrize("name", SOUNDS)
async def test_each_sound_is_heard_and_clean(name: str) -> None:
    sound = await made(name)
    heard = samples(sound)
    assert np.abs(heard).max() == pytest.approx(10 ** (-3 / 20), abs=0.01)
    assert abs(heard.mean()) < 0.01
    assert np.sqrt((heard**2).mean()) > 0.01
    assert abs(heard[-1]) < 0.01  # it ends without a click
    assert sound.data == (await made(name)).data
    assert (sound.usage.provider, sound.usage.cost_micros, sound.usage.is_priced) == ("local", 0, True)


@pytest.mark.parametrize("name", SOUNDS)
async def test_each_sound_is_what_ffmpeg_takes_it_for(name: str) -> None:
    sound = await made(name)
    raw = encoded("-i", "pipe:0", "-f", "s16le", "-ac", "1", "-ar", "48000", given=sound.data, suffix=".raw")
    assert len(raw) == 2 * round(sound.duration_s * 48_000)


@pytest.mark.parametrize("name", SOUNDS)
async def test_other_seeds_are_other_sounds(name: str) -> None:
    one, other = samples(await made(name, 1.0, seed=1)), samples(await made(name, 1.0, seed=2))
    if name != "coin":  # always the same two tones
        assert not np.array_equal(one, other)


@pytest.mark.parametrize(
    ("prompt", "same_as"),
    [
        ("Heavy RAIN on a tin roof", "rain"),
        ("ein Glas zerspringt, dann Donner", "thunder"),
        ("une Clôche au loin, sonnette", "ding"),
        ("o som de um trovão", "thunder"),
        ("thunder, then rain", "thunder"),
        ("rain, then thunder", "rain"),
    ],
)
async def test_the_sound_that_is_named_first_is_made(prompt: str, same_as: str) -> None:
    assert (await made(prompt)).data == (await made(same_as)).data


@pytest.mark.parametrize("prompt", ["a door creaks", "", "training", "rainbow"])
async def test_what_it_does_not_know_it_says(prompt: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        await made(prompt)
    assert refusal.value.field == "prompt"
    assert all(re.search(rf"\b{name}\b", str(refusal.value)) for name in SOUNDS)


async def test_lengths() -> None:
    assert (await made("rain", 12.5)).duration_s == 12.5
    assert (await made("pop", 12.5)).duration_s == 0.18  # it rings no longer
    for duration_s in (0.0, 61.0, float("nan")):
        with pytest.raises(InvalidRequest) as refusal:
            await made("rain", duration_s)
        assert refusal.value.field == "duration_s"


async def test_sounds_are_what_their_names_say() -> None:
    assert centre_hz(samples(await made("boom"))) < 400 < centre_hz(samples(await made("rain")))
    assert centre_hz(samples(await made("heartbeat"))) < 120
    assert centre_hz(samples(await made("beep"))) == pytest.approx(1_020, abs=50)
    rise = samples(await made("rise"))
    half = len(rise) // 2
    assert (rise[half:] ** 2).mean() > 4 * (rise[:half] ** 2).mean()
    ding = samples(await made("ding"))
    assert (ding[: len(ding) // 4] ** 2).mean() > 10 * (ding[-len(ding) // 4 :] ** 2).mean()
    whoosh: Any = samples(await made("whoosh")) ** 2
    middle = len(whoosh) // 3
    assert whoosh[middle : 2 * middle].mean() > 2 * whoosh[:middle].mean()


async def test_long_textures_are_quick() -> None:
    for name in ("applause", "rain"):
        assert (await made(name, 30.0)).usage.duration_ms < 10_000
