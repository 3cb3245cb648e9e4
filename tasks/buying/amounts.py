"""How much of what providers charge for a piece of work takes, before it is done."""

from documents.tree.inputs import ScriptInputs

_RULES_TOKENS = 1_500
_LETTERS_PER_TOKEN = 4
_TOLD_AND_SHOWN = 3
LETTERS_PER_SECOND = 14.0

Amounts = dict[str, float]
"""As `providers.prices.Price.micros` takes them."""


def text_amounts(given_letters: float, written_letters: float) -> Amounts:
    """Tokens of a piece of writing: what is given and the rules for it, and what is written."""
    return {
        "input_tokens": _RULES_TOKENS + int(given_letters) // _LETTERS_PER_TOKEN,
        "output_tokens": max(1, int(written_letters) // _LETTERS_PER_TOKEN),
    }


def script_amounts(inputs: ScriptInputs) -> Amounts:
    """Tokens of a script: with pictures and titles, three times what is spoken is written."""
    given = len(inputs.text or inputs.topic or "")
    spoken = given if inputs.text else inputs.target_duration_s * LETTERS_PER_SECOND
    return text_amounts(given, spoken * _TOLD_AND_SHOWN)
