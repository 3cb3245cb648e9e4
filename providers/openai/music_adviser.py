"""Words for the music of a video, out of what is told in it."""

from functools import partial
from typing import ClassVar

from providers.language.prompts.music_words import MusicWordsDraft, music_words_prompt
from providers.language.shortened import shortened
from providers.openai.completion import Wish
from providers.openai.maker import Maker
from providers.openai.structured import NO_COMPLAINT, Complaint, ask
from providers.openai.written import is_said, one_line
from providers.protocols.music_words import FASTEST_BPM, SLOWEST_BPM, MusicWords, MusicWordsRequest
from providers.protocols.offer import Capability

_MOOD_CHARACTERS = 60
_PROMPT_CHARACTERS = 1_000


class OpenAiMusicAdviser(Maker):
    """Chooses mood, words and tempo."""

    capability: ClassVar[Capability] = Capability.MUSIC_WORDS

    async def suggest(self, request: MusicWordsRequest) -> MusicWords:
        """Find the words."""
        model = request.model or self._model
        meter = self._connection.meter(model)
        draft = await ask(
            self._connection,
            meter,
            music_words_prompt(request),
            MusicWordsDraft,
            wish=Wish(model),
            check=partial(_complaint, request.moods),
        )
        return MusicWords(
            mood=shortened(_mood(draft, request.moods) or one_line(draft.mood), _MOOD_CHARACTERS),
            prompt=shortened(one_line(draft.prompt), _PROMPT_CHARACTERS),
            tempo_bpm=min(FASTEST_BPM, max(SLOWEST_BPM, draft.tempo_bpm)),
            usage=meter.usage(),
        )


def _mood(draft: MusicWordsDraft, moods: tuple[str, ...]) -> str | None:
    """The listed mood that is meant; None for none of them."""
    said = one_line(draft.mood).casefold()
    return next((each for each in moods if each.casefold() == said), None)


def _complaint(moods: tuple[str, ...], draft: MusicWordsDraft) -> Complaint:
    if moods and _mood(draft, moods) is None:
        return Complaint(f"mood must be one of {', '.join(moods)}.")
    for name in ("mood", "prompt"):
        if not is_said(getattr(draft, name)):
            return Complaint(f"{name} is empty.")
    return NO_COMPLAINT
