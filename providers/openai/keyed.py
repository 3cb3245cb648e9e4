"""All that one key can be used for at one server."""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress

from providers.errors import InvalidRequest
from providers.line import Gate
from providers.openai.character_analyst import OpenAiCharacterAnalyst
from providers.openai.client import Connection
from providers.openai.converser import OpenAiConverser
from providers.openai.image_editor import OpenAiImageEditor
from providers.openai.image_maker import OpenAiImageMaker, OpenAiReferringImageMaker
from providers.openai.maker import Maker
from providers.openai.metadata_writer import OpenAiMetadataWriter
from providers.openai.models import chosen_models
from providers.openai.music_adviser import OpenAiMusicAdviser
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
from providers.protocols.offer import Capability, Provides
from providers.protocols.prediction import Ticket
from providers.service import Account

CHECK_TIMEOUT_S = 15.0
_MAKERS: tuple[type[Maker], ...] = (
    OpenAiScriptWriter,
    OpenAiRewriter,
    OpenAiScriptAnalyst,
    OpenAiCharacterAnalyst,
    OpenAiPromptWriter,
    OpenAiMetadataWriter,
    OpenAiMusicAdviser,
    OpenAiTranslator,
    OpenAiConverser,
    OpenAiPlanner,
    OpenAiImageMaker,
    OpenAiImageEditor,
    OpenAiSpeaker,
    OpenAiTranscriber,
)


class OpenAiKeyed:
    """One key at one server.

    Args:
        options: how the server is set up.
        account: whose key; an empty one at a server that needs none.
        prices: the operator's.
        gate: shared by all lines of all providers.
        lacks: what models of the server were found to lack, shared by all keys.
    """

    def __init__(
        self,
        options: OpenAiOptions,
        account: Account,
        *,
        prices: PriceList,
        gate: Gate,
        lacks: defaultdict[str, set[str]],
    ) -> None:
        self._connection = Connection(options, account, prices=prices, gate=gate, lacks=lacks)
        models = chosen_models(options)
        picture_maker = OpenAiReferringImageMaker if Capability.IMAGE_EDIT in models else OpenAiImageMaker
        self.makers: Mapping[Capability, Provides] = {
            maker.capability: (picture_maker if maker is OpenAiImageMaker else maker)(
                self._connection, models[maker.capability]
            )
            for maker in _MAKERS
            if maker.capability in models
        }

    async def check(self) -> None:
        """List the models, which costs nothing."""
        timeout_s = min(CHECK_TIMEOUT_S, self._connection.options.timeout_s)
        with suppress(InvalidRequest):  # it keeps no list of models, which says nothing about the key
            async with self._connection.call(timeout_s=timeout_s) as client:
                await client.models.list()

    async def call_off(self, ticket: Ticket) -> None:
        """Nothing goes on there once a call is over."""

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.close()
