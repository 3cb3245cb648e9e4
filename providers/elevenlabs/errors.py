"""What ElevenLabs' client raises, as the errors of `providers.errors`.

An error's body is `{"detail": {"status": …, "message": …}}`, newer ones say `code` for `status`; where fields
are wrong it is `{"detail": [{"loc": […], "msg": …}]}`. The HTTP status alone says little: 401 is a wrong key
as well as a plan that is used up.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx
from elevenlabs.core.api_error import ApiError
from elevenlabs.core.parse_error import ParsingError

from providers.elevenlabs.options import KEY_SETTING, NAME
from providers.errors import (
    ContentRefused,
    InvalidRequest,
    KeyRefused,
    ProviderBusy,
    ProviderError,
    ProviderUnavailable,
)
from providers.patience import asked_wait_s

_NO_CREDIT = frozenset(
    {
        "quota_exceeded",
        "payment_required",
        "paid_plan_required",
        "insufficient_credits",
        "only_for_creator_plus",
    }
)
_DISTRUSTED = frozenset({"detected_unusual_activity", "free_users_not_allowed", "user_in_probation"})
_REFUSED = frozenset({"content_against_policy", "reader_content_not_permitted", "voice_blocked_detected"})
_BUSY = frozenset({"too_many_concurrent_requests", "system_busy", "rate_limited", "rate_limit_exceeded"})
_FIELDS_BY_STATUS = {
    "voice_not_found": "voice",
    "voice_does_not_exist": "voice",
    "invalid_uid": "voice",
    "max_character_limit_exceeded": "text",
    "empty_text": "text",
    "text_too_long": "text",
    "model_not_found": "model",
    "invalid_model": "model",
    "model_can_not_do_text_to_speech": "model",
    "model_access_denied": "model",
    "unsupported_language": "language",
    "language_not_supported": "language",
    "invalid_voice_settings": "speed",
}
_FIELDS_BY_PLACE = {
    "voice_id": "voice",
    "voice_settings": "speed",
    "speed": "speed",
    "model_id": "model",
    "language_code": "language",
    "duration_seconds": "duration_s",
}
_MOST_OF_A_REASON = 300


class RightMissing(KeyRefused):
    """The key is a good one, but was made without the right to this."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What an error's body says."""

    status: str
    message: str
    field: str = field(default="text")


@contextmanager
def translated(key: str) -> Iterator[None]:
    """Turn what the client raises inside into our own errors. The key is struck out of what is said.

    They are not chained to the client's, which print whole answers.
    """
    try:
        yield
    except ApiError as error:
        raise _ours(error, key) from None
    except (ParsingError, ValueError, AttributeError, TypeError):
        # The client checks no shapes: what an answer lacks shows when it is used.
        raise ProviderUnavailable(NAME, "its answer cannot be read.") from None
    except httpx.TimeoutException:
        raise ProviderUnavailable(NAME, "it did not answer in time.") from None
    except httpx.HTTPError as error:
        raise ProviderUnavailable(NAME, f"the connection failed ({type(error).__name__}).") from None


def _ours(error: ApiError, key: str) -> ProviderError:
    status = error.status_code or 0
    said = complaint(error.body)
    why = _on_one_line(said.message or f"it answered {status}", key)
    wait_s = asked_wait_s(error.headers or {})
    ours: ProviderError
    if said.status in _REFUSED:
        ours = ContentRefused(NAME, why)
    elif said.status in _BUSY or status == HTTPStatus.TOO_MANY_REQUESTS:
        ours = ProviderBusy(NAME, why, retry_after_s=wait_s)
    elif said.status in _FIELDS_BY_STATUS:
        ours = InvalidRequest(_FIELDS_BY_STATUS[said.status], why)
    elif said.status == "missing_permissions":
        ours = RightMissing(NAME, f"{why} {_mend()}")
    elif said.status in _DISTRUSTED:
        ours = KeyRefused(NAME, f"{why} It wants a paid plan for this key, or another key: {_mend()}")
    elif said.status in _NO_CREDIT or status == HTTPStatus.PAYMENT_REQUIRED:
        ours = KeyRefused(NAME, f"{why} The plan of this key needs more credit there.")
    elif status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        ours = KeyRefused(NAME, f"{why} {_mend()}")
    elif HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _PASSING:
        ours = InvalidRequest(said.field, why)
    else:
        ours = ProviderUnavailable(NAME, why, retry_after_s=wait_s)
    return ours


_PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY})


def complaint(body: Any) -> Complaint:
    """What a body says, whatever its shape."""
    detail = body.get("detail") if isinstance(body, Mapping) else body
    if isinstance(detail, list) and detail and isinstance(detail[0], Mapping):
        first = detail[0]
        place = [str(part) for part in first.get("loc", ())]
        named = next((_FIELDS_BY_PLACE[part] for part in reversed(place) if part in _FIELDS_BY_PLACE), "text")
        return Complaint("", f"{'.'.join(place)}: {first.get('msg', '')}", named)
    if isinstance(detail, Mapping):
        status = detail.get("status")
        code = status if isinstance(status, str) else detail.get("code")
        named = _FIELDS_BY_PLACE.get(str(detail.get("param")), "text")
        return Complaint(str(code or ""), str(detail.get("message") or ""), named)
    return Complaint("", detail if isinstance(detail, str) else "")


def _on_one_line(message: str, key: str) -> str:
    line = " ".join(message.split()).rstrip(".")
    return (line.replace(key, "[key]") if key else line)[:_MOST_OF_A_REASON] + "."


def _mend() -> str:
    return (
        f"Set {KEY_SETTING} to a key that it takes; one of your own, or of your company's, is saved "
        "anew with saveProviderKey."
    )
