"""A topic alone as a short script that asks good questions, since it knows no answers."""

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from providers.local.scripts.pace import seconds
from providers.protocols import ScriptBrief, WrittenFrame, WrittenScene

TEMPLATES = Path(__file__).with_name("templates")
SHOTS = Path(__file__).with_name("shots.toml")
FALLBACK_LANGUAGE = "en"
# Where a short script can do without a scene, it does without the last of these first.
SCENES = ("hook", "what", "how", "why", "look", "close")
DISPENSABLE = ("look", "why")
FRAME_GAP_S = 0.11  # the voiceovers' own edges, once for each frame


def template_languages() -> tuple[str, ...]:
    """Primary tags of the languages that a topic can be written about in."""
    return tuple(sorted(path.stem for path in TEMPLATES.glob("*.toml")))


@dataclass(slots=True)
class _Line:
    scene: str
    text: str
    seconds: float
    needed: bool


def topic_script(brief: ScriptBrief, topic: str) -> tuple[str, tuple[WrittenScene, ...]]:
    """Language and scenes of a script about `topic`.

    Four to six scenes, filled towards the target; some 100 s is all that it has to say. A language without
    a template is written in English, which the language given back tells. The same brief gives the same
    script; another topic takes other lines.
    """
    primary = brief.language.replace("_", "-").lower().split("-")[0]
    language = brief.language if primary in template_languages() else FALLBACK_LANGUAGE
    template = _read(TEMPLATES / f"{language.replace('_', '-').lower().split('-')[0]}.toml")
    seed = hashlib.sha256(f"{topic}\0{language}".encode("utf-8", "replace")).digest()
    chosen = _chosen_lines(template, topic, brief, language, Random(seed))
    return language, _scenes(template, topic, chosen)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _chosen_lines(
    template: dict[str, Any], topic: str, brief: ScriptBrief, language: str, random: Random
) -> list[_Line]:
    kept = [name for name in SCENES if name not in DISPENSABLE[: max(0, len(SCENES) - brief.max_scenes)]]
    lines: list[_Line] = []
    for name in kept[: brief.max_scenes]:
        texts = [random.choice(template[name]["first"]), *template[name]["more"]]
        for index, text in enumerate(texts[: brief.max_frames_per_scene]):
            said = text.replace("{topic}", topic)
            length_s = seconds(said.split(), language) + FRAME_GAP_S
            lines.append(_Line(name, said, length_s, needed=index == 0))
    total_s = sum(line.seconds for line in lines if line.needed)
    for name in DISPENSABLE:  # the openers alone are too long: do without a scene
        spare = [line for line in lines if line.scene == name and line.needed]
        if spare and total_s > brief.target_duration_s:
            total_s -= spare[0].seconds
            lines = [line for line in lines if line.scene != name]
    optional = [line for line in lines if not line.needed]
    random.shuffle(optional)
    for line in optional:
        # A line goes in while it brings the whole nearer to the target than leaving it out would.
        if total_s + line.seconds / 2 <= brief.target_duration_s:
            line.needed = True
            total_s += line.seconds
    return [line for line in lines if line.needed]


def _scenes(template: dict[str, Any], topic: str, lines: list[_Line]) -> tuple[WrittenScene, ...]:
    shots = _read(SHOTS)
    scenes: list[WrittenScene] = []
    for name in dict.fromkeys(line.scene for line in lines):
        said = [line.text for line in lines if line.scene == name]
        frames = tuple(
            WrittenFrame(
                narration=text,
                picture_prompt=shots[name][index % len(shots[name])].replace("{topic}", topic),
                on_screen_text=topic if name == "hook" and index == 0 else None,
            )
            for index, text in enumerate(said)
        )
        scenes.append(WrittenScene(template[name]["title"], f"{topic}: {template[name]['title']}", frames))
    return tuple(scenes)
