"""What is in a script, read in parts where it is long."""

from functools import partial
from typing import ClassVar

from providers.language.prompts.script_analysis import SceneFindings, ScriptFindings, analysis_prompt
from providers.openai.batches import batches
from providers.openai.completion import Wish
from providers.openai.maker import Maker
from providers.openai.structured import NO_COMPLAINT, Complaint, ask
from providers.openai.written import one_line
from providers.protocols.analysis import (
    AnalysedScene,
    AnalysisRequest,
    CharacterSheet,
    SceneToAnalyse,
    ScriptAnalysis,
)
from providers.protocols.offer import Capability

PART_SCENES = 25
PART_CHARACTERS = 12_000
BEST_HOOK = 10
MAX_SUGGESTIONS = 5


class OpenAiScriptAnalyst(Maker):
    """Reads a script closely."""

    capability: ClassVar[Capability] = Capability.ANALYSIS

    async def analyse(self, request: AnalysisRequest) -> ScriptAnalysis:
        """Find out what is in the script, scene by scene."""
        model = request.model or self._model
        meter = self._connection.meter(model)
        parts = batches(request.scenes, length=_length, most=PART_SCENES, longest=PART_CHARACTERS)
        found: list[ScriptFindings] = []
        for part in parts:
            prompt = analysis_prompt(
                request, part, before=found[-1].summary if found else "", is_part=len(parts) > 1
            )
            check = partial(_complaint, count=len(part))
            found.append(
                await ask(self._connection, meter, prompt, ScriptFindings, wish=Wish(model), check=check)
            )
        first = found[0]
        suggestions = dict.fromkeys(one_line(text) for each in found for text in each.suggestions)
        return ScriptAnalysis(
            summary=one_line(found[-1].summary),
            genre=one_line(first.genre) or None,
            kind=one_line(first.kind) or None,
            scenes=tuple(_scene(scene) for each in found for scene in each.scenes),
            characters=_characters(found, request.known_characters),
            hook_score=None if first.hook_score is None else min(BEST_HOOK, max(0, first.hook_score)),
            suggestions=tuple(text for text in suggestions if text)[:MAX_SUGGESTIONS],
            usage=meter.usage(),
        )


def _length(scene: SceneToAnalyse) -> int:
    return len(scene.title) + len(scene.narration)


def _complaint(findings: ScriptFindings, *, count: int) -> Complaint:
    if len(findings.scenes) != count:
        return Complaint(f"it has {len(findings.scenes)} scenes; {count} are asked for.")
    return NO_COMPLAINT


def _scene(found: SceneFindings) -> AnalysedScene:
    return AnalysedScene(
        visual_description=one_line(found.visual_description),
        location=one_line(found.location) or None,
        time_of_day=one_line(found.time_of_day) or None,
        heading=one_line(found.heading) or None,
        action=one_line(found.action) or None,
        dialogue=(found.dialogue or "").strip() or None,
        hook=one_line(found.hook) or None,
        props=_lines(found.props),
        characters=_lines(found.characters),
    )


def _lines(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for text in texts if (line := one_line(text))))


def _characters(found: list[ScriptFindings], known: tuple[str, ...]) -> tuple[CharacterSheet, ...]:
    """Everybody once, as they were first described; those who are known under their known name."""
    spelt = {name.casefold(): name for name in known}
    sheets: dict[str, CharacterSheet] = {}
    for draft in (draft for each in found for draft in each.characters):
        key = one_line(draft.name).casefold()
        if key and key not in sheets:
            sheets[key] = draft.sheet(spelt.get(key, one_line(draft.name)))
    return tuple(sheets.values())
