"""Which model does what."""

from collections.abc import Mapping

from providers.openai.options import OPENAI, OpenAiOptions
from providers.protocols.offer import Capability

TEXT = frozenset(
    {
        Capability.SCRIPT,
        Capability.REWRITE,
        Capability.ANALYSIS,
        Capability.CHARACTER,
        Capability.PROMPT,
        Capability.METADATA,
        Capability.MUSIC_WORDS,
        Capability.TRANSLATION,
        Capability.CHAT,
        Capability.PLAN,
    }
)
TEXT_MODEL = "gpt-5.4-mini"
# Of the transcribing models `whisper-1` alone says when each word is heard.
OTHER_MODELS = {
    Capability.IMAGE: "gpt-image-2",
    Capability.SPEECH: "gpt-4o-mini-tts",
    Capability.TRANSCRIPTION: "whisper-1",
}


def chosen_models(options: OpenAiOptions) -> Mapping[Capability, str]:
    """The default model of each capability that this server offers."""
    named = dict(options.models)
    is_own = options.name == OPENAI
    text = named.get(Capability.SCRIPT) or named.get(Capability.CHAT) or (TEXT_MODEL if is_own else None)
    if text is not None:
        named = dict.fromkeys(sorted(TEXT), text) | named
    if is_own:
        named = OTHER_MODELS | named
        named.setdefault(Capability.IMAGE_EDIT, named[Capability.IMAGE])
    return named
