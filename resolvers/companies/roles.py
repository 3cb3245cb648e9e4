"""A company's roles: which there are, and those that its administrators define."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from beanie import PydanticObjectId

from access.built_in_roles import BUILT_IN
from access.company_roles import administers, another_administrator, held_by, roles_of
from access.errors import Forbidden, NotFound
from access.permissions import COMPANY_ROLE_PERMISSIONS, Level, Permission
from documents.accounts.user import User
from documents.audit_entry import AuditAction
from documents.companies import membership
from documents.companies.company_invitation import CompanyInvitation
from documents.companies.role import Role
from resolvers.companies.governing import TOLD_AT_ONCE, Governing, govern, own_company
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.tree.changes import nothing_given

ROLES_PER_COMPANY: Final = 100
_RESERVED: Final = frozenset(role.name.casefold() for role in BUILT_IN)


async def of_company(context: Context, company_id: PydanticObjectId) -> Sequence[Role]:
    """The roles that a company gives: the built-in ones first, then its own by name.

    Raises:
        NotFound: the viewer does not belong to it.
    """
    context.companies.check(company_id, Permission.COMPANY_VIEW)
    return list((await roles_of(company_id)).values())


async def of_viewer(context: Context, user: User) -> Role | None:
    """The role of the user who asks."""
    return await Role.get(user.role_id) if context.is_viewer(user.id) else None


async def visible(context: Context, role_id: PydanticObjectId) -> Role | None:
    """A role of the viewer's company, or the viewer's own; None for any other."""
    viewer = context.viewer
    if viewer is None:
        return None
    if viewer.role_id == role_id and viewer.is_in_scope(Permission.ACCOUNT_VIEW):
        return await Role.get(role_id)
    if viewer.company_id is None or not viewer.has(Permission.COMPANY_VIEW):
        return None
    return (await roles_of(viewer.company_id)).get(role_id)


async def create(
    context: Context, *, name: str, description: str, permissions: Collection[Permission]
) -> Outcome[Role]:
    """Define a role of the company's own, out of what the viewer holds.

    Raises:
        NotFound, Forbidden: the viewer belongs to no company, or may not manage its roles.
    """
    company_id = own_company(context, Permission.ROLES_MANAGE)
    good, faults = _checked({"name": name, "description": description, "permissions": permissions})
    if faults:
        return Outcome(user_errors=faults)

    async def act(governing: Governing) -> Outcome[Role]:
        roles = await roles_of(company_id, governing.session)
        if sum(role.company_id is not None for role in roles.values()) >= ROLES_PER_COMPANY:
            text = f"At most {ROLES_PER_COMPANY} roles of a company's own."
            return Outcome.refused(UserErrorCode.LIMIT_EXCEEDED, text)
        refusal = _taken(good["name"], roles) or _beyond(governing, permissions)
        if refusal is not None:
            return refusal
        made = Role(**good, company_id=company_id)
        await Role.define(made, session=governing.session)
        await governing.record(
            AuditAction.ROLE_CREATED, "Role", made.id, name=made.name, permissions=made.permissions
        )
        return Outcome(made)

    return await govern(context, company_id, Permission.ROLES_MANAGE, act)


async def update(
    context: Context, role_id: PydanticObjectId, values: Mapping[str, Any], *, expected_revision: int | None
) -> Outcome[Role]:
    """Change a role of the company's own; whoever has it may do from now on what it says.

    Raises:
        NotFound: the company has no such role.
        Forbidden: the viewer may not manage roles, or the role is built in or holds more than the viewer.
    """
    company_id = own_company(context, Permission.ROLES_MANAGE)
    if not values:
        return nothing_given()
    good, faults = _checked(values)
    if faults:
        return Outcome(user_errors=faults)

    async def act(governing: Governing) -> Outcome[Role]:
        roles = await roles_of(company_id, governing.session)
        before = _own(roles, role_id, governing)
        after = before.model_copy(update=good)
        refusal = _taken(after.name, roles, besides=role_id) or _beyond(governing, held_by(after))
        if refusal is not None:
            return refusal
        ends_administration = administers(held_by(before)) and not administers(held_by(after))
        if ends_administration and not await another_administrator(
            company_id, without=role_id, session=governing.session
        ):
            return Outcome.refused(
                UserErrorCode.LAST_ADMINISTRATOR,
                "Nobody without this role manages members and roles: make somebody an administrator first.",
                at="input.permissions",
            )
        changed = await Role.change(
            role_id, company_id, good, expected_revision=expected_revision, session=governing.session
        )
        if changed is None:
            return Outcome.refused(
                UserErrorCode.REVISION_CONFLICT,
                "The role was changed meanwhile. Look at it as it is now and try again with its revision.",
                at="input.expectedRevision",
                result=before,
            )
        if held_by(before) != held_by(changed):
            having = await membership.holders(
                company_id, role_id, most=TOLD_AT_ONCE, session=governing.session
            )
            await governing.tell_access_changed(having, "ROLE_CHANGED")
        await governing.record(
            AuditAction.ROLE_UPDATED,
            "Role",
            role_id,
            before={name: getattr(before, name) for name in good},
            after=good,
        )
        return Outcome(changed)

    return await govern(context, company_id, Permission.ROLES_MANAGE, act)


async def delete(context: Context, role_id: PydanticObjectId) -> Outcome[Role]:
    """Remove a role of the company's own that nobody has and no open invitation gives.

    Raises:
        NotFound, Forbidden: as for `update`.
    """
    company_id = own_company(context, Permission.ROLES_MANAGE)

    async def act(governing: Governing) -> Outcome[Role]:
        role = _own(await roles_of(company_id, governing.session), role_id, governing)
        if await membership.holders(company_id, role_id, most=1, session=governing.session):
            text = "Members have this role: give them another one first."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.roleId")
        if await CompanyInvitation.gives(company_id, role_id, now=governing.now, session=governing.session):
            text = "An open invitation gives this role: revoke it first."
            return Outcome.refused(UserErrorCode.INVALID, text, at="input.roleId")
        await Role.drop(role_id, company_id, session=governing.session)
        await governing.record(
            AuditAction.ROLE_DELETED, "Role", role_id, name=role.name, permissions=role.permissions
        )
        return Outcome(role)

    return await govern(context, company_id, Permission.ROLES_MANAGE, act)


def _own(roles: Mapping[PydanticObjectId, Role], role_id: PydanticObjectId, governing: Governing) -> Role:
    """The company's own role, of which the actor holds everything."""
    role = roles.get(role_id)
    if role is None:
        raise NotFound("Role")
    if role.is_built_in:
        raise Forbidden(f"{role.name} is built in and the same everywhere: define a role of your own.")
    if exceeding := governing.exceeding(held_by(role)):
        raise Forbidden(f"This role holds what you do not hold yourself: {exceeding}.")
    return role


