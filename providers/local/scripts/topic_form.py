"""What somebody typed as a topic, as something that can be said inside a sentence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["thing", "history", "clause", "question"]


@dataclass(frozen=True, slots=True)
class TopicForm:
    """A topic in words that fit a sentence.

    Attributes:
        kind: `thing` and `history` are noun phrases, `clause` follows "have you ever wondered", `question`
            stands alone.
        said: the noun phrase, the clause, or the question with its mark, as it stands mid-sentence.
        seen: what a picture of it shows.
    """

    kind: Kind
    said: str
    seen: str


def topic_form(topic: str, grammar: Mapping[str, Any]) -> TopicForm:
    """The form of a topic without its closing mark, by the patterns of one language's template.

    `grammar` has `things` and `histories` (patterns with a group `np`), `questions` and `clauses` (patterns
    of beginnings), and `before`: what the beginning of a noun phrase turns into. What no pattern fits is a
    noun phrase as it was typed.
    """
    plain = topic.lstrip("¿¡ ")
    for pattern in grammar["things"]:
        if found := re.fullmatch(pattern, plain, re.IGNORECASE):
            thing = _spoken(found["np"], grammar)
            return TopicForm("thing", thing, found["np"])
    for pattern in grammar["histories"]:
        if found := re.fullmatch(pattern, plain, re.IGNORECASE):
            return TopicForm("history", _spoken(plain, grammar), found["np"])
    if any(re.match(pattern, plain, re.IGNORECASE) for pattern in grammar["questions"]):
        return TopicForm("question", grammar["asked"].replace("{topic}", plain), plain)
    if any(re.match(pattern, plain, re.IGNORECASE) for pattern in grammar["clauses"]):
        return TopicForm("clause", plain[0].lower() + plain[1:], plain)
    return TopicForm("thing", _spoken(plain, grammar), plain)


def _spoken(phrase: str, grammar: Mapping[str, Any]) -> str:
    """A noun phrase as the object of a sentence: its article in lower case and in the case that follows."""
    for start, turned in grammar["before"].items():
        if phrase.lower().startswith(start):
            return str(turned) + phrase[len(start) :]
    return phrase
