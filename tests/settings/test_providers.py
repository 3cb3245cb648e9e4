"""Settings of providers: what they mean, and what is refused."""

import json
from decimal import Decimal
from typing import Any

import pytest

from providers.openai.compatible import COMPATIBLE
from providers.protocols.offer import Capability
from settings.environment import load_settings
from settings.errors import InvalidSettings
from settings.provider_options import (
    capability_settings,
    compatible_options,
    elevenlabs_options,
    openai_options,
    price_list,
    replicate_options,
)
from settings.providers import Providers
from settings.sections import Settings
from tests.settings.test_environment import NEEDED

SECRETS = {
    "FRAMEWRIGHT_OPENAI_API_KEY": "sk-very-secret-openai",
    "FRAMEWRIGHT_REPLICATE_API_TOKEN": "r8_very-secret-replicate",
    "FRAMEWRIGHT_ELEVENLABS_API_KEY": "xi-very-secret-eleven",
    "FRAMEWRIGHT_COMPATIBLE_PROVIDERS": '[{"key":"groq","api_key":"gsk-very-secret","models":{"chat":"m"}}]',
}


def read(**given: Any) -> Providers:
    environ = {
        f"FRAMEWRIGHT_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in given.items()
    }
    return load_settings(NEEDED | environ).providers


def refused(**given: Any) -> str:
    with pytest.raises(InvalidSettings) as caught:
        read(**given)
    return str(caught.value)


def test_without_settings_all_are_in_the_list_and_none_has_a_key() -> None:
    settings = read()
    assert settings.order == ("openai", "elevenlabs", "replicate", "local")
    assert openai_options(settings).api_key is None
    assert replicate_options(settings).api_token is None
    assert elevenlabs_options(settings).api_key is None
    assert price_list(settings).prices == {}


def test_secrets_are_in_no_text_of_settings_or_options() -> None:
    settings = load_settings(NEEDED | SECRETS)
    providers = settings.providers
    options = [
        openai_options(providers),
        replicate_options(providers),
        elevenlabs_options(providers),
        *(compatible_options(providers, each) for each in providers.compatible_providers),
    ]
    assert openai_options(providers).api_key == "sk-very-secret-openai"
    assert replicate_options(providers).api_token == "r8_very-secret-replicate"
    for shown in (repr(settings), str(settings), settings.model_dump_json(), repr(options)):
        assert "very-secret" not in shown


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_refused_setting_beside_a_secret_does_not_show_it(name: str) -> None:
    environ = NEEDED | {name: SECRETS[name], "FRAMEWRIGHT_PROVIDERS": "opneai"}
    with pytest.raises(InvalidSettings) as caught:
        load_settings(environ)
    assert "FRAMEWRIGHT_PROVIDERS: 'opneai' is no provider; there are openai," in str(caught.value)
    assert "very-secret" not in str(caught.value)


def test_models_are_named_by_capability_in_either_case() -> None:
    settings = read(openai_models={"script": "gpt-x", "IMAGE": "image-x"})
    assert openai_options(settings).models == {Capability.SCRIPT: "gpt-x", Capability.IMAGE: "image-x"}
    text = refused(openai_models={"scripts": "gpt-x"})
    assert "FRAMEWRIGHT_OPENAI_MODELS" in text
    assert "scripts: no capability; there are analysis," in text
    assert "write it as a JSON object" in refused(openai_models="gpt-x")


@pytest.mark.parametrize("name", sorted(COMPATIBLE))
def test_a_known_server_needs_its_name_and_models_alone(name: str) -> None:
    settings = read(compatible_providers=[{"key": name, "models": {"script": "m"}}])
    options = compatible_options(settings, settings.compatible_providers[0])
    assert options.name == name
    assert options.url == COMPATIBLE[name].base_url
    assert options.needs_key is options.takes_keys is COMPATIBLE[name].needs_key
    assert options.key_setting == "FRAMEWRIGHT_COMPATIBLE_PROVIDERS"


def test_any_other_server_says_where_it_is() -> None:
    server = {"key": "mine", "base_url": "http://10.0.0.7:9000/v1/", "models": {"speech": "m"}}
    settings = read(compatible_providers=[server | {"needs_key": False, "voices": ["ada"]}])
    options = compatible_options(settings, settings.compatible_providers[0])
    assert (options.url, options.voices, options.is_free) == ("http://10.0.0.7:9000/v1", ("ada",), True)


