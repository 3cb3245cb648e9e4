from dataclasses import replace

from access.built_in_roles import ADMIN
from access.provider_choice import ProviderChoice
from documents.accounts.provider_key import ProviderKey
from providers.desk import ProviderDesk
from providers.line import OwnGate
from providers.local.service import LocalService
from providers.openai.options import OpenAiOptions
from providers.openai.service import OpenAiService
from providers.prices import PriceList
from providers.protocols.offer import Capability
from providers.replicate.options import ReplicateOptions
from providers.replicate.service import ReplicateService
from providers.service import Service
from resolvers.context import Context
from schema.ids import document_gid
from tests.resolvers.conftest import Api
from tests.resolvers.test_provider_keys import make_company, own_id, person
from tests.studio import Studio, make_project

OFFERS = """query($capability: Capability) { providers(capability: $capability) {
  capability provider models languages styles knowsFacts isAvailable unavailableReason
  isFree isDefault takesReferences whoseKey
  prices { model price { currency perImage } } voices { voiceId name language gender } } }"""


async def test_what_is_there_and_what_is_not_is_told_with_the_reason(api: Api, studio: Studio) -> None:
    offers = (await api(studio.context(), OFFERS)).payload
    made = {offer["capability"] for offer in offers if offer["isAvailable"]}
    assert made == {"SCRIPT", "METADATA", "MUSIC_WORDS", "IMAGE", "SPEECH", "SOUND_EFFECT", "MUSIC"}
    refused = [offer for offer in offers if not offer["isAvailable"]]
    assert {offer["capability"] for offer in refused} == {each.name for each in Capability} - made
    assert all(offer["unavailableReason"] for offer in refused)
    (writer,) = [offer for offer in offers if offer["capability"] == "SCRIPT"]
    assert writer["knowsFacts"] is False


async def test_voices_are_listed_for_speech(api: Api, studio: Studio) -> None:
    (speaker,) = (await api(studio.context(), OFFERS, capability="SPEECH")).payload
    assert any(voice["language"].startswith("en") for voice in speaker["voices"])
    assert speaker["provider"] == "local"


FACTS = """{ providers { capability provider maxTextCharacters maxTopicCharacters
  modelFacts { model takesSeeds takesNegativePrompts takesReferences takesFirstImage lengthsS shortestS
    longestS aspectRatios } } }"""


async def test_a_studio_is_told_what_models_take(api: Api, studio: Studio) -> None:
    options = ReplicateOptions(api_token="r8")
    services: list[Service] = [ReplicateService(options, PriceList(), OwnGate()), LocalService()]
    desk = ProviderDesk(services, dict.fromkeys(Capability, "PROVIDERS"))
    context = studio.context()
    context.services = replace(studio.services, providers=ProviderChoice(desk, studio.services.sealing))
    offers = {(each["provider"], each["capability"]): each for each in (await api(context, FACTS)).payload}
    (lite, pro) = offers["replicate", "CLIP"]["modelFacts"]
    assert lite == {
        "model": "bytedance/seedance-1-lite",
        "takesSeeds": True,
        "takesNegativePrompts": False,
        "takesReferences": True,
        "takesFirstImage": True,
        "lengthsS": [float(length) for length in range(2, 13)],
        "shortestS": None,
        "longestS": None,
        "aspectRatios": ["16:9", "4:3", "1:1", "3:4", "9:16", "21:9", "9:21"],
    }
    assert pro["takesReferences"] is False
    (music,) = offers["replicate", "MUSIC"]["modelFacts"]
    assert (music["takesSeeds"], music["longestS"]) == (True, 190)
    (sound,) = offers["local", "SOUND_EFFECT"]["modelFacts"]
    assert (sound["takesSeeds"], sound["shortestS"], sound["longestS"]) == (True, 0.05, 60)
    writer = offers["local", "SCRIPT"]
    assert writer["maxTextCharacters"] > writer["maxTopicCharacters"] > 0
    assert writer["modelFacts"] == []


async def test_nobody_is_told_nothing(api: Api, studio: Studio) -> None:
    context = studio.context()
    context.viewer = None
    assert (await api(context, OFFERS)).codes == ["UNAUTHENTICATED"]


IN_PROJECT = """query($id: ID) { providers(projectId: $id, capability: IMAGE) {
  provider isDefault whoseKey isAvailable } }"""


async def test_in_a_project_its_companys_keys_and_preferences_count(api: Api, studio: Studio) -> None:
    company = await make_company(studio)
    admin = await person(studio, company_id=company.id, role_id=ADMIN.id)
    other = await person(studio)
    services = [
        OpenAiService(OpenAiOptions(name=name, models={Capability.IMAGE: "m"}), PriceList(), OwnGate())
        for name in ("first", "second")
    ]
    desk = ProviderDesk([*services, LocalService()], dict.fromkeys(Capability, "PROVIDERS"))
    choice = ProviderChoice(desk, studio.services.sealing)
    admin.services = other.services = replace(studio.services, providers=choice)
    key = ProviderKey(
        owner_id=company.id,
        is_company=True,
        provider="second",
        sealed="",
        hint="0000",
        created_by=own_id(admin),
        created_at=studio.services.now(),
        checked_at=studio.services.now(),
    )
    key.sealed = studio.services.sealing.seal(key.purpose, b"good")
    await key.insert()
    project = await make_project(admin)
    await project.set({"company_id": company.id})
    gid = document_gid("Project", project.id)

    async def told(context: Context, project_id: str | None) -> list[tuple[str, bool, str, bool]]:
        return [tuple(offer.values()) for offer in (await api(context, IN_PROJECT, id=project_id)).payload]

    without = [
        ("local", True, "INSTALLATION", True),
        ("first", False, "INSTALLATION", False),
        ("second", False, "INSTALLATION", False),
    ]
    assert await told(admin, None) == without
    assert await told(admin, gid) == [
        ("second", True, "COMPANY", True),
        ("local", False, "INSTALLATION", True),
        ("first", False, "INSTALLATION", False),
    ]
    await company.set({"provider_preferences": {"image": "local"}})
    assert [offer[:2] for offer in await told(admin, gid)][:2] == [("local", True), ("second", False)]
    assert (await api(other, IN_PROJECT, id=gid)).codes == ["NOT_FOUND"]
