"""Scripts without a network: a given text structured word for word, or questions around a topic."""

from providers.errors import InvalidRequest
from providers.local.scripts.text_script import text_script
from providers.local.scripts.topic_script import template_languages, topic_script
from providers.local.turns import Turns
from providers.protocols.offer import Capability, Offer, Usage
from providers.protocols.script import ScriptBrief, WrittenScene, WrittenScript

MODEL = "templates"
MAX_TEXT_CHARACTERS = 60_000
MAX_TOPIC_CHARACTERS = 300
MIN_DURATION_S = 5.0
MAX_DURATION_S = 3_600.0
TIME_LIMIT_S = 60.0


class LocalScriptWriter:
    """Deterministic, and without knowledge: `knows_facts` is False. Tone and style change nothing."""

    def __init__(self) -> None:
        self._turns = Turns()
        self.offer = Offer(
            capability=Capability.SCRIPT,
            provider="local",
            models=(MODEL,),
            models_are_all=True,
            languages=template_languages(),
            is_free=True,
            knows_facts=False,
            max_text_characters=MAX_TEXT_CHARACTERS,
            max_topic_characters=MAX_TOPIC_CHARACTERS,
        )

    async def write(self, brief: ScriptBrief) -> WrittenScript:
        """Structure the brief's text, or ask good questions about its topic.

        Raises:
            InvalidRequest: neither text nor topic, one too long, or a limit out of its range.
            ProviderUnavailable: the machine was too busy to finish within a minute.
        """
        text, topic = (brief.text or "").strip(), " ".join((brief.topic or "").split())
        _check(brief, text, topic)
        async with self._turns.turn() as watch:
            title, language, scenes = await self._turns.in_thread(TIME_LIMIT_S, _written, brief, text, topic)
            took_ms = watch.ms
        return WrittenScript(
            title=title,
            scenes=scenes,
            language=language,
            knows_facts=False,
            usage=Usage(
                provider="local",
                model=MODEL,
                characters=len(text or topic),
                duration_ms=took_ms,
            ),
        )


def _check(brief: ScriptBrief, text: str, topic: str) -> None:
    if not text and not topic:
        field = "text" if brief.text is not None else "topic"
        raise InvalidRequest(field, "Is empty; give a topic, or the text of the video.")
    if len(text) > MAX_TEXT_CHARACTERS:
        raise InvalidRequest(
            "text", f"{len(text)} characters; at most {MAX_TEXT_CHARACTERS} make one video. Split it."
        )
    if not text and len(topic) > MAX_TOPIC_CHARACTERS:
        raise InvalidRequest(
            "topic",
            f"{len(topic)} characters; a topic has at most {MAX_TOPIC_CHARACTERS}. Give it as text instead.",
        )
    if not MIN_DURATION_S <= brief.target_duration_s <= MAX_DURATION_S:
        raise InvalidRequest(
            "target_duration_s",
            f"{brief.target_duration_s} is outside of {MIN_DURATION_S:.0f} to {MAX_DURATION_S:.0f}.",
        )
    for field in ("max_scenes", "max_frames_per_scene"):
        if getattr(brief, field) < 1:
            raise InvalidRequest(field, "Must be at least 1.")


def _written(brief: ScriptBrief, text: str, topic: str) -> tuple[str, str, tuple[WrittenScene, ...]]:
    if text:
        title, scenes = text_script(brief, text)
        return title, brief.language, scenes
    said = topic.rstrip(" .!?…。！？,;:") or topic  # noqa: RUF001  full-width marks are meant
    language, scenes = topic_script(brief, said)
    return said, language, scenes
