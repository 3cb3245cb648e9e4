from decimal import Decimal

from providers.prices import Price, PriceList, price_of

TEXT = Price(per_million_input_tokens=Decimal("1.25"), per_million_output_tokens=Decimal(10))
VOICE = Price(per_thousand_characters=Decimal("0.165"))
LIST = PriceList({"a/large": TEXT, "a/*": VOICE, "b/only": TEXT})


def test_a_price_is_exact_to_the_millionth() -> None:
    assert TEXT.micros(input_tokens=1, output_tokens=0) == 1  # 1.25 millionths
    assert TEXT.micros(input_tokens=2) == 3  # 2.5, rounded up
    assert TEXT.micros(input_tokens=812, output_tokens=1_033) == 1_015 + 10_330
    assert VOICE.micros(characters=37) == 6_105
    assert Price(per_second=Decimal("0.05"), per_call=Decimal("0.001")).micros(seconds=5.3) == 266_000


def test_a_named_model_goes_before_all_others() -> None:
    assert LIST.price("a", "large") is TEXT
    assert LIST.price("a", "small") is VOICE
    assert LIST.price("b", "other") is None


def test_an_offer_tells_the_price_of_every_model() -> None:
    prices = LIST.of("a", ("small",))
    assert [name for name, _ in prices] == ["small", "large", "*"]
    assert price_of(prices, "large") is TEXT
    assert price_of(prices, "never heard of") is VOICE
    assert price_of(LIST.of("b", ()), "never heard of") is None
