"""Stills from words, and from pictures that they shall agree with."""

from typing import ClassVar

from providers.errors import InvalidRequest
from providers.language.prompts.unwanted import with_unwanted
from providers.openai.maker import Maker
from providers.openai.picture_calls import MAX_PICTURES, PictureWish, made_picture
from providers.protocols.offer import Capability, ModelFacts, Offer
from providers.protocols.picture import ImageRequest, MadeImage, ReferencePicture
from providers.protocols.prediction import Tab

REFERENCE_RULE = (
    "The pictures given are references, not to be copied as they are: make a new picture in which who and "
    "what they show looks the same (face, hair, build and clothes; shape, lettering and colours)."
)


class OpenAiImageMaker(Maker):
    """Draws stills. Seeds are not taken.

    Args:
        takes_references: whether the server also edits pictures; without that references are left aside.
    """

    capability: ClassVar[Capability] = Capability.IMAGE
    takes_references = False

    def _offered(self) -> Offer:
        return self._connection.offer(
            self.capability,
            self._model,
            takes_references=self.takes_references,
            facts=(ModelFacts(model=self._model, takes_references=self.takes_references),),
        )

    async def make(self, request: ImageRequest, tab: Tab) -> MadeImage:  # noqa: ARG002 - it answers at once
        """Draw one picture, of the nearest size that the model makes.

        Raises:
            InvalidRequest: nothing is to be seen.
            ContentRefused: the provider will not draw it.
            ProviderUnavailable: no answer, or no picture in it.
        """
        words = words_for(request)
        if not words:
            raise InvalidRequest("prompt", "Is empty; say what the picture shall show.")
        references = request.references[:MAX_PICTURES] if self.takes_references else ()
        return await made_picture(
            self._connection,
            PictureWish(
                model=request.model or self._model,
                prompt="\n\n".join([words, *_described(references)]),
                width=request.width,
                height=request.height,
                sources=[(each.data, each.mime_type) for each in references],
            ),
        )


class OpenAiReferringImageMaker(OpenAiImageMaker):
    """One whose server also edits pictures."""

    takes_references = True


def words_for(request: ImageRequest) -> str:
    """All that the model is told: the full prompt, or what it would be made of; last what must not appear.

    Empty where nothing is to be seen.
    """
    told = [request.prompt, request.scene_prompt, f"Style: {request.style}" if request.style else ""]
    if request.palette:
        told.append(f"Colours: {', '.join(request.palette)}")
    parts = "\n".join(part.strip() for part in told if part.strip())
    shown = request.full_prompt.strip() or parts
    return with_unwanted(shown, request.negative_prompt) if shown else ""


def _described(references: tuple[ReferencePicture, ...]) -> list[str]:
    if not references:
        return []
    lines = [
        f"Picture {number}: {' '.join(each.says.split())}"
        for number, each in enumerate(references, 1)
        if each.says.strip()
    ]
    return ["\n".join([REFERENCE_RULE, *lines])]
