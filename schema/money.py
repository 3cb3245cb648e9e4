"""Amounts of money."""

import strawberry

from schema.scalars import BigInt


@strawberry.type(description="An amount of money.")
class Money:
    """Made by `money`."""

    minor: BigInt = strawberry.field(
        description="In minor units of the currency, such as cents; halves are rounded up."
    )
    micros: BigInt = strawberry.field(
        description="The exact amount in millionths of the major unit: 0.0125 USD are 12500."
    )
    currency: str = strawberry.field(description="ISO 4217 code, such as `USD`.")


def money(micros: int, currency: str) -> Money:
    """An amount as clients see it."""
    return Money(minor=BigInt((micros + 5_000) // 10_000), micros=BigInt(micros), currency=currency)
