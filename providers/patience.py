"""How long a provider asks to be left alone, from the headers of its refusal."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT_S = 3_600.0
_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_MILLISECONDS_SINCE_1970 = 1e11  # a number beyond is a moment in milliseconds
_SECONDS_SINCE_1970 = 1e9  # likewise in seconds
_KINDS = ("requests", "tokens")


def asked_wait_s(headers: Mapping[str, str], *, now: datetime | None = None) -> float | None:
    """Seconds to wait, at most an hour; None where the headers do not say.

    `Retry-After` (seconds or a date) comes first, then the resets of the limits that are used up.
    """
    moment = now or datetime.now(UTC)
    told = headers.get("retry-after-ms")
    waits: list[float | None]
    if told is not None and _is_number(told):
        waits = [float(told) / 1000]
    elif (told := headers.get("retry-after")) is not None:
        waits = [_until(told, moment)]
    else:
        used_up = [kind for kind in _KINDS if headers.get(f"x-ratelimit-remaining-{kind}", "0") == "0"]
        waits = [
            _until(reset, moment)
            for name in [f"x-ratelimit-reset-{kind}" for kind in used_up or _KINDS] + ["x-ratelimit-reset"]
            if (reset := headers.get(name)) is not None
        ]
    known = [wait for wait in waits if wait is not None]
    return min(max(0.0, *known), LONGEST_WAIT_S) if known else None


def _until(told: str, now: datetime) -> float | None:
    """Seconds until what a header tells: a span, a number of seconds, a moment, or a date."""
    text = told.strip()
    if _is_number(text):
        number = float(text)
        if number > _MILLISECONDS_SINCE_1970:
            return number / 1000 - now.timestamp()
        return number - now.timestamp() if number > _SECONDS_SINCE_1970 else number
    if spans := _SPAN.findall(text):
        if "".join(f"{amount}{unit}" for amount, unit in spans) == text:
            return sum(float(amount) * _UNITS_S[unit] for amount, unit in spans)
        return None
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now.timestamp()


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", text.strip()) is not None
