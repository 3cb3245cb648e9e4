"""How words are said in all of a company's projects."""

import strawberry

import documents.companies.company as stored
from access.permissions import Permission
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import lexicon
from schema.companies.company import Company
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_id
from schema.inputs import given
from schema.tree.lexicon import LexiconEntryInput

Info = strawberry.Info[Context, None]


@strawberry.input(description="A company's lexicon, whole.")
class UpdateCompanyLexiconInput:
    """Unpacked by `CompanyLexiconMutations.update_company_lexicon`."""

    company_id: strawberry.ID = strawberry.field(description="Id of the company.")
    entries: list[LexiconEntryInput] = strawberry.field(description="All entries, at most 500.")
    expected_revision: int | None = strawberry.field(
        default=None, description="The company's revision as the client knows it; null to go on anyhow."
    )


@strawberry.type(description="What came of changing a company's lexicon.")
class UpdateCompanyLexiconPayload(Payload):
    """Over `Outcome[Company]`."""

    company = result_field(
        Company, "The company as it is now, also on a conflict; null if it was refused otherwise."
    )


@strawberry.type
class CompanyLexiconMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=UpdateCompanyLexiconPayload,
        description="Say how words are said in all of a company's projects, unless a project says otherwise.",
        metadata={"cost": 10} | needs(Permission.COMPANY_EDIT),
    )
    async def update_company_lexicon(
        self, info: Info, input: UpdateCompanyLexiconInput
    ) -> Outcome[stored.Company]:
        """Change."""
        return await lexicon.update_of_company(
            info.context,
            document_id(input.company_id, "Company", "input.companyId"),
            [given(entry) for entry in input.entries],
            expected_revision=input.expected_revision,
        )
