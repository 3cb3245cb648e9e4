"""Keys at providers, as clients see them: everything but the key."""

from collections.abc import Sequence
from datetime import datetime

import strawberry
from beanie import PydanticObjectId

import documents.accounts.provider_key as stored
import documents.accounts.user as users
import documents.companies.company as stored_company
from access.permissions import Permission
from resolvers import people
from resolvers.accounts import provider_keys
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_id
from schema.person import Person

Info = strawberry.Info[Context, None]
_PROVIDER = "Name of the provider, such as `openai`, as `providers` lists it."
_COMPANY = "Id of the company whose key it is, which takes `COMPANY_EDIT` there; null for one's own."


@strawberry.type(
    description="A key at a provider that a person or a company brought. It is kept sealed and never shown."
)
class ProviderKey:
    """Read from `documents.accounts.provider_key.ProviderKey`."""

    provider: str = strawberry.field(description="Name of the provider.")
    hint: str = strawberry.field(description="The key's last four characters, to tell keys apart.")
    created_at: datetime = strawberry.field(description="When it was saved.")
    checked_at: datetime = strawberry.field(description="When the provider last took it in a check.")

    @strawberry.field(graphql_type=Person, description="Who saved it.", metadata={"cost": 2})
    async def created_by(self, root: strawberry.Parent[stored.ProviderKey]) -> people.Person:
        """Who it was."""
        return (await people.named([root.created_by]))[root.created_by]


@strawberry.type
class OwnProviderKeyFields:
    """Part of the type `User`."""

    @strawberry.field(
        graphql_type=list[ProviderKey] | None,
        description="Keys at providers that this person brought, by provider. This person's work is done "
        "with them, before a company's and the installation's. Null for anybody but oneself.",
        metadata={"cost": 5},
    )
    async def provider_keys(
        self, root: strawberry.Parent[users.User], info: Info
    ) -> Sequence[stored.ProviderKey] | None:
        """The viewer's own."""
        return await provider_keys.of_user(info.context, root)


@strawberry.type
class CompanyProviderKeyFields:
    """Part of the type `Company`."""

    @strawberry.field(
        graphql_type=list[ProviderKey] | None,
        description="Keys at providers that the company brought, by provider; they are used in its projects. "
        "Null for who does not hold `COMPANY_EDIT`.",
        metadata={"cost": 5},
    )
    async def provider_keys(
        self, root: strawberry.Parent[stored_company.Company], info: Info
    ) -> Sequence[stored.ProviderKey] | None:
        """The company's."""
        return await provider_keys.of_company(info.context, root)


@strawberry.input(description="A key at a provider.")
class SaveProviderKeyInput:
    """Unpacked by `ProviderKeyMutations.save_provider_key`."""

    provider: str = strawberry.field(description=_PROVIDER)
    key: str = strawberry.field(
        description="The key: 8 to 500 characters. A secret that is never shown again."
    )
    company_id: strawberry.ID | None = strawberry.field(default=None, description=_COMPANY)


@strawberry.input(description="The key at a provider to remove.")
class RemoveProviderKeyInput:
    """Unpacked by `ProviderKeyMutations.remove_provider_key`."""

    provider: str = strawberry.field(description=_PROVIDER)
    company_id: strawberry.ID | None = strawberry.field(default=None, description=_COMPANY)


@strawberry.input(description="The key at a provider to try.")
class CheckProviderKeyInput:
    """Unpacked by `ProviderKeyMutations.check_provider_key`."""

    provider: str = strawberry.field(description=_PROVIDER)
    company_id: strawberry.ID | None = strawberry.field(default=None, description=_COMPANY)


@strawberry.type(description="What came of saving a key at a provider.")
class SaveProviderKeyPayload(Payload):
    """Over `Outcome[ProviderKey]`."""

    provider_key = result_field(ProviderKey, "The key, without itself; null if it was refused.")


@strawberry.type(description="What came of removing a key at a provider.")
class RemoveProviderKeyPayload(Payload):
    """Over `Outcome[ProviderKey]`."""

    provider_key = result_field(ProviderKey, "The key that was removed.")


@strawberry.type(description="What came of trying a key at a provider.")
class CheckProviderKeyPayload(Payload):
    """Over `Outcome[ProviderKey]`."""

    provider_key = result_field(ProviderKey, "The key, which the provider took; null if it did not.")


@strawberry.type
class ProviderKeyMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=SaveProviderKeyPayload,
        description="Save a key at a provider, one's own or the company's, in the place of an earlier one. "
        "The provider is asked first whether it takes the key, which buys nothing. `INVALID`: it does not, "
        "or takes no keys here. `UNAVAILABLE`: it did not answer; nothing was saved. Limited.",
        metadata={"cost": 20} | needs(Permission.ACCOUNT_MANAGE),
    )
    async def save_provider_key(self, info: Info, input: SaveProviderKeyInput) -> Outcome[stored.ProviderKey]:
        """Save."""
        return await provider_keys.save(
            info.context,
            provider=input.provider,
            key=input.key,
            company_id=_company(input.company_id),
        )

    @strawberry.mutation(
        graphql_type=RemoveProviderKeyPayload,
        description="Remove a key at a provider. Calls that are under way may still use it; what begins "
        "later uses the company's or the installation's.",
        metadata={"cost": 10} | needs(Permission.ACCOUNT_MANAGE),
    )
    async def remove_provider_key(
        self, info: Info, input: RemoveProviderKeyInput
    ) -> Outcome[stored.ProviderKey]:
        """Remove."""
        return await provider_keys.remove(
            info.context, provider=input.provider, company_id=_company(input.company_id)
        )

    @strawberry.mutation(
        graphql_type=CheckProviderKeyPayload,
        description="Ask a provider again whether it takes a saved key, which buys nothing. `INVALID`: it no "
        "longer does; the key stays saved. `UNAVAILABLE`: it did not answer. Limited.",
        metadata={"cost": 20} | needs(Permission.ACCOUNT_MANAGE),
    )
    async def check_provider_key(
        self, info: Info, input: CheckProviderKeyInput
    ) -> Outcome[stored.ProviderKey]:
        """Try."""
        return await provider_keys.check(
            info.context, provider=input.provider, company_id=_company(input.company_id)
        )


def _company(company_id: strawberry.ID | None) -> PydanticObjectId | None:
    return None if company_id is None else document_id(company_id, "Company", "input.companyId")
