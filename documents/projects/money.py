"""A project's money, in micros: millionths of the currency's major unit."""

from typing import Annotated

from pydantic import Field

from documents.tree.node import Section

MICROS_MAX = 10**15
Micros = Annotated[int, Field(ge=0, le=MICROS_MAX)]


class Budget(Section):
    """What a project may cost and has cost.

    Args:
        ceiling_micros: what is spent and reserved together never exceeds it; None for no ceiling.
        spent_micros: what providers have charged.
        reserved_micros: what running jobs are expected to cost.
    """

    ceiling_micros: Micros | None = None
    spent_micros: int = 0
    reserved_micros: int = 0
    currency: str = "USD"
