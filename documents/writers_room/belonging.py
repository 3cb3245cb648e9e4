"""What is either a person's own or a company's: the lists of both, each served by one index."""

from typing import Final

from beanie import PydanticObjectId
from pymongo import ASCENDING, DESCENDING, IndexModel

_NO_COMPANY: Final = PydanticObjectId("0" * 24)


def lists_of_owner_and_company() -> list[IndexModel]:
    """Indexes of a collection whose documents have `owner_id`, `company_id` and `created_at`."""
    by_owner = [("owner_id", ASCENDING), ("company_id", ASCENDING)]
    newest = [("created_at", DESCENDING), ("_id", DESCENDING)]
    return [
        IndexModel([*by_owner, *newest], name="newest_of_owner"),
        # Partial, so that no list of what is nobody's company's is looked for here and then sorted.
        IndexModel(
            [("company_id", ASCENDING)],
            name="of_company",
            partialFilterExpression={"company_id": {"$gt": _NO_COMPANY}},
        ),
    ]
