"""A script out of a given text: the model says where to cut and what is seen; the words are the text's."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from providers.errors import InvalidRequest, ProviderUnavailable
from providers.language.prompts.text_script import FrameCut, SceneCut, TextPlan, text_prompt
from providers.language.scene_limits import within_limits
from providers.language.text_pieces import TextPieces, letters, text_pieces, told
from providers.openai.client import Connection
from providers.openai.completion import Wish
from providers.openai.meter import Meter
from providers.openai.structured import NO_COMPLAINT, Complaint, ask
from providers.openai.written import TITLE_CHARACTERS, names, on_screen, one_line
from providers.protocols.script import ScriptBrief, WrittenFrame, WrittenScene

STRETCH_PIECES = 80  # that one answer plans
BORDER_PIECES = 12  # by which a stretch may differ, to end where a section does
FRAME_PIECES = 3  # that share one picture at the most
SHOWN_SCENES = 12


async def structured_text(
    connection: Connection, meter: Meter, model: str, brief: ScriptBrief
) -> tuple[str, tuple[WrittenScene, ...]]:
    """Title and scenes.

    Raises:
        InvalidRequest: the text has no word, or needs more frames than the brief allows.
        ContentRefused, ProviderUnavailable: as `ask` does.
    """
    text = brief.text or ""
    whole = text_pieces(text, brief.language)
    if not any(character.isalnum() for piece in whole.texts for character in piece):
        raise InvalidRequest("text", "Has no word that could be told; give at least one sentence.")
    title = whole.title
    scenes: list[WrittenScene] = []
    for start, end in pairwise(_borders(whole)):
        pieces = whole.texts[start:end]
        headings = {at - start: heading for at, heading in whole.headings.items() if start <= at < end}
        wanted = brief.target_scenes and max(1, round(brief.target_scenes * len(pieces) / len(whole.texts)))
        prompt = text_prompt(
            brief,
            pieces,
            sections=frozenset(at + 1 for at in headings),
            scenes=wanted,
            before=[f"{scene.title}: {scene.summary}" for scene in scenes[-SHOWN_SCENES:]],
        )
        plan = await ask(
            connection,
            meter,
            prompt,
            TextPlan,
            wish=Wish(model, brief.persona),
            check=partial(_complaint, count=len(pieces)),
        )
        title = title or one_line(plan.title)
        scenes += _assembled(plan, TextPieces("", pieces, headings, whole.joint), brief)
    fitting = within_limits(scenes, max_scenes=brief.max_scenes, max_frames=brief.max_frames_per_scene)
    if fitting is None:
        raise InvalidRequest(
            "text",
            f"Needs more frames than {brief.max_scenes} scenes of {brief.max_frames_per_scene} may have. "
            "Shorten it, or make several videos of it.",
        )
    said = letters("".join(frame.narration for scene in fitting for frame in scene.frames))
    if said != told(text):
        raise ProviderUnavailable(
            connection.provider, "the text could not be cut without changing it.", retryable=False
        )
    return title[:TITLE_CHARACTERS] or fitting[0].title, fitting


def _borders(whole: TextPieces) -> list[int]:
    """Where the stretches begin and end: at a section's beginning where one is near."""
    count = len(whole.texts)
    parts = math.ceil(count / STRETCH_PIECES)
    borders = [0]
    for part in range(1, parts):
        aim = round(part * count / parts)
        near = [at for at in whole.headings if borders[-1] < at and abs(at - aim) <= BORDER_PIECES]
        borders.append(min(near, key=lambda at: abs(at - aim), default=aim))
    return [*borders, count]


def _complaint(plan: TextPlan, *, count: int) -> Complaint:
    firsts = [frame.first_piece for scene in plan.scenes for frame in scene.frames]
    if not firsts:
        return Complaint("it has no frame.")
    if any(later <= earlier for earlier, later in pairwise(firsts)):
        return Complaint("the numbers of the frames' first pieces do not grow.")
    if firsts[0] < 1 or firsts[-1] > count:
        return Complaint(f"a frame begins with a piece that is not there; they are numbered 1 to {count}.")
    longest = max(later - earlier for earlier, later in pairwise([1, *firsts[1:], count + 1]))
    if longest > FRAME_PIECES:
        return Complaint(
            f"a frame has {longest} pieces; give each one or two, so that pictures change.",
            is_fatal=False,
            distance=longest,
        )
    return NO_COMPLAINT


@dataclass(slots=True)
class _Open:
    """A scene that is being filled."""

    cut: SceneCut
    heading: str
    frames: list[tuple[FrameCut, list[str]]]


def _assembled(plan: TextPlan, pieces: TextPieces, brief: ScriptBrief) -> Iterator[WrittenScene]:
    """The scenes of one stretch; every piece is in one frame, and a section begins a scene of its own."""
    cuts = [(cut, frame) for cut in plan.scenes for frame in cut.frames]
    begins = {0: cuts[0]} | {frame.first_piece - 1: (cut, frame) for cut, frame in cuts[1:]}
    cut, frame = cuts[0]
    open_scene: _Open | None = None
    for at, piece in enumerate(pieces.texts):
        last = cut
        cut, frame = begins.get(at, (cut, frame))
        if open_scene is None or cut is not last or at in pieces.headings:
            if open_scene is not None:
                yield _closed(open_scene, pieces.joint, brief.characters)
            open_scene = _Open(cut, pieces.headings.get(at, ""), [])
        is_new = not open_scene.frames or at in begins
        if is_new or len(open_scene.frames[-1][1]) == FRAME_PIECES:
            open_scene.frames.append((frame, []))
        open_scene.frames[-1][1].append(piece)
    if open_scene is not None:
        yield _closed(open_scene, pieces.joint, brief.characters)


def _closed(scene: _Open, joint: str, listed: Sequence[str]) -> WrittenScene:
    title = scene.heading or one_line(scene.cut.title) or one_line(scene.frames[0][1][0])
    summary = one_line(scene.cut.summary) or title
    return WrittenScene(
        title=title[:TITLE_CHARACTERS],
        summary=summary,
        frames=tuple(
            WrittenFrame(
                joint.join(texts), one_line(cut.picture_prompt) or summary, on_screen(cut.on_screen_text)
            )
            for cut, texts in scene.frames
        ),
        location=one_line(scene.cut.location) or None,
        time_of_day=one_line(scene.cut.time_of_day) or None,
        characters=names(scene.cut.characters, listed),
    )
