"""What people spent with the installation's keys, and what is left of that."""

from datetime import datetime

import strawberry

import documents.accounts.user as users
from documents.jobs.personal_spending import WINDOW
from resolvers.accounts import platform_users
from resolvers.context import Context
from resolvers.jobs import personal_spending
from schema.money import Money, money

Info = strawberry.Info[Context, None]
_CURRENCY = "USD"


@strawberry.type(
    description="What a person's jobs bought with the installation's keys, and the limit on that. What own "
    "keys and a company's pay for does not count."
)
class PersonalSpending:
    """Read from `resolvers.jobs.personal_spending.ShownSpending`."""

    @strawberry.field(description="What may be spent within the window; null for no limit.")
    def limit(self, root: strawberry.Parent[personal_spending.ShownSpending]) -> Money | None:
        """The limit."""
        return _money(root.standing.limit_micros)

    @strawberry.field(description="What was spent within the window, all projects and chats together.")
    def spent(self, root: strawberry.Parent[personal_spending.ShownSpending]) -> Money:
        """Spent."""
        return money(root.standing.spent_micros, _CURRENCY)

    @strawberry.field(
        description="What is set aside for jobs that are under way; what they do not need is freed."
    )
    def reserved(self, root: strawberry.Parent[personal_spending.ShownSpending]) -> Money:
        """Set aside."""
        return money(root.standing.reserved_micros, _CURRENCY)

    @strawberry.field(description="What may still be spent now; null for no limit.")
    def left(self, root: strawberry.Parent[personal_spending.ShownSpending]) -> Money | None:
        """Left."""
        return _money(root.standing.left_micros)

    @strawberry.field(description="For how many days a purchase counts.")
    def window_days(self) -> int:
        """The window."""
        return WINDOW.days

    frees_at: datetime | None = strawberry.field(
        description="When the oldest purchase that counts now will count no more; null if none does."
    )


@strawberry.type
class OwnSpendingFields:
    """Part of the type `User`."""

    @strawberry.field(
        graphql_type=PersonalSpending | None,
        description="What this person spent with the installation's keys, and what is left of that. Orders "
        "that cost more than is left are refused with `SPENDING_LIMIT_EXCEEDED`, and jobs fail with it on "
        "their way, before anything is bought; `saveProviderKey` is the way out. Null for anybody but "
        "oneself.",
        metadata={"cost": 5},
    )
    async def spending(
        self, root: strawberry.Parent[users.User], info: Info
    ) -> personal_spending.ShownSpending | None:
        """The viewer's own."""
        return await personal_spending.of_user(info.context, root)


@strawberry.type
class PlatformSpendingFields:
    """Part of the type `PlatformUser`."""

    @strawberry.field(
        graphql_type=PersonalSpending,
        description="What this person spent with the installation's keys, and the limit on that: "
        "`setSpendingLimit` sets another one.",
        metadata={"cost": 5},
    )
    async def spending(
        self, root: strawberry.Parent[platform_users.PlatformUser], info: Info
    ) -> personal_spending.ShownSpending:
        """Anybody's."""
        return await personal_spending.of_anybody(info.context, root.user.id)


def _money(micros: int | None) -> Money | None:
    return None if micros is None else money(micros, _CURRENCY)
