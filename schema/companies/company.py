"""Companies, as clients see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import relay

import documents.accounts.user as stored_user
import documents.companies.company as stored
import documents.companies.role as stored_role
import documents.tree.lexicon as stored_lexicon
from access.permissions import Permission
from documents.newest_first import Page
from resolvers.companies import companies, invitations, members, roles
from resolvers.companies.invitations import Invitation
from resolvers.companies.members import MemberPage
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.projects.project_list import Paging
from schema.accounts.provider_keys import CompanyProviderKeyFields
from schema.companies.invitation import CompanyInvitationConnection
from schema.companies.member import MemberConnection
from schema.companies.provider_preference import CompanyPreferenceFields
from schema.companies.role import Role
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.inputs import given
from schema.newest_first import After, Before, First, Last, window
from schema.paging_arguments import PageAfter, PageBefore, PageFirst, PageLast
from schema.tree.lexicon import LexiconEntry

Info = strawberry.Info[Context, None]


@strawberry.type(description="A tenant: members, roles, brand assets, a car catalogue, projects.")
class Company(CompanyProviderKeyFields, CompanyPreferenceFields, relay.Node):
    """Read from `documents.companies.company.Company`."""

    id: relay.NodeID[str]
    name: str = strawberry.field(description="What members see, 1 to 200 characters.")
    requires_second_factor: bool = strawberry.field(
        description="Whether the company is closed to members who have not set up a second factor."
    )
    revision: int = strawberry.field(description="Raised with each change; for `expectedRevision`.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")

    @strawberry.field(name="id", graphql_type=strawberry.ID, description="Global id.")
    @staticmethod
    def _id(root: strawberry.Parent[stored.Company]) -> str:
        """Kind and key."""
        return document_gid("Company", root.id)

    @strawberry.field(
        graphql_type=list[LexiconEntry],
        description="How words are said in its projects, at most 500 entries; a project's own go first.",
    )
    def lexicon(self, root: strawberry.Parent[stored.Company]) -> Sequence[stored_lexicon.LexiconEntry]:
        """Its entries."""
        return root.pronunciation

    @strawberry.field(
        graphql_type=list[Role],
        description="The roles that it gives: the built-in ones first, then its own by name, at most 102.",
        metadata={"cost": 5},
    )
    async def roles(self, root: strawberry.Parent[stored.Company], info: Info) -> Sequence[stored_role.Role]:
        """Its roles."""
        return await roles.of_company(info.context, root.id)

    @strawberry.field(
        graphql_type=MemberConnection,
        description="Its members, by name: letter case and accents make no difference to their order.",
        metadata={"cost": 5},
    )
    async def members(
        self,
        root: strawberry.Parent[stored.Company],
        info: Info,
        *,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="Only members in whose names each of these words begins a word, letter case and "
                "accents aside: `sil an` finds `Ana Silva`. At most 200 characters; null for all."
            ),
        ] = None,
        first: PageFirst = None,
        after: PageAfter = None,
        last: PageLast = None,
        before: PageBefore = None,
    ) -> MemberPage:
        """A page of them."""
        return await members.of_company(
            info.context, root.id, search=search, paging=Paging(first, after, last, before)
        )

    @strawberry.field(
        graphql_type=CompanyInvitationConnection | None,
        description="Its open invitations, the newest first; null for who does not hold `MEMBERS_MANAGE`.",
        metadata={"cost": 5},
    )
    async def invitations(
        self,
        root: strawberry.Parent[stored.Company],
        info: Info,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[Invitation] | None:
        """A page of them."""
        return await invitations.of_company(info.context, root.id, window(first, after, last, before))

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored companies are shown as they are."""
        return isinstance(obj, stored.Company)


