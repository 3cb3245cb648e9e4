import asyncio
import itertools
import re
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.errors import InvalidRequest
from providers.local.pictures.lexicon import lexicon, plain_words
from providers.local.script_writer import LocalScriptWriter
from providers.local.scripts.text_script import text_script
from providers.local.scripts.topic_form import topic_form
from providers.local.scripts.topic_script import SCENES, SHOTS, TEMPLATES, template_languages
from providers.local.speech import LocalSpeaker
from providers.protocols.script import ScriptBrief, WrittenScene, WrittenScript
from providers.protocols.speech import SpeechRequest

ESSAY = """Bees are small, but what they do is anything but small. Every morning the scouts fly out and \
look for flowers, and when one of them has found a rich meadow, she comes home and dances for her sisters \
in the dark of the hive, where nobody can see her, so that they must feel the dance with their feet.

Dr. Frisch watched them for 40 years. He asked: "How do they know?" Nobody did. It cost him $5.50 a day!

Then he marked one bee with a dot of paint."""


def brief(
    *,
    text: str | None = None,
    topic: str | None = None,
    language: str = "en",
    target_duration_s: float = 45,
    max_scenes: int = 200,
    max_frames_per_scene: int = 30,
) -> ScriptBrief:
    return ScriptBrief(
        topic=topic,
        text=text,
        language=language,
        target_duration_s=target_duration_s,
        max_scenes=max_scenes,
        max_frames_per_scene=max_frames_per_scene,
    )


def narrations(scenes: tuple[WrittenScene, ...]) -> list[str]:
    return [frame.narration for scene in scenes for frame in scene.frames]


async def written(request: ScriptBrief) -> WrittenScript:
    return await LocalScriptWriter().write(request)


async def test_given_text_is_told_word_for_word() -> None:
    script = await written(brief(text=ESSAY))
    assert " ".join(narrations(script.scenes)).split() == ESSAY.split()
    assert not script.knows_facts
    assert script.language == "en"


async def test_paragraphs_become_scenes_and_sentences_frames() -> None:
    script = await written(brief(text=ESSAY))
    assert len(script.scenes) == 3
    assert script.scenes[1].frames[0].narration.startswith("Dr. Frisch watched them for 40 years.")
    assert narrations(script.scenes)[-1] == "Then he marked one bee with a dot of paint."


async def test_long_sentences_are_cut_where_a_clause_ends() -> None:
    script = await written(brief(text=ESSAY))
    inside = narrations(script.scenes[:1])[:-1]
    assert inside
    assert all(text.endswith((",", ".")) for text in inside)


async def test_headings_and_scene_lines_name_the_scenes() -> None:
    text = "# The bees\n\n## Morning\nThey fly out.\n\nScene 2: The dance\nShe dances.\n---\nThe end."
    script = await written(brief(text=text))
    assert script.title == "The bees"
    assert [scene.title for scene in script.scenes] == ["Morning", "The dance", "The end"]
    assert narrations(script.scenes) == ["They fly out.", "She dances.", "The end."]
    assert script.scenes[1].frames[0].on_screen_text == "The dance"


async def test_heading_with_nothing_below_is_narration() -> None:
    script = await written(brief(text="Once upon a time.\n\n# The end"))
    assert narrations(script.scenes) == ["Once upon a time.", "The end"]


async def test_scene_line_that_reads_like_a_sentence_is_narration() -> None:
    script = await written(brief(text="Scene 1: The sun rises over the hill.\nScene 2: It sets."))
    assert narrations(script.scenes) == ["The sun rises over the hill.", "It sets."]


async def test_markup_like_text_stays_as_it_is() -> None:
    text = 'He said <break time="3s"/> and $ROOT.x {topic} %s \\N {\\an8} [[x]] -- twice.'
    script = await written(brief(text=text))
    assert " ".join(narrations(script.scenes)) == text
    about = await written(brief(topic="{topic} $ROOT {0}"))
    assert any("{topic} $ROOT {0}" in text for text in narrations(about.scenes))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "ja",
            "今日は天気がいいので公園を散歩しましょう。桜の花がとてもきれいに咲いていて、たくさんの人が写真を撮っています。",
        ),
        ("zh-CN", "今天天气很好,我们去公园散步吧。花开得非常漂亮,很多人在拍照。"),
        ("th", "วันนี้อากาศดีมากเราไปเดินเล่นที่สวนกันเถอะ"),
        ("hi", "आज मौसम अच्छा है। चलो पार्क चलें।"),
        ("xx", "Nobody knows this language. It has sentences."),
    ],
)
async def test_text_of_any_language_is_kept(language: str, text: str) -> None:
    script = await written(brief(text=text, language=language))
    assert "".join("".join(narrations(script.scenes)).split()) == "".join(text.split())
    assert script.language == language


WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=14
) | st.sampled_from(
    ["Dr.", "e.g.", "...", "—", "$5.50,", "end.", "why?", '"yes!"', "Scene", "1:", "#", "---"]
)
PARAGRAPH = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)
MARKS = re.compile(r"^(#{1,6}|-{3,}|\*{3,}|_{3,}|={3,})$")


@given(
    st.lists(PARAGRAPH, min_size=1, max_size=5).map("\n\n".join),
    st.sampled_from(["en", "de", "fr", "ja", "zh", "th", "ar", "xx"]),
    st.integers(1, 4),
    st.floats(5, 600),
)
@settings(deadline=None, max_examples=150)
def test_no_word_is_ever_lost(text: str, language: str, max_scenes: int, target_s: float) -> None:
    if not any(c.isalnum() for c in text) or re.search(
        r"(?im)^\s*(#|\**(scene|szene|s?cena|escena|scène)\s|[-*_=]{3})", text
    ):
        return
    request = brief(
        text=text,
        language=language,
        target_duration_s=target_s,
        max_scenes=max_scenes,
        max_frames_per_scene=999,
    )
    _, scenes = text_script(request, text)
    assert "".join("".join(narrations(scenes)).split()) == "".join(text.split())
    if language in {"en", "de", "fr", "ar", "xx"}:
        assert " ".join(narrations(scenes)).split() == text.split()
    assert len(scenes) <= max_scenes
    assert all(frame.narration.strip() and frame.picture_prompt for scene in scenes for frame in scene.frames)
    assert all(scene.title and scene.summary for scene in scenes)


@given(st.lists(PARAGRAPH | st.sampled_from(["# A", "Scene 2: B", "---", "## C"]), min_size=1, max_size=8))
@settings(deadline=None, max_examples=100)
def test_structured_text_keeps_its_words_in_titles_or_narration(blocks: list[str]) -> None:
    text = "\n".join(blocks)
    # An underscore is a word to a pattern, and none to a reader.
    if not any(c.isalnum() for c in re.sub(r"(?i)scene \d+:?", "", text)):
        return
    title, scenes = text_script(brief(text=text), text)
    told = {*title.split(), *(w for s in scenes for w in s.title.split())}
    told |= {word for narration in narrations(scenes) for word in narration.split()}
    for word in (word for block in blocks for word in block.split() if word.isalpha() and len(word) > 1):
        assert word in told or word.lower() in {"scene", "szene", "escena", "cena", "scena"}


async def test_frames_last_as_long_as_a_picture_should() -> None:
    script = await written(brief(text=ESSAY))
    speaker = LocalSpeaker()
    lengths_s = [
        (await speaker.speak(SpeechRequest(text, "en"))).duration_s for text in narrations(script.scenes)
    ]
    assert all(1.8 < length_s < 8 for length_s in lengths_s), lengths_s


@pytest.mark.parametrize("language", template_languages())
@pytest.mark.parametrize("target_s", [30, 60])
async def test_topic_is_told_in_about_the_time_asked_for(language: str, target_s: float) -> None:
    topics = {"en": "How bees find their way home", "de": "Warum der Mond seine Form ändert"}
    topic = topics.get(language, "la luna")
    said = topic[0].lower() + topic[1:]
    script = await written(brief(topic=topic, language=language, target_duration_s=target_s))
    assert len(script.scenes) >= 4
    assert script.language == language
    assert not script.knows_facts
    speaker = LocalSpeaker()
    spoken = [await speaker.speak(SpeechRequest(text, language)) for text in narrations(script.scenes)]
    assert sum(speech.duration_s for speech in spoken) == pytest.approx(target_s, rel=0.25)
    assert all(speech.spoken for speech in spoken)
    first, *_, last = script.scenes
    assert said in first.frames[0].narration
    assert said in last.frames[0].narration
    assert first.frames[0].on_screen_text == topic


async def test_topic_script_is_the_same_each_time_and_another_for_another_topic() -> None:
    first, again, other = await asyncio.gather(
        written(brief(topic="black holes")),
        written(brief(topic="black holes")),
        written(brief(topic="tides")),
    )
    assert first.scenes == again.scenes
    shape = [text.replace("black holes", "tides") for text in narrations(first.scenes)]
    assert shape != narrations(other.scenes)
    prompts = [frame.picture_prompt for scene in first.scenes for frame in scene.frames]
    assert len(set(prompts)) == len(prompts)
    assert all("black holes" in prompt for prompt in prompts)


