"""What providers charge, as the operator's settings say: no price is known by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

_MICROS = 1_000_000
_MILLION = 1_000_000
_THOUSAND = 1_000
_ANY_MODEL = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What work costs, in major units of `currency` (dollars, not cents); what is not charged for is 0."""

    currency: str = "USD"
    per_call: Decimal = Decimal(0)
    per_image: Decimal = Decimal(0)
    per_second: Decimal = Decimal(0)
    per_thousand_characters: Decimal = Decimal(0)
    per_million_input_tokens: Decimal = Decimal(0)
    per_million_output_tokens: Decimal = Decimal(0)

    def micros(
        self,
        *,
        calls: float = 1,
        images: float = 0,
        seconds: float = 0,
        characters: float = 0,
        input_tokens: float = 0,
        output_tokens: float = 0,
    ) -> int:
        """The price of so much work in millionths of a major unit, half a millionth rounded up.

        Amounts may be fractions: of what is only foreseen, averages are all that is known.
        """
        parts = (
            (self.per_call, calls, 1),
            (self.per_image, images, 1),
            (self.per_second, seconds, 1),
            (self.per_thousand_characters, characters, _THOUSAND),
            (self.per_million_input_tokens, input_tokens, _MILLION),
            (self.per_million_output_tokens, output_tokens, _MILLION),
        )
        total = sum((price * Decimal(str(amount)) / per for price, amount, per in parts), Decimal(0))
        return int((total * _MICROS).to_integral_value(ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices by `provider/model`; `provider/*` stands for all models that are not named."""

    prices: Mapping[str, Price] = field(default_factory=lambda: MappingProxyType({}))

    def price(self, provider: str, model: str) -> Price | None:
        """What a model charges; None where the settings do not say."""
        named = self.prices.get(f"{provider}/{model}")
        return named if named is not None else self.prices.get(f"{provider}/{_ANY_MODEL}")

    def of(self, provider: str, models: tuple[str, ...]) -> tuple[tuple[str, Price], ...]:
        """All known prices of a provider, for an offer: of these models first, then of others.

        The price of whatever is not named stands under `*`.
        """
        prefix = f"{provider}/"
        named = {
            name.removeprefix(prefix): price for name, price in self.prices.items() if name.startswith(prefix)
        }
        own = {model: price for model in models if (price := self.price(provider, model)) is not None}
        return tuple((own | named).items())


def price_of(prices: tuple[tuple[str, Price], ...], model: str) -> Price | None:
    """A model's price among those of an offer; None where it is not known."""
    known = dict(prices)
    return known.get(model, known.get(_ANY_MODEL))
