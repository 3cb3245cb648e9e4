"""Speech, voices and sounds through the service's own client."""

import asyncio
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from providers.elevenlabs.options import ElevenLabsOptions
from providers.elevenlabs.service import ElevenLabsService
from providers.errors import (
    ContentRefused,
    InvalidRequest,
    KeyRefused,
    ProviderBusy,
    ProviderError,
    ProviderUnavailable,
)
from providers.line import LineLimits, OwnGate
from providers.prices import PriceList
from providers.protocols.offer import Capability, VoiceOffer
from providers.protocols.prediction import Unwritten
from providers.protocols.sound import SoundEffectRequest
from providers.protocols.speech import SpeechRequest
from providers.service import Account, Whose
from tests.stand_ins.elevenlabs import ElevenLabsStandIn
from tests.stand_ins.media import encoded
from tests.stand_ins.server import Fault

TEXT = "The sea has 3 secrets, and we know 2 of them."
RACHEL = "21m00Tcm4TlvDq8ikWAM"
ASK = SpeechRequest(text=TEXT, language="en-GB", voice=RACHEL)


def speaker(service: ElevenLabsService) -> Any:
    return service.makers(None)[Capability.SPEECH]


def sound_maker(service: ElevenLabsService) -> Any:
    return service.makers(None)[Capability.SOUND_EFFECT]


async def test_speech_has_its_words_and_is_counted_as_the_service_counts(
    service: ElevenLabsService, elevenlabs: ElevenLabsStandIn
) -> None:
    made = await speaker(service).speak(ASK)
    assert [word.text for word in made.words] == TEXT.split()
    assert all(one.end_s <= other.start_s for one, other in pairwise(made.words))
    decoded = ("-i", "pipe:0", "-f", "s16le", "-ac", "1", "-ar", "8000")
    samples = encoded(*decoded, given=made.data, suffix=".raw")
    assert made.words[-1].end_s == pytest.approx(len(samples) / 16_000, abs=0.15)
    assert (made.mime_type, made.spoken, made.voice) == ("audio/mpeg", True, RACHEL)
    assert made.usage.characters == len(TEXT)
    assert made.usage.cost_micros == len(TEXT) * 300
    assert str(made.usage.provider_id).startswith("request")
    (call,) = elevenlabs.calls
    assert call.path == f"/v1/text-to-speech/{RACHEL}/with-timestamps"
    assert call.query == {"output_format": "mp3_44100_128"}
    assert call.headers["xi-api-key"] == "sk_installation"
    assert call.json() == {"text": TEXT, "model_id": "eleven_multilingual_v2"}


async def test_speed_and_language_are_sent_where_they_are_taken(
    service: ElevenLabsService, elevenlabs: ElevenLabsStandIn
) -> None:
    quick = replace(ASK, model="eleven_flash_v2_5", speed=1.1)
    made = await speaker(service).speak(quick)
    assert not made.usage.is_priced
    assert elevenlabs.paid[0].json() == {
        "text": TEXT,
        "model_id": "eleven_flash_v2_5",
        "language_code": "en",
        "voice_settings": {"speed": 1.1},
    }


async def test_times_of_a_normalised_text_fit_the_written_one(
    service: ElevenLabsService, elevenlabs: ElevenLabsStandIn
) -> None:
    exact = await speaker(service).speak(ASK)
    elevenlabs.tell("/with-timestamps", Fault(told="normalised"))
    made = await speaker(service).speak(ASK)
    assert [word.text for word in made.words] == TEXT.split()
    apart = [abs(one.start_s - other.start_s) for one, other in zip(exact.words, made.words, strict=True)]
    assert max(apart) < 0.2
    elevenlabs.tell("/with-timestamps", Fault(told="untimed"))
    assert (await speaker(service).speak(ASK)).words is None


async def test_voice_that_nobody_named_suits_the_language(service: ElevenLabsService) -> None:
    chosen = {
        language: (await speaker(service).speak(SpeechRequest("Ja", language))).voice
        for language in ("de-AT", "en", "it")
    }
    assert chosen == {
        "de-AT": "german0000000000000a",
        "en": "JBFqnCBsd6RMkjVDRZzb",
        "it": "JBFqnCBsd6RMkjVDRZzb",
    }


async def test_key_that_may_not_list_voices_speaks_all_the_same(
    service: ElevenLabsService, elevenlabs: ElevenLabsStandIn
) -> None:
    elevenlabs.tell("/v2/voices", Fault(told="missing_permissions"), times=3)
    made = await speaker(service).speak(replace(ASK, voice=None))
    assert made.voice == "JBFqnCBsd6RMkjVDRZzb"
    await service.check("sk_for_speech_alone")
    with pytest.raises(KeyRefused, match="missing the permission"):
        await speaker(service).voices()