@pytest.mark.parametrize(
    ("language", "topic", "kind", "said", "seen"),
    [
        ("en", "How volcanoes work", "thing", "volcanoes", "volcanoes"),
        ("en", "How does a lighthouse work", "thing", "a lighthouse", "a lighthouse"),
        ("en", "Why bees matter", "thing", "bees", "bees"),
        ("en", "What is the Moon", "thing", "the Moon", "the Moon"),
        ("en", "The history of coffee", "history", "the history of coffee", "coffee"),
        ("en", "The Treaty of Utrecht", "thing", "the Treaty of Utrecht", "The Treaty of Utrecht"),
        ("en", "Why cats purr", "clause", "why cats purr", "Why cats purr"),
        ("en", "Why is the sky blue", "question", "Why is the sky blue?", "Why is the sky blue"),
        ("de", "Wie Leuchttürme funktionieren", "thing", "Leuchttürme", "Leuchttürme"),
        ("de", "Wie funktioniert der Mond", "thing", "den Mond", "der Mond"),
        ("de", "Die Geschichte des Kaffees", "history", "die Geschichte des Kaffees", "Kaffees"),
        ("de", "Warum der Mond scheint", "clause", "warum der Mond scheint", "Warum der Mond scheint"),
        ("de", "Warum leuchten Sterne", "question", "Warum leuchten Sterne?", "Warum leuchten Sterne"),
        ("es", "¿Cómo funcionan los faros", "thing", "los faros", "los faros"),
        ("es", "La historia del café", "history", "la historia del café", "café"),
        ("es", "Por qué el cielo es azul", "clause", "por qué el cielo es azul", "Por qué el cielo es azul"),
        ("pt", "Como funcionam os faróis", "thing", "os faróis", "os faróis"),
        ("pt", "Por que as abelhas são importantes", "thing", "as abelhas", "as abelhas"),
        ("pt", "A história do café", "history", "a história do café", "café"),
        ("fr", "Comment fonctionnent les phares", "thing", "les phares", "les phares"),
        ("fr", "L'histoire du café", "history", "l'histoire du café", "café"),
        ("fr", "Pourquoi le ciel est-il bleu", "question", "Pourquoi le ciel est-il bleu ?", None),
        ("it", "Come funzionano i fari", "thing", "i fari", "i fari"),
        ("it", "La storia del caffè", "history", "la storia del caffè", "caffè"),
    ],
)
def test_topic_is_put_as_it_can_be_said(
    language: str, topic: str, kind: str, said: str, seen: str | None
) -> None:
    template = tomllib.loads((TEMPLATES / f"{language}.toml").read_text(encoding="utf-8"))
    form = topic_form(topic, template["grammar"])
    assert (form.kind, form.said, form.seen) == (kind, said, topic if seen is None else seen)


@pytest.mark.parametrize("language", template_languages())
def test_every_form_of_topic_has_lines_to_open_and_to_close(language: str) -> None:
    template = tomllib.loads((TEMPLATES / f"{language}.toml").read_text(encoding="utf-8"))
    for scene in ("hook", "close"):
        for kind in ("thing", "clause", "question"):
            assert len(template[scene][kind]) > 1
            assert all(line.count("{topic}") == 1 for line in template[scene][kind])
    for scene in (*(template[name] for name in SCENES), *template["history"].values()):
        assert scene["title"]
        assert not any("{topic}" in line for line in [*scene.get("first", []), *scene["more"]])


def test_shots_and_titles_bring_no_thing_or_place_of_their_own() -> None:
    book = lexicon()
    titles = [
        scene["title"]
        for language in template_languages()
        for template in [tomllib.loads((TEMPLATES / f"{language}.toml").read_text(encoding="utf-8"))]
        for scene in (*(template[name] for name in SCENES), *template["history"].values())
    ]
    shots = [
        f"{scene['light']}, {scene.get('shared', '')}, {view}"
        for journey in tomllib.loads(SHOTS.read_text(encoding="utf-8"))["journey"]
        for scene in journey.values()
        for view in scene["views"]
    ]
    for text in (*titles, *shots):
        for shelf in (book.settings, book.subjects, book.hints, book.styles):
            assert not shelf.found(plain_words(text)), text
    for title in titles:
        assert not book.times.found(plain_words(title)), title


