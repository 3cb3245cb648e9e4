"""Stills that are changed by words."""

from typing import ClassVar

from providers.errors import InvalidRequest
from providers.openai.maker import Maker
from providers.openai.picture_calls import MAX_PICTURES, PictureWish, made_picture
from providers.protocols.offer import Capability, Offer
from providers.protocols.picture import ImageEditRequest, MadeImage
from providers.protocols.prediction import Tab

EDIT_RULE = "Change the first picture as follows, and leave all else in it as it is:"


class OpenAiImageEditor(Maker):
    """Changes stills, within a mask where one is given. Seeds are not taken."""

    capability: ClassVar[Capability] = Capability.IMAGE_EDIT

    def _offered(self) -> Offer:
        return self._connection.offer(self.capability, self._model, takes_references=True)

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
                    (request.picture, request.mime_type),
                    *((each.data, each.mime_type) for each in references),
                ],
                mask=request.mask,
            ),
        )
