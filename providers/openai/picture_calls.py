"""Pictures from words, and from pictures and words, in the server's own dialect."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from openai import APIStatusError, AsyncOpenAI
from openai.types import ImagesResponse

from providers.errors import ProviderUnavailable
from providers.openai.client import Connection
from providers.openai.dialect import Feature
from providers.openai.meter import Meter
from providers.openai.picture_answer import picture_of
from providers.openai.picture_sizes import any_size, makes_any_size, standard_size
from providers.protocols.picture import MadeImage

MAX_PROMPT_CHARACTERS = 32_000
MAX_PICTURES = 16
FAITHFUL_MODELS = ("gpt-image-1.5",)  # told to keep to faces and features; the newer ones do it unasked
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class PictureWish:
    """What is to be seen, by which model and how large; `sources` are encoded pictures with MIME types."""

    model: str
    prompt: str
    width: int
    height: int
    sources: Sequence[tuple[bytes, str]] = ()
    mask: bytes | None = None


async def made_picture(connection: Connection, wish: PictureWish) -> MadeImage:
    """The picture, and what it took.

    Raises:
        ContentRefused, InvalidRequest, ProviderUnavailable: as the server says.
    """
    meter = connection.meter(wish.model)
    with meter.charging():
        async with connection.call() as client:
            answer = await _answered(connection, client, wish)
            _count(meter, answer)
            picture = await picture_of(answer, connection)
    return MadeImage(
        data=picture.data,
        mime_type=picture.mime_type,
        width=picture.width,
        height=picture.height,
        seed=None,
        usage=meter.usage(),
    )


async def _answered(connection: Connection, client: AsyncOpenAI, wish: PictureWish) -> ImagesResponse:
    make: Callable[..., Awaitable[Any]] = client.images.edit if wish.sources else client.images.generate
    while True:
        body, used = _body(connection, wish)
        try:
            answer = await make(**body)
        except APIStatusError as error:
            if not connection.dialect.learn(wish.model, error, used):
                raise
        else:
            if not isinstance(answer, ImagesResponse):
                raise ProviderUnavailable(connection.provider, "its answer has no picture.")
            return answer


def _body(connection: Connection, wish: PictureWish) -> tuple[dict[str, Any], tuple[Feature, ...]]:
    model = wish.model
    body: dict[str, Any] = {"model": model, "prompt": wish.prompt[:MAX_PROMPT_CHARACTERS], "n": 1}
    used: list[Feature] = []
    lacks = connection.dialect.lacks
    if not lacks(model, Feature.SIZE):
        is_free = makes_any_size(model) and not lacks(model, Feature.ANY_SIZE)
        width, height = (any_size if is_free else standard_size)(wish.width, wish.height)
        body["size"] = f"{width}x{height}"
        used.append(Feature.ANY_SIZE if is_free else Feature.SIZE)
    if "gpt-image" in model:
        body["output_format"] = "png"
        if wish.sources and model.startswith(FAITHFUL_MODELS):
            body["input_fidelity"] = "high"
    elif not lacks(model, Feature.BASE64):
        body["response_format"] = "b64_json"
        used.append(Feature.BASE64)
    if wish.sources:
        body["image"] = [
            (f"picture-{number}.{_ENDINGS.get(mime_type, 'png')}", data, mime_type)
            for number, (data, mime_type) in enumerate(wish.sources[:MAX_PICTURES], 1)
        ]
    if wish.mask is not None:
        body["mask"] = ("mask.png", wish.mask, "image/png")
    return body, tuple(used)


def _count(meter: Meter, answer: ImagesResponse) -> None:
    used = answer.usage
    meter.answered(
        answer._request_id,  # noqa: SLF001 - public, as the client's documentation says
        images=1,
        input_tokens=used.input_tokens if used else 0,
        output_tokens=used.output_tokens if used else 0,
    )
