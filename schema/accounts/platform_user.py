"""Accounts, as those see them who run the platform."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import relay

import documents.companies.company as stored_company
import documents.companies.role as stored_role
from access.permissions import Permission
from resolvers.accounts import platform_users, spending_limits
from resolvers.accounts.platform_users import PlatformUserPage
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.projects.project_list import Paging
from schema.accounts.spending import PlatformSpendingFields
from schema.companies.role import Role
from schema.connection import connection_of
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.newest_first import After, Before, First, Last
from schema.scalars import BigInt

Info = strawberry.Info[Context, None]


@strawberry.type(description="An account, as those see it who run the platform.")
class PlatformUser(PlatformSpendingFields, relay.Node):
    """Over `resolvers.accounts.platform_users.PlatformUser`."""

    id: relay.NodeID[str]

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[platform_users.PlatformUser]) -> str:
        """Kind and the user's key."""
        return document_gid("PlatformUser", root.user.id)

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the user, as other types name it.")
    def user_id(self, root: strawberry.Parent[platform_users.PlatformUser]) -> str:
        """Global id of the user."""
        return document_gid("User", root.user.id)

    @strawberry.field(description="E-mail address, as its owner typed it.")
    def email(self, root: strawberry.Parent[platform_users.PlatformUser]) -> str:
        """The address."""
        return root.user.email

    @strawberry.field(description="Name that others see, 1 to 200 characters.")
    def name(self, root: strawberry.Parent[platform_users.PlatformUser]) -> str:
        """The name."""
        return root.user.name

    @strawberry.field(description="When its owner was proved to read mail at the address; null for not yet.")
    def email_verified_at(self, root: strawberry.Parent[platform_users.PlatformUser]) -> datetime | None:
        """When the address was verified."""
        return root.user.email_verified_at

    @strawberry.field(description="Whether the account is shut out.")
    def is_suspended(self, root: strawberry.Parent[platform_users.PlatformUser]) -> bool:
        """Whether it is shut out."""
        return root.user.is_suspended

    @strawberry.field(
        description="When its owner deleted it, for 30 days after that; null if it is not deleted."
    )
    def deleted_at(self, root: strawberry.Parent[platform_users.PlatformUser]) -> datetime | None:
        """When it was deleted."""
        return root.user.deleted_at

    @strawberry.field(description="When the account was made.")
    def created_at(self, root: strawberry.Parent[platform_users.PlatformUser]) -> datetime:
        """When it was made."""
        return root.user.created_at

    @strawberry.field(graphql_type=Role | None, description="Its only role; null where that was deleted.")
    def role(self, root: strawberry.Parent[platform_users.PlatformUser]) -> stored_role.Role | None:
        """Its role."""
        return root.role

    @strawberry.field(
        graphql_type=strawberry.ID | None, description="Id of its company; null outside of companies."
    )
    def company_id(self, root: strawberry.Parent[platform_users.PlatformUser]) -> str | None:
        """Global id of the company."""
        company: stored_company.Company | None = root.company
        return None if company is None else document_gid("Company", company.id)

    @strawberry.field(description="Name of its company; null outside of companies.")
    def company_name(self, root: strawberry.Parent[platform_users.PlatformUser]) -> str | None:
        """The company's name."""
        return None if root.company is None else root.company.name

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Accounts are shown as they are."""
        return isinstance(obj, platform_users.PlatformUser)


PlatformUserConnection = connection_of(
    PlatformUser, "A page of all accounts.", one="account", place=lambda each: each.cursor
)


@strawberry.input(description="Which accounts to list; what is left out does not matter.")
class PlatformUserFilter:
    """Unpacked by `PlatformUserQueries.users`."""

    search: str | None = strawberry.field(
        default=None, description="What the e-mail address begins with, letter case aside."
    )
    is_suspended: bool | None = strawberry.field(
        default=None, description="Only those that are shut out, or only those that are not."
    )
    company_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only members of this company."
    )


@strawberry.input(description="Somebody to shut out.")
class SuspendUserInput:
    """Unpacked by `PlatformUserMutations.suspend_user`."""

    user_id: strawberry.ID = strawberry.field(description="Id of the user.")
    reason: str = strawberry.field(
        default="", description="Why, for the audit trail; one line, at most 500 characters."
    )


@strawberry.input(description="Somebody to let in again.")
class AdmitUserInput:
    """Unpacked by `PlatformUserMutations.admit_user`."""

    user_id: strawberry.ID = strawberry.field(description="Id of the user.")


@strawberry.input(description="Who runs the platform.")
class SetOperatorInput:
    """Unpacked by `PlatformUserMutations.set_operator`."""

    user_id: strawberry.ID = strawberry.field(description="Id of the user.")
    is_operator: bool = strawberry.field(
        description="True for the role `SUPERADMIN`, false for the role `USER`."
    )


@strawberry.input(description="What a person may spend with the installation's keys.")
class SetSpendingLimitInput:
    """Unpacked by `PlatformUserMutations.set_spending_limit`."""

    user_id: strawberry.ID = strawberry.field(description="Id of the user.")
    limit_micros: BigInt | None = strawberry.field(
        description="The most within 30 days, in millionths of a dollar: 2,500,000 are 2.50 USD, 0 is "
        "nothing. Null for the installation's usual limit."
    )


@strawberry.type(description="What came of setting a person's limit.")
class SetSpendingLimitPayload(Payload):
    """Over `Outcome[PlatformUser]`."""

    user = result_field(PlatformUser, "The account as it is now; null if it was refused.")


@strawberry.type(description="What came of shutting somebody out.")
class SuspendUserPayload(Payload):
    """Over `Outcome[PlatformUser]`."""

    user = result_field(PlatformUser, "The account as it is now; null if it was refused.")


@strawberry.type(description="What came of letting somebody in again.")
class AdmitUserPayload(Payload):
    """Over `Outcome[PlatformUser]`."""

    user = result_field(PlatformUser, "The account as it is now; null if it was refused.")


@strawberry.type(description="What came of changing who runs the platform.")
class SetOperatorPayload(Payload):
    """Over `Outcome[PlatformUser]`."""

    user = result_field(PlatformUser, "The account as it is now; null if it was refused.")


@strawberry.type
class PlatformUserQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=PlatformUserConnection,
        description="All accounts of the installation, in order of their addresses; 20 at a time where no "
        "size is named.",
        metadata=needs(Permission.PLATFORM_USERS_VIEW),
    )
    async def users(
        self,
        filter: Annotated[
            PlatformUserFilter | None, strawberry.argument(description="Which accounts; null for all.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> PlatformUserPage:
        """A page of accounts."""
        wanted = filter or PlatformUserFilter()
        company_id = wanted.company_id
        return await platform_users.listed(
            search=wanted.search,
            is_suspended=wanted.is_suspended,
            company_id=None if company_id is None else document_id(company_id, "Company", "filter.companyId"),
            paging=Paging(first, after, last, before),
        )


@strawberry.type
class PlatformUserMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=SuspendUserPayload,
        description="Shut somebody out, at once: sessions end, API keys are refused, open connections are "
        "closed. Nothing is deleted. `INVALID`: oneself.",
        metadata=needs(Permission.PLATFORM_USERS_MANAGE),
    )
    async def suspend_user(self, info: Info, input: SuspendUserInput) -> Outcome[platform_users.PlatformUser]:
        """Shut somebody out."""
        user_id = document_id(input.user_id, "User", "input.userId")
        return await platform_users.suspend(info.context, user_id, reason=input.reason)

    @strawberry.mutation(
        graphql_type=AdmitUserPayload,
        description="Let somebody in again who was shut out. Sessions that were ended stay so.",
        metadata=needs(Permission.PLATFORM_USERS_MANAGE),
    )
    async def admit_user(self, info: Info, input: AdmitUserInput) -> Outcome[platform_users.PlatformUser]:
        """Let somebody in."""
        user_id = document_id(input.user_id, "User", "input.userId")
        return await platform_users.admit(info.context, user_id)

    @strawberry.mutation(
        graphql_type=SetOperatorPayload,
        description="Let somebody run the platform, or no longer. `INVALID`: oneself, a member of a "
        "company, or an account whose address is not verified.",
        metadata=needs(Permission.PLATFORM_USERS_MANAGE),
    )
    async def set_operator(self, info: Info, input: SetOperatorInput) -> Outcome[platform_users.PlatformUser]:
        """Give or take the platform's role."""
        user_id = document_id(input.user_id, "User", "input.userId")
        return await platform_users.set_operator(info.context, user_id, is_operator=input.is_operator)

    @strawberry.mutation(
        graphql_type=SetSpendingLimitPayload,
        description="Give a person a limit of their own on what they spend with the installation's keys "
        "within 30 days, or the usual one again. What is under way goes on. `INVALID`: no such amount.",
        metadata=needs(Permission.PLATFORM_USERS_MANAGE),
    )
    async def set_spending_limit(
        self, info: Info, input: SetSpendingLimitInput
    ) -> Outcome[platform_users.PlatformUser]:
        """Set a person's limit."""
        user_id = document_id(input.user_id, "User", "input.userId")
        return await spending_limits.set_own(info.context, user_id, limit_micros=input.limit_micros)