async def test_voices_come_page_by_page_and_are_kept(
    service: ElevenLabsService, elevenlabs: ElevenLabsStandIn
) -> None:
    elevenlabs.page_size = 3
    voices = await speaker(service).voices()
    assert voices == await speaker(service).voices()
    assert len(elevenlabs.calls) == 2
    george = "https://storage.example/JBFqnCBsd6RMkjVDRZzb.mp3"
    assert voices[0] == VoiceOffer("JBFqnCBsd6RMkjVDRZzb", "George", "", "male", george)
    assert [(voice.name, voice.language, voice.gender) for voice in voices[1:]] == [
        ("Rachel", "en", "female"),
        ("Heike", "de", "female"),
        ("Robot", "fr", "neutral"),
    ]


async def test_list_that_failed_is_asked_for_again(
    service: ElevenLabsService, elevenlabs: ElevenLabsStandIn
) -> None:
    elevenlabs.tell("/v2/voices", Fault(status=500))
    with pytest.raises(ProviderUnavailable):
        await speaker(service).voices()
    assert len(await speaker(service).voices()) == 4


@pytest.mark.parametrize(
    ("told", "error", "says"),
    [
        ("quota_exceeded", KeyRefused, "12 credits remaining.*needs more credit"),
        ("invalid_api_key", KeyRefused, "Invalid API key.*FRAMEWRIGHT_ELEVENLABS_API_KEY.*saveProviderKey"),
        ("missing_permissions", KeyRefused, "missing the permission"),
        ("detected_unusual_activity", KeyRefused, "Free Tier usage disabled.*paid plan"),
        ("content_against_policy", ContentRefused, "Terms of Service.*Change the wording"),
        ("voice_not_found", InvalidRequest, "voice: "),
        ("model_not_found", InvalidRequest, "model: "),
        ("max_character_limit_exceeded", InvalidRequest, "text: .*character limit"),
        ("too_many_concurrent_requests", ProviderBusy, "Too many concurrent"),
        ("system_busy", ProviderBusy, "heavy traffic"),
    ],
)
async def test_refusals_say_what_to_do(
    service: ElevenLabsService,
    elevenlabs: ElevenLabsStandIn,
    told: str,
    error: type[ProviderError],
    says: str,
) -> None:
    elevenlabs.tell("/with-timestamps", Fault(told=told))
    with pytest.raises(error, match=says) as refusal:
        await speaker(service).speak(ASK)
    assert isinstance(refusal.value, error)
    assert "sk_installation" not in str(refusal.value)
    assert len(elevenlabs.calls) == 1
    elevenlabs.tell("/v1/sound-generation", Fault(told=told))
    with pytest.raises(error):
        await sound_maker(service).make(SoundEffectRequest("rain", 2.0, seed=1), Unwritten())


@pytest.mark.parametrize(
    ("fault", "retryable"),
    [
        (Fault(status=500), True),
        (Fault(status=503, headers={"retry-after": "4"}), True),
        (Fault(drops=True), True),
        (Fault(cut_after=200), True),
        (Fault(change=lambda body: body[:-20]), True),
        (Fault(change=lambda _: b'{"alignment": null}'), True),
        (Fault(change=lambda _: b'{"audio_base64": "***"}'), True),
        (Fault(change=lambda _: b'{"audio_base64": ""}'), True),
    ],
)
async def test_failures_are_told_once_and_may_be_tried_again(
    service: ElevenLabsService, elevenlabs: ElevenLabsStandIn, fault: Fault, *, retryable: bool
) -> None:
    elevenlabs.tell("/with-timestamps", fault)
    with pytest.raises(ProviderUnavailable) as failure:
        await speaker(service).speak(ASK)
    assert failure.value.retryable is retryable
    assert failure.value.retry_after_s == (4 if fault.status == 503 else None)
    assert len(elevenlabs.calls) == 1


async def test_wrong_fields_are_named(service: ElevenLabsService, elevenlabs: ElevenLabsStandIn) -> None:
    body = b'{"detail": [{"loc": ["body", "voice_settings", "speed"], "msg": "too fast", "type": "x"}]}'
    elevenlabs.tell("/with-timestamps", Fault(status=422, body=body))
    with pytest.raises(InvalidRequest, match="too fast") as wrong:
        await speaker(service).speak(ASK)
    assert wrong.value.field == "speed"
    elevenlabs.forget()
    for request, field in (
        (replace(ASK, text="  "), "text"),
        (replace(ASK, speed=1.5), "speed"),
        (replace(ASK, language="hu"), "language"),
    ):
        with pytest.raises(InvalidRequest) as wrong:
            await speaker(service).speak(request)
        assert wrong.value.field == field
    assert elevenlabs.calls == []


