"""A script about a topic: of the length that is asked for, in parts where one answer could not hold it."""

import math
from functools import partial

from providers.errors import ProviderUnavailable
from providers.language.pace import count_for, counted_in, spoken_s
from providers.language.prompts.topic_script import ScriptDraft, topic_prompt
from providers.language.scene_limits import within_limits
from providers.openai.client import Connection
from providers.openai.completion import Wish
from providers.openai.meter import Meter
from providers.openai.structured import NO_COMPLAINT, Complaint, ask
from providers.openai.written import TITLE_CHARACTERS, one_line, scene
from providers.protocols.script import ScriptBrief, WrittenScene

PART_S = 180.0
FAR_OFF = 0.25  # of the length asked for: beyond it the script is asked for once more


async def written_topic(
    connection: Connection, meter: Meter, model: str, brief: ScriptBrief
) -> tuple[str, tuple[WrittenScene, ...]]:
    """Title and scenes.

    Raises:
        ContentRefused, ProviderUnavailable: as `ask` does.
    """
    parts = math.ceil(brief.target_duration_s / PART_S)
    part_s = brief.target_duration_s / parts
    title = ""
    scenes: list[WrittenScene] = []
    for number in range(1, parts + 1):
        wanted = _scenes_of_part(brief.target_scenes, number, parts)
        prompt = topic_prompt(brief, part_s=part_s, scenes=wanted, part=(number, parts), before=scenes[-6:])
        draft = await ask(
            connection,
            meter,
            prompt,
            ScriptDraft,
            wish=Wish(model, brief.persona),
            check=partial(_complaint, brief=brief, part_s=part_s, wanted=wanted),
        )
        title = title or one_line(draft.title)[:TITLE_CHARACTERS]
        scenes += _scenes(draft, brief)
    fitting = within_limits(scenes, max_scenes=brief.max_scenes, max_frames=brief.max_frames_per_scene)
    if fitting is None:
        raise ProviderUnavailable(
            connection.provider, f"{model} wrote more frames than {brief.max_scenes} scenes may have."
        )
    return title or scenes[0].title, fitting


def _scenes_of_part(wanted: int | None, number: int, parts: int) -> int | None:
    """This part's share of the scenes; at least 1."""
    if wanted is None:
        return None
    return max(1, round(wanted * number / parts) - round(wanted * (number - 1) / parts))


def _scenes(draft: ScriptDraft, brief: ScriptBrief) -> list[WrittenScene]:
    return [made for each in draft.scenes if (made := scene(each, brief.characters)) is not None]


def _complaint(draft: ScriptDraft, *, brief: ScriptBrief, part_s: float, wanted: int | None) -> Complaint:
    scenes = _scenes(draft, brief)
    if not scenes:
        return Complaint("nothing is said in it.")
    if within_limits(scenes, max_scenes=brief.max_scenes, max_frames=brief.max_frames_per_scene) is None:
        return Complaint(
            f"it has too many frames; at most {brief.max_scenes} scenes of {brief.max_frames_per_scene} fit."
        )
    length_s = sum(spoken_s(frame.narration, brief.language) for each in scenes for frame in each.frames)
    off = abs(length_s - part_s) / part_s
    if off > FAR_OFF or not _is_in_bounds(length_s, brief, part_s):
        change = "longer" if length_s < part_s else "shorter"
        return Complaint(
            f"spoken, it takes {length_s:.0f} s; {part_s:.0f} s are asked for. Make the narration {change}, "
            f"about {count_for(part_s, brief.language)} {counted_in(brief.language)}.",
            is_fatal=False,
            distance=max(off, FAR_OFF),
        )
    if wanted is not None and len(scenes) != wanted:
        return Complaint(
            f"it has {len(scenes)} scenes; {wanted} are asked for.",
            is_fatal=False,
            distance=FAR_OFF * min(1.0, abs(len(scenes) - wanted) / wanted),
        )
    return NO_COMPLAINT


def _is_in_bounds(length_s: float, brief: ScriptBrief, part_s: float) -> bool:
    """Whether a part's length fits the bounds of the whole, taken in proportion."""
    share = part_s / brief.target_duration_s
    lowest_s = (brief.min_duration_s or 0.0) * share
    return lowest_s <= length_s and (brief.max_duration_s is None or length_s <= brief.max_duration_s * share)
