"""Changing which providers a company prefers."""

import strawberry

import documents.companies.company as stored
from access.permissions import Permission
from providers.protocols.offer import Capability
from resolvers.companies import company_providers
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.companies.company import Company
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_id

Info = strawberry.Info[Context, None]


@strawberry.input(description="Who is to do a kind of work.")
class ProviderPreferenceInput:
    """Unpacked by `CompanyProviderMutations.update_company_providers`."""

    capability: Capability = strawberry.field(description="The kind of work, each at most once.")
    provider: str = strawberry.field(description="Name of a provider that `providers` lists for it.")


@strawberry.input(description="The providers that a company prefers.")
class UpdateCompanyProvidersInput:
    """Unpacked by `CompanyProviderMutations.update_company_providers`."""

    company_id: strawberry.ID = strawberry.field(description="Id of the company.")
    preferences: list[ProviderPreferenceInput] = strawberry.field(
        description="All preferences: what is not in the list follows the installation's order again."
    )
    expected_revision: int | None = strawberry.field(
        default=None, description="The company's revision as the client knows it; null to go on anyhow."
    )


@strawberry.type(description="What came of changing a company's providers.")
class UpdateCompanyProvidersPayload(Payload):
    """Over `Outcome[Company]`."""

    company = result_field(
        Company, "The company as it is now, also on a conflict; null if it was refused otherwise."
    )


@strawberry.type
class CompanyProviderMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=UpdateCompanyProvidersPayload,
        description="Set which providers the company's projects use unless they name one. `INVALID`: nobody "
        "of that name does this kind of work.",
        metadata={"cost": 10} | needs(Permission.COMPANY_EDIT),
    )
    async def update_company_providers(
        self, info: Info, input: UpdateCompanyProvidersInput
    ) -> Outcome[stored.Company]:
        """Change."""
        return await company_providers.update(
            info.context,
            document_id(input.company_id, "Company", "input.companyId"),
            [(each.capability, each.provider) for each in input.preferences],
            expected_revision=input.expected_revision,
        )
