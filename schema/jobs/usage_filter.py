"""Which records of usage are listed or added up."""

from datetime import datetime
from typing import Annotated

import strawberry

from documents.jobs.job import JobKind
from documents.jobs.usage_list import UsageFilter
from providers.service import Whose
from schema.jobs import providers as _providers  # noqa: F401 - describes whose keys there are


@strawberry.input(
    name="UsageFilter", description="Which purchases are meant; what is left out does not matter."
)
class UsageFilterInput:
    """Unpacked into `documents.jobs.usage_list.UsageFilter`."""

    since: datetime | None = strawberry.field(default=None, description="Not before this time.")
    until: datetime | None = strawberry.field(default=None, description="Before this time.")
    kind: list[JobKind] | None = strawberry.field(
        default=None, description="Bought for work of one of these kinds."
    )
    providers: list[str] | None = strawberry.field(
        default=None, description="Bought from one of these, by `UsageRecord.provider`; at most 50."
    )
    whose_key: list[Whose] | None = strawberry.field(
        default=None, description="Paid with a key of one of these."
    )


Wanted = Annotated[
    UsageFilterInput | None,
    strawberry.argument(name="filter", description="Which purchases; all if not given."),
]


def wanted(given: UsageFilterInput | None) -> UsageFilter:
    """As the resolvers take it."""
    if given is None:
        return UsageFilter()
    return UsageFilter(
        since=given.since,
        until=given.until,
        kinds=None if given.kind is None else [each.value for each in given.kind],
        providers=given.providers,
        whose_keys=None if given.whose_key is None else [each.value for each in given.whose_key],
    )
