"""How a server that speaks OpenAI's interface is set up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from providers.line import LineLimits
from providers.protocols.offer import Capability

OPENAI = "openai"
OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAiOptions:
    """One server and what is used of it.

    Args:
        name: as settings, styles and provenance call it.
        api_key: the installation's own; None for none.
        base_url: None for OpenAI's own.
        models: the default model of each capability. OpenAI's own has defaults for what is not named; any
            other server offers what is named alone. The model of `SCRIPT`, else of `CHAT`, serves all text.
        voices: names that the speech model knows; None for those that OpenAI documents.
        takes_keys: whether people may bring keys of their own.
        needs_key: whether the server asks for a key at all.
        key_setting: the setting that holds `api_key`, for messages.
        timeout_s: the longest that one call may take.
        limits: of each key's line.
    """

    name: str = OPENAI
    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = None
    models: Mapping[Capability, str] = field(default_factory=lambda: MappingProxyType({}))
    voices: tuple[str, ...] | None = None
    takes_keys: bool = True
    needs_key: bool = True
    key_setting: str = "FRAMEWRIGHT_OPENAI_API_KEY"
    timeout_s: float = 120.0
    limits: LineLimits = field(default_factory=LineLimits)

    @property
    def url(self) -> str:
        """Where the server is."""
        return self.base_url or OPENAI_URL

    @property
    def is_free(self) -> bool:
        """Nobody is charged for what a server does that asks for no key."""
        return not self.needs_key
