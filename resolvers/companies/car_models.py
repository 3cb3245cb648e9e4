"""The car catalogue: listed, searched, looked at."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import orjson
from beanie import PydanticObjectId

from access.errors import NotFound
from access.permissions import Permission
from documents.companies import car_model_list, car_models
from documents.companies.car_model import CarMedia, CarModel, CarVariant
from documents.companies.car_model_list import ModelSpot
from documents.companies.company import Company
from documents.name_search import name_key
from resolvers.companies.company_changes import own_company
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.projects.project_list import Paging

_MODEL, _VARIANT, _MEDIA = CarModel.__name__, CarVariant.__name__, CarMedia.__name__
_PAGE_SIZE: Final = 20
_LONGEST_CURSOR: Final = 20_000  # characters; a name of 200 may have a much longer key
_LONGEST_SEARCH: Final = 200


@dataclass(frozen=True, slots=True)
class CarModelPage:
    """Models of a company in order of their names."""

    company_id: PydanticObjectId
    models: Sequence[CarModel]
    has_next: bool
    has_previous: bool

    @staticmethod
    def cursor(model: CarModel) -> str:
        """Where a model stands, for `after` and `before`."""
        return base64.urlsafe_b64encode(orjson.dumps([model.name_key, str(model.id)])).decode()


def _read_cursor(cursor: str | None, field: str) -> ModelSpot | None:
    if cursor is None:
        return None
    malformed = BadUserInput(field, "This is no cursor of this list. Send one as the API returned it.")
    if len(cursor) > _LONGEST_CURSOR:
        raise malformed
    try:
        key, model_id = orjson.loads(base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True))
        spot = ModelSpot(key, PydanticObjectId(model_id))
    except (ValueError, TypeError) as error:  # bson's and base64's own among them
        raise malformed from error
    if not isinstance(key, str):
        raise malformed
    return spot


async def listed(
    context: Context,
    company_id: PydanticObjectId,
    *,
    search: str | None,
    paging: Paging,
    with_media: bool,
) -> CarModelPage:
    """A page of a company's catalogue, of all models or of those that a search finds.

    Raises:
        NotFound, Forbidden: the viewer may not see the company.
        BadUserInput: sizes, cursors or the search make no sense.
    """
    context.companies.check(company_id, Permission.COMPANY_VIEW)
    paging.check()
    if len(search or "") > _LONGEST_SEARCH:
        raise BadUserInput("search", f"At most {_LONGEST_SEARCH} characters.")
    if search and search.strip() and not name_key(search):
        return CarModelPage(company_id, [], has_next=False, has_previous=False)
    from_end = paging.last is not None
    size = paging.last if from_end else paging.first
    found, has_more = await car_model_list.page(
        company_id,
        search=search or "",
        size=_PAGE_SIZE if size is None else size,
        after=_read_cursor(paging.after, "after"),
        before=_read_cursor(paging.before, "before"),
        from_end=from_end,
        with_media=with_media,
    )
    return CarModelPage(
        company_id,
        found,
        has_next=paging.before is not None if from_end else has_more,
        has_previous=has_more if from_end else paging.after is not None,
    )


async def total(context: Context, company_id: PydanticObjectId) -> int:
    """How many models the catalogue has."""
    company: Company = await context.companies.load(company_id, Permission.COMPANY_VIEW)
    return company.car_model_count


async def visible_model(context: Context, model_id: PydanticObjectId) -> CarModel | None:
    """A model of the viewer's company; None if there is none to see."""
    try:
        company_id = own_company(context, Permission.COMPANY_VIEW, _MODEL)
    except NotFound:
        return None
    return await car_models.with_model(company_id, model_id)


async def visible_variant(context: Context, variant_id: PydanticObjectId) -> CarVariant | None:
    """A variant of the viewer's company; None if there is none to see."""
    try:
        company_id = own_company(context, Permission.COMPANY_VIEW, _VARIANT)
    except NotFound:
        return None
    return await car_models.with_variant(company_id, variant_id)


async def visible_media(context: Context, media_id: PydanticObjectId) -> CarMedia | None:
    """A file of the catalogue of the viewer's company; None if there is none to see."""
    try:
        company_id = own_company(context, Permission.COMPANY_VIEW, _MEDIA)
    except NotFound:
        return None
    return (await car_models.with_media(company_id, [media_id])).get(media_id)
