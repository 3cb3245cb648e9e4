"""Servers that are known to speak OpenAI's interface, and what they can be expected to do with it.

Which models a server has is for the operator to say; nothing here is used without being configured.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from providers.openai.models import TEXT
from providers.protocols.offer import Capability

_IMAGE = frozenset({Capability.IMAGE})
_HEARING = frozenset({Capability.TRANSCRIPTION})
_SPEECH = frozenset({Capability.SPEECH})


@dataclass(frozen=True, slots=True)
class CompatibleServer:
    """A server by its well-known name.

    Args:
        base_url: where it is unless the operator says otherwise; local servers at their usual port.
        needs_key: whether it asks for one.
        plausible: what it can do where a model for it is configured.
        key_from: where its keys are made, or how the server is started.
    """

    base_url: str
    needs_key: bool
    plausible: frozenset[Capability]
    key_from: str


COMPATIBLE: Mapping[str, CompatibleServer] = MappingProxyType(
    {
        "gemini": CompatibleServer(
            "https://generativelanguage.googleapis.com/v1beta/openai",
            needs_key=True,
            plausible=TEXT | _IMAGE,
            key_from="a Gemini API key of Google AI Studio",
        ),
        "openrouter": CompatibleServer(
            "https://openrouter.ai/api/v1", needs_key=True, plausible=TEXT, key_from="a key of openrouter.ai"
        ),
        "groq": CompatibleServer(
            "https://api.groq.com/openai/v1",
            needs_key=True,
            plausible=TEXT | _HEARING | _SPEECH,
            key_from="a key of console.groq.com",
        ),
        "mistral": CompatibleServer(
            "https://api.mistral.ai/v1",
            needs_key=True,
            plausible=TEXT,
            key_from="a key of console.mistral.ai",
        ),
        "deepseek": CompatibleServer(
            "https://api.deepseek.com/v1",
            needs_key=True,
            plausible=TEXT,
            key_from="a key of DeepSeek's platform",
        ),
        "xai": CompatibleServer(
            "https://api.x.ai/v1", needs_key=True, plausible=TEXT | _IMAGE, key_from="a key of console.x.ai"
        ),
        "together": CompatibleServer(
            "https://api.together.xyz/v1",
            needs_key=True,
            plausible=TEXT | _IMAGE | _SPEECH | _HEARING,
            key_from="a key of together.ai",
        ),
        "fireworks": CompatibleServer(
            "https://api.fireworks.ai/inference/v1",
            needs_key=True,
            plausible=TEXT | _HEARING,
            key_from="a key of fireworks.ai",
        ),
        "ollama": CompatibleServer(
            "http://localhost:11434/v1", needs_key=False, plausible=TEXT, key_from="`ollama serve`"
        ),
        "vllm": CompatibleServer(
            "http://localhost:8000/v1",
            needs_key=False,
            plausible=TEXT | _HEARING,
            key_from="`vllm serve MODEL`",
        ),
        "localai": CompatibleServer(
            "http://localhost:8080/v1",
            needs_key=False,
            plausible=TEXT | _IMAGE | _SPEECH | _HEARING,
            key_from="`local-ai run`",
        ),
        "lmstudio": CompatibleServer(
            "http://localhost:1234/v1", needs_key=False, plausible=TEXT, key_from="LM Studio's local server"
        ),
        "llamacpp": CompatibleServer(
            "http://localhost:8080/v1", needs_key=False, plausible=TEXT, key_from="`llama-server -m MODEL`"
        ),
    }
)
