"""What a company prefers, as clients see it."""

import strawberry

import documents.companies.company as stored
from providers.protocols.offer import Capability
from resolvers.companies import company_providers
from resolvers.companies.company_providers import Preference
from schema.jobs import providers as _providers  # noqa: F401 - declares the enum


@strawberry.type(description="Who does a kind of work in a company's projects that name nobody themselves.")
class ProviderPreference:
    """Over `resolvers.companies.company_providers.Preference`."""

    @strawberry.field(graphql_type=Capability, description="The kind of work.")
    def capability(self, root: strawberry.Parent[Preference]) -> Capability:
        """What is done."""
        return root[0]

    @strawberry.field(description="Name of the provider.")
    def provider(self, root: strawberry.Parent[Preference]) -> str:
        """Who does it."""
        return root[1]


@strawberry.type
class CompanyPreferenceFields:
    """Part of the type `Company`."""

    @strawberry.field(
        graphql_type=list[ProviderPreference],
        description="The providers that its projects use unless they name one; the rest follows the "
        "installation's order.",
    )
    def provider_preferences(self, root: strawberry.Parent[stored.Company]) -> list[Preference]:
        """What it prefers."""
        return company_providers.of_company(root)
