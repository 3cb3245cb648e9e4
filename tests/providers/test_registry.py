import pytest

from providers.errors import CapabilityUnsupported, InvalidRequest, ProviderUnavailable
from providers.local.music import LocalComposer
from providers.local.offers import refusals
from providers.local.script_writer import LocalScriptWriter
from providers.local.service import LocalService
from providers.local.speech import LocalSpeaker
from providers.protocols.offer import Capability
from providers.protocols.script import ScriptWriter
from providers.protocols.sound import Composer
from providers.protocols.speech import Speaker
from providers.registry import ProviderRegistry

SETTINGS = {capability: f"PROVIDERS_{capability.name}" for capability in Capability}


@pytest.fixture
def registry() -> ProviderRegistry:
    writer: ScriptWriter = LocalScriptWriter()
    speaker: Speaker = LocalSpeaker()
    composer: Composer = LocalComposer()
    return ProviderRegistry(
        settings=SETTINGS,
        makers={
            Capability.SCRIPT: {"local": writer},
            Capability.SPEECH: {"local": speaker, "second": LocalSpeaker()},
            Capability.MUSIC: {"local": composer},
        },
        refusals=refusals(),
    )


def test_first_of_a_capability_is_its_default(registry: ProviderRegistry) -> None:
    assert registry.speaker() is registry.speaker("local")
    assert registry.speaker("second") is not registry.speaker()
    assert registry.script_writer() is registry.script_writer("local")
    assert registry.composer("local") is registry.composer()


def test_refusal_says_why_and_which_setting_helps(registry: ProviderRegistry) -> None:
    for ask in (registry.clip_maker, registry.lip_syncer):
        with pytest.raises(CapabilityUnsupported) as refusal:
            ask()
        assert refusal.value.setting in {"PROVIDERS_CLIP", "PROVIDERS_LIP_SYNC"}
        assert "without a model" in str(refusal.value)
        assert refusal.value.setting in str(refusal.value)
        with pytest.raises(CapabilityUnsupported, match="without a model"):
            ask("local")


def test_unknown_name_is_refused_by_name(registry: ProviderRegistry) -> None:
    with pytest.raises(CapabilityUnsupported, match=r"choose from local, second\. Set PROVIDERS_SPEECH"):
        registry.speaker("nobody")
    with pytest.raises(CapabilityUnsupported, match="No provider that is set up"):
        registry.image_maker()


def test_a_refusal_that_says_what_to_set_says_it_once() -> None:
    why = "Acme needs a key: set FRAMEWRIGHT_ACME_KEY, or save your own with saveProviderKey."
    assert str(CapabilityUnsupported("speech", why, setting="FRAMEWRIGHT_OPENAI_API_KEY")) == why


def test_offers_say_what_is_there_and_what_is_not(registry: ProviderRegistry) -> None:
    offers = registry.offers()
    refused = {offer.capability: offer.reason_unavailable for offer in offers if not offer.available}
    assert all(refused.values())
    assert refused.keys() | LocalService().makers(None).keys() == set(Capability)
    assert refused.keys().isdisjoint(LocalService().makers(None))
    script, speech, _, music = offers[:4]
    assert not script.knows_facts
    assert {"en", "de", "pt-br", "zh"} <= set(speech.languages)
    assert "ja" not in speech.languages
    assert len({voice.id for voice in speech.voices}) == len(speech.voices) == 5 * len(speech.languages)
    assert len(music.styles) >= 8
    assert all(offer.is_free and not offer.prices for offer in offers[:4])


def test_errors_say_what_to_do_next() -> None:
    assert "Try again in 7 s" in str(ProviderUnavailable("x", "Busy.", retry_after_s=7))
    assert "Try again later" in str(ProviderUnavailable("x", "Busy."))
    assert "will not help" in str(ProviderUnavailable("x", "No key.", retryable=False))
    assert str(InvalidRequest("speed", "Is 3; at most 2.")) == "speed: Is 3; at most 2."
