"""A topic alone as a short script that asks good questions, since it knows no answers."""

import hashlib
import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from providers.local.scripts.pace import seconds
from providers.local.scripts.topic_form import TopicForm, topic_form
from providers.protocols.script import ScriptBrief, WrittenFrame, WrittenScene

TEMPLATES = Path(__file__).with_name("templates")
SHOTS = Path(__file__).with_name("shots.toml")
FALLBACK_LANGUAGE = "en"
# Where a short script can do without a scene, it does without the last of these first.
SCENES = ("hook", "what", "how", "why", "look", "close")
DISPENSABLE = ("look", "why")
FRAME_GAP_S = 0.61  # once for each frame: its voice's own edges, and the half second around it in the video


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

    Four to six scenes, filled towards the target; some 90 s is all that it has to say. A language without
    a template is written in English, which the language given back tells. The same brief gives the same
    script; another topic takes other lines, and other light and views in its pictures.
    """
    primary = brief.language.replace("_", "-").lower().split("-")[0]
    language = brief.language if primary in template_languages() else FALLBACK_LANGUAGE
    template = _read(TEMPLATES / f"{language.replace('_', '-').lower().split('-')[0]}.toml")
    seed = hashlib.sha256(f"{topic}\0{language}".encode("utf-8", "replace")).digest()
    random = Random(seed)
    form = topic_form(topic, template["grammar"])
    sections = {name: _section(template, name, form) for name in SCENES}
    chosen = _chosen_lines(sections, form, brief, language, random)
    journey: dict[str, Any] = random.choice(_read(SHOTS)["journey"])
    return language, tuple(
        _scene(sections[name], journey[name], topic if name == "hook" else None, form.seen, said)
        for name in dict.fromkeys(line.scene for line in chosen)
        for said in [[line.text for line in chosen if line.scene == name]]
    )


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _section(template: dict[str, Any], name: str, form: TopicForm) -> dict[str, Any]:
    if form.kind == "history" and name in template["history"]:
        return dict(template["history"][name])
    return dict(template[name])


def _openers(section: dict[str, Any], form: TopicForm) -> list[str]:
    """What a scene may begin with: lines that fit the topic's form, and those that do not name it."""
    named = section.get("thing" if form.kind == "history" else form.kind, [])
    return [*named, *section.get("first", [])]


def _chosen_lines(
    sections: dict[str, dict[str, Any]], form: TopicForm, brief: ScriptBrief, language: str, random: Random
) -> list[_Line]:
    kept = [name for name in SCENES if name not in DISPENSABLE[: max(0, len(SCENES) - brief.max_scenes)]]
    lines: list[_Line] = []
    for name in kept[: brief.max_scenes]:
        texts = [random.choice(_openers(sections[name], form)), *sections[name]["more"]]
        for index, text in enumerate(texts[: brief.max_frames_per_scene]):
            said = text.replace("{topic}", form.said)
            length_s = seconds(said.split(), language) + FRAME_GAP_S
            lines.append(_Line(name, said, length_s, needed=index == 0))
    total_s = sum(line.seconds for line in lines if line.needed)
    for name in DISPENSABLE:  # the openers alone are too long: do without a scene
        spare = [line for line in lines if line.scene == name and line.needed]
        if spare and total_s > brief.target_duration_s:
            total_s -= spare[0].seconds
            lines = [line for line in lines if line.scene != name]
    longest_s = brief.max_duration_s or math.inf
    optional = [line for line in lines if not line.needed]
    random.shuffle(optional)
    for line in optional:
        # A line goes in while it brings the whole nearer to the target than leaving it out would.
        if total_s + line.seconds / 2 <= brief.target_duration_s and total_s + line.seconds <= longest_s:
            line.needed = True
            total_s += line.seconds
    return [line for line in lines if line.needed]


def _scene(
    section: dict[str, Any], shots: dict[str, Any], shown: str | None, seen: str, said: list[str]
) -> WrittenScene:
    """One scene; each of its frames has the scene's light and a view of its own."""
    views: list[str] = shots["views"]
    frames = tuple(
        WrittenFrame(
            narration=text,
            picture_prompt=f"{seen}, {shots['light']}, {views[index % len(views)]}",
            on_screen_text=shown if index == 0 else None,
        )
        for index, text in enumerate(said)
    )
    summary = ", ".join(part for part in (seen, shots["light"], shots.get("shared")) if part)
    return WrittenScene(section["title"], summary, frames)
