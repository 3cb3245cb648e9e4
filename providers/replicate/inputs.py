"""From our requests to what a model takes."""

from collections.abc import Mapping, Sequence
from typing import Any

from providers.errors import InvalidRequest
from providers.language.prompts.unwanted import with_unwanted
from providers.replicate.options import ReplicateModel

_FIELDS = {  # what we say → the request's field, where they differ
    "duration": "duration_s",
    "aspect_ratio": "width",
    "images": "references",
    "image": "picture",
    "video": "picture",
    "audio": "speech",
}


def asked_of(model: ReplicateModel, said: Mapping[str, Any]) -> dict[str, Any]:
    """The model's input: what it takes of what we say, under its own names. None and empty are left out.

    `width` and `height` become `aspect_ratio` where the model wants that. Where it has no input for a
    negative prompt, that stands in words at the end of the prompt.
    """
    told = dict(said)
    if not model.takes("negative_prompt"):
        told["prompt"] = with_unwanted(told.get("prompt") or "", told.get("negative_prompt") or "")
    if model.takes("aspect_ratio") and "width" in told:
        told["aspect_ratio"] = aspect_ratio(told["width"], told["height"], model.aspect_ratios)
    if told.get("duration") is not None:
        told["duration"] = duration(told["duration"], model)
    given = dict(model.fixed)
    for word, name in model.inputs.items():
        value = told.get(word)
        if value is None or value in ("", ()):
            continue
        if word == "images":
            value = value[: model.most_images]
        if word in model.in_lists:
            given[name] = list(value) if isinstance(value, Sequence) else [value]
        else:
            given[name] = value[0] if isinstance(value, tuple) else value
    return given


def aspect_ratio(width: int, height: int, known: tuple[str, ...]) -> str:
    """The known ratio that is nearest to a picture's; the exact one where none is known."""
    if not known:
        return f"{width}:{height}"

    def distance(name: str) -> float:
        across, _, down = name.partition(":")
        one, other = width * int(down), height * int(across)
        return max(one, other) / min(one, other)

    return min(known, key=distance)


def duration(wanted_s: float, model: ReplicateModel) -> int:
    """The shortest length that the model makes and that is long enough, or else its longest."""
    whole = max(1, -int(-wanted_s // 1))
    if model.durations_s:
        return next((each for each in sorted(model.durations_s) if each >= whole), max(model.durations_s))
    return whole if model.longest_s is None else min(whole, model.longest_s)


def in_our_words(model: ReplicateModel, error: InvalidRequest) -> InvalidRequest:
    """A refusal of one of the model's inputs, as one of the request's field."""
    word = next((ours for ours, theirs in model.inputs.items() if theirs == error.field), error.field)
    return InvalidRequest(_FIELDS.get(word, word), f"{model.plain_name}: {error.message}")


def chosen(models: Sequence[ReplicateModel], name: str | None, *needs: str) -> ReplicateModel:
    """The model that is named, or the first that takes all that is needed.

    Raises:
        InvalidRequest: there is none of that name, or it cannot do that.
    """
    if name is not None:
        named = next((each for each in models if name in {each.name, each.plain_name}), None)
        if named is None:
            there = ", ".join(each.plain_name for each in models)
            raise InvalidRequest("model", f"{name!r} is not set up here; choose one of {there}.")
        models = (named,)
    fit = next((each for each in models if all(each.takes(need) for need in needs)), None)
    if fit is None:
        fields = ", ".join(dict.fromkeys(_FIELDS.get(need, need) for need in needs))
        raise InvalidRequest(
            _FIELDS.get(needs[0], needs[0]),
            f"{models[0].plain_name} does not take this ({fields}); choose another model.",
        )
    return fit
