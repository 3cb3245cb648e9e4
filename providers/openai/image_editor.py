"""Stills that are changed by words."""

import asyncio
import io
from typing import ClassVar, Final

from PIL import Image, ImageOps

from providers.errors import InvalidRequest
from providers.openai.maker import Maker
from providers.openai.picture_calls import MAX_PICTURES, PictureWish, made_picture
from providers.protocols.offer import Capability, ModelFacts, Offer
from providers.protocols.picture import ImageEditRequest, MadeImage
from providers.protocols.prediction import Tab

PNG: Final = "image/png"
"""What a masked picture has to be: mask and picture are of one format."""
EDIT_RULE = "Change the first picture as follows, and leave all else in it as it is:"


class OpenAiImageEditor(Maker):
    """Changes stills, within a mask where one is given. Seeds are not taken."""

    capability: ClassVar[Capability] = Capability.IMAGE_EDIT

    def _offered(self) -> Offer:
        return self._connection.offer(
            self.capability,
            self._model,
            takes_references=True,
            takes_masks=True,
            facts=(ModelFacts(model=self._model, takes_references=True),),
        )

    def model_for_mask(self, model: str | None) -> str | None:
        """Every model is given it."""
        return model or self._model

    async def edit(self, request: ImageEditRequest, tab: Tab) -> MadeImage:  # noqa: ARG002 - it answers at once
        """Make the changed picture, of the nearest size that the model makes.

        Raises:
            InvalidRequest: there is no instruction.
            ContentRefused: the provider will not make it.
            ProviderUnavailable: no answer, or no picture in it.
        """
        instruction = request.instruction.strip()
        if not instruction:
            raise InvalidRequest("instruction", "Is empty; say what shall change.")
        picture = (request.picture, request.mime_type)
        if request.mask is not None and request.mime_type != PNG:
            picture = (await asyncio.to_thread(_as_png, request.picture), PNG)
        references = request.references[: MAX_PICTURES - 1]
        said = [
            f"Picture {number}, for reference: {' '.join(each.says.split())}"
            for number, each in enumerate(references, 2)
            if each.says.strip()
        ]
        return await made_picture(
            self._connection,
            PictureWish(
                model=request.model or self._model,
                prompt="\n".join([EDIT_RULE, instruction, *said]),
                width=request.width,
                height=request.height,
                sources=[
                    picture,
                    *((each.data, each.mime_type) for each in references),
                ],
                mask=request.mask,
            ),
        )


def _as_png(data: bytes) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as picture:
        upright = ImageOps.exif_transpose(picture)
        upright.convert("RGBA" if upright.has_transparency_data else "RGB").save(out, "PNG")
    return out.getvalue()
