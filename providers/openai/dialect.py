"""What servers that speak OpenAI's interface do not take of it, learnt from their refusals."""

from collections import defaultdict
from enum import StrEnum

from openai import APIStatusError

from providers.openai.errors import BAD_REQUEST, UNPROCESSABLE, UNUSABLE
from providers.openai.wording import words_of


class Feature(StrEnum):
    """A part of the interface that a server or a model may lack."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    STREAM_OPTIONS = "stream_options"
    MAX_COMPLETION_TOKENS = "max_completion_tokens"
    MAX_TOKENS = "max_tokens"
    TEMPERATURE = "temperature"
    TOP_P = "top_p"
    TOP_K = "top_k"
    BASE64 = "base64"
    ANY_SIZE = "any_size"
    SIZE = "size"
    WORD_TIMES = "word_times"
    INSTRUCTIONS = "instructions"


# Not the bare word: a file's size may be refused too.
_SIZE_SIGNS = (
    "param=size",
    "'size'",
    '"size"',
    "`size`",
    ": size",
    "invalid size",
    "supported size",
    "size must",
)
# What a refusal says about each, in lower case, behind the parameter that it names.
_SIGNS: dict[Feature, tuple[str, ...]] = {
    Feature.JSON_SCHEMA: ("response_format", "schema", "structured output", "additionalproperties"),
    Feature.JSON_OBJECT: ("response_format", "json_object", "json mode"),
    Feature.STREAM_OPTIONS: ("stream_options", "include_usage"),
    Feature.MAX_COMPLETION_TOKENS: ("max_completion_tokens",),
    Feature.MAX_TOKENS: ("max_tokens",),
    Feature.TEMPERATURE: ("temperature",),
    Feature.TOP_P: ("top_p",),
    Feature.TOP_K: ("top_k",),
    Feature.BASE64: ("response_format", "b64_json"),
    Feature.ANY_SIZE: _SIZE_SIGNS,
    Feature.SIZE: _SIZE_SIGNS,
    Feature.WORD_TIMES: ("response_format", "timestamp_granularities", "verbose_json"),
    Feature.INSTRUCTIONS: ("instructions",),
}


class Dialect:
    """Remembers, for one server, what each of its models was found to lack.

    Args:
        lacks: features by model; shared by all keys of the server.
    """

    def __init__(self, lacks: defaultdict[str, set[str]]) -> None:
        self._lacks = lacks

    def lacks(self, model: str, feature: Feature) -> bool:
        """Whether this model has refused it."""
        return feature in self._lacks.get(model, ())

    def learn(self, model: str, error: APIStatusError, used: tuple[Feature, ...]) -> bool:
        """Whether the refusal is of one of the features that were used; then it is not used again.

        `used` is in the order in which to give them up.
        """
        if error.status_code not in {BAD_REQUEST, UNPROCESSABLE} or error.code in UNUSABLE:
            return False
        said = f"param={error.param} {words_of(error)}".lower()
        for feature in used:
            if any(sign in said for sign in _SIGNS[feature]):
                self._lacks[model].add(feature)
                return True
        return False
