"""What an operator decides about ElevenLabs."""

from dataclasses import dataclass, field

from providers.line import LineLimits

NAME = "elevenlabs"
KEY_SETTING = "FRAMEWRIGHT_ELEVENLABS_API_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class ElevenLabsOptions:
    """How ElevenLabs is used here.

    Args:
        api_key: the installation's own; None where everybody brings theirs.
        base_url: another address of the interface, such as the one of a region; None for the common one.
        speech_model: the default model that speaks.
        effects_model: the model that makes sound effects.
        timeout_s: of one call.
        limits: of one line; plans there allow from two to some fifteen calls at once.
    """

    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = None
    speech_model: str = "eleven_multilingual_v2"
    effects_model: str = "eleven_text_to_sound_v2"
    timeout_s: float = 120.0
    limits: LineLimits = field(default_factory=LineLimits)
