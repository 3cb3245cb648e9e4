"""Predictions that were bought by somebody who died before keeping the ticket.

A prediction is not marked as ours at Replicate: there is no field for that. It is recognised by its model,
its input and its time. Two orders with the same model and input at the same time cannot be told apart, and
need not be, except that each output shall serve one of them; within one process that is seen to.
"""

from collections.abc import Container, Mapping
from datetime import datetime, timedelta
from typing import Any

from replicate.prediction import Prediction

from providers.errors import ProviderUnavailable
from providers.replicate.client import ReplicateClient
from providers.replicate.files import Downloads, Expired, InputFile, is_address
from providers.replicate.options import ReplicateModel

_CLOCKS_APART = timedelta(seconds=60)  # theirs and ours, at most
_ADOPTABLE = frozenset({"starting", "processing", "succeeded"})


class Orphans:
    """Looks for them among the newest predictions.

    Args:
        client: with the key that they were bought with.
        downloads: fetches inputs that have to be compared.
    """

    def __init__(self, client: ReplicateClient, downloads: Downloads) -> None:
        self._client = client
        self._downloads = downloads

    async def found(
        self, since: datetime, model: ReplicateModel, given: Mapping[str, Any], *, kept: Container[str]
    ) -> Prediction | None:
        """One of this model and input, made since then and kept by nobody.

        Raises:
            ProviderUnavailable: the predictions cannot be listed now.
        """
        async for prediction in self._client.newest(since - _CLOCKS_APART):
            if (
                prediction.id not in kept
                and prediction.status in _ADOPTABLE
                and _is_of(prediction, model)
                and await self._has_input(prediction, given)
            ):
                return prediction
        return None

    async def _has_input(self, prediction: Prediction, given: Mapping[str, Any]) -> bool:
        told = prediction.input or {}
        # What is cheap to compare comes first: files may have to be fetched.
        for name in sorted(given, key=lambda name: isinstance(given[name], InputFile | list)):
            if name not in told or not await self._is_same(given[name], told[name]):
                return False
        return True

    async def _is_same(self, ours: Any, theirs: Any) -> bool:
        if isinstance(ours, InputFile):
            return is_address(theirs) and await self._is_same_file(ours, theirs)
        if isinstance(ours, list):
            if not isinstance(theirs, list) or len(ours) != len(theirs):
                return False
            return all([await self._is_same(one, other) for one, other in zip(ours, theirs, strict=True)])
        return bool(ours == theirs)

    async def _is_same_file(self, ours: InputFile, address: str) -> bool:
        """By its bytes where these are told or can be fetched, by its hash where it was laid up."""
        if address.startswith("data:"):
            return address == ours.data_url
        _, is_laid_up, file_id = address.rpartition("/v1/files/")
        try:
            if is_laid_up:
                told = (await self._client.file(file_id)).checksums.get("sha256")
                return told == ours.sha256
            return (await self._downloads.fetch(address, len(ours.data))).data == ours.data
        except Expired:
            return False
        except ProviderUnavailable as error:
            if error.retryable:  # not known now: who asks again finds out, and buys nothing in between
                raise
            return False


def _is_of(prediction: Prediction, model: ReplicateModel) -> bool:
    if model.version is not None:
        return bool(prediction.version == model.version)
    return bool(prediction.model == model.name)
