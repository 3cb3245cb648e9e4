import pytest

from providers.errors import KeyRefused, ProviderUnavailable
from providers.line import OwnGate
from providers.prices import PriceList
from providers.protocols.offer import Capability
from providers.replicate.options import ReplicateOptions
from providers.replicate.service import ReplicateService
from providers.service import Account, Whose
from tests.stand_ins.replicate import ReplicateStandIn
from tests.stand_ins.server import Fault


@pytest.fixture
def keyless(replicate: ReplicateStandIn) -> ReplicateService:
    return ReplicateService(ReplicateOptions(base_url=replicate.url), PriceList(), OwnGate())


def test_without_a_token_it_says_how_to_get_on(keyless: ReplicateService) -> None:
    assert keyless.makers(None) == {}
    refusals = keyless.refusals(None)
    assert {each.capability for each in refusals} == {
        Capability.IMAGE,
        Capability.IMAGE_EDIT,
        Capability.CLIP,
        Capability.MUSIC,
        Capability.LIP_SYNC,
    }
    for each in refusals:
        assert not each.available
        assert "FRAMEWRIGHT_REPLICATE_API_TOKEN" in str(each.reason_unavailable)
        assert "saveProviderKey" in str(each.reason_unavailable)


async def test_own_key_is_used_and_told_apart(keyless: ReplicateService) -> None:
    mine = Account("r8_mine", Whose.USER)
    makers = keyless.makers(mine)
    assert keyless.makers(Account("r8_mine", Whose.USER)) is makers
    assert keyless.refusals(mine) == ()
    assert {maker.offer.whose_key for maker in makers.values()} == {"USER"}
    await keyless.close()


async def test_key_is_tried_without_buying(keyless: ReplicateService, replicate: ReplicateStandIn) -> None:
    await keyless.check("r8_good")
    assert [call.path for call in replicate.calls] == ["/v1/account"]
    assert replicate.paid == []
    replicate.tell("/v1/account", Fault(status=401))
    with pytest.raises(KeyRefused):
        await keyless.check("r8_bad")
    replicate.tell("/v1/account", Fault(status=503))
    with pytest.raises(ProviderUnavailable) as down:
        await keyless.check("r8_good")
    assert down.value.retryable
