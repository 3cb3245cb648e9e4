"""How OpenAI and servers like it refuse a request."""

import json
from collections.abc import Collection
from enum import StrEnum
from typing import Any

from tests.stand_ins.published import agrees
from tests.stand_ins.server import Answer


class Lack(StrEnum):
    """What a compatible server does not know, and refuses with a 400."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    STREAM_OPTIONS = "stream_options"
    MAX_COMPLETION_TOKENS = "max_completion_tokens"
    MAX_TOKENS = "max_tokens"
    TEMPERATURE = "temperature"
    BASE64 = "b64_json"
    ANY_SIZE = "any_size"
    WORD_TIMES = "verbose_json"
    INSTRUCTIONS = "instructions"
    MODELS = "models"
    USAGE = "usage"  # not refused: left out


class Refused(Exception):
    """A request names what the server does not know."""

    def __init__(self, message: str, param: str) -> None:
        super().__init__(message)
        self.param = param


def refuse(lack: Lack, param: str, lacks: Collection[Lack]) -> None:
    """Raises Refused if that is among what the server lacks."""
    if lack in lacks:
        raise Refused(f"Unsupported parameter: '{lack}' is not supported with this model.", param)


def error_body(
    message: str, *, code: str | None = None, param: str | None = None, kind: str = "invalid_request_error"
) -> bytes:
    """An error as the service words it, for `Fault.body`."""
    value = {"error": {"message": message, "type": kind, "param": param, "code": code}}
    agrees("openai", "ErrorResponse", value)
    return json.dumps(value).encode()


def error(status: int, message: str, **told: Any) -> Answer:
    return Answer(error_body(message, **told), status=status)
