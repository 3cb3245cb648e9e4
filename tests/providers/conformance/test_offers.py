"""What a provider says about itself is what it does."""

import math
from typing import cast

import pytest

from providers.protocols.offer import Capability
from providers.protocols.speech import Speaker
from providers.service import Account, Whose
from tests.providers.conformance.conftest import set_ups
from tests.providers.conformance.set_up import KEY, OTHER_KEY, Running

MADE = {
    Capability.IMAGE,
    Capability.IMAGE_EDIT,
    Capability.SOUND_EFFECT,
    Capability.MUSIC,
    Capability.CLIP,
    Capability.LIP_SYNC,
}
"""What is drawn, composed or animated."""


@set_ups(calls=False)
async def test_every_maker_offers_what_it_is_listed_for(running: Running) -> None:
    makers = running.service().makers(None)
    assert set(running.set_up.paths) == set(makers)
    for capability, maker in makers.items():
        offer = maker.offer
        assert offer.capability is capability
        assert offer.provider == running.service().name
        assert offer.available
        assert offer.reason_unavailable is None
        assert offer.models
        if capability is Capability.SPEECH:
            assert offer.voices or await cast("Speaker", maker).voices()


@set_ups(calls=False)
async def test_one_key_has_one_set_of_makers(running: Running) -> None:
    service, account = running.service(), Account(OTHER_KEY, Whose.USER)
    assert service.makers(None) == service.makers(None)
    assert service.makers(account) == service.makers(account)
    if service.takes_keys:
        assert all(maker.offer.whose_key == "USER" for maker in service.makers(account).values())


@set_ups()
async def test_without_a_key_it_offers_nothing_and_says_what_provides_it(running: Running) -> None:
    service = running.service(key=None)
    assert not service.makers(None)
    refusals = service.refusals(None)
    assert {offer.capability for offer in refusals} >= set(running.set_up.paths)
    for offer in refusals:
        assert not offer.available
        assert offer.reason_unavailable is not None
        assert "FRAMEWRIGHT_" in offer.reason_unavailable
        assert ("saveProviderKey" in offer.reason_unavailable) is service.takes_keys
    assert set(service.makers(Account(KEY, Whose.USER))) == set(running.set_up.paths)
    assert not running.stand_in.calls


@set_ups()
@pytest.mark.parametrize("price", ["set", "unset"])
async def test_offers_name_the_known_prices(running: Running, price: str) -> None:
    service = running.service() if price == "set" else running.unpriced()
    for maker in service.makers(None).values():
        known = {each for _, each in maker.offer.prices}
        assert known == ({running.set_up.price} if price == "set" else set())
        assert not maker.offer.is_free


@set_ups(calls=False)
async def test_what_is_known_of_models_agrees_with_the_offer(running: Running) -> None:
    for capability, maker in running.service().makers(None).items():
        offer = maker.offer
        assert [each.model for each in offer.facts] == (list(offer.models) if capability in MADE else [])
        assert any(each.takes_references for each in offer.facts) is offer.takes_references
        for each in offer.facts:
            assert list(each.lengths_s) == sorted(set(each.lengths_s))
            assert (each.shortest_s or 0) < (each.longest_s or math.inf)