def _checked(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[UserError]]:
    """Values as they are stored, and what is wrong with them."""
    given = dict(values)
    permissions = given.pop("permissions", frozenset())
    good, faults = checked(Role, given, at="input")
    if "permissions" not in values:
        return good, faults
    if permissions is None:
        return good, [*faults, UserError(UserErrorCode.INVALID, "input.permissions", "Must not be null.")]
    chosen = frozenset(permissions)
    foreign = sorted(permission.value for permission in chosen - COMPANY_ROLE_PERMISSIONS)
    if foreign:
        text = f"A company's role cannot hold {', '.join(foreign)}."
        faults.append(UserError(UserErrorCode.INVALID, "input.permissions", text))
    elif any(p.level is Level.COMPANY for p in chosen) and Permission.COMPANY_VIEW not in chosen:
        text = "Who may do something in the company sees it, too: add COMPANY_VIEW."
        faults.append(UserError(UserErrorCode.INVALID, "input.permissions", text))
    good["permissions"] = sorted(permission.value for permission in chosen)
    return good, faults


def _taken(
    name: str, roles: Mapping[PydanticObjectId, Role], *, besides: PydanticObjectId | None = None
) -> Outcome[Role] | None:
    others = {role.name.casefold() for role in roles.values() if role.id != besides}
    if name.casefold() not in others | _RESERVED:
        return None
    return Outcome.refused(UserErrorCode.TAKEN, "There is a role of this name.", at="input.name")


def _beyond(governing: Governing, permissions: Collection[Permission]) -> Outcome[Role] | None:
    exceeding = governing.exceeding(permissions)
    if not exceeding:
        return None
    text = f"A role holds at most what you hold yourself; you do not hold {exceeding}."
    return Outcome.refused(UserErrorCode.INVALID, text, at="input.permissions")
