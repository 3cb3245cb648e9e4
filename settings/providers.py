"""Settings of who writes, draws, speaks and composes, and of what it costs."""

from decimal import Decimal
from typing import Final, Self

from pydantic import AnyHttpUrl, SecretStr, model_validator

from settings.provider_values import CompatibleServers, Models, Prices, ReplicateModels
from settings.section import CommaSeparated, Section, setting

BUILT_IN: Final = ("openai", "elevenlabs", "replicate", "local")
_MICROS: Final = 1_000_000
_NO_KEY: Final = SecretStr("")


class Providers(Section):
    """Who writes, draws, speaks and composes. No address or key here ever comes from users."""

    providers: CommaSeparated = setting(
        "Providers in order of preference, comma-separated: openai, elevenlabs, replicate, local, and keys "
        "of COMPATIBLE_PROVIDERS, which come just before local where they are not named. One without a key "
        "is listed as unavailable, with what to set. local needs neither key nor network. None at all: "
        "whatever needs a provider is refused with a message.",
        BUILT_IN,
    )
    openai_api_key: SecretStr = setting("Key of OpenAI. Empty: only people with keys of their own.", _NO_KEY)
    openai_base_url: AnyHttpUrl | None = setting(
        "Another address of OpenAI's interface, such as a proxy's. Empty: OpenAI's own.", None
    )
    openai_models: Models = setting(
        "Models of OpenAI by capability, as JSON, where they are not to be the defaults, such as "
        '{"script":"gpt-5.4","image":"gpt-image-2"}. The one for script serves all text. Capabilities: '
        "script, rewrite, analysis, character, prompt, metadata, music_words, translation, chat, plan, "
        "image, image_edit, speech, transcription, sound_effect, music, clip, lip_sync.",
        {},
    )
    compatible_providers: CompatibleServers = setting(
        "Servers that speak OpenAI's interface, as a JSON list, such as "
        '[{"key":"ollama","models":{"script":"llama3.3"}},{"key":"groq","api_key":"…","models":{…}}]. '
        "gemini, openrouter, groq, mistral, deepseek, xai, together, fireworks, ollama, vllm, localai, "
        "lmstudio and llamacpp are known; any other takes base_url besides, and needs_key where it is false. "
        "voices lists those of a speech model. A server does what it has models for.",
        (),
    )
    replicate_api_token: SecretStr = setting(
        "Token of Replicate. Empty: only people with tokens of their own.", _NO_KEY
    )
    replicate_base_url: AnyHttpUrl | None = setting(
        "Another address of Replicate's interface, such as a proxy's. Empty: Replicate's own.", None
    )
    replicate_models: ReplicateModels = setting(
        "Models of Replicate by capability (image, image_edit, clip, music, lip_sync), as JSON, where they "
        'are not to be the defaults: {"clip":{"name":"owner/name","inputs":{"prompt":"prompt",'
        '"first_image":"image"},"durations_s":[5,10]}}, or the name alone. inputs says what the model calls '
        "our prompt, negative_prompt, width, height, aspect_ratio, seed, duration, first_image, image, "
        "images, mask, audio and video; fixed are inputs that are sent as they stand.",
        {},
    )
    elevenlabs_api_key: SecretStr = setting(
        "Key of ElevenLabs. Empty: only people with keys of their own.", _NO_KEY
    )
    elevenlabs_base_url: AnyHttpUrl | None = setting(
        "Another address of ElevenLabs' interface, such as a region's. Empty: the common one.", None
    )
    elevenlabs_speech_model: str = setting(
        "Model of ElevenLabs that speaks.", "eleven_multilingual_v2", min_length=1
    )
    elevenlabs_effects_model: str = setting(
        "Model of ElevenLabs that makes sound effects.", "eleven_text_to_sound_v2", min_length=1
    )
    prices: Prices = setting(
        "What models charge, in US dollars, as JSON: "
        '{"openai/gpt-5.4-mini":{"per_million_input_tokens":0.75,"per_million_output_tokens":4.5},'
        '"elevenlabs/*":{"per_thousand_characters":0.3}}; also per_call, per_image and per_second. '
        "provider/* is for the provider's models that are not named. Without a price work is done and its "
        "cost is unknown; in a project with a ceiling it is refused.",
        {},
    )
    spending_per_user: Decimal | None = setting(
        "What one person may spend with the installation's keys within 30 days, in US dollars, such as 5 or "
        "2.50. Empty: without end; set it where people whom you do not know can sign up. It needs PRICES: "
        "with a limit nothing is bought with these keys that has no price. Keys of people's own and of "
        "companies are not limited, and operators can give a person another limit.",
        None,
        ge=0,
        le=1_000_000_000,
        decimal_places=6,
    )
    provider_timeout_s: float = setting("The longest that one call may take.", 120.0, unit="seconds", gt=0)
    prediction_timeout_s: float = setting(
        "The longest that one try waits for long work, such as a moving picture of Replicate's; the next try "
        "goes on waiting for the same.",
        900.0,
        unit="seconds",
        gt=0,
    )
    prediction_poll_s: float = setting(
        "The first pause between two looks at long work; later ones are up to five times as long.",
        2.0,
        unit="seconds",
        gt=0,
    )
    provider_calls_at_once: int = setting(
        "Calls with one key that may be under way at a time, over all processes.", 4, ge=1, le=1_000
    )
    provider_failures: int = setting(
        "Calls with one key that fail in a row before the provider is left alone for a while.", 5, ge=1
    )
    provider_pause_s: float = setting(
        "For how long it then is; after that one call tries it.", 30.0, unit="seconds", gt=0
    )

    @model_validator(mode="after")
    def _providers_are_known(self) -> Self:
        compatible = [each.key for each in self.compatible_providers]
        if taken := sorted(set(compatible) & set(BUILT_IN)):
            raise ValueError(f"FRAMEWRIGHT_COMPATIBLE_PROVIDERS: {', '.join(taken)} is a name of ours")
        known = (*BUILT_IN, *compatible)
        if len(set(self.providers)) != len(self.providers):
            raise ValueError("FRAMEWRIGHT_PROVIDERS names one twice")
        for name in self.providers:
            if name not in known:
                raise ValueError(
                    f"FRAMEWRIGHT_PROVIDERS: {name!r} is no provider; there are {', '.join(known)}"
                )
        for name in self.prices:
            if name.partition("/")[0] not in known:
                raise ValueError(
                    f"FRAMEWRIGHT_PRICES: {name!r} is of no provider; there are {', '.join(known)}"
                )
        return self

    @property
    def spending_per_user_micros(self) -> int | None:
        """What one person may spend with the installation's keys, in millionths of a dollar."""
        return None if self.spending_per_user is None else int(self.spending_per_user * _MICROS)

    @property
    def order(self) -> tuple[str, ...]:
        """All providers that are set up, the most preferred first."""
        rest = tuple(each.key for each in self.compatible_providers if each.key not in self.providers)
        at = self.providers.index("local") if "local" in self.providers else len(self.providers)
        return self.providers[:at] + rest + self.providers[at:]