async def test_sound_effect(service: ElevenLabsService, elevenlabs: ElevenLabsStandIn) -> None:
    made = await sound_maker(service).make(SoundEffectRequest("a door creaks", 1.5, seed=1), Unwritten())
    assert elevenlabs.paid[0].json() == {
        "text": "a door creaks",
        "duration_seconds": 1.5,
        "model_id": "eleven_text_to_sound_v2",
    }
    assert made.mime_type == "audio/mpeg"
    assert encoded("-i", "pipe:0", "-f", "s16le", given=made.data, suffix=".raw")
    assert (made.usage.characters, made.usage.seconds) == (100, 1.5)
    elevenlabs.tell("/v1/sound-generation", Fault(cut_after=9_000))
    with pytest.raises(ProviderUnavailable) as cut:
        await sound_maker(service).make(SoundEffectRequest("rain", None, seed=1), Unwritten())
    assert cut.value.retryable
    for prompt, duration_s, field in ((" ", 2.0, "prompt"), ("rain", 31.0, "duration_s")):
        with pytest.raises(InvalidRequest) as wrong:
            await sound_maker(service).make(SoundEffectRequest(prompt, duration_s, seed=1), Unwritten())
        assert wrong.value.field == field


async def test_slow_answer_is_given_up(elevenlabs: ElevenLabsStandIn) -> None:
    options = ElevenLabsOptions(api_key="k", base_url=elevenlabs.url, timeout_s=0.2)
    service = ElevenLabsService(options, PriceList(), OwnGate())
    try:
        elevenlabs.tell("/with-timestamps", Fault(delay_s=5))
        with pytest.raises(ProviderUnavailable) as slow:
            await speaker(service).speak(ASK)
        assert slow.value.retryable
        elevenlabs.tell("/v1/sound-generation", Fault(pause_s=1))
        with pytest.raises(ProviderUnavailable):
            await sound_maker(service).make(SoundEffectRequest("rain", 20.0, seed=1), Unwritten())
    finally:
        await service.close()


async def test_calls_at_once_are_limited_by_key(elevenlabs: ElevenLabsStandIn) -> None:
    options = ElevenLabsOptions(
        api_key="k", base_url=elevenlabs.url, limits=LineLimits(calls_at_once=2), timeout_s=20
    )
    service = ElevenLabsService(options, PriceList(), OwnGate())
    try:
        elevenlabs.tell("/", Fault(delay_s=0.2), times=6)  # so that calls meet there
        await asyncio.gather(*(speaker(service).speak(ASK) for _ in range(6)))
        assert elevenlabs.most_at_once["k"] == 2
    finally:
        await service.close()


async def test_keys_are_tried_for_nothing_and_own_ones_used(elevenlabs: ElevenLabsStandIn) -> None:
    service = ElevenLabsService(ElevenLabsOptions(base_url=elevenlabs.url), PriceList(), OwnGate())
    assert service.makers(None) == {}
    for offer in service.refusals(None):
        assert not offer.available
        assert "FRAMEWRIGHT_ELEVENLABS_API_KEY" in str(offer.reason_unavailable)
        assert "saveProviderKey" in str(offer.reason_unavailable)
    mine = Account("sk_mine", Whose.USER)
    assert service.makers(Account("sk_mine", Whose.USER)) is service.makers(mine)
    assert service.makers(mine)[Capability.SPEECH].offer.whose_key == "USER"
    assert service.refusals(mine) == ()
    try:
        await service.check("sk_good")
        assert elevenlabs.paid == []
        elevenlabs.tell("/v2/voices", Fault(status=401, body=b'{"detail": "Wrong key sk_bad"}'))
        with pytest.raises(KeyRefused) as refusal:
            await service.check("sk_bad")
        assert "sk_bad" not in str(refusal.value)
    finally:
        await service.close()


@pytest.mark.parametrize(
    "voice", ["../sound-generation?x=", "../../v1/user", "a/b", "a?b", "a#b", "%2e%2e", " "]
)
async def test_a_voice_leads_to_no_other_address(
    service: ElevenLabsService, elevenlabs: ElevenLabsStandIn, voice: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        await speaker(service).speak(replace(ASK, voice=voice))
    assert refused.value.field == "voice"
    assert elevenlabs.calls == []
