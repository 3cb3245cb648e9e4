"""Voices, page by page."""

from dataclasses import replace
from typing import Any

import pytest

from access.provider_choice import ProviderChoice
from access.sealing import Sealing
from providers.desk import ProviderDesk
from providers.elevenlabs.options import ElevenLabsOptions
from providers.elevenlabs.service import ElevenLabsService
from providers.line import OwnGate
from providers.local.service import LocalService
from providers.prices import PriceList
from providers.protocols.offer import Capability, VoiceOffer
from resolvers.jobs.voices import VoiceFilter
from tests.resolvers.conftest import Api
from tests.stand_ins.elevenlabs import ElevenLabsStandIn
from tests.studio import Studio

VOICES = """query($provider: String, $language: String, $search: String, $first: Int, $after: String,
    $last: Int, $before: String) {
  voices(provider: $provider, language: $language, search: $search, first: $first, after: $after, last: $last,
    before: $before) { totalCount nodes { voiceId name language previewUrl } edges { cursor }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


async def test_pages_follow_each_other_forwards_and_backwards(api: Api, studio: Studio) -> None:
    context = studio.context()
    seen: list[str] = []
    after = None
    while True:
        page = (await api(context, VOICES, language="en", first=2, after=after)).payload
        seen += [voice["voiceId"] for voice in page["nodes"]]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == page["totalCount"] > 4
    back: list[str] = []
    before = None
    while True:
        page = (await api(context, VOICES, language="en", last=3, before=before)).payload
        back = [voice["voiceId"] for voice in page["nodes"]] + back
        assert page["pageInfo"]["hasNextPage"] is (before is not None)
        before = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break
    assert back == seen


@pytest.mark.parametrize(
    ("language", "asked", "is_in"),
    [
        ("pt-BR", "pt", True),
        ("pt", "pt-BR", True),
        ("pt-BR", "PT-br", True),
        ("pt-PT", "pt-BR", False),
        ("es", "pt", False),
        ("", "pt", True),
    ],
)
def test_a_language_is_met_by_its_regions_and_by_voices_of_all(
    language: str, asked: str, is_in: object
) -> None:
    voice = VoiceOffer("v", "Ada of Leeds", language, "female")
    assert VoiceFilter(asked, "LEEDS ada").admits(voice) is is_in
    assert not VoiceFilter(asked, "york").admits(voice)


@pytest.mark.parametrize(
    "given",
    [
        {"provider": "nobody"},
        {"provider": "acme"},
        {"after": "rubbish"},
        {"after": "WzEsMl0"},
        {"before": "é"},
        {"first": -1},
        {"first": 101},
        {"first": 1, "last": 1},
        {"search": "x" * 201},
    ],
)
async def test_what_makes_no_sense_is_refused(api: Api, studio: Studio, given: dict[str, Any]) -> None:
    assert (await api(studio.context(), VOICES, **given)).codes == ["BAD_USER_INPUT"]


async def test_a_provider_lists_its_own_voices_and_is_asked_once(api: Api, studio: Studio) -> None:
    async with ElevenLabsStandIn() as stand_in:
        context = studio.context()
        service = ElevenLabsService(
            ElevenLabsOptions(api_key="key-of-all", base_url=stand_in.url), PriceList(), OwnGate()
        )
        desk = ProviderDesk([service, LocalService()], dict.fromkeys(Capability, "PROVIDERS"))
        choice = ProviderChoice(desk, Sealing({"s": "s" * 32}))
        context.services = replace(context.services, providers=choice)
        for _ in range(2):
            page = (await api(context, VOICES)).payload
            assert page["totalCount"] > 0
            assert any(voice["previewUrl"] for voice in page["nodes"])
        assert sum("/voices" in call.path for call in stand_in.calls) == 1
        await service.close()


async def test_a_provider_that_is_away_is_unavailable(api: Api, studio: Studio) -> None:
    context = studio.context()
    service = ElevenLabsService(
        ElevenLabsOptions(api_key="key-of-all", base_url="http://127.0.0.1:9"), PriceList(), OwnGate()
    )
    desk = ProviderDesk([service], dict.fromkeys(Capability, "PROVIDERS"))
    context.services = replace(context.services, providers=ProviderChoice(desk, Sealing({"s": "s" * 32})))
    assert (await api(context, VOICES)).codes == ["UNAVAILABLE"]
    await service.close()
