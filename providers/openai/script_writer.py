"""Scripts: about a topic, or out of a given text."""

from typing import ClassVar

from providers.errors import InvalidRequest
from providers.openai.maker import Maker
from providers.openai.text_writing import structured_text
from providers.openai.topic_writing import written_topic
from providers.protocols.offer import Capability, Offer
from providers.protocols.script import ScriptBrief, WrittenScript

MAX_TEXT_CHARACTERS = 60_000
MAX_TOPIC_CHARACTERS = 2_000
MIN_DURATION_S = 5.0
MAX_DURATION_S = 3_600.0


class OpenAiScriptWriter(Maker):
    """Writes what it knows about a topic; a given text keeps each of its words."""

    capability: ClassVar[Capability] = Capability.SCRIPT

    def _offered(self) -> Offer:
        return self._connection.offer(
            self.capability,
            self._model,
            max_text_characters=MAX_TEXT_CHARACTERS,
            max_topic_characters=MAX_TOPIC_CHARACTERS,
        )

    async def write(self, brief: ScriptBrief) -> WrittenScript:
        """Write the whole script.

        Raises:
            InvalidRequest: neither text nor topic, one too long, or a limit out of its range.
            ContentRefused: the model will not write about it.
            ProviderUnavailable: no answer, or none that can be used.
        """
        _check(brief)
        model = brief.model or self._model
        meter = self._connection.meter(model)
        make = structured_text if (brief.text or "").strip() else written_topic
        title, scenes = await make(self._connection, meter, model, brief)
        return WrittenScript(
            title=title, scenes=scenes, language=brief.language, knows_facts=True, usage=meter.usage()
        )


def _check(brief: ScriptBrief) -> None:
    text, topic = (brief.text or "").strip(), (brief.topic or "").strip()
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
