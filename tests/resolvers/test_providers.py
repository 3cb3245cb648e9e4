from providers.protocols.offer import Capability
from tests.resolvers.conftest import Api
from tests.studio import Studio

OFFERS = """query($capability: Capability) { providers(capability: $capability) {
  capability provider models languages styles knowsFacts isAvailable unavailableReason
  isFree prices { model price { currency perImage } } voices { voiceId name language gender } } }"""


async def test_what_is_there_and_what_is_not_is_told_with_the_reason(api: Api, studio: Studio) -> None:
    offers = (await api(studio.context(), OFFERS)).payload
    made = {offer["capability"] for offer in offers if offer["isAvailable"]}
    assert made == {"SCRIPT", "METADATA", "IMAGE", "SPEECH", "SOUND_EFFECT", "MUSIC"}
    refused = [offer for offer in offers if not offer["isAvailable"]]
    assert {offer["capability"] for offer in refused} == {each.name for each in Capability} - made
    assert all(offer["unavailableReason"] for offer in refused)
    (writer,) = [offer for offer in offers if offer["capability"] == "SCRIPT"]
    assert writer["knowsFacts"] is False


async def test_voices_are_listed_for_speech(api: Api, studio: Studio) -> None:
    (speaker,) = (await api(studio.context(), OFFERS, capability="SPEECH")).payload
    assert any(voice["language"].startswith("en") for voice in speaker["voices"])
    assert speaker["provider"] == "local"


async def test_nobody_is_told_nothing(api: Api, studio: Studio) -> None:
    context = studio.context()
    context.viewer = None
    assert (await api(context, OFFERS)).codes == ["UNAUTHENTICATED"]