def test_each_journey_changes_the_light_or_the_view_from_scene_to_scene() -> None:
    book = lexicon()
    for journey in tomllib.loads(SHOTS.read_text(encoding="utf-8"))["journey"]:
        assert tuple(journey) == SCENES
        looks = [
            (book.times.found(plain_words(scene["light"])), book.views.found(plain_words(scene["views"][0])))
            for scene in journey.values()
        ]
        assert all(one[0] != other[0] and one[1] != other[1] for one, other in itertools.pairwise(looks))
        assert len({time for time, _ in looks}) >= 4


@pytest.mark.parametrize(
    ("topic", "target_s"), [("The history of coffee", 45), ("Why is the sky blue", 30), ("Whales", 60)]
)
async def test_other_forms_of_topic_keep_the_time_too(topic: str, target_s: float) -> None:
    script = await written(brief(topic=topic, target_duration_s=target_s))
    speaker = LocalSpeaker()
    spoken = [await speaker.speak(SpeechRequest(text, "en")) for text in narrations(script.scenes)]
    assert sum(speech.duration_s for speech in spoken) == pytest.approx(target_s, rel=0.25)


async def test_scene_that_does_not_name_what_a_text_is_about_still_shows_it() -> None:
    script = await written(brief(text=ESSAY + "\n\nThe bees slept.\n\nNobody saw it, and nobody ever asked."))
    assert "bee" in script.scenes[-1].summary.casefold()
    prompts = [frame.picture_prompt for scene in script.scenes for frame in scene.frames]
    assert all(
        one.rsplit(", ", 1)[-1] != other.rsplit(", ", 1)[-1] for one, other in itertools.pairwise(prompts)
    )


async def test_topic_in_a_language_without_template_says_that_it_is_english() -> None:
    script = await written(brief(topic="Księżyc", language="pl"))
    assert script.language == "en"
    assert "Księżyc" in " ".join(narrations(script.scenes))


async def test_limits_of_the_brief_are_kept() -> None:
    script = await written(brief(topic="tides", max_scenes=2, max_frames_per_scene=1))
    assert [len(scene.frames) for scene in script.scenes] == [1, 1]
    short = await written(brief(text=ESSAY, max_scenes=2, max_frames_per_scene=20))
    assert len(short.scenes) == 2
    with pytest.raises(InvalidRequest) as refusal:
        await written(brief(text=ESSAY, max_scenes=1, max_frames_per_scene=2))
    assert refusal.value.field == "text"


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (brief(), "topic"),
        (brief(topic="  "), "topic"),
        (brief(text=" \n\t"), "text"),
        (brief(text="a " * 40_000), "text"),
        (brief(topic="a" * 301), "topic"),
        (brief(topic="bees", target_duration_s=1), "target_duration_s"),
        (brief(topic="bees", target_duration_s=float("nan")), "target_duration_s"),
        (brief(topic="bees", max_scenes=0), "max_scenes"),
    ],
)
async def test_unusable_briefs_name_the_field(request_: ScriptBrief, field: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        await written(request_)
    assert refusal.value.field == field


@pytest.mark.parametrize("text", ["---", "###", "* * *\n***", "Scene 1:"])
async def test_text_of_marks_alone_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        await written(brief(text=text))


ENDLESS = {
    "one word": ("a" * 6_000, "en"),
    "an address": ("http://x/" + "a%20" * 3_000, "en"),
    "a list without spaces": ("a," * 4_000, "en"),
    "Chinese, called English": ("蜂蜂跳舞、回家。" * 700, "en"),
    "emoji": ("a" + "👩🏽\u200d🚀" * 1_500, "en"),
    "accents alone": ("a" + "\u0301" * 6_000, "en"),
    "words without a full stop": ("word and other " * 4_000, "en"),
    "Thai": ("ภาษาไทยไม่มีวรรค" * 500, "th"),
}


@pytest.mark.parametrize(("text", "language"), ENDLESS.values(), ids=ENDLESS)
def test_text_without_an_end_of_a_sentence_is_told_in_short_parts(text: str, language: str) -> None:
    _, scenes = text_script(brief(text=text, language=language), text)
    told = narrations(scenes)
    assert "".join("".join(told).split()) == "".join(text.split())
    assert max(map(len, told)) <= 300
    assert max(len(frame.picture_prompt) for scene in scenes for frame in scene.frames) <= 5_000
    assert max(len(scene.summary) for scene in scenes) <= 5_000


def test_sign_made_of_several_characters_is_not_cut() -> None:
    sign = "👩🏽\u200d🚀"
    _, scenes = text_script(brief(text=sign * 200), "a" + sign * 200)
    assert all(len(told.removeprefix("a")) % len(sign) == 0 for told in narrations(scenes))
