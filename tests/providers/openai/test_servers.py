"""What differs between servers that speak one interface."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from providers.errors import ContentRefused, InvalidRequest, KeyRefused, ProviderBusy, ProviderUnavailable
from providers.openai.compatible import COMPATIBLE
from providers.openai.models import TEXT, TEXT_MODEL, chosen_models
from providers.openai.options import OpenAiOptions
from providers.patience import asked_wait_s
from providers.protocols.offer import Capability
from providers.protocols.persona import Persona
from providers.protocols.prediction import Unwritten
from providers.protocols.script import ScriptBrief
from providers.service import Account, Whose
from tests.providers.openai.conftest import Maker, Makers
from tests.providers.openai.picture_request import picture_request
from tests.stand_ins.openai import OpenAiStandIn
from tests.stand_ins.openai_refusals import Lack, error_body
from tests.stand_ins.server import Fault
from tests.stand_ins.told_sheet import told_sheet

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FREE = Persona(name="A", instructions="You are A.", temperature=0.3, top_k=40)


def brief(**told: Any) -> ScriptBrief:
    usual: dict[str, Any] = {"topic": "Tides", "text": None, "language": "en", "target_duration_s": 20.0}
    return ScriptBrief(**usual | told)


@pytest.mark.parametrize(
    ("lacks", "formats"),
    [
        ((), ["json_schema"]),
        ((Lack.JSON_SCHEMA,), ["json_schema", "json_object"]),
        ((Lack.JSON_SCHEMA, Lack.JSON_OBJECT), ["json_schema", "json_object", "text"]),
    ],
    ids=["schema", "object", "neither"],
)
async def test_a_server_without_schemas_is_told_the_schema_in_words(
    makers: Makers, stand_in: OpenAiStandIn, lacks: tuple[Lack, ...], formats: list[str]
) -> None:
    writer = makers.compatible(Capability.SCRIPT, *lacks)
    made = await writer.write(brief())
    assert made.scenes
    used = [call.json().get("response_format", {"type": "text"})["type"] for call in stand_in.calls]
    assert used == formats
    assert len(stand_in.paid) == 1, "refusals for not knowing something are not paid"
    await writer.write(brief())
    assert len(stand_in.calls) == len(formats) + 1, "what was learnt is remembered"
    if lacks:
        assert '"narration"' in stand_in.calls[-1].json()["messages"][0]["content"]


async def test_a_server_that_takes_schemas_and_does_not_look_is_told_in_words(
    maker: Maker, stand_in: OpenAiStandIn
) -> None:
    stand_in.tell("/chat", Fault(told="prose"))
    assert (await maker(Capability.SCRIPT).write(brief())).scenes
    first, second = (call.json()["messages"] for call in stand_in.calls)
    assert '"narration"' not in first[0]["content"]
    assert '"narration"' in second[0]["content"]
    assert told_sheet(second[1]["content"]).material["your last answer"] == "Here is what I think about it."


async def test_thoughts_said_aloud_are_not_the_answer(maker: Maker, stand_in: OpenAiStandIn) -> None:
    stand_in.tell("/chat", Fault(told="think"))
    assert (await maker(Capability.SCRIPT).write(brief())).scenes
    assert len(stand_in.calls) == 1


async def test_an_error_that_calls_itself_an_answer_is_none(maker: Maker, stand_in: OpenAiStandIn) -> None:
    body = b'{"error": {"message": "Upstream is overloaded.", "code": 502}}'
    stand_in.tell("/chat", Fault(change=lambda _: body))
    with pytest.raises(ProviderUnavailable, match=r"Upstream is overloaded\."):
        await maker(Capability.SCRIPT).write(brief())
    assert len(stand_in.calls) == 1


@pytest.mark.parametrize(
    "body",
    [
        b'{"object": "error", "message": "response_format is not supported", "code": 400}',
        b'{"detail": [{"loc": ["body", "response_format"], "msg": "Extra inputs are not permitted"}]}',
        b'[{"error": {"message": "Unknown name \\"additionalProperties\\" at generation_config"}}]',
        b'{"error": "json_schema is not supported"}',
        b"This model does not support structured outputs.",
    ],
)
async def test_whatever_way_it_is_said_a_lack_is_understood(
    maker: Maker, stand_in: OpenAiStandIn, body: bytes
) -> None:
    stand_in.tell("/chat", Fault(status=400, body=body))
    assert (await maker(Capability.SCRIPT).write(brief())).scenes
    assert [call.json()["response_format"]["type"] for call in stand_in.calls] == [
        "json_schema",
        "json_object",
    ]


async def test_freedom_that_a_model_does_not_take_is_left_out(
    makers: Makers, stand_in: OpenAiStandIn
) -> None:
    writer = makers.compatible(Capability.SCRIPT, Lack.TEMPERATURE)
    await writer.write(brief(persona=FREE))
    first, second = (call.json() for call in stand_in.calls)
    assert first["temperature"] == 0.3
    assert "temperature" not in second
    assert second["top_k"] == 40


async def test_openai_is_not_told_what_it_does_not_know(maker: Maker, stand_in: OpenAiStandIn) -> None:
    await maker(Capability.SCRIPT).write(brief(persona=FREE))
    assert "top_k" not in stand_in.calls[0].json()


@pytest.mark.parametrize("lack", [Lack.MAX_TOKENS, Lack.MAX_COMPLETION_TOKENS])
async def test_a_length_is_told_by_the_name_that_is_known(
    makers: Makers, stand_in: OpenAiStandIn, lack: Lack
) -> None:
    writer = makers.compatible(Capability.SCRIPT, lack)
    stand_in.tell("/chat", Fault(told="cut"))
    assert (await writer.write(brief())).scenes
    known = ({"max_tokens", "max_completion_tokens"} - {str(lack)}).pop()
    assert stand_in.calls[-1].json()[known] == 16_000


async def test_a_server_of_usual_sizes_gets_one(makers: Makers, stand_in: OpenAiStandIn) -> None:
    drawer = makers.compatible(Capability.IMAGE, Lack.ANY_SIZE)
    made = await drawer.make(picture_request(), Unwritten())
    assert (made.width, made.height) == (1024, 1536)
    assert [call.json()["size"] for call in stand_in.calls] == ["768x1344", "1024x1536"]


@pytest.mark.parametrize("said", ["Argument not supported: size", 'Unknown name "size" at parameters'])
async def test_a_server_that_knows_no_sizes_gets_none(
    makers: Makers, stand_in: OpenAiStandIn, said: str
) -> None:
    drawer = makers.compatible(Capability.IMAGE)
    stand_in.tell("/images", *[Fault(status=400, body=error_body(said))] * 2)
    made = await drawer.make(picture_request(), Unwritten())
    assert (made.width, made.height) == (1024, 1024)
    assert ["size" in call.json() for call in stand_in.calls] == [True, True, False]


async def test_a_file_that_is_too_large_says_nothing_of_sizes(
    makers: Makers, stand_in: OpenAiStandIn
) -> None:
    drawer = makers.compatible(Capability.IMAGE)
    stand_in.tell("/images", Fault(status=400, body=error_body("The file size is over the limit.")))
    with pytest.raises(InvalidRequest):
        await drawer.make(picture_request(), Unwritten())


async def test_a_server_without_keys_needs_none(makers: Makers) -> None:
    service = makers.service(
        name="ollama", api_key=None, needs_key=False, takes_keys=False, models={Capability.CHAT: "llama3"}
    )
    assert not service.takes_keys
    assert service.refusals(None) == ()
    writer: Any = service.makers(None)[Capability.SCRIPT]
    made = await writer.write(brief())
    assert writer.offer.is_free
    assert (made.usage.cost_micros, made.usage.is_priced) == (0, True)


async def test_a_server_without_a_list_of_models_takes_the_key(
    makers: Makers, stand_in: OpenAiStandIn
) -> None:
    stand_in.lacks = frozenset({Lack.MODELS})
    await makers.service().check("sk-any")


def test_openai_offers_all_of_its_own() -> None:
    models = chosen_models(OpenAiOptions())
    assert set(models) == TEXT | {
        Capability.IMAGE,
        Capability.IMAGE_EDIT,
        Capability.SPEECH,
        Capability.TRANSCRIPTION,
    }
    assert models[Capability.SCRIPT] == TEXT_MODEL


def test_a_named_model_serves_what_is_not_named() -> None:
    models = chosen_models(
        OpenAiOptions(models={Capability.CHAT: "a", Capability.PLAN: "b", Capability.IMAGE: "gpt-image-1.5"})
    )
    assert (models[Capability.SCRIPT], models[Capability.CHAT], models[Capability.PLAN]) == ("a", "a", "b")
    assert models[Capability.IMAGE_EDIT] == "gpt-image-1.5"


def test_another_server_offers_what_is_named_alone() -> None:
    named = OpenAiOptions(name="localai", models={Capability.IMAGE: "sd"})
    assert chosen_models(named) == {Capability.IMAGE: "sd"}
    text = OpenAiOptions(name="groq", models={Capability.SCRIPT: "a", Capability.CHAT: "b"})
    assert chosen_models(text) == dict.fromkeys(TEXT, "a") | {Capability.CHAT: "b"}


@pytest.mark.parametrize("name", sorted(COMPATIBLE))
def test_known_servers_have_addresses_without_a_slash_at_the_end(name: str) -> None:
    server = COMPATIBLE[name]
    address = urlsplit(server.base_url)
    assert address.scheme == ("https" if server.needs_key else "http")
    assert not server.base_url.endswith("/")


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, None),
        ({"retry-after": "12"}, 12),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Sat, 21 Nov 2026 12:01:00 GMT"}, 60),
        ({"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT"}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "999999"}, 3_600),
        ({"x-ratelimit-reset-requests": "1m30s", "x-ratelimit-reset-tokens": "120ms"}, 90),
        (
            {
                "x-ratelimit-remaining-requests": "5",
                "x-ratelimit-reset-requests": "1h",
                "x-ratelimit-remaining-tokens": "0",
                "x-ratelimit-reset-tokens": "7.66s",
            },
            7.66,
        ),
        ({"x-ratelimit-reset": str(int(NOW.timestamp() * 1000) + 5_000)}, 5),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 5)}, 5),
        ({"x-ratelimit-reset": "5"}, 5),
        ({"x-ratelimit-reset-requests": "1x"}, None),
    ],
)
def test_the_wait_is_read_as_servers_write_it(headers: dict[str, str], wait_s: float | None) -> None:
    assert asked_wait_s(headers, now=NOW) == (None if wait_s is None else pytest.approx(wait_s, abs=0.01))


@pytest.mark.parametrize(
    ("status", "body", "error", "says"),
    [
        (429, error_body("You exceeded your quota.", code="insufficient_quota"), KeyRefused, "credit"),
        (402, b'{"error": {"message": "Insufficient credits"}}', KeyRefused, "credit"),
        (403, error_body("Country not supported."), KeyRefused, "Country"),
        (429, error_body("Slow down."), ProviderBusy, "Slow down"),
        (400, error_body("No.", code="content_policy_violation"), ContentRefused, "No."),
        (
            400,
            error_body("Too long.", code="context_length_exceeded", param="messages"),
            InvalidRequest,
            "Shorten",
        ),
        (413, b"<html>Too large</html>", InvalidRequest, "Shorten"),
        (400, b'[{"error": {"message": "API key not valid. Please pass one."}}]', KeyRefused, "not valid"),
        (400, error_body("Failed.", code="json_validate_failed"), ProviderUnavailable, "Failed"),
        (408, b"", ProviderUnavailable, "408"),
        (409, b"", ProviderUnavailable, "409"),
        (529, b"overloaded", ProviderUnavailable, "529"),
    ],
)
async def test_refusals_mean_what_they_say(
    maker: Maker, stand_in: OpenAiStandIn, *, status: int, body: bytes, error: type[Exception], says: str
) -> None:
    stand_in.tell("/chat", Fault(status=status, body=body))
    with pytest.raises(error, match=says):
        await maker(Capability.SCRIPT).write(brief())


async def test_whose_account_it_is_stays_between_us(maker: Maker, stand_in: OpenAiStandIn) -> None:
    said = (
        "Rate limit reached for organization org-AbCd1234EfGh, project proj_99887766 (key sk-proj-****wxyz)."
    )
    stand_in.tell("/chat", Fault(status=429, body=error_body(said)))
    with pytest.raises(ProviderBusy) as caught:
        await maker(Capability.SCRIPT).write(brief())
    told = "Rate limit reached for organization [withheld], project [withheld] (key [withheld])."
    assert told in str(caught.value)


@pytest.mark.parametrize("whose", [Whose.USER, Whose.COMPANY])
async def test_whoever_brought_the_key_is_told(makers: Makers, stand_in: OpenAiStandIn, whose: Whose) -> None:
    stand_in.refused_keys.add("sk-stale")
    writer: Any = makers.service().makers(Account("sk-stale", whose))[Capability.SCRIPT]
    with pytest.raises(KeyRefused, match=r"your own key|your company's key"):
        await writer.write(brief())
    assert writer.offer.whose_key == whose


async def test_a_server_that_is_not_there_is_unavailable(makers: Makers) -> None:
    service = makers.service(base_url="http://127.0.0.1:9/v1")
    writer: Any = service.makers(None)[Capability.SCRIPT]
    with pytest.raises(ProviderUnavailable, match="no connection"):
        await writer.write(brief())
    with pytest.raises(ProviderUnavailable):
        await service.check("sk-any")
