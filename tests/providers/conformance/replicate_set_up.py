"""Replicate, with the models that serve by default."""

import json
from decimal import Decimal

from providers.prices import Price
from providers.protocols.offer import Capability
from providers.replicate.options import ReplicateOptions
from providers.replicate.service import ReplicateService
from tests.providers.conformance.set_up import SetUp, Terms
from tests.stand_ins.replicate import ReplicateStandIn
from tests.stand_ins.server import Fault

_PATHS = {
    Capability.IMAGE: "/flux-schnell/predictions",
    Capability.IMAGE_EDIT: "/flux-kontext-pro/predictions",
    Capability.CLIP: "/seedance-1-lite/predictions",
    Capability.MUSIC: "/stable-audio-2.5/predictions",
    Capability.LIP_SYNC: "/omni-human/predictions",
}


def _replicate(terms: Terms) -> ReplicateService:
    options = ReplicateOptions(
        api_token=terms.key,
        base_url=terms.url,
        poll_s=0.005,
        timeout_s=terms.timeout_s,
        limits=terms.limits,
    )
    return ReplicateService(options, terms.prices, terms.gate)


def _problem(detail: str) -> bytes:
    wrong = {"type": "invalid", "field": "input.prompt", "description": "too long"}
    return json.dumps({"title": "Invalid", "detail": detail, "invalid_fields": [wrong]}).encode()


REPLICATE = SetUp(
    name="replicate",
    stand_in=ReplicateStandIn,
    service=_replicate,
    paths=_PATHS,
    price=Price(per_image=Decimal("0.003"), per_second=Decimal("0.001")),
    refusal=dict.fromkeys(_PATHS, Fault(told="nsfw")),
    reasons=("flagged as sensitive",),
    bad_request=Fault(status=422, body=_problem("- input.prompt: too long")),
    bad_field="prompt",
    telling_body=lambda key: _problem(f"Something is wrong with {key}."),
)
