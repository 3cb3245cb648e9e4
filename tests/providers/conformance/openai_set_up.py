"""OpenAI, and a server that knows less of its interface and has no key."""

from decimal import Decimal

from providers.openai.models import TEXT
from providers.openai.options import OpenAiOptions
from providers.openai.service import OpenAiService
from providers.prices import Price
from providers.protocols.offer import Capability
from tests.providers.conformance.set_up import SetUp, Terms
from tests.stand_ins.openai import OpenAiStandIn
from tests.stand_ins.openai_chat import REFUSAL
from tests.stand_ins.openai_refusals import Lack, error_body
from tests.stand_ins.server import Fault

_PATHS = {
    **dict.fromkeys(TEXT, "/chat/completions"),
    Capability.IMAGE: "/images/generations",
    Capability.IMAGE_EDIT: "/images/edits",
    Capability.SPEECH: "/audio/speech",
    Capability.TRANSCRIPTION: "/audio/transcriptions",
}
_STRUCTURED = TEXT - {Capability.CHAT}
_PRICE = Price(
    per_call=Decimal("0.0001"),
    per_image=Decimal("0.02"),
    per_second=Decimal("0.0001"),
    per_thousand_characters=Decimal("0.015"),
    per_million_input_tokens=Decimal("0.25"),
    per_million_output_tokens=Decimal(2),
)


def _openai(terms: Terms) -> OpenAiService:
    options = OpenAiOptions(
        api_key=terms.key,
        base_url=f"{terms.url}/v1",
        models={Capability.IMAGE: "gpt-image-2", Capability.TRANSCRIPTION: "whisper-1"},
        timeout_s=terms.timeout_s,
        limits=terms.limits,
    )
    return OpenAiService(options, terms.prices, terms.gate)


def _compatible(terms: Terms) -> OpenAiService:
    options = OpenAiOptions(
        name="compatible",
        api_key=terms.key,
        base_url=f"{terms.url}/v1",
        models={
            Capability.CHAT: "llama",
            Capability.IMAGE: "sdxl",
            Capability.SPEECH: "piper",
            Capability.TRANSCRIPTION: "whisper",
        },
        voices=("amy", "joe"),
        key_setting="FRAMEWRIGHT_COMPATIBLE_API_KEY",
        timeout_s=terms.timeout_s,
        limits=terms.limits,
    )
    return OpenAiService(options, terms.prices, terms.gate)


OPENAI = SetUp(
    name="openai",
    stand_in=OpenAiStandIn,
    service=_openai,
    paths=_PATHS,
    price=_PRICE,
    reasons=(REFUSAL, "safety system"),
    bad_request=Fault(status=400, body=error_body("It is out of its range.", param="messages[0]")),
    bad_field="messages[0]",
    telling_body=lambda key: error_body(f"Something is wrong with {key}."),
    opaque=frozenset({Capability.SPEECH}),
    refusal={
        **dict.fromkeys(TEXT, Fault(told="refuse")),
        Capability.IMAGE: Fault(told="refuse"),
        Capability.IMAGE_EDIT: Fault(told="refuse"),
    },
    unusable=dict.fromkeys(_STRUCTURED, Fault(told="broken")),
    truncated=dict.fromkeys(_STRUCTURED, Fault(told="cut")),
)
COMPATIBLE = SetUp(
    name="compatible",
    stand_in=lambda: OpenAiStandIn(set(Lack) - {Lack.MAX_TOKENS, Lack.USAGE}),
    service=_compatible,
    paths={name: path for name, path in _PATHS.items() if name is not Capability.IMAGE_EDIT},
    price=_PRICE,
    reasons=(REFUSAL, "safety system"),
    bad_request=Fault(status=400, body=error_body("It is out of its range.", param="messages[0]")),
    bad_field="messages[0]",
    telling_body=lambda key: error_body(f"Something is wrong with {key}."),
    opaque=frozenset({Capability.SPEECH}),
    refusal=dict.fromkeys(TEXT, Fault(told="refuse")),
    uncounted=frozenset({Capability.CHAT}),
    unusable=dict.fromkeys(_STRUCTURED, Fault(told="prose")),
    truncated=dict.fromkeys(_STRUCTURED, Fault(told="cut")),
)
