"""Pictures without a network: composed by rule from the words, drawn by numpy and Pillow."""

import io

from providers.errors import InvalidRequest
from providers.local.pictures.composer import compose
from providers.local.pictures.lexicon import lexicon
from providers.local.turns import Turns
from providers.protocols.offer import Capability, ModelFacts, Offer, Usage
from providers.protocols.picture import ImageRequest, MadeImage
from providers.protocols.prediction import Tab

MODEL = "pictures"
SMALLEST_PX = 64
LARGEST_PX = 4_096
TIME_LIMIT_S = 60.0
_JPEG_QUALITY = 92


class LocalImageMaker:
    """Illustrations of exactly the size asked for; the same request gives the same bytes.

    It knows the words of its lexicon in five languages and makes a sign of its own for all others. The
    offer's styles are those that it tells apart; other style words give a plain illustration.
    """

    def __init__(self) -> None:
        self._turns = Turns()
        self.offer = Offer(
            capability=Capability.IMAGE,
            provider="local",
            models=(MODEL,),
            models_are_all=True,
            styles=("illustration", *lexicon().styles.names()),
            is_free=True,
            facts=(ModelFacts(model=MODEL, takes_seeds=True),),
        )

    async def make(
        self,
        request: ImageRequest,
        tab: Tab | None = None,  # noqa: ARG002 - it is made at once
    ) -> MadeImage:
        """Compose and encode one picture.

        Raises:
            InvalidRequest: a side is outside of 64 to 4,096 pixels.
            ProviderUnavailable: the machine was too busy to finish in time.
        """
        for field, side in (("width", request.width), ("height", request.height)):
            if not SMALLEST_PX <= side <= LARGEST_PX:
                raise InvalidRequest(field, f"{side} px is outside of {SMALLEST_PX} to {LARGEST_PX}.")
        async with self._turns.turn() as watch:
            data = await self._turns.in_thread(TIME_LIMIT_S, _encoded, request)
            took_ms = watch.ms
        return MadeImage(
            data=data,
            mime_type="image/jpeg",
            width=request.width,
            height=request.height,
            seed=request.seed,
            usage=Usage(
                provider="local",
                model=MODEL,
                images=1,
                duration_ms=took_ms,
            ),
        )


def _encoded(request: ImageRequest) -> bytes:
    sheet = io.BytesIO()
    compose(request).save(sheet, "JPEG", quality=_JPEG_QUALITY)
    return sheet.getvalue()
