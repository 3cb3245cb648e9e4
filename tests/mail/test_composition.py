"""Every mail, in every language: what it says, where it leads, and what people's names cannot make of it."""

from datetime import UTC, datetime

import pytest

from mail.composition import Letter, compose, languages
from mail.template import MailTemplate
from tests.mailbox import html_of, text_of

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LINK = "https://app.example/verify-email#token=fwm_abc"


def letter(
    template: MailTemplate, *, to: str = "ana@example.com", locale: str = "en", **values: str
) -> Letter:
    given = dict.fromkeys(template.values, "Ana") | values
    return Letter(template, to, locale, given, LINK, "65a0")


@pytest.mark.parametrize("locale", sorted(languages()))
@pytest.mark.parametrize("template", MailTemplate)
def test_every_mail_can_be_written_in_every_language(template: MailTemplate, locale: str) -> None:
    message = compose(letter(template, locale=locale), sender="Studio <a@b.example>", at=AT)
    assert "{" not in str(message["Subject"]) + text_of(message)
    assert LINK in text_of(message)
    assert f'href="{LINK}"' in html_of(message)
    assert f'lang="{locale}"' in html_of(message)
    for name in template.values:
        assert "Ana" in text_of(message) + str(message["Subject"]), name


def test_the_head_of_a_mail_is_complete() -> None:
    message = compose(letter(MailTemplate.VERIFY_EMAIL), sender="Studio <a@b.example>", at=AT)
    assert str(message["From"]) == "Studio <a@b.example>"
    assert str(message["To"]) == "ana@example.com"
    assert str(message["Message-ID"]) == "<65a0@b.example>"
    assert str(message["Date"]) == "Sat, 21 Nov 2026 12:00:00 +0000"
    assert str(message["Auto-Submitted"]) == "auto-generated"


@pytest.mark.parametrize(
    ("locale", "greeting"), [("pt-BR", "Olá"), ("PT", "Olá"), ("en-GB", "Hello"), ("tlh", "Hello")]
)
def test_a_language_without_texts_is_answered_in_english(locale: str, greeting: str) -> None:
    message = compose(letter(MailTemplate.VERIFY_EMAIL, locale=locale), sender="a@b.example", at=AT)
    assert text_of(message).startswith(greeting)


def test_names_become_neither_markup_nor_links_nor_headers() -> None:
    company = "Evil\r\nBcc: all@example.com <b>x</b> https://evil.example/login {{ link }}"
    message = compose(letter(MailTemplate.COMPANY_INVITATION, company=company), sender="a@b.example", at=AT)
    assert message["Bcc"] is None
    assert "<b>x</b>" not in html_of(message)
    assert "&lt;b&gt;" in html_of(message)
    assert "{{ link }}" in text_of(message)
    for shown in (text_of(message), html_of(message)):
        assert "https://evil.example" not in shown
        assert "evil.example" not in shown
    assert "\n" not in str(message["Subject"])


def test_a_long_name_is_cut() -> None:
    message = compose(letter(MailTemplate.VERIFY_EMAIL, name="x" * 5_000), sender="a@b.example", at=AT)
    assert len(text_of(message)) < 1_000


def test_an_international_domain_is_written_in_ascii() -> None:
    message = compose(letter(MailTemplate.VERIFY_EMAIL, to="ana@bücher.example"), sender="a@b.example", at=AT)
    assert str(message["To"]) == "ana@xn--bcher-kva.example"
