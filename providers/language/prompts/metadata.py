"""Asking for the words that go with a video to the platforms."""

from pydantic import BaseModel, Field

from providers.language.sheet import Prompt, Sheet
from providers.protocols.publishing import MetadataRequest

SYSTEM = """\
You write what goes with a short video to YouTube Shorts, TikTok and Instagram, in the language that is \
asked for.

- `title`: at most 70 characters, honest, curious; no quotation marks, no hashtags, no capitals \
throughout.
- `description`: two to four sentences that say what the viewer learns, the most important words first; \
at most 600 characters; no links, no hashtags.
- `shorts_hashtags`: 5 to 10, from narrow to broad.
- `youtube_tags`: 8 to 15 words or phrases that people search for when they want this video, spelt \
as they type.
- `tiktok_text`: one or two sentences in TikTok's voice, at most 150 characters, without hashtags.
- `tiktok_hashtags`: 4 to 6.
- `instagram_text`: a caption of one to three short paragraphs that begins with a line which makes people \
stop, at most 400 characters, without hashtags.
- `instagram_hashtags`: 3 to 5.
- A hashtag is one word or several written together, without `#`. Promise nothing that the video does \
not keep."""


class MetadataDraft(BaseModel):
    """The words."""

    title: str
    description: str
    shorts_hashtags: list[str] = Field(description="Without #.")
    youtube_tags: list[str] = Field(description="What people search for.")
    tiktok_text: str
    tiktok_hashtags: list[str] = Field(description="Without #.")
    instagram_text: str
    instagram_hashtags: list[str] = Field(description="Without #.")


def metadata_prompt(request: MetadataRequest) -> Prompt:
    """The question."""
    return (
        Sheet()
        .fact("Language", request.language)
        .fields("wishes", {"tone": request.tone, "audience": request.audience})
        .material("title", request.title)
        .material("narration", request.narration)
        .prompt(SYSTEM)
    )
