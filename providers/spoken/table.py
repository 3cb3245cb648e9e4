"""What a language needs to be read aloud: words for signs, units, money, abbreviations and hours."""

import tomllib
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

TABLES = Path(__file__).with_name("tables")
_SAME = {"nb": "no"}  # Bokmål, which is what Norwegian means where nothing else is said
# Figures are grouped by commas and cut by a point there, other than in the rest of the language.
_ENGLISH_FIGURES = {
    *("es-mx", "es-us", "es-419", "es-gt", "es-hn", "es-sv", "es-ni", "es-pa", "es-pe", "es-do", "es-pr"),
    *("de-ch", "it-ch"),
}


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Abbreviation(_Entry):
    """What is said for one.

    Args:
        says: the words.
        before: what must follow for it to be read so: "name" a capital letter, "number" a figure.
        ends: its full stop may be the sentence's too.
    """

    says: str
    before: str | None = None
    ends: bool = False


class Clock(_Entry):
    """How hours are read.

    Args:
        clock: "12" with before and after noon, or "24".
        hour: what stands between hours and minutes.
        one_hour: what is said for one o'clock, where it is not the number and `hour`.
        separators: a pattern of what is written between hours and minutes.
        suffix: a pattern of what is written behind; without it figures are no time.
        oh: what is said for the zero of minutes under ten.
        full: what follows a full hour on a clock of twelve without `am` or `pm`.
    """

    clock: str
    hour: str
    one_hour: str | None = None
    separators: str = ":"
    suffix: str = ""
    oh: str = ""
    full: str = ""
    am: str = ""
    pm: str = ""


class Days(_Entry):
    """Days before a month's name: `mark` makes a figure an ordinal, which is inflected by its ending."""

    months: str
    mark: str
    inflected: str
    plain_before: str


class Table(_Entry):
    """One language.

    Args:
        converter: num2words' name for it.
        mended: what it says wrongly, as pattern and replacement.
        groups: what parts thousands, besides a narrow space.
        decimal: what stands before decimals.
        point: what is said for `decimal`; `english_point` where the region writes figures as English does.
        one: what is said for a lone 1; None where that depends on what is counted: then 1 stays a figure.
        percent, units, currencies: what is said for exactly one, and the word after any other number;
            currencies have both for their hundredth too. An empty word leaves it out.
        months: a pattern of names of months; days of the month beside them are no counts and stay figures.
        stays_before: a pattern of what behind a figure leaves it alone, such as a full stop inside of a
            text, where that makes an ordinal: nobody can tell it from the sentence's.
        years: whether years are read otherwise than other numbers.
        centuries: what follows the hundreds of a year before 2000, and what stands between that and the
            rest, where years are read so.
        years_plural: whether an s behind a year is read as decades are in English.
        ordinals, masculine, feminine: patterns of what is written behind a figure to make it an ordinal.
        first_masculine, first_feminine: what does for the first alone, with its word for the feminine.
        shortened: endings that a number loses before what it counts, as pattern and replacement.
        percent_first: the word before the number where the sign stands before it.
        gendered: a pattern of numbers that agree with what they count: by themselves they stay figures.
        of_millions: the word between millions and money.
    """

    converter: str
    mended: tuple[tuple[str, str], ...] = ()
    groups: str
    decimal: str
    zero: str
    point: str
    english_point: str | None = None
    minus: str
    number_sign: str | None = None
    ampersand: str
    one: str | None = None
    to: str | None = None
    percent: tuple[str, str] | None = None
    percent_first: str | None = None
    months: str | None = None
    stays_before: str | None = None
    years: bool = False
    centuries: tuple[str, str] | None = None
    years_plural: bool = False
    ordinals: str | None = None
    masculine: str | None = None
    feminine: str | None = None
    first_masculine: str | None = None
    first_feminine: tuple[str, str] | None = None
    shortened: tuple[tuple[str, str], ...] = ()
    gendered: str | None = None
    of_millions: str = ""
    cents_join: str = ""
    times: Clock | None = None
    days: Days | None = None
    multipliers: dict[str, str] = Field(default_factory=dict)
    currencies: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    units: dict[str, tuple[str, str]] = Field(default_factory=dict)
    abbreviations: dict[str, Abbreviation] = Field(default_factory=dict)
    fractions: dict[str, str] = Field(default_factory=dict)


def table(language: str) -> Table | None:
    """The table of a BCP-47 tag; None for a language that is left as it is written."""
    tag = language.replace("_", "-").lower()
    primary = tag.split("-")[0]
    return _loaded(_SAME.get(primary, primary), tag in _ENGLISH_FIGURES)


@lru_cache(maxsize=64)
def _loaded(primary: str, english_figures: bool) -> Table | None:  # noqa: FBT001 - a key of the cache
    path = TABLES / f"{primary}.toml"
    if not primary.isalpha() or not path.is_file():
        return None
    read = Table.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    if not english_figures:
        return read
    return read.model_copy(update={"groups": ",", "decimal": ".", "point": read.english_point or read.point})
