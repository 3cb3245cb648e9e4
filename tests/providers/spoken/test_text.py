import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.local.tokens import tokens
from providers.spoken.lexicon import Pronunciation
from providers.spoken.table import TABLES, table
from providers.spoken.text import SpokenGroup, spoken_text

SAID = [
    ("en", "In 1995, 3 bees.", "In nineteen ninety-five, three bees."),
    ("en", "1,234 and 3.14", "one thousand two hundred and thirty-four and three point one four"),
    ("en", "the 1st, 22nd", "the first, twenty-second"),
    ("en", "the 1990s", "the nineteen nineties"),
    ("en", "$5.50, £1.01", "five dollars and fifty cents, one pound and one penny"),
    ("en", "$5 million, £3.5m", "five million dollars, three point five million pounds"),
    ("en", "at 3pm.", "at three p m."),
    ("en", "at 3:05 p.m. Then", "at three oh five p m. Then"),
    ("en", "at 14:05 or 9:00", "at fourteen oh five or nine o'clock"),
    ("en", "50% of 100 km/h", "fifty percent of one hundred kilometres per hour"),
    ("en", "1 kg, -5°C", "one kilogram, minus five degrees Celsius"),
    ("en", "10-20 bees, 1990\u20132000", "ten to twenty bees, nineteen ninety to two thousand"),
    ("en", "Dr. Who, e.g. No. 5, etc.", "Doctor Who, for example number five, et cetera."),
    ("en", "½ cup, 2½ cups", "one half cup, two and one half cups"),
    ("en", "Rock & roll 007 #1", "Rock and roll zero zero seven number one"),
    ("en", "On May 3, 1995 we may 3 times", "On May 3, nineteen ninety-five we may three times"),
    ("de", "Am 3. Mai 1995", "Am dritten Mai neunzehnhundertfünfundneunzig"),
    ("de", "5,50 € für 1.234 m", "fünf Euro fünfzig für eintausendzweihundertvierunddreißig Meter"),
    ("de", "z. B. 3,5 Mio. €", "zum Beispiel drei Komma fünf Millionen Euro"),
    ("de", "um 14:30 Uhr, 1 Uhr", "um vierzehn Uhr dreißig, ein Uhr"),
    ("de", "1 km, 50 % usw.", "ein Kilometer, fünfzig Prozent und so weiter."),
    ("es", "21 km, el 1º, la 2ª", "veintiún kilómetros, el primero, la segunda"),
    ("es", "$5 millones, Sr. López", "cinco millones de dólares, señor López"),
    ("es-MX", "1,234.50", "mil doscientos treinta y cuatro punto cinco cero"),
    ("es-ES", "3,5 y 1.234", "tres coma cinco y mil doscientos treinta y cuatro"),
    ("fr", "1 234 abeilles à 15h30", "mille deux cent trente-quatre abeilles à quinze heures trente"),
    ("fr", "le 1er, la 1re, la 2e", "le premier, la première, la deuxième"),
    ("it", "5,50 €, 50%, ecc.", "cinque euro e cinquanta centesimi, cinquanta per cento, eccetera."),
    ("pt-BR", "R$ 5,50 e 1º", "cinco reais e cinquenta centavos e primeiro"),
    ("nl", "bijv. 50 km om 14.30 uur", "bijvoorbeeld vijftig kilometer om veertien uur dertig"),
    ("id", "1.234 lebah", "seribu dua ratus tiga puluh empat lebah"),
    ("id", "Rp 5.000, Rp5 juta, $5,50", "lima ribu rupiah, lima juta rupiah, lima dolar lima puluh sen"),
    ("id", "5 km ke-5, dll.", "lima kilometer ke-lima, dan lain-lain."),
    ("tr", "%50, 5 TL, 5,50 TL, 5 km", "yüzde elli, beş lira, beş lira elli kuruş, beş kilometre"),
    (
        "vi",
        "2024, 2001, 2010, 1995",
        (
            "hai nghìn không trăm hai mươi bốn, hai nghìn không trăm lẻ một, "
            "hai nghìn không trăm mười, một nghìn chín trăm chín mươi lăm"
        ),
    ),
    ("vi", "5.000 ₫, 5 km, 50%", "năm nghìn đồng, năm ki lô mét, năm mươi phần trăm"),
    ("sv", "År 1995, 1900, 2024", "År nittonhundranittiofem, nittonhundra, tvåtusentjugofyra"),
    ("sv", "1 234 bin, 3,5 %, 5 kr", "ettusen tvåhundratrettiofyra bin, tre komma fem procent, fem kronor"),
    ("da", "I 1995, 1900, 2024", "I nittenhundrede og femoghalvfems, nittenhundrede, totusind og fireogtyve"),
    ("da", "1.234 bier, 50 %", "ettusind tohundrede og fireogtredive bier, halvtreds procent"),
    ("nb", "I 1995, 1900, 2024", "I nittenhundre og nittifem, nittenhundre, to tusen og tjuefire"),
    ("no", "1 234 bier, 3,5 %", "ett tusen to hundre og trettifire bier, tre komma fem prosent"),
    (
        "hu",
        "1995, 3,5, 2 km, 12 kg",
        "ezerkilencszázkilencvenöt, három egész öt, két kilométer, tizenkét kilogramm",
    ),
    ("hu", "50%-os, 1 méh, 5 Ft stb.", "ötven százalék-os, egy méh, öt forint és a többi."),
    (
        "ro",
        "1995, 25%, 3,5",
        "o mie nouă sute nouăzeci și cinci, douăzeci și cinci la sută, trei virgulă cinci",
    ),
    (
        "ca",
        "1995, 21 km, 5,50 €",
        "mil nou-cents noranta-cinc, vint-i-un quilòmetres, cinc euros i cinquanta cèntims",
    ),
]


