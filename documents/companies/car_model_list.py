"""Pages of a company's car catalogue by name: a walk of one index, however many models there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from beanie import PydanticObjectId

from documents.companies.car_model import CarModel
from documents.name_search import name_filter


@dataclass(frozen=True, slots=True)
class ModelSpot:
    """Where a model stands in the list."""

    name_key: str
    id: PydanticObjectId


async def page(
    company_id: PydanticObjectId,
    *,
    search: str = "",
    size: int,
    after: ModelSpot | None = None,
    before: ModelSpot | None = None,
    from_end: bool = False,
    with_media: bool = False,
) -> tuple[Sequence[CarModel], bool]:
    """Models in order of their names, and whether there are more in the direction of reading.

    Args:
        company_id: whose.
        search: each of its words begins a word of the name; without a word, all models are found.
        size: how many at the most.
        after: only those that stand behind this spot.
        before: only those that stand in front of this spot.
        from_end: read the last ones instead of the first.
        with_media: load the variants' media too; else variants come with none.
    """
    query: dict[str, Any] = {"company_id": company_id, **name_filter(search)}
    bounds = []
    for spot, beyond, reach in ((after, "$gt", "$gte"), (before, "$lt", "$lte")):
        if spot is not None:
            ties = [
                {"name_key": {beyond: spot.name_key}},
                {"name_key": spot.name_key, "_id": {beyond: spot.id}},
            ]
            bounds.append({"name_key": {reach: spot.name_key}, "$or": ties})
    if bounds:
        query["$and"] = bounds
    direction = -1 if from_end else 1
    left_out = {"name_prefixes": 0} if with_media else {"name_prefixes": 0, "variants.media": 0}
    cursor = CarModel.get_pymongo_collection().find(query, left_out)
    raw = await cursor.sort([("name_key", direction), ("_id", direction)]).limit(size + 1).to_list()
    models = [CarModel.model_validate(document) for document in raw[:size]]
    if from_end:
        models.reverse()
    return models, len(raw) > size
