"""Moving pictures by Replicate's models, from words or from a first picture."""

from collections.abc import Sequence

from providers.errors import InvalidRequest
from providers.protocols.clip import ClipRequest, MadeClip
from providers.protocols.offer import Capability
from providers.protocols.prediction import Tab
from providers.replicate.files import InputFile
from providers.replicate.inputs import asked_of, chosen
from providers.replicate.maker import Workbench, seed_for
from providers.replicate.options import ReplicateModel

MAX_CLIP_BYTES = 512 * 1024 * 1024


class ReplicateClipMaker:
    """Makes moving pictures."""

    def __init__(self, workbench: Workbench, models: Sequence[ReplicateModel]) -> None:
        self._workbench = workbench
        self._models = models
        takes_references = any(model.takes("images") for model in models)
        self.offer = workbench.offer(Capability.CLIP, models, takes_references=takes_references)

    async def animate(self, request: ClipRequest, tab: Tab) -> MadeClip:
        """Make one clip of at least the length asked for, or of the model's greatest."""
        if not request.prompt.strip() and request.first_image is None:
            raise InvalidRequest("prompt", "Say what moves, or give a first picture.")
        first = request.first_image
        references = request.references if first is None else ()  # models take the one or the others
        wants_references = bool(references) and self.offer.takes_references and not request.model
        needs = [
            *(["first_image"] if first is not None else []),
            *(["images"] if wants_references else []),
        ]
        model = chosen(self._models, request.model, *needs)
        seed = seed_for(model, request.seed)
        given = asked_of(
            model,
            {
                "prompt": request.prompt,
                "negative_prompt": request.negative_prompt,
                "duration": request.duration_s,
                "width": request.width,
                "height": request.height,
                "seed": seed,
                "first_image": None if first is None else InputFile(first, request.first_image_type),
                "images": tuple(InputFile(each.data, each.mime_type) for each in references),
            },
        )
        fetched, usage = await self._workbench.make(tab, model, given, "video", MAX_CLIP_BYTES)
        return MadeClip(fetched.data, fetched.mime_type, None, usage, seed)
