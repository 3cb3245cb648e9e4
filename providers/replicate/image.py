"""Stills by Replicate's models: from words, and from a picture and words."""

import asyncio
import io
from collections.abc import Sequence

from PIL import Image, ImageChops, UnidentifiedImageError

from providers.errors import ProviderUnavailable
from providers.protocols.offer import Capability, Usage
from providers.protocols.picture import ImageEditRequest, ImageRequest, MadeImage
from providers.protocols.prediction import Tab
from providers.replicate.files import Fetched, InputFile
from providers.replicate.inputs import asked_of, chosen
from providers.replicate.maker import Workbench, seed_for
from providers.replicate.options import NAME, ReplicateModel

_MAX_BYTES = 64 * 1024 * 1024


class ReplicateImageMaker:
    """Draws stills; after reference pictures with a model that takes them."""

    def __init__(self, workbench: Workbench, models: Sequence[ReplicateModel]) -> None:
        self._workbench = workbench
        self._models = models
        takes_references = any(model.takes("images") for model in models)
        self.offer = workbench.offer(Capability.IMAGE, models, takes_references=takes_references)

    async def make(self, request: ImageRequest, tab: Tab) -> MadeImage:
        """Draw one picture, of the size or proportions that the model has nearest to those asked for."""
        wants_references = bool(request.references) and self.offer.takes_references and not request.model
        model = chosen(self._models, request.model, *(["images"] if wants_references else []))
        seed = seed_for(model, request.seed)
        given = asked_of(
            model,
            {
                "prompt": request.full_prompt or request.prompt,
                "negative_prompt": request.negative_prompt,
                "width": request.width,
                "height": request.height,
                "seed": seed,
                "images": tuple(InputFile(each.data, each.mime_type) for each in request.references),
            },
        )
        fetched, usage = await self._workbench.make(tab, model, given, "image", _MAX_BYTES)
        return _picture(fetched, seed, usage)


class ReplicateImageEditor:
    """Changes stills as words say."""

    def __init__(self, workbench: Workbench, models: Sequence[ReplicateModel]) -> None:
        self._workbench = workbench
        self._models = models
        takes_references = any("images" in model.in_lists for model in models)
        self.offer = workbench.offer(
            Capability.IMAGE_EDIT,
            models,
            takes_references=takes_references,
            takes_masks=any(model.takes("mask") for model in models),
        )

    def model_for_mask(self, model: str | None) -> str | None:
        """The model that is named, or else the first that is set up, which has an input for it."""
        named = (each for each in self._models if model is None or model in {each.name, each.plain_name})
        return next((each.plain_name for each in named if each.takes("mask")), None)

    async def edit(self, request: ImageEditRequest, tab: Tab) -> MadeImage:
        """Make the changed picture; with a mask or reference pictures by a model that takes them.

        Raises:
            InvalidRequest: no model that is set up takes a mask, and there is one.
        """
        mask = None
        if request.mask is not None:
            mask = InputFile(await asyncio.to_thread(_black_and_white, request.mask), "image/png")
        picture = InputFile(request.picture, request.mime_type)
        references = tuple(InputFile(each.data, each.mime_type) for each in request.references)
        needs = [
            *(["images"] if references and self.offer.takes_references and not request.model else []),
            *(["mask"] if request.mask is not None else []),
        ]
        model = chosen(self._models, request.model, *needs)
        seed = seed_for(model, request.seed)
        given = asked_of(
            model,
            {
                "prompt": request.instruction,
                "image": picture,
                # A model with one list of pictures edits the first after the rest.
                "images": references if model.takes("image") else (picture, *references),
                "mask": mask,
                "width": request.width,
                "height": request.height,
                "seed": seed,
            },
        )
        fetched, usage = await self._workbench.make(tab, model, given, "image", _MAX_BYTES)
        return _picture(fetched, seed, usage)


def _black_and_white(mask: bytes) -> bytes:
    """A mask as models there take it: white where the picture may change, black where it stays."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(mask)) as image:
        ImageChops.invert(image.convert("RGBA").getchannel("A")).save(out, "PNG")
    return out.getvalue()


def _picture(fetched: Fetched, seed: int | None, usage: Usage) -> MadeImage:
    try:
        with Image.open(io.BytesIO(fetched.data)) as image:
            width, height = image.size
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise ProviderUnavailable(NAME, f"{usage.model} made a picture that cannot be read.") from error
    return MadeImage(fetched.data, fetched.mime_type, width, height, seed, usage)
