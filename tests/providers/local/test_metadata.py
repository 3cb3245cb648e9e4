"""Publishing texts out of the script's own words."""

import pytest

from providers.local.metadata import LocalMetadataWriter
from providers.protocols.publishing import Metadata, MetadataRequest, MetadataWriter

NARRATION = (
    "Octopuses have three hearts. Two of them pump blood to the gills, and the third one serves the body. "
    "When an octopus swims, that third heart stops! This is why octopuses prefer crawling: swimming tires "
    "them. "
    "Their blood is blue, because it carries copper."
)


async def described(title: str, narration: str, language: str = "en") -> Metadata:
    return await LocalMetadataWriter().describe(MetadataRequest(title, narration, language))


def test_it_says_that_it_knows_nothing() -> None:
    writer: MetadataWriter = LocalMetadataWriter()
    assert writer.offer.is_free
    assert not writer.offer.knows_facts


async def test_title_opening_and_telling_words() -> None:
    made = await described("Three hearts", NARRATION)
    assert made.title == "Three hearts"
    assert made.description == NARRATION[: NARRATION.index(" This is why")]
    assert made.shorts_hashtags[0] == "Shorts"
    assert {"hearts", "Octopuses", "blood"} <= set(made.tiktok_hashtags)
    assert not {"and", "the", "of", "them", "this"} & {tag.lower() for tag in made.tiktok_hashtags}
    assert len(made.tiktok_hashtags) == 8
    assert made.tiktok_text == "Three hearts"
    assert (made.instagram_text, made.instagram_hashtags) == (made.description, made.tiktok_hashtags)
    assert {"hearts", "Octopuses"} <= set(made.youtube_tags)
    assert made.usage.provider == "local"
    assert made.usage.cost_micros == 0


async def test_limits_hold() -> None:
    made = await described("word " * 60, "No stop " * 3_000)
    assert len(made.title) <= 100
    assert made.title.endswith("…")
    assert len(made.description) <= 300
    assert len(made.tiktok_text) + sum(len(tag) + 2 for tag in made.tiktok_hashtags) <= 2_200


@pytest.mark.parametrize(
    ("title", "narration"), [("", "One sentence only."), ("Alone", ""), ("<b>", "a < b")]
)
async def test_little_gives_little(title: str, narration: str) -> None:
    made = await described(title, narration)
    assert made.title
    assert made.description
    assert "<" not in made.title + made.description


async def test_other_languages() -> None:
    german = await described(
        "Das Meer", "Das Meer ist tief. Im Meer leben Wale. Die Wale singen im Meer.", "de-AT"
    )
    assert german.tiktok_hashtags[:2] == ("Meer", "Wale")
    japanese = await described("海の話", "海は広いです。海には魚がいます。", "ja")
    assert japanese.description == "海は広いです。海には魚がいます。"
    assert japanese.tiktok_hashtags
