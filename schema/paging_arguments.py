"""Relay's four arguments of the lists that page by `resolvers.projects.project_list.Paging`, said once."""

from typing import Annotated

import strawberry

PageFirst = Annotated[
    int | None, strawberry.argument(description="How many from the start, 0 to 100; 20 if unsaid.")
]
PageAfter = Annotated[str | None, strawberry.argument(description="A cursor: only those behind it.")]
PageLast = Annotated[
    int | None, strawberry.argument(description="How many from the end, 0 to 100; not with `first`.")
]
PageBefore = Annotated[str | None, strawberry.argument(description="A cursor: only those in front of it.")]
