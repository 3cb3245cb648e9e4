"""OpenAI, or any other server that speaks its interface, as one provider."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from providers.errors import InvalidRequest
from providers.key_ring import KeyRing
from providers.line import Gate
from providers.openai.character_analyst import OpenAiCharacterAnalyst
from providers.openai.client import Connection
from providers.openai.converser import OpenAiConverser
from providers.openai.dialect import Dialect
from providers.openai.image_editor import OpenAiImageEditor
from providers.openai.image_maker import OpenAiImageMaker, OpenAiReferringImageMaker
from providers.openai.maker import Maker
from providers.openai.metadata_writer import OpenAiMetadataWriter
from providers.openai.models import chosen_models
from providers.openai.options import OpenAiOptions
from providers.openai.planner import OpenAiPlanner
from providers.openai.prompt_writer import OpenAiPromptWriter
from providers.openai.rewriter import OpenAiRewriter
from providers.openai.script_analyst import OpenAiScriptAnalyst
from providers.openai.script_writer import OpenAiScriptWriter
from providers.openai.speaker import OpenAiSpeaker
from providers.openai.transcriber import OpenAiTranscriber
from providers.openai.translator import OpenAiTranslator
from providers.prices import PriceList
from providers.protocols.offer import Capability, Offer, Provides
from providers.protocols.prediction import Ticket
from providers.service import Account, Whose

CHECK_TIMEOUT_S = 15.0
_MAKERS: tuple[type[Maker], ...] = (
    OpenAiScriptWriter,
    OpenAiRewriter,
    OpenAiScriptAnalyst,
    OpenAiCharacterAnalyst,
    OpenAiPromptWriter,
    OpenAiMetadataWriter,
    OpenAiTranslator,
    OpenAiConverser,
    OpenAiPlanner,
    OpenAiImageMaker,
    OpenAiImageEditor,
    OpenAiSpeaker,
    OpenAiTranscriber,
)


@dataclass(frozen=True, slots=True)
class _Keyed:
    """What is there for one key."""

    connection: Connection
    makers: Mapping[Capability, Provides]

    async def close(self) -> None:
        await self.connection.close()


class OpenAiService:
    """One server.

    Args:
        options: how it is set up.
        prices: the operator's.
        gate: shared by all lines of all providers.
    """

    def __init__(self, options: OpenAiOptions, prices: PriceList, gate: Gate) -> None:
        self.name = options.name
        self.takes_keys = options.takes_keys
        self._options = options
        self._prices = prices
        self._gate = gate
        self._models = chosen_models(options)
        self._dialect = Dialect()
        self._keys = KeyRing(self._opened)

    def makers(self, account: Account | None) -> Mapping[Capability, Provides]:
        """All that the server is set up for; nothing where it needs a key and there is none."""
        if not self._has_key(account):
            return {}
        return self._keys.of(account).makers

    def refusals(self, account: Account | None) -> tuple[Offer, ...]:
        """What a key would provide."""
        if self._has_key(account):
            return ()
        own = ", or save a key of your own with saveProviderKey" if self.takes_keys else ""
        reason = f"There is no key for {self.name}: set {self._options.key_setting}{own}."
        return tuple(
            Offer(
                capability=capability,
                provider=self.name,
                models=(model,),
                available=False,
                reason_unavailable=reason,
            )
            for capability, model in self._models.items()
        )

    async def check(self, key: str) -> None:
        """Try a key by listing the models, which costs nothing.

        Raises:
            KeyRefused: the server does not take it.
            ProviderUnavailable: it did not answer.
        """
        connection = self._connection(Account(key, Whose.USER))
        try:
            with suppress(InvalidRequest):  # it keeps no list of models, which says nothing about the key
                async with connection.call(timeout_s=min(CHECK_TIMEOUT_S, self._options.timeout_s)) as client:
                    await client.models.list()
        finally:
            await connection.close()

    async def call_off(self, ticket: Ticket, account: Account | None) -> None:
        """Nothing goes on there once a call is over."""

    async def close(self) -> None:
        """Close all connections."""
        await self._keys.close()

    def _has_key(self, account: Account | None) -> bool:
        return account is not None or self._options.api_key is not None or not self._options.needs_key

    def _opened(self, account: Account | None) -> _Keyed:
        connection = self._connection(account)
        return _Keyed(connection, self._made(connection))

    def _connection(self, account: Account | None) -> Connection:
        return Connection(
            self._options, prices=self._prices, gate=self._gate, account=account, dialect=self._dialect
        )

    def _made(self, connection: Connection) -> Mapping[Capability, Provides]:
        edits = Capability.IMAGE_EDIT in self._models
        return {
            maker.capability: (OpenAiReferringImageMaker if edits and maker is OpenAiImageMaker else maker)(
                connection, self._models[maker.capability]
            )
            for maker in _MAKERS
            if maker.capability in self._models
        }
