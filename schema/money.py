"""Amounts of money."""

import strawberry

from schema.scalars import BigInt


@strawberry.type(description="An amount of money.")
class Money:
    """Made by `money`."""

    minor: BigInt = strawberry.field(description="In minor units of the currency, such as cents.")
    currency: str = strawberry.field(description="ISO 4217 code, such as `USD`.")


def money(minor: int, currency: str) -> Money:
    """An amount as clients see it."""
    return Money(minor=BigInt(minor), currency=currency)
