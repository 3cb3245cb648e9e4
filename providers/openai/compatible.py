"""Servers that are known to speak OpenAI's interface.

Which models a server has is for the operator to say; nothing here is used without being configured.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class CompatibleServer:
    """A server by its well-known name.

    Args:
        base_url: where it is unless the operator says otherwise; local servers at their usual port.
        needs_key: whether it asks for one.
    """

    base_url: str
    needs_key: bool


COMPATIBLE: Mapping[str, CompatibleServer] = MappingProxyType(
    {
        "gemini": CompatibleServer("https://generativelanguage.googleapis.com/v1beta/openai", needs_key=True),
        "openrouter": CompatibleServer("https://openrouter.ai/api/v1", needs_key=True),
        "groq": CompatibleServer("https://api.groq.com/openai/v1", needs_key=True),
        "mistral": CompatibleServer("https://api.mistral.ai/v1", needs_key=True),
        "deepseek": CompatibleServer("https://api.deepseek.com/v1", needs_key=True),
        "xai": CompatibleServer("https://api.x.ai/v1", needs_key=True),
        "together": CompatibleServer("https://api.together.xyz/v1", needs_key=True),
        "fireworks": CompatibleServer("https://api.fireworks.ai/inference/v1", needs_key=True),
        "ollama": CompatibleServer("http://localhost:11434/v1", needs_key=False),
        "vllm": CompatibleServer("http://localhost:8000/v1", needs_key=False),
        "localai": CompatibleServer("http://localhost:8080/v1", needs_key=False),
        "lmstudio": CompatibleServer("http://localhost:1234/v1", needs_key=False),
        "llamacpp": CompatibleServer("http://localhost:8080/v1", needs_key=False),
    }
)