@strawberry.type
class OwnCompanyFields:
    """What a user sees of the own standing. A base of `User` for Python alone."""

    @strawberry.field(
        graphql_type=Company | None,
        description="The company that the viewer belongs to; null outside of companies, and while it "
        "is closed to the viewer (see `lacksSecondFactor`).",
        metadata={"cost": 5},
    )
    async def company(self, root: strawberry.Parent[stored_user.User], info: Info) -> stored.Company | None:
        """The viewer's company."""
        return await companies.of_viewer(info.context, root)

    @strawberry.field(
        graphql_type=Role | None, description="The viewer's role, everybody's only one.", metadata={"cost": 5}
    )
    async def role(self, root: strawberry.Parent[stored_user.User], info: Info) -> stored_role.Role | None:
        """The viewer's role."""
        return await roles.of_viewer(info.context, root)

    @strawberry.field(
        graphql_type=list[Permission],
        description="What the viewer may do with this token, as far as it does not depend on a project.",
    )
    def permissions(self, root: strawberry.Parent[stored_user.User], info: Info) -> list[Permission]:
        """The viewer's permissions."""
        return companies.permissions_of_viewer(info.context, root)

    @strawberry.field(
        description="Whether the viewer's company demands a second factor that the viewer has not set up: "
        "until then the company is closed."
    )
    def lacks_second_factor(self, root: strawberry.Parent[stored_user.User], info: Info) -> bool:
        """Whether the company is closed."""
        viewer = info.context.viewer
        return viewer is not None and viewer.user_id == root.id and viewer.lacks_second_factor


@strawberry.input(description="A new company.")
class CreateCompanyInput:
    """Unpacked by `CompanyMutations.create_company`."""

    name: str = strawberry.field(description="One line, 1 to 200 characters.")


@strawberry.input(description="What to change of a company; what is left out stays.")
class UpdateCompanyInput:
    """Unpacked by `CompanyMutations.update_company`."""

    company_id: strawberry.ID = strawberry.field(description="Id of the company.")
    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="One line, 1 to 200 characters."
    )
    requires_second_factor: bool | None = strawberry.field(
        default=strawberry.UNSET,
        description="Whether the company is closed to members without a second factor. Set one up first.",
    )
    expected_revision: int | None = strawberry.field(
        default=None, description="The company's revision as the client knows it; null to go on anyhow."
    )


@strawberry.type(description="What came of making a company.")
class CreateCompanyPayload(Payload):
    """Over `Outcome[Company]`."""

    company = result_field(Company, "The new company; null if it was refused.")


@strawberry.type(description="What came of changing a company.")
class UpdateCompanyPayload(Payload):
    """Over `Outcome[Company]`."""

    company = result_field(
        Company, "The company as it is now, also on a conflict; null if it was refused otherwise."
    )


@strawberry.type
class CompanyQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=Company,
        description="The viewer's company by its id. `NOT_FOUND`: the viewer does not belong to it.",
        metadata={"cost": 5} | needs(Permission.COMPANY_VIEW),
    )
    async def company(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Id of the company.")],
    ) -> stored.Company:
        """One company."""
        return await companies.company(info.context, document_id(id, "Company", "id"))


@strawberry.type
class CompanyMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=CreateCompanyPayload,
        description="Make a company and become its administrator. `INVALID`: you belong to one already.",
        metadata={"cost": 10} | needs(Permission.ACCOUNT_MANAGE),
    )
    async def create_company(self, info: Info, input: CreateCompanyInput) -> Outcome[stored.Company]:
        """Make."""
        return await companies.create(info.context, name=input.name)

    @strawberry.mutation(
        graphql_type=UpdateCompanyPayload,
        description="Change the company's name and whether it demands a second factor of its members.",
        metadata={"cost": 10} | needs(Permission.COMPANY_EDIT),
    )
    async def update_company(self, info: Info, input: UpdateCompanyInput) -> Outcome[stored.Company]:
        """Change."""
        return await companies.update(
            info.context,
            document_id(input.company_id, "Company", "input.companyId"),
            given(input, without=("company_id", "expected_revision")),
            expected_revision=input.expected_revision,
        )
