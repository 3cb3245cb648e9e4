"""A given text as scenes and frames, word for word."""

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from providers.errors import InvalidRequest
from providers.local.scripts.frame_cutting import narrations
from providers.local.scripts.keywords import keywords
from providers.local.scripts.sections import outline
from providers.protocols.script import ScriptBrief, WrittenFrame, WrittenScene

TITLE_WORDS = 6
TITLE_CHARACTERS = 60
FRAMES_OF_A_SCENE = 6  # where the author set no scenes, a long paragraph is cut into ones of about this many
SHORT_VIDEO_S = 20.0
LONG_VIDEO_S = 180.0
QUICK_FRAME_S = 3.5
CALM_FRAME_S = 6.0

# How frame after frame is looked at, in the English that picture makers read best; the light is left to the
# text. Scenes step through it at another pace than frames, so that neighbours differ.
VIEWS = (
    "wide view",
    "centred",
    "close-up",
    "low-angle",
    "wide view, calm",
    "centred, from one side",
    "silhouette",
)
VIEWS_PER_SCENE = 3
SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class _Draft:
    title: str
    heading: str
    narrations: tuple[str, ...]


def text_script(brief: ScriptBrief, text: str) -> tuple[str, tuple[WrittenScene, ...]]:
    """Title and scenes of `text`; its words are the titles' and the narrations', in order, none changed.

    The target duration sets the pace of the pictures alone: a short video changes them faster.

    Raises:
        InvalidRequest: the text has no word, or needs more frames than the brief allows.
    """
    plan = outline(text)
    if not any(c.isalnum() for section in plan.sections for part in section.paragraphs for c in part):
        raise InvalidRequest("text", "Has no word that could be told; give at least one sentence.")
    ideal_s = _ideal_frame_s(brief.target_duration_s)
    drafts: list[_Draft] = []
    for section in plan.sections:
        cut = [narrations(paragraph, brief.language, ideal_s=ideal_s) for paragraph in section.paragraphs]
        if plan.explicit:
            groups = [[narration for paragraph in cut for narration in paragraph]]
        else:
            groups = [group for paragraph in cut for group in _even(paragraph, FRAMES_OF_A_SCENE)]
        for group in groups:
            drafts.extend(
                _Draft(section.title or _first_words(part[0]), section.title, tuple(part))
                for part in _even(group, brief.max_frames_per_scene)
            )
    drafts = _within(drafts, brief)
    main = (brief.topic or "").strip() or _main_word(drafts, brief.language)
    title = plan.title or (brief.topic or "").strip() or drafts[0].title
    return title[:TITLE_CHARACTERS], tuple(
        _scene(draft, brief, number, main) for number, draft in enumerate(drafts)
    )


def _ideal_frame_s(target_s: float) -> float:
    share = (target_s - SHORT_VIDEO_S) / (LONG_VIDEO_S - SHORT_VIDEO_S)
    return QUICK_FRAME_S + (CALM_FRAME_S - QUICK_FRAME_S) * min(1.0, max(0.0, share))


def _even(parts: list[str], most: int) -> list[list[str]]:
    """The parts in as few groups of at most `most` as it takes, none much smaller than another."""
    groups = math.ceil(len(parts) / most)
    borders = [round(index * len(parts) / groups) for index in range(groups + 1)]
    return [parts[start:end] for start, end in pairwise(borders)]


def _within(drafts: list[_Draft], brief: ScriptBrief) -> list[_Draft]:
    """No more scenes than allowed: the two neighbours that are smallest together become one."""
    frames = sum(len(draft.narrations) for draft in drafts)
    if frames > brief.max_scenes * brief.max_frames_per_scene:
        raise InvalidRequest(
            "text",
            f"Needs {frames} frames; {brief.max_scenes} scenes of {brief.max_frames_per_scene} frames are "
            "allowed. Shorten it, or make several videos of it.",
        )
    drafts = list(drafts)
    while len(drafts) > brief.max_scenes:
        sizes = [len(a.narrations) + len(b.narrations) for a, b in pairwise(drafts)]
        at = min(range(len(sizes)), key=sizes.__getitem__)
        if sizes[at] > brief.max_frames_per_scene:
            every = [narration for draft in drafts for narration in draft.narrations]
            return [
                _Draft(_first_words(part[0]), "", tuple(part))
                for part in _even(every, brief.max_frames_per_scene)
            ]
        first, second = drafts[at], drafts[at + 1]
        joined = _Draft(first.title, first.heading, first.narrations + second.narrations)
        drafts[at : at + 2] = [joined]
    return drafts


def _first_words(narration: str) -> str:
    words = narration.split()
    title = " ".join(words[:TITLE_WORDS])[:TITLE_CHARACTERS].rstrip(" ,;:.!?。、")
    return title or narration[:TITLE_CHARACTERS]


def _main_word(drafts: list[_Draft], language: str) -> str:
    """The word that most frames could show, so that a scene which does not name it still shows it."""
    told = [word for draft in drafts for text in draft.narrations for word in keywords(text, language)]
    counts = Counter(_stem(word) for word in told)
    often, times = max(counts.items(), key=lambda found: found[1], default=("", 0))
    return next(word for word in told if _stem(word) == often) if times > 1 else ""


def _stem(word: str) -> str:
    """A word without what most plurals end in: close enough to count it."""
    plain = word.casefold()
    return plain[:SHORTEST_STEM] + plain[SHORTEST_STEM:].rstrip("es")


def _scene(draft: _Draft, brief: ScriptBrief, number: int, main: str) -> WrittenScene:
    language = brief.language
    about = keywords(" ".join([draft.heading, *draft.narrations]), language)
    if main and _stem(main) not in map(_stem, about):
        about = [*about, main]
    summary = ": ".join(part for part in (draft.heading, ", ".join(about)) if part) or draft.title
    frames = []
    for index, narration in enumerate(draft.narrations):
        own = keywords(narration, language)
        shared = [word for word in about if word not in own and word != main]
        shown = [*own, *shared[: max(1, TITLE_WORDS - len(own))]]
        if main and _stem(main) not in map(_stem, shown):
            shown.append(main)
        prompt = ", ".join(shown) or draft.title
        view = VIEWS[(number * VIEWS_PER_SCENE + index) % len(VIEWS)]
        heading = draft.heading if index == 0 and draft.heading else None
        frames.append(WrittenFrame(narration, f"{prompt}, {view}", heading))
    return WrittenScene(draft.title, summary, tuple(frames))
