"""People of companies at the desk: each with a role's permissions in one company."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

from beanie import PydanticObjectId

from access.built_in_roles import ADMIN, MEMBER, BuiltInRole
from access.permissions import ACCOUNT_PERMISSIONS, Permission
from documents.companies.company import Company
from schema.ids import document_gid
from tests.schema.desk import Desk, mutation


@dataclass
class Worker:
    """Somebody of a company, as the desk meets them.

    Args:
        scopes: of the API key that they come with, None for a session.
    """

    desk: Desk
    user_id: PydanticObjectId
    company_id: PydanticObjectId | None
    role: BuiltInRole
    scopes: frozenset[Permission] | None = None

    @property
    def company(self) -> str:
        return document_gid("Company", self.company_id or PydanticObjectId())

    async def run(self, document: str, **variables: Any) -> dict[str, Any]:
        """Data and errors of an operation."""
        context = self.desk.studio.context(self.user_id)
        assert context.viewer is not None
        context.viewer = replace(
            context.viewer,
            company_id=self.company_id,
            role_id=self.role.id,
            permissions=ACCOUNT_PERMISSIONS | self.role.permissions,
            scopes=self.scopes,
        )
        result = await self.desk.schema.execute(document, variables, context_value=context)
        return {"data": result.data, "errors": [error.formatted for error in result.errors or ()]}

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """Data of an operation that no error may spoil."""
        answer = await self.run(document, **variables)
        assert answer["errors"] == []
        return cast("dict[str, Any]", answer["data"])

    async def change(self, name: str, given: Mapping[str, Any], selection: str = "") -> dict[str, Any]:
        """Payload of a mutation."""
        return cast("dict[str, Any]", (await self.ask(mutation(name, selection), input=given))[name])

    async def code(self, name: str, given: Mapping[str, Any], selection: str = "") -> str:
        """Code of a mutation that is refused as a whole."""
        answer = await self.run(mutation(name, selection), input=given)
        (error,) = answer["errors"]
        return cast("str", error["extensions"]["code"])


async def make_company(name: str = "Acme") -> PydanticObjectId:
    now = datetime.now(UTC)
    company = await Company(name=name, created_by=PydanticObjectId(), created_at=now, updated_at=now).insert()
    return company.id


async def make_admin(desk: Desk, company_id: PydanticObjectId | None = None) -> Worker:
    return Worker(desk, PydanticObjectId(), company_id or await make_company(), ADMIN)


def make_member(desk: Desk, company_id: PydanticObjectId | None) -> Worker:
    return Worker(desk, PydanticObjectId(), company_id, MEMBER)