@pytest.mark.parametrize(("language", "written", "said"), SAID)
def test_figures_and_signs_are_read_as_words(language: str, written: str, said: str) -> None:
    assert spoken_text(written, language).text == said


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "https://a.b/c?d=1 and mail@me.com"),
        ("en", "GPT-4o, H2O, B2B, 4K, v1.2.3, x86"),
        ("en", "2024-05-01 or 12/05/2024 or 555-1234 or +1 (555) 123-4567"),
        ("en", "1984's"),
        ("en", "3 May, May 3, May 30; 4\u20136 June, June 4-6"),
        ("de", "1 Biene, der 3. Platz"),
        ("es", "21 abejas y 500 personas"),
        ("fr", "21 abeilles"),
        ("sv", "1 bi, 21 bin, 1:a, 3:e"),
        ("da", "1 bi, den 5. maj, 101"),
        ("nb", "1 bie, 21 bier, 5. mai 12:a"),
        ("hu", "2 méh, 12 méh, 5. hely, május 5-én"),
        ("ro", "1 albină, 2 albine, 12 albine"),
        ("ca", "1 abella, 2 abelles, 200 abelles"),
        ("tr", "5. kat, %5'i, 1995'te"),
        ("pl", "w 1995 roku 5 pszczół, 50%"),
        ("ja", "2024年に5匹。"),
        ("xx", "5 kg"),
        ("../../en", "5"),
        ("", "5"),
    ],
)
def test_what_is_not_certain_stays_as_it_is_written(language: str, text: str) -> None:
    assert spoken_text(text, language).text == text


def test_each_written_word_knows_what_is_said_for_it() -> None:
    spoken = spoken_text("Dr. Wu (aged 42) ran 5 km.", "en")
    assert spoken.groups == (
        SpokenGroup(("Dr.",), "Doctor"),
        SpokenGroup(("Wu",), "Wu"),
        SpokenGroup(("(aged",), "(aged"),
        SpokenGroup(("42)",), "forty-two)"),
        SpokenGroup(("ran",), "ran"),
        SpokenGroup(("5", "km."), "five kilometres."),
    )


def test_the_lexicon_counts_before_everything_else() -> None:
    lexicon = [
        Pronunciation("Nguyen", "win"),
        Pronunciation("new york", "noo york city"),
        Pronunciation("new", "nyu"),
        Pronunciation("IT", "eye tee"),
        Pronunciation("1995", "the year of the film"),
        Pronunciation("C++", "see plus plus"),
    ]
    spoken = spoken_text("Nguyen's IT in New York: it is new in 1995, renewed, C++!", "en", lexicon)
    assert spoken.text == (
        "win's eye tee in noo york city: it is nyu in the year of the film, renewed, see plus plus!"
    )
    assert SpokenGroup(("New", "York:"), "noo york city:") in spoken.groups


def test_the_lexicon_serves_languages_without_a_table_or_spaces() -> None:
    assert (
        spoken_text("今日はGPTです", "ja", [Pronunciation("GPT", "ジーピーティー")]).text
        == "今日はジーピーティーです"
    )
    assert spoken_text("Zażółć GPT", "pl", [Pronunciation("GPT", "dżi pi ti")]).text == "Zażółć dżi pi ti"


def test_an_entry_is_text_and_no_pattern() -> None:
    lexicon = [Pronunciation("a.c", r"\1 \g<0>"), Pronunciation("(x", "y"), Pronunciation("  ", "never")]
    assert spoken_text("abc a.c (x", "en", lexicon).text == r"abc \1 \g<0> y"


def test_every_table_is_whole() -> None:
    languages = [path.stem for path in TABLES.glob("*.toml")]
    assert len(languages) == 16
    for language in languages:
        known = table(language)
        assert known is not None
        for name, words in known.currencies.items():
            assert len(words) in {2, 4}, name
        assert spoken_text("2 5,5 7%", language).text


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize(
    "part", ["@", "a.@", "1", "1 ", "1.", "111 ", "(11) 1", "+1 ", "11-", "Dr. ", "$1", " "]
)
def test_no_text_takes_longer_than_its_length_allows(language: str, part: str) -> None:
    """A pattern that tries every way through such a text would not come to its end in this test's time."""
    text = (part * 5_000)[:5_000]
    assert spoken_text(text, language).groups or not text.strip()


@given(
    st.text(st.sampled_from("0123456789.,:-\u2013/%$€£ #½°kmhMr.Dpst\n \u2019'()1년年é"), max_size=40),
    st.sampled_from(["en", "de", "es", "es-MX", "fr", "it", "pt", "nl", "id", "tr", "vi", "zh", "pl"]),
)
def test_whatever_is_written_is_spoken_without_losing_a_word(text: str, language: str) -> None:
    spoken = spoken_text(text, language)
    assert [word for group in spoken.groups for word in group.written] == [
        token.text for token in tokens(text, language)
    ]
    assert "".join(spoken.text.split()) == "".join("".join(group.spoken.split()) for group in spoken.groups)


def test_texts_that_are_read_at_the_same_time_do_not_get_into_each_other() -> None:
    texts = [f"{number * 7_919 % 999_999_937}" for number in range(1_000)]
    alone = [spoken_text(text, "tr").text for text in texts]
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(6) as readers:
            together = list(readers.map(lambda text: spoken_text(text, "tr").text, texts))
    finally:
        sys.setswitchinterval(usual_s)
    assert together == alone
