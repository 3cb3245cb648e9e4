"""Text that must fit a number of characters."""

ELLIPSIS = "…"


def shortened(text: str, most: int) -> str:
    """The text, or as many of its first words as fit with an ellipsis; a word that is too long is cut."""
    if len(text) <= most:
        return text
    kept = text[: most - len(ELLIPSIS)]
    if not text[len(kept)].isspace() and (whole := kept.rsplit(maxsplit=1)[0]):
        kept = whole
    return kept.rstrip(" ,;:-–—") + ELLIPSIS  # noqa: RUF001 - the en dash is meant
