"""Asking what music would go with a video."""

from pydantic import BaseModel, Field

from providers.language.sheet import Prompt, Sheet
from providers.protocols.music_words import FASTEST_BPM, SLOWEST_BPM, MusicWordsRequest

SYSTEM = f"""\
You choose the background music of a short video whose narration is spoken over it. Answer in English, \
whatever language the video is in.

- `mood`: one or two words. Where moods are listed, exactly one of those.
- `prompt`: one or two sentences for a composer who knows nothing of the video: genre, instruments, energy, \
how it develops. Instrumental, without words and voices, with room for the speaker. No names of artists, \
bands or songs.
- `tempo_bpm`: beats a minute, {SLOWEST_BPM:.0f} to {FASTEST_BPM:.0f}, that suit the pace of what is told."""


class MusicWordsDraft(BaseModel):
    """The words."""

    mood: str
    prompt: str
    tempo_bpm: float = Field(description=f"{SLOWEST_BPM:.0f} to {FASTEST_BPM:.0f}.")


def music_words_prompt(request: MusicWordsRequest) -> Prompt:
    """The question."""
    return (
        Sheet()
        .fact("Language of the video", request.language)
        .listed("moods", request.moods)
        .fields("wishes", {"tone": request.tone, "audience": request.audience, "culture": request.culture})
        .material("title", request.title)
        .material("narration", request.narration)
        .prompt(SYSTEM)
    )
