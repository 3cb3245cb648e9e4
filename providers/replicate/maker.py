"""What the makers of all capabilities share."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from replicate.prediction import Prediction

from providers.errors import ProviderUnavailable
from providers.prices import PriceList
from providers.protocols.offer import Capability, Offer, Usage
from providers.protocols.prediction import Tab
from providers.replicate.files import Fetched
from providers.replicate.options import NAME, ReplicateModel
from providers.replicate.prediction import Predictions
from providers.service import Whose

_SEEDS = 2**31  # models take no greater ones
_RUN = "predict_time"
_LENGTHS = ("video_output_duration_seconds", "audio_output_duration_seconds")
_PIECES = ("image_output_count", "image_count", "video_output_count")


@dataclass(frozen=True, slots=True)
class Workbench:
    """What a maker works with.

    Args:
        predictions: with one key.
        prices: the operator's.
        whose: key it is.
    """

    predictions: Predictions
    prices: PriceList
    whose: Whose

    def offer(
        self,
        capability: Capability,
        models: Sequence[ReplicateModel],
        *,
        takes_references: bool = False,
        takes_masks: bool = False,
    ) -> Offer:
        """What these models offer together."""
        names = tuple(model.plain_name for model in models)
        return Offer(
            capability=capability,
            provider=NAME,
            models=names,
            whose_key=self.whose.value,
            prices=self.prices.of(NAME, names),
            takes_references=takes_references,
            takes_masks=takes_masks,
            facts=tuple(model.facts for model in models),
        )

    async def make(
        self, tab: Tab, model: ReplicateModel, given: Mapping[str, Any], kind: str, max_bytes: int
    ) -> tuple[Fetched, Usage]:
        """A file of a kind (`image`, `audio`, `video`), and what it took.

        Raises:
            ProviderUnavailable, ContentRefused, InvalidRequest: as for `Predictions.made`.
        """
        began = time.perf_counter()

        def taken(prediction: Prediction) -> Usage:
            return self.usage(model, prediction, kind, began)

        fetched, usage = await self.predictions.made(tab, model, given, max_bytes, taken)
        if not fetched.mime_type.startswith(f"{kind}/"):
            await tab.discard()
            error = ProviderUnavailable(
                NAME, f"{model.plain_name} made {fetched.mime_type}, not {kind}.", retryable=False
            )
            error.usage = usage
            raise error
        return fetched, usage

    def usage(self, model: ReplicateModel, prediction: Prediction, kind: str, began: float) -> Usage:
        """What a prediction that is over took; `began` is when it was asked for, by `time.perf_counter`."""
        pieces, seconds = _charged(model, prediction)
        images = pieces if kind == "image" else 0
        price = self.prices.price(NAME, model.plain_name)
        cost_micros = price.micros(calls=min(1, pieces), images=images, seconds=seconds) if price else 0
        return Usage(
            provider=NAME,
            model=model.plain_name,
            duration_ms=round((time.perf_counter() - began) * 1000),
            cost_micros=cost_micros,
            currency="USD" if price is None else price.currency,
            is_priced=price is not None,
            images=images,
            seconds=seconds,
            provider_id=prediction.id,
        )


def seed_for(model: ReplicateModel, seed: int | None) -> int | None:
    """A seed that models take, made from ours; None where the model takes none."""
    return None if seed is None or not model.takes("seed") else seed % _SEEDS


def _charged(model: ReplicateModel, prediction: Prediction) -> tuple[int, float]:
    """How many pieces and seconds Replicate charges for.

    Where a model's metrics say how long its output is, that is what it is charged by; others are by the time
    that they ran. What failed is not charged by its output, so of a model without a version, which is one of
    Replicate's own, it is taken to be free.
    """
    metrics = prediction.metrics or {}
    if prediction.status != "succeeded":
        return 0, 0.0 if model.version is None else _number(metrics, _RUN)
    pieces = int(_number(metrics, *_PIECES)) or 1
    return pieces, _number(metrics, *_LENGTHS) or _number(metrics, _RUN)


def _number(metrics: Mapping[str, Any], *names: str) -> float:
    found = (metrics.get(name) for name in names)
    return next((float(each) for each in found if isinstance(each, int | float)), 0.0)
