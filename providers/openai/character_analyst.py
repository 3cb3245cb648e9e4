"""Who a character is, from words and pictures."""

from typing import ClassVar

from providers.errors import InvalidRequest
from providers.language.prompts.character_sheet import SheetDraft, character_prompt
from providers.openai.completion import Wish
from providers.openai.maker import Maker
from providers.openai.structured import NO_COMPLAINT, Complaint, ask
from providers.openai.written import is_said
from providers.protocols.analysis import AnalysedCharacter, CharacterRequest
from providers.protocols.offer import Capability

MAX_PICTURES = 8
PICTURE_TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})


class OpenAiCharacterAnalyst(Maker):
    """Says what somebody looks like."""

    capability: ClassVar[Capability] = Capability.CHARACTER

    async def analyse(self, request: CharacterRequest) -> AnalysedCharacter:
        """Describe the character.

        Raises:
            InvalidRequest: nothing is known of them, or a picture cannot be read.
        """
        if not request.pictures and not is_said(request.text) and not is_said(request.name):
            raise InvalidRequest("text", "Nothing is said of the character; give some words, or a picture.")
        if len(request.pictures) > MAX_PICTURES:
            raise InvalidRequest("pictures", f"{len(request.pictures)} pictures; at most {MAX_PICTURES}.")
        for _, mime_type in request.pictures:
            if mime_type not in PICTURE_TYPES:
                raise InvalidRequest("pictures", f"{mime_type} is not read; give PNG, JPEG, WebP or GIF.")
        model = request.model or self._model
        meter = self._connection.meter(model)
        draft = await ask(
            self._connection,
            meter,
            character_prompt(request),
            SheetDraft,
            wish=Wish(model),
            check=_complaint,
        )
        return AnalysedCharacter(sheet=draft.sheet(request.name.strip() or None), usage=meter.usage())


def _complaint(draft: SheetDraft) -> Complaint:
    return NO_COMPLAINT if is_said(draft.description) else Complaint("the description is empty.")
