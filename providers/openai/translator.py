"""Texts in another language, batch by batch."""

from functools import partial
from typing import ClassVar

from providers.language.prompts.translation import TranslatedTexts, translation_prompt
from providers.openai.batches import batches
from providers.openai.completion import Wish
from providers.openai.maker import Maker
from providers.openai.structured import NO_COMPLAINT, Complaint, ask
from providers.protocols.offer import Capability
from providers.protocols.translation import Translation, TranslationRequest

BATCH_TEXTS = 40
BATCH_CHARACTERS = 6_000
CONTEXT_TEXTS = 4


class OpenAiTranslator(Maker):
    """Translates texts for speaking aloud."""

    capability: ClassVar[Capability] = Capability.TRANSLATION

    async def translate(self, request: TranslationRequest) -> Translation:
        """Translate all texts; empty ones stay empty and are not sent."""
        model = request.model or self._model
        meter = self._connection.meter(model)
        filled = [text for text in request.texts if text.strip()]
        done: list[tuple[str, str]] = []
        for batch in batches(filled, length=len, most=BATCH_TEXTS, longest=BATCH_CHARACTERS):
            if not batch:
                break
            made = await ask(
                self._connection,
                meter,
                translation_prompt(request, batch, before=done[-CONTEXT_TEXTS:]),
                TranslatedTexts,
                wish=Wish(model),
                check=partial(_complaint, count=len(batch)),
            )
            done += zip(batch, map(str.strip, made.texts), strict=True)
        translated = iter(done)
        return Translation(
            texts=tuple(next(translated)[1] if text.strip() else text for text in request.texts),
            usage=meter.usage(),
        )


def _complaint(made: TranslatedTexts, *, count: int) -> Complaint:
    if len(made.texts) != count:
        return Complaint(f"it has {len(made.texts)} texts; {count} are asked for.")
    if not all(text.strip() for text in made.texts):
        return Complaint("one of its texts is empty.")
    return NO_COMPLAINT
