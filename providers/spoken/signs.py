"""Rules for figures with signs: money, shares, units, hours, fractions, spans."""

import re

from providers.spoken.numerals import (
    APOSTROPHES,
    BEGINS,
    ENDS,
    MINUS,
    Numeral,
    cardinal,
    counting,
    in_words,
    numeral_pattern,
    one_by_one,
    parsed,
)
from providers.spoken.rule import Rule, any_of, ends_sentence
from providers.spoken.table import Clock, Table

SPACE = r"[ \t\u00a0\u202f\u2009]?"
_NO_LETTER_BEFORE = r"(?<![\w$€£¥₹])"
_HUNDREDTHS = 2
_NOON, _HOURS, _MINUTES = 12, 24, 60


def sign_rules(table: Table) -> list[Rule]:
    """All of the language's, the narrowest first."""
    number = numeral_pattern(table)
    rules = []
    if table.times is not None:
        rules += _hours(table, table.times)
    if table.currencies:
        rules += _money(table, number)
    if table.percent is not None:
        rules.append(_counted(rf"{standing_number(number)}{SPACE}%(?!\w)", table.percent, table))
    if table.percent_first is not None:
        pattern = rf"(?<![\w%])%{SPACE}(?P<number>{number}){ENDS}"
        rules.append(Rule(re.compile(pattern), lambda match: _share(match, table)))
    if table.units:
        names = any_of(list(table.units))
        pattern = rf"{standing_number(number)}{SPACE}(?P<unit>{names})(?![\w/²³°]|[{APOSTROPHES}]\w)"
        rules.append(Rule(re.compile(pattern), lambda match: _unit(match, table)))
    if table.fractions:
        names = any_of(list(table.fractions))
        pattern = rf"(?<![\w/.,])(?:(?P<whole>\d+){SPACE}(?=[½⅓⅔¼¾]))?(?P<part>{names})(?![\w/])"
        rules.append(Rule(re.compile(pattern), lambda match: _fraction(match, table)))
    return rules


def standing_number(number: str) -> str:
    """A number, with a minus before it or not, where no word or other number runs into it."""
    return rf"{BEGINS}(?P<minus>(?<![\w)])[{MINUS}](?=\d))?(?P<number>{number})"


def minus_of(match: re.Match[str], table: Table) -> str:
    """The word for the sign before the number, with its space; empty for none."""
    return f"{table.minus} " if match["minus"] else ""


def _counted(pattern: str, words: tuple[str, str], table: Table) -> Rule:
    def says(match: re.Match[str]) -> str | None:
        return _with_word(match, words, table)

    return Rule(re.compile(pattern), says)


def _with_word(match: re.Match[str], words: tuple[str, str], table: Table) -> str | None:
    numeral = parsed(match["number"], table)
    one, other = words
    if numeral.is_one:
        return minus_of(match, table) + one
    number = counting(numeral, table)
    return None if number is None else f"{minus_of(match, table)}{number} {other}"


def _share(match: re.Match[str], table: Table) -> str | None:
    words = in_words(parsed(match["number"], table), table)
    return None if words is None else f"{table.percent_first} {words}"


def _unit(match: re.Match[str], table: Table) -> str | None:
    return _with_word(match, table.units[match["unit"]], table)


def _fraction(match: re.Match[str], table: Table) -> str:
    part = table.fractions[match["part"]]
    if match["whole"] is None:
        return part
    whole = in_words(Numeral(match["whole"], "", grouped=False), table) or match["whole"]
    return f"{whole} {table.ampersand} {part}"


def _money(table: Table, number: str) -> list[Rule]:
    names = any_of(list(table.currencies))
    more = any_of(list(table.multipliers))
    times = rf"(?:{SPACE}(?P<times>{more}))?" if more else "(?P<times>(?!))?"
    amount = rf"(?P<minus>(?!))?(?P<number>{number}){times}"
    before = rf"{_NO_LETTER_BEFORE}(?P<currency>{names}){SPACE}{amount}(?![\w]|[.,:]\d)"
    after = rf"{standing_number(number)}{times}{SPACE}(?P<currency>{names})(?!\w|[{APOSTROPHES}]\w)"
    return [Rule(re.compile(pattern), lambda match: _amount(match, table)) for pattern in (before, after)]


def _amount(match: re.Match[str], table: Table) -> str | None:
    one, other, *hundredth = table.currencies[match["currency"]]
    numeral = parsed(match["number"], table)
    sign = minus_of(match, table)
    if match["times"] is not None:
        number = counting(numeral, table) or (cardinal(1, table) if numeral.is_one else None)
        if number is None:
            return None
        times = table.multipliers[match["times"]]
        of = f" {table.of_millions}" if table.of_millions and times.startswith(("mi", "bi")) else ""
        link = "" if of.endswith("'") else " "
        return f"{sign}{number} {times}{of}{link}{other}"
    if len(numeral.decimals) != _HUNDREDTHS or not hundredth:
        return _with_word(match, (one, other), table)
    whole = Numeral(numeral.whole, "", grouped=numeral.grouped)
    cents = Numeral(str(int(numeral.decimals)), "", grouped=False)
    said = [one if whole.is_one else f"{counting(whole, table)} {other}"]
    if cents.whole != "0":
        join = f"{table.cents_join} " if table.cents_join else ""
        one_cent, other_cents = hundredth
        number = one_cent if cents.is_one else f"{counting(cents, table)} {other_cents}".strip()
        if whole.whole == "0" and other_cents:
            return sign + number
        said.append(join + number)
    return sign + " ".join(said)


def _hours(table: Table, clock: Clock) -> list[Rule]:
    if clock.clock == "12":
        noon = rf"{SPACE}(?P<noon>[ap]m|[AP]M|[ap]\.m\.|[AP]\.M\.)"
        with_noon = rf"(?P<hour>\d{{1,2}})(?::(?P<minute>\d\d))?{noon}"
        bare = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?P<noon>(?!))?"
    else:
        between = clock.separators
        with_noon = rf"(?P<hour>\d{{1,2}}){between}(?P<minute>\d\d){clock.suffix}(?P<noon>(?!))?"
        bare = rf"(?P<hour>\d{{1,2}}){clock.suffix or between}(?P<minute>(?!))?(?P<noon>(?!))?"
    return [
        Rule(re.compile(f"{BEGINS}{pattern}{ENDS}"), lambda match: _time(match, table, clock))
        for pattern in (with_noon, bare)
    ]


def _time(match: re.Match[str], table: Table, clock: Clock) -> str | None:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if hour >= _HOURS or minute >= _MINUTES or (match["noon"] and not 1 <= hour <= _NOON):
        return match[0] if match["minute"] else None
    if clock.one_hour is not None and hour == 1:
        said = [clock.one_hour]
    elif clock.hour:
        said = ["ein" if hour == 1 and table.converter == "de" else cardinal(hour, table), clock.hour]
    else:
        said = [cardinal(hour, table)]
    if minute:
        zero = [clock.oh] if clock.oh and minute < 10 else []  # noqa: PLR2004 - one figure
        said += [*zero, cardinal(minute, table)]
    elif clock.full and not match["noon"]:
        said.append(clock.full if hour <= _NOON and hour else one_by_one("00", table))
    if match["noon"]:
        said.append(clock.am if match["noon"][0] in "aA" else clock.pm)
        if match["noon"].endswith(".") and ends_sentence(match):
            said[-1] += "."
    return " ".join(said)
