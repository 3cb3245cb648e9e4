"""Text that must fit a number of characters."""

ELLIPSIS = "…"


def shortened(text: str, most: int) -> str:
    """The text, or as many of its first words as fit with an ellipsis; a word that is too long is cut."""
    if len(text) <= most:
        return text
    kept = text[: most - len(ELLIPSIS)]
    words = kept.rsplit(maxsplit=1)
    is_inside_a_word = not kept[-1:].isspace() and not text[len(kept)].isspace()
    if is_inside_a_word and len(words) > 1:
        kept = words[0]
    return kept.rstrip(" ,;:-–—") + ELLIPSIS  # noqa: RUF001 - the en dash is meant
