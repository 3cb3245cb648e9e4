from typing import Any

import pytest

from providers.errors import InvalidRequest, ProviderUnavailable
from providers.protocols.offer import Capability
from providers.protocols.speech import SpeechRequest, SpokenWord, TranscriptionRequest
from tests.providers.openai.conftest import Maker, Makers
from tests.stand_ins.media import wav
from tests.stand_ins.openai import OpenAiStandIn
from tests.stand_ins.openai_chat import call_id
from tests.stand_ins.openai_refusals import Lack
from tests.stand_ins.server import Fault


async def test_a_text_is_read_as_it_stands(maker: Maker, stand_in: OpenAiStandIn) -> None:
    text = "<b>Seven</b> ships & one boat."
    made = await maker(Capability.SPEECH).speak(SpeechRequest(text, "pt-BR", voice="nova", speed=1.25))
    body = stand_in.calls[0].json()
    assert (body["input"], body["voice"], body["speed"]) == (text, "nova", 1.25)
    assert "pt-BR" in body["instructions"]
    assert made.mime_type == "audio/mpeg"
    assert made.data[:3] == b"ID3" or made.data[0] == 0xFF
    assert (made.words, made.duration_s, made.spoken, made.voice) == (None, None, True, "nova")
    assert made.usage.characters == len(text)


async def test_without_a_voice_the_first_is_taken(maker: Maker, makers: Makers) -> None:
    assert (await maker(Capability.SPEECH).speak(SpeechRequest("Hello.", "en"))).voice == "alloy"
    own = makers.compatible(Capability.SPEECH, voices=("amy", "joe"))
    assert [voice.id for voice in await own.voices()] == ["amy", "joe"]
    assert (await own.speak(SpeechRequest("Hello.", "en"))).voice == "amy"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 4_097}, "text"),
        ({"speed": 0.4}, "speed"),
        ({"speed": 2.1}, "speed"),
        ({"voice": "hal"}, "voice"),
    ],
)
async def test_what_cannot_be_read_costs_nothing(
    maker: Maker, stand_in: OpenAiStandIn, told: dict[str, Any], field: str
) -> None:
    usual: dict[str, Any] = {"text": "Hello.", "language": "en"}
    with pytest.raises(InvalidRequest) as caught:
        await maker(Capability.SPEECH).speak(SpeechRequest(**usual | told))
    assert caught.value.field == field
    assert not stand_in.calls


async def test_a_model_that_takes_no_instructions_gets_none(makers: Makers, stand_in: OpenAiStandIn) -> None:
    speaker = makers.compatible(Capability.SPEECH, Lack.INSTRUCTIONS)
    for _ in range(2):
        await speaker.speak(SpeechRequest("Hello.", "en"))
    assert ["instructions" in call.json() for call in stand_in.calls] == [True, False, False]
    old = makers.service(models={Capability.SPEECH: "tts-1-hd"}).makers(None)[Capability.SPEECH]
    await old.speak(SpeechRequest("Hello.", "en"))  # type: ignore[attr-defined]
    assert "instructions" not in stand_in.calls[-1].json()


async def test_silence_is_no_answer(maker: Maker, stand_in: OpenAiStandIn) -> None:
    stand_in.tell("/speech", Fault(told="empty"))
    with pytest.raises(ProviderUnavailable, match="no sound"):
        await maker(Capability.SPEECH).speak(SpeechRequest("Hello.", "en"))


async def test_a_transcript_says_when_each_word_is_heard(maker: Maker, stand_in: OpenAiStandIn) -> None:
    stand_in.heard = "Seven ships, came home."
    made = await maker(Capability.TRANSCRIPTION).transcribe(
        TranscriptionRequest(wav(1), "audio/wav", "en-GB")
    )
    assert made.text == "Seven ships, came home."
    assert made.words[:2] == (SpokenWord("Seven", 0.0, 0.4), SpokenWord("ships", 0.4, 0.8))
    assert made.usage.seconds == 1.6
    assert made.usage.provider_id == call_id(stand_in.calls[0])
    told = {part.name: part for part in stand_in.calls[0].parts()}
    assert told["language"].text == "en"
    assert told["file"].data == wav(1)
    assert told["file"].filename == "recording.wav"


async def test_a_model_without_times_gives_the_text_alone(makers: Makers, stand_in: OpenAiStandIn) -> None:
    hearer = makers.compatible(Capability.TRANSCRIPTION, Lack.WORD_TIMES)
    for _ in range(2):
        made = await hearer.transcribe(TranscriptionRequest(wav(1), "audio/wav"))
    assert made.text
    assert made.words == ()
    assert made.usage.input_tokens == 40
    assert len(stand_in.calls) == 3, "it is tried with times once"


@pytest.mark.parametrize(
    ("data", "mime_type", "field"),
    [
        (b"", "audio/wav", "data"),
        (b"x", "text/plain", "mime_type"),
        (bytes(25 * 1024 * 1024 + 1), "audio/wav", "data"),
    ],
)
async def test_what_cannot_be_heard_costs_nothing(
    maker: Maker, stand_in: OpenAiStandIn, data: bytes, mime_type: str, field: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await maker(Capability.TRANSCRIPTION).transcribe(TranscriptionRequest(data, mime_type))
    assert caught.value.field == field
    assert not stand_in.calls
