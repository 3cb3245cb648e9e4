"""What belongs to a person or to a company, such as personas and shows: who sees it and who changes it."""

from typing import Any, Protocol

from beanie import PydanticObjectId

from access.companies import CompanyLoader
from access.errors import AccessRefused, Forbidden, NotFound
from access.permissions import Permission
from access.viewer import Viewer


class Belonging(Protocol):
    """Something that is a person's, a company's, or, being neither's, everybody's."""

    @property
    def owner_id(self) -> PydanticObjectId | None:
        """The person."""
        ...

    @property
    def company_id(self) -> PydanticObjectId | None:
        """The company."""
        ...


def sees(viewer: Viewer, thing: Belonging) -> bool:
    """Whether somebody sees it: their own, their company's, and what is everybody's."""
    if not viewer.is_in_scope(Permission.ACCOUNT_VIEW):
        return False
    if thing.company_id is not None:
        return _may_in_company(viewer, thing.company_id, Permission.COMPANY_VIEW)
    return thing.owner_id in {None, viewer.user_id}


def check_change(viewer: Viewer, thing: Belonging, kind: str) -> None:
    """Let somebody change it, or not: its owner, or who may manage its company's assets.

    Args:
        viewer: who is about to.
        thing: what is to be changed.
        kind: its GraphQL type.

    Raises:
        NotFound: they do not see it.
        Forbidden: they see it but may not change it.
    """
    if not sees(viewer, thing):
        raise NotFound(kind)
    if thing.company_id is not None:
        CompanyLoader(viewer).check(thing.company_id, Permission.ASSETS_MANAGE)
    elif thing.owner_id is None:
        raise Forbidden("This is built in and the same everywhere: change a copy of it.")


def seen_by(viewer: Viewer, *, with_built_in: bool) -> dict[str, Any]:
    """Filter of all that somebody sees; an index begins with `owner_id` and `company_id`."""
    own: list[dict[str, Any]] = [{"owner_id": viewer.user_id, "company_id": None}]
    if with_built_in:
        own.append({"owner_id": None, "company_id": None})
    if viewer.company_id is not None and _may_in_company(viewer, viewer.company_id, Permission.COMPANY_VIEW):
        own.append({"owner_id": None, "company_id": viewer.company_id})
    return {"$or": own}


def _may_in_company(viewer: Viewer, company_id: PydanticObjectId, permission: Permission) -> bool:
    try:
        CompanyLoader(viewer).check(company_id, permission)
    except AccessRefused:
        return False
    return True
