"""Looks by name, written out as the style has them."""

from collections.abc import Mapping
from typing import Any

from documents.tree.style_preset import in_words


def written_out(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a style, with a preset's words, and own ones behind them, as its look."""
    own = {name: value for name, value in values.items() if name != "preset"}
    preset = values.get("preset")
    return own if preset is None else own | {"look": in_words(preset, (own.get("look") or "").strip())}
