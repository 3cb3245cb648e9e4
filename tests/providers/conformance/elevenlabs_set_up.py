"""ElevenLabs."""

import json
from decimal import Decimal

from providers.elevenlabs.options import ElevenLabsOptions
from providers.elevenlabs.service import ElevenLabsService
from providers.prices import Price
from providers.protocols.offer import Capability
from tests.providers.conformance.set_up import SetUp, Terms
from tests.stand_ins.elevenlabs import ElevenLabsStandIn
from tests.stand_ins.server import Fault

_PATHS = {Capability.SPEECH: "/with-timestamps", Capability.SOUND_EFFECT: "/sound-generation"}
_INVALID = {"detail": [{"loc": ["body", "model_id"], "msg": "is not known", "type": "value_error"}]}


def _elevenlabs(terms: Terms) -> ElevenLabsService:
    options = ElevenLabsOptions(
        api_key=terms.key, base_url=terms.url, timeout_s=terms.timeout_s, limits=terms.limits
    )
    return ElevenLabsService(options, terms.prices, terms.gate)


def _telling(key: str) -> bytes:
    detail = {"status": "unknown", "message": f"Something is wrong with {key}."}
    return json.dumps({"detail": detail}).encode()


ELEVENLABS = SetUp(
    name="elevenlabs",
    stand_in=ElevenLabsStandIn,
    service=_elevenlabs,
    paths=_PATHS,
    price=Price(per_thousand_characters=Decimal("0.30"), per_second=Decimal("0.002")),
    refusal=dict.fromkeys(_PATHS, Fault(told="content_against_policy")),
    reasons=("Terms of Service",),
    bad_request=Fault(status=422, body=json.dumps(_INVALID).encode()),
    bad_field="model",
    telling_body=_telling,
    opaque=frozenset({Capability.SOUND_EFFECT}),
)
