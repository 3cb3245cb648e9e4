"""What a server says of its refusal, however it wraps it."""

from collections.abc import Mapping
from typing import Any

from openai import APIStatusError

_FIELDS = ("message", "msg", "detail", "error")
_MOST_PARTS = 3


def words_of(error: APIStatusError) -> str:
    """The server's own words: `{"error": {"message": …}}`, a list of such, `{"detail": […]}`, or text."""
    return _words(error.body) or error.message


def _words(body: Any) -> str:
    if isinstance(body, str):
        return "" if body.lstrip().startswith("<") else body
    if isinstance(body, list):
        return "; ".join(filter(None, (_words(part) for part in body[:_MOST_PARTS])))
    if isinstance(body, Mapping):
        found = next((said for name in _FIELDS if (said := _words(body.get(name)))), "")
        where = body.get("loc")  # as FastAPI's servers name a field
        return f"{'.'.join(map(str, where))}: {found}" if found and isinstance(where, list) else found
    return ""
