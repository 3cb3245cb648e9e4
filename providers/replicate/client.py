"""Replicate with one key: its own client, each call on the line, each failure in our words."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import httpx
from replicate.client import Client
from replicate.file import File
from replicate.prediction import Prediction

from providers.errors import InvalidRequest, ProviderUnavailable
from providers.line import Line
from providers.replicate.options import NAME, ReplicateModel
from providers.replicate.transport import Missing, PlainTransport, unreachable

PUBLIC_URL = "https://api.replicate.com"
_CALL_S = 60.0
_UPLOAD_S = 300.0
_MOST_PAGES = 10  # of 100 predictions


class ReplicateClient:
    """The calls that we make.

    Args:
        token: the key.
        base_url: None for Replicate's own.
        line: every call goes through it.
        timeout_s: the longest that a call may take, where it may not take less anyway.
    """

    def __init__(self, token: str, base_url: str | None, line: Line, *, timeout_s: float) -> None:
        self.base_url = httpx.URL(base_url or PUBLIC_URL)
        self.line = line
        self.token = token
        self.timeout_s = timeout_s
        self._transport = PlainTransport()
        self._client = Client(
            api_token=token,
            base_url=str(self.base_url),
            timeout=httpx.Timeout(_CALL_S),
            transport=self._transport,
        )

    async def create(self, model: ReplicateModel, given: Mapping[str, Any]) -> Prediction:
        """Buy a prediction.

        Raises:
            ProviderUnavailable: it did not answer; it may have begun to work all the same.
            InvalidRequest: the model is unknown, or does not take an input.
        """
        try:
            async with self._call():
                if model.version is None:
                    return await self._client.models.predictions.async_create(model.name, dict(given))
                return await self._client.predictions.async_create(version=model.version, input=dict(given))
        except Missing as error:
            raise InvalidRequest("model", f"Replicate has no {model.name}: {error.why}") from error

    async def prediction(self, prediction_id: str) -> Prediction:
        """How it stands now. Raises Missing if it is not known there."""
        async with self._call():
            return await self._client.predictions.async_get(prediction_id)

    async def newest(self, since: datetime) -> AsyncIterator[Prediction]:
        """Predictions made with this key's account since then, the newest first."""
        stamp = since.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        cursor: str | None = f"/v1/predictions?created_after={stamp}"
        for _ in range(_MOST_PAGES):
            async with self._call():
                page = await self._client.predictions.async_list(cursor)
            for prediction in page.results:
                if _made_at(prediction) < since:
                    return
                yield prediction
            cursor = page.next
            if cursor is None:
                return

    async def cancel(self, prediction_id: str) -> None:
        """Stop it. Raises Missing if it is not known there."""
        async with self._call():
            await self._client.predictions.async_cancel(prediction_id)

    async def upload(self, data: bytes, mime_type: str, name: str) -> str:
        """Lay a file up there, for a day; its address."""
        async with self._call(_UPLOAD_S):
            file = await self._client.files.async_create(BytesIO(data), filename=name, content_type=mime_type)
        return file.urls["get"]

    async def file(self, file_id: str) -> File:
        """What is known of a file that was laid up. Raises Missing."""
        async with self._call():
            return await self._client.files.async_get(file_id)

    async def account(self) -> None:
        """Ask who one is: the cheapest question that needs a key."""
        async with self._call():
            await self._client.accounts.async_current()

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    @asynccontextmanager
    async def _call(self, timeout_s: float = _CALL_S) -> AsyncIterator[None]:
        async with self.line.call(timeout_s=min(timeout_s, self.timeout_s)):
            try:
                yield
            except httpx.HTTPError as error:
                raise unreachable(error) from error
            except (ValueError, KeyError, TypeError) as error:  # no JSON, or not of the published shape
                raise ProviderUnavailable(NAME, "its answer cannot be read.") from error


def _made_at(prediction: Prediction) -> datetime:
    try:
        return datetime.fromisoformat(prediction.created_at or "").astimezone(UTC)
    except ValueError:  # not said in a way that can be read: it may be new
        return datetime.now(UTC)
