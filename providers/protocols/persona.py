"""Who a writer is to be: instructions, and how freely it chooses its words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A role that a language model takes.

    Args:
        name: for people.
        instructions: what it is told before everything else.
        temperature: 0 to 2; higher is freer. None takes the model's own.
        top_p: 0 to 1; the share of likely words that it chooses from. None takes the model's own.
        top_k: how many of the likeliest words it chooses from. None takes the model's own; services that know
            no such setting go without it.
        max_output_tokens: length of an answer at the most; None for the model's own.
    """

    name: str
    instructions: str
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    max_output_tokens: int | None = None
