"""What the lists of `benchmarks.lists` are made of: a company that has more of everything than any other."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from typing import Any, Final

from beanie import Document, PydanticObjectId

from access.built_in_roles import MEMBER
from documents.accounts.user import User
from documents.companies.car_model import CarModel, naming
from documents.companies.company import Company
from documents.companies.company_asset import AssetKind, CompanyAsset
from documents.name_search import name_prefixes
from documents.projects.project import Project

ASSETS: Final = 500
"""As many as a company may have."""

_BATCH: Final = 2_000
_START: Final = datetime(2026, 1, 1, tzinfo=UTC)
_FIRST_NAMES: Final = ("Ana", "Bela", "Ciro", "Dora", "Eva", "João", "Noé", "Zoë")
_LAST_NAMES: Final = ("Abreu", "Berg", "Costa", "Dias", "Engel", "Faria", "Klein", "Silva")
_TRIMS: Final = ("Active", "Comfort", "Design", "Edition", "Limited", "Sport", "Style", "Variant")
_MODEL_NAMES: Final = ("Golf", "Polo", "Passat", "Tiguan", "Caddy", "Touran", "Arteon", "Jetta")


@dataclass(frozen=True)
class Owner:
    """Whose everything is.

    Args:
        company_id: the company.
        user_id: its administrator, who owns its projects.
    """

    company_id: PydanticObjectId
    user_id: PydanticObjectId


def stored(document: Document, **values: Any) -> dict[str, Any]:
    """A document as MongoDB holds it, with some values of its own."""
    raw: dict[str, Any] = document.model_dump(by_alias=True, exclude={"revision_id"})
    return raw | values


def at(number: int) -> datetime:
    """A time of its own for each number; numbers near each other are far apart in the order of insertion."""
    return _START + timedelta(seconds=number)


def _names(first: Sequence[str], last: Sequence[str], count: int) -> Iterator[str]:
    """So many names, each pair as often as any other, in order: so indexes fill fast."""
    pairs = sorted(product(first, last))
    return (" ".join(pairs[number * len(pairs) // count]) for number in range(count))


def members(owner: Owner, numbers: range) -> Iterator[dict[str, Any]]:
    """Members by number; names repeat, as people's do."""
    plain = User(email="", email_key="", name="x", created_at=_START, updated_at=_START)
    template = stored(plain, company_id=owner.company_id, role_id=MEMBER.id, company_joined_at=_START)
    for number, name in zip(numbers, _names(_FIRST_NAMES, _LAST_NAMES, len(numbers)), strict=True):
        email = f"m{number:07}@example.com"
        named = {"name": name, "name_prefixes": name_prefixes(name)}
        yield template | named | {"_id": PydanticObjectId(), "email": email, "email_key": email}


def projects(owner: Owner, numbers: range) -> Iterator[dict[str, Any]]:
    """Projects of the administrator in the company, by number."""
    template = stored(
        Project(
            title="x",
            owner_id=owner.user_id,
            company_id=owner.company_id,
            created_at=_START,
            updated_at=_START,
        )
    )
    for number in numbers:
        times = {"created_at": at(number), "updated_at": at(number)}
        yield template | times | {"_id": PydanticObjectId(), "title": f"Film {number:07}"}


def car_models(owner: Owner, numbers: range) -> Iterator[dict[str, Any]]:
    """Car models of the company; names repeat, so that pages end among equals."""
    template = stored(
        CarModel(
            company_id=owner.company_id,
            **naming("x"),
            created_by=owner.user_id,
            created_at=_START,
            updated_at=_START,
        )
    )
    for name in _names(_MODEL_NAMES, _TRIMS, len(numbers)):
        yield template | naming(name) | {"_id": PydanticObjectId()}


def asset(owner: Owner, number: int) -> dict[str, Any]:
    """A brand asset by number."""
    made = CompanyAsset(
        kind=AssetKind.OTHER,
        name=f"Asset {number}",
        created_by=owner.user_id,
        created_at=at(number),
        updated_at=at(number),
    )
    return made.model_dump(by_alias=True)


def companies(owner: Owner, numbers: range) -> Iterator[dict[str, Any]]:
    """Other companies by number, each with an asset of its own."""
    plain = Company(name="Other", created_by=owner.user_id, created_at=_START, updated_at=_START)
    template = stored(plain) | {"assets": [asset(owner, 0)]}
    for _ in numbers:
        yield template | {"_id": PydanticObjectId()}


_FILLINGS: Final = ((User, members), (Project, projects), (CarModel, car_models), (Company, companies))


async def fill(owner: Owner, before: int, size: int) -> None:
    """Bring every collection from one size to the next."""
    for model, make in _FILLINGS:
        begun = time.perf_counter()
        rows = make(owner, range(before, size))
        while batch := list(islice(rows, _BATCH)):
            await model.get_pymongo_collection().insert_many(batch, ordered=False)
        print(
            f"  {size - before:,} into {model.get_settings().name}: {time.perf_counter() - begun:.0f} s",
            flush=True,
        )
