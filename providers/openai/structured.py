"""Answers in a given shape: asked for, checked, and asked for once more where they cannot be used."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from openai import pydantic_function_tool
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ValidationError

from providers.errors import ContentRefused, InvalidRequest, ProviderUnavailable
from providers.language.sheet import Prompt, Sheet
from providers.openai.client import Connection
from providers.openai.completion import Wish, complete
from providers.openai.meter import Meter

AnswerT = TypeVar("AnswerT", bound=BaseModel)

ENOUGH_TOKENS = 16_000  # for a second answer, where the first was cut off
_SHOWN_FAULTS = 5
_SHOWN_ERROR = 300
_SHOWN_CHARACTERS = 4_000
_JSON = re.compile(r"\{.*\}", re.DOTALL)
_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)  # that some local models say aloud


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with an answer. One that is not fatal is taken in the end, the nearest one first."""

    says: str
    is_fatal: bool = True
    distance: float = 0.0


NO_COMPLAINT = Complaint("", is_fatal=False)


@dataclass(frozen=True, slots=True)
class _Try(Generic[AnswerT]):
    """What one call came to: an answer, or what was said instead of one; and what is wrong with it."""

    answer: AnswerT | None
    complaint: Complaint
    said: str
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class _Question(Generic[AnswerT]):
    prompt: Prompt
    answer: type[AnswerT]
    wish: Wish
    check: Callable[[AnswerT], Complaint]


def _content(_: BaseModel) -> Complaint:
    return NO_COMPLAINT


async def ask(
    connection: Connection,
    meter: Meter,
    prompt: Prompt,
    answer: type[AnswerT],
    *,
    wish: Wish,
    check: Callable[[AnswerT], Complaint] = _content,
) -> AnswerT:
    """An answer in the shape of `answer` that `check` has nothing fatal to say against.

    Raises:
        ContentRefused: the model will not answer.
        InvalidRequest: twice the persona's greatest length was too short for an answer.
        ProviderUnavailable: two answers could not be used.
    """
    with meter.charging():
        return await _answered(connection, meter, _Question(prompt, answer, wish, check))


async def _answered(connection: Connection, meter: Meter, question: _Question[AnswerT]) -> AnswerT:
    wish = question.wish
    first = await _tried(connection, meter, question)
    if first.answer is not None and first.complaint is NO_COMPLAINT:
        return first.answer
    more = replace(wish, max_tokens=ENOUGH_TOKENS) if first.is_cut else wish
    # A server may take a schema and not look at it: then the words tell it.
    again = replace(
        question, prompt=_mended(question.prompt, first), wish=replace(more, spells_out=first.answer is None)
    )
    second = await _tried(connection, meter, again)
    usable = [
        (each.complaint.distance, each.answer)
        for each in (second, first)
        if each.answer is not None and not each.complaint.is_fatal
    ]
    if (
        not usable
        and second.is_cut
        and wish.persona is not None
        and wish.persona.max_output_tokens is not None
    ):
        raise InvalidRequest(
            "persona",
            f"{wish.persona.name} writes at most {wish.persona.max_output_tokens} tokens at once "
            "(maxOutputTokens), which does not hold this answer. Raise it with updatePersona, give the "
            "project the new version, or let another persona write.",
        )
    if not usable:
        raise ProviderUnavailable(
            connection.provider, f"two answers of {wish.model} could not be used: {second.complaint.says}"
        )
    return min(usable, key=lambda pair: pair[0])[1]


async def _tried(connection: Connection, meter: Meter, question: _Question[AnswerT]) -> _Try[AnswerT]:
    completion = await complete(connection, question.prompt, question.wish, shape=_shape(question.answer))
    meter.answered_in_tokens(completion.id, completion.usage)
    said, is_cut = _said(completion, connection.provider)
    if is_cut:
        return _Try(None, Complaint("it was cut off before its end."), said, is_cut=True)
    found = _JSON.search(_THOUGHTS.sub("", said))
    if found is None:
        return _Try(None, Complaint("it has no JSON object."), said)
    try:
        parsed = question.answer.model_validate_json(found.group())
    except ValidationError as error:
        return _Try(None, Complaint(_faults(error)), said)
    return _Try(parsed, question.check(parsed), said)


def _said(completion: ChatCompletion, provider: str) -> tuple[str, bool]:
    """The answer's text, and whether it was cut off."""
    if not completion.choices:
        if isinstance(error := (completion.model_extra or {}).get("error"), dict):
            raise ProviderUnavailable(provider, f"it failed ({str(error.get('message'))[:_SHOWN_ERROR]}).")
        return "", False
    choice = completion.choices[0]
    if choice.message.refusal:
        raise ContentRefused(provider, " ".join(choice.message.refusal.split()))
    if choice.finish_reason == "content_filter":
        raise ContentRefused(provider, "its content filter stopped the answer.")
    return choice.message.content or "", choice.finish_reason == "length"


def _mended(prompt: Prompt, failed: _Try[Any]) -> Prompt:
    """The question once more, with what was wrong with the answer."""
    if failed.is_cut:
        more = "Your last answer was cut off. Answer again, whole, and say everything more briefly."
    else:
        began = Sheet().material("your last answer", failed.said[:_SHOWN_CHARACTERS]).prompt("").user
        more = (
            f"Your last answer could not be used: {failed.complaint.says}\n{began}\n"
            "Answer again, whole, without that fault."
        )
    return Prompt(prompt.system, f"{prompt.user}\n\n{more}", prompt.pictures)


def _faults(error: ValidationError) -> str:
    """Where the answer differs from its shape, without repeating its content."""
    told = [
        f"{'.'.join(map(str, each['loc'])) or 'JSON'}: {each['msg']}"
        for each in error.errors(include_input=False, include_url=False)[:_SHOWN_FAULTS]
    ]
    return "; ".join(told) + "."


def _shape(answer: type[BaseModel]) -> dict[str, Any]:
    """The name and the strict schema of an answer, as OpenAI's own client writes them."""
    tool = pydantic_function_tool(answer)["function"]
    return {"name": answer.__name__, "strict": True, "schema": tool["parameters"]}
