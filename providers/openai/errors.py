"""What the client raises, as the errors of `providers.errors`: the one place where that is decided."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx2
from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    OpenAIError,
)

from providers.errors import (
    ContentRefused,
    InvalidRequest,
    KeyRefused,
    ProviderBusy,
    ProviderError,
    ProviderUnavailable,
)
from providers.openai.wording import words_of
from providers.patience import asked_wait_s
from providers.service import Whose

BAD_REQUEST = 400
UNAUTHORISED = 401
PAYMENT_REQUIRED = 402
FORBIDDEN = 403
NOT_FOUND = 404
TIMED_OUT = 408
CONFLICT = 409
TOO_LARGE = 413
UNPROCESSABLE = 422
TOO_MANY = 429
SERVER_FAULT = 500

_NO_CREDIT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_REFUSED = frozenset({"content_policy_violation", "moderation_blocked", "content_filter", "safety_violation"})
_TOO_LONG = frozenset({"context_length_exceeded", "string_above_max_length"})
UNUSABLE = frozenset({"json_validate_failed"})  # the model's answer was no good: nobody's request is
_BAD_KEY = ("api key not valid", "api_key_invalid", "invalid api key", "incorrect api key")
# What providers tell of an account: a key with stars in it, and ids of its owner.
_PRIVATE = re.compile(r"\b(?:sk-[\w*.-]{4,}|(?:org|proj|user|acct)[-_][A-Za-z0-9]{8,})")
_KEPT_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class KeyAdvice:
    """Whose key is used and where a better one is put. The key is kept to be struck out of messages."""

    provider: str
    setting: str
    whose: Whose = Whose.INSTALLATION
    takes_keys: bool = True
    key: str = field(default="", repr=False)

    def mend(self) -> str:
        """What to do where the key is refused."""
        if self.whose is Whose.INSTALLATION:
            own = ", or save a key of your own with saveProviderKey" if self.takes_keys else ""
            return f"Set {self.setting} to a key that is accepted{own}."
        owner = "your own" if self.whose is Whose.USER else "your company's"
        return f"It is {owner} key: save one that is accepted with saveProviderKey."

    def clean(self, text: str) -> str:
        """The provider's words on one line, not too long, without the key and whose it is."""
        line = " ".join(text.split())
        if self.key:
            line = line.replace(self.key, "[key]")
        line = _PRIVATE.sub("[withheld]", line)
        return line[:_KEPT_CHARACTERS]


@contextmanager
def translated(advice: KeyAdvice) -> Iterator[None]:
    """Turn what the client raises inside into our own errors.

    They are not chained to the client's: its messages may repeat the key, and a traceback would show them.
    """
    try:
        yield
    except (OpenAIError, httpx2.HTTPError, httpx2.StreamError, json.JSONDecodeError) as error:
        raise _ours(error, advice) from None


def _ours(error: Exception, advice: KeyAdvice) -> ProviderError:
    if isinstance(error, APIStatusError):
        return _of_status(error, advice)
    if isinstance(error, APIError) and not isinstance(error, APIConnectionError):
        return _in_stream(error, advice)
    return ProviderUnavailable(advice.provider, _what_broke(error, advice))


def _what_broke(error: Exception, advice: KeyAdvice) -> str:
    if isinstance(error, APITimeoutError | httpx2.TimeoutException):
        return "it did not answer in time."
    if isinstance(error, APIConnectionError):
        return "no connection to it, or the connection broke off."
    if isinstance(error, httpx2.HTTPError | httpx2.StreamError):
        return "the connection broke off before its answer was whole."
    if isinstance(error, json.JSONDecodeError):
        return "its answer is not JSON."
    return advice.clean(str(error)) or "its client failed."


def _of_status(error: APIStatusError, advice: KeyAdvice) -> ProviderError:
    provider, status = advice.provider, error.status_code
    said = advice.clean(words_of(error))
    wait_s = asked_wait_s(error.response.headers)
    if error.code in _NO_CREDIT or error.type in _NO_CREDIT or status == PAYMENT_REQUIRED:
        return KeyRefused(provider, f"the key's credit there is used up ({said}). {advice.mend()}")
    if _is_refusal(error, said):
        return ContentRefused(provider, said)
    if status in {UNAUTHORISED, FORBIDDEN} or any(sign in said.lower() for sign in _BAD_KEY):
        return KeyRefused(provider, f"it does not take the key ({said}). {advice.mend()}")
    if status == TOO_MANY:
        return ProviderBusy(provider, f"too many calls ({said}).", retry_after_s=wait_s)
    if status >= SERVER_FAULT or status in {TIMED_OUT, CONFLICT} or error.code in UNUSABLE:
        return ProviderUnavailable(provider, f"it failed ({status}: {said}).", retry_after_s=wait_s)
    return _invalid(error, said, provider)


def _invalid(error: APIStatusError, said: str, provider: str) -> InvalidRequest:
    if error.code == "model_not_found" or (error.status_code == NOT_FOUND and "model" in said.lower()):
        return InvalidRequest("model", f"{provider} has no such model for this key: {said}")
    if error.code in _TOO_LONG or error.status_code == TOO_LARGE:
        return InvalidRequest(error.param or "text", f"Too long for {provider}: {said} Shorten it.")
    return InvalidRequest(error.param or "request", f"{provider} does not take it: {said}")


def _is_refusal(error: APIError, said: str) -> bool:
    if error.code in _REFUSED or error.type in _REFUSED:
        return True
    return isinstance(error, APIStatusError) and (
        error.status_code in {BAD_REQUEST, FORBIDDEN, UNPROCESSABLE} and "safety system" in said.lower()
    )


def _in_stream(error: APIError, advice: KeyAdvice) -> ProviderError:
    """An error that arrives inside a stream, whose status had said that all is well."""
    said = advice.clean(error.message)
    if _is_refusal(error, said):
        return ContentRefused(advice.provider, said)
    if error.code in _NO_CREDIT or error.type in _NO_CREDIT:
        return KeyRefused(advice.provider, f"the key's credit there is used up ({said}). {advice.mend()}")
    return ProviderUnavailable(advice.provider, f"it failed ({said}).")
