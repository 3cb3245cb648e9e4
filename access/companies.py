"""The only way to a company: a loader that names the permission needed."""

from dataclasses import dataclass

from beanie import PydanticObjectId

from access.errors import Forbidden, NotFound
from access.permissions import Permission
from access.viewer import Viewer
from documents.companies.company import Company


@dataclass(frozen=True, slots=True)
class CompanyLoader:
    """Reads companies for one viewer; made per request."""

    viewer: Viewer

    async def load(self, company_id: PydanticObjectId, permission: Permission) -> Company:
        """The viewer's company, its assets left out.

        Raises:
            NotFound: there is none, or the viewer does not belong to it.
            Forbidden: the viewer belongs to it but may not do this.
        """
        self.check(company_id, permission)
        company = await Company.light(company_id)
        if company is None:
            raise NotFound("Company")
        return company

    def check(self, company_id: PydanticObjectId, permission: Permission) -> None:
        """Like `load`, for what needs nothing of the company itself. Costs nothing.

        Raises:
            NotFound, Forbidden: as for `load`.
        """
        viewer = self.viewer
        if viewer.company_id != company_id or not viewer.is_in_scope(Permission.COMPANY_VIEW):
            raise NotFound("Company")
        if not viewer.is_in_scope(permission):
            raise Forbidden(f"This API key has not the scope {permission.value}.")
        if Permission.COMPANY_VIEW not in viewer.permissions:
            raise NotFound("Company")
        if not viewer.has(permission):
            raise Forbidden(f"Your role in this company does not hold {permission.value}.")
