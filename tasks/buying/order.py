"""What is bought: from whom, out of what, and for how much."""

import hashlib
from dataclasses import dataclass
from typing import Any, cast

import orjson
from beanie import PydanticObjectId

from documents.projects.project import Project
from providers.prices import price_of
from providers.protocols.offer import Offer

_DIGITS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One thing to buy.

    Args:
        name: tells the kinds of purchases of one job apart: lower-case letters and `_`. A job waits for one
            of a name at a time: what an earlier try has ordered from other inputs is called off.
        inputs: all that the answer follows from, as a rule the provider's request: texts, numbers, bytes,
            and dataclasses and tuples of them.
        offer: of the maker that is asked.
        model: that is asked for; None for the maker's default.
        amounts: what will be charged for, as `Price.micros` takes it, such as `images=1`.
        project: that pays; None for what is in no project.
        company_id: whose keys may pay, for what is in no project; None for nobody's.
    """

    name: str
    inputs: object
    offer: Offer
    model: str | None
    amounts: dict[str, float]
    project: Project | None
    company_id: PydanticObjectId | None = None

    def entry(self) -> str:
        """Name of the purchase in the job's checkpoint: an answer is found again by the inputs that made it.

        Inputs may hold whole files, and hashing those takes a while.
        """
        made_from = (self.offer.provider, self.asked_model, self.inputs)
        told = orjson.dumps(made_from, default=_digest, option=orjson.OPT_SORT_KEYS)
        return f"{self.name}_{hashlib.sha256(told).hexdigest()[:_DIGITS]}"

    def is_of_this_name(self, entry: str) -> bool:
        """Whether a purchase is of this name, whatever it was made from."""
        return entry.rpartition("_")[0] == self.name

    @property
    def asked_model(self) -> str:
        """The model that is asked; empty where the maker names none."""
        return self.model or next(iter(self.offer.models), "")

    @property
    def expected_micros(self) -> int | None:
        """What it should cost; None where no price is known."""
        return expected_micros(self.offer, self.model, self.amounts)


def _digest(value: object) -> str:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"{type(value).__name__} is no input")


def expected_micros(offer: Offer, model: str | None, amounts: dict[str, float]) -> int | None:
    """What a call to a provider should cost; None where no price is known."""
    if offer.is_free:
        return 0
    price = price_of(offer.prices, model or next(iter(offer.models), ""))
    return None if price is None else price.micros(**cast("dict[str, Any]", amounts))


def beyond_installation(offer: Offer, model: str | None) -> str | None:
    """Why a model may not be used with the installation's key; None if it may.

    Its operator pays for what is set up or has a price, and not for whatever model somebody names.
    """
    is_known = model is None or model in offer.models or price_of(offer.prices, model) is not None
    if offer.is_free or offer.whose_key != "INSTALLATION" or is_known:
        return None
    return (
        f"{model} is neither set up nor priced here for the installation's key at {offer.provider}: choose "
        f"{' or '.join(offer.models) or 'no model'}, or save a key of your own with saveProviderKey."
    )