@pytest.mark.parametrize(
    ("servers", "why"),
    [
        ([{"key": "mine", "models": {"script": "m"}}], "base_url is missing; without it there are deepseek"),
        ([{"key": "ollama"}], "has no models"),
        ([{"key": "Ollama/x", "base_url": "http://a", "models": {"script": "m"}}], "0.key"),
        ([{"key": "ollama", "models": {"script": "m"}, "surprise": 1}], "0.surprise"),
        ([{"key": "ollama", "base_url": "ftp://a", "models": {"script": "m"}}], "0.base_url"),
        ([{"key": "ollama", "models": {"script": "m"}}] * 2, "same key"),
        (
            [{"key": "openai", "base_url": "http://a", "models": {"script": "m"}}],
            "openai is a name of ours",
        ),
        ({"key": "ollama"}, "write it as a JSON list"),
    ],
)
def test_servers_that_cannot_be_meant_are_refused_by_name(servers: Any, why: str) -> None:
    text = refused(compatible_providers=servers)
    assert "FRAMEWRIGHT_COMPATIBLE_PROVIDERS" in text
    assert why in text


def test_compatible_servers_come_before_local_unless_the_order_names_them() -> None:
    servers = [{"key": name, "models": {"script": "m"}} for name in ("ollama", "groq")]
    assert read(compatible_providers=servers).order == (
        "openai",
        "elevenlabs",
        "replicate",
        "ollama",
        "groq",
        "local",
    )
    named = read(compatible_providers=servers, providers="groq,local")
    assert named.order == ("groq", "ollama", "local")
    assert read(compatible_providers=servers, providers="openai").order == ("openai", "ollama", "groq")
    assert "names one twice" in refused(providers="local,local")


def test_models_of_replicate_come_with_their_inputs_or_by_name_alone() -> None:
    clip = {"name": "o/clip:" + "a" * 64, "inputs": {"prompt": "text"}, "durations_s": [5, 10]}
    models = replicate_options(read(replicate_models={"clip": clip, "image": "o/image"})).models
    assert models[Capability.CLIP].inputs == {"prompt": "text"}
    assert models[Capability.CLIP].durations_s == (5, 10)
    assert models[Capability.IMAGE].name == "o/image"
    assert "FRAMEWRIGHT_REPLICATE_MODELS: image.name" in refused(replicate_models={"image": "no slash"})
    assert "clip.input:" in refused(replicate_models={"clip": {"name": "o/c", "input": {}}})


def test_prices_are_counted_in_millionths_of_a_dollar() -> None:
    prices = price_list(
        read(
            prices={
                "openai/gpt-x": {"per_million_input_tokens": 1.25, "per_million_output_tokens": "10"},
                "elevenlabs/*": {"per_thousand_characters": 0.3},
            }
        )
    )
    text = prices.price("openai", "gpt-x")
    assert text is not None
    assert text.micros(calls=0, input_tokens=1_000, output_tokens=100) == 1_250 + 1_000
    speech = prices.price("elevenlabs", "any")
    assert speech is not None
    assert speech.per_thousand_characters == Decimal("0.3")
    assert prices.price("openai", "other") is None


@pytest.mark.parametrize(
    ("prices", "why"),
    [
        ({"openai/gpt": {"per_million_tokens": 1}}, "openai/gpt.per_million_tokens"),
        ({"openai/gpt": {"per_call": -1}}, "openai/gpt.per_call"),
        ({"openai/gpt": {"per_call": "NaN"}}, "openai/gpt.per_call"),
        ({"openai/gpt": {"per_call": "lots"}}, "openai/gpt.per_call"),
        ({"openai/gpt": {"currency": "EUR", "per_call": 1}}, "openai/gpt.currency"),
        ({"gpt": {"per_call": 1}}, "write provider/model"),
        ({"opneai/gpt": {"per_call": 1}}, "is of no provider"),
        ([], "write it as a JSON object"),
        ("{", "write it as a JSON object"),
    ],
)
def test_prices_that_cannot_be_meant_are_refused_by_name(prices: Any, why: str) -> None:
    text = refused(prices=prices)
    assert "FRAMEWRIGHT_PRICES" in text
    assert why in text


def test_limits_reach_every_service() -> None:
    settings = read(
        provider_calls_at_once="2", provider_failures="3", provider_pause_s="7", provider_timeout_s="11"
    )
    for options in (openai_options(settings), elevenlabs_options(settings)):
        limits = options.limits
        assert (limits.calls_at_once, limits.failures, limits.closed_s) == (2, 3, 7)
        assert options.timeout_s == 11
    assert replicate_options(settings).timeout_s == 900


def test_each_capability_has_a_setting_that_provides_it() -> None:
    settings = capability_settings(read())
    assert set(settings) == set(Capability)
    assert settings[Capability.CLIP] == "FRAMEWRIGHT_REPLICATE_API_TOKEN"
    assert settings[Capability.SCRIPT] == "FRAMEWRIGHT_OPENAI_API_KEY"
    assert set(capability_settings(read(providers="local")).values()) == {"FRAMEWRIGHT_PROVIDERS"}
    variables = {f"FRAMEWRIGHT_{name.upper()}" for name in Providers.model_fields}
    assert set(settings.values()) <= variables


def test_nobody_at_all_may_be_set_up() -> None:
    settings: Settings = load_settings(NEEDED | {"FRAMEWRIGHT_PROVIDERS": ","})
    assert settings.providers.order == ()
