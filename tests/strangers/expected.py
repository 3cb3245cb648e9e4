"""What a caller must get: computed from the rule of the operation and from what the caller is."""

from access.permissions import GRANTS, Level, Permission
from documents.projects.project_role import ProjectRole
from schema.guarding.rules import Rule, rule_of
from tests.strangers.calls import Operation
from tests.strangers.example import Example
from tests.strangers.people import Caller
from tests.strangers.world import World

ALLOWED = "OK"

_RIGHTFUL = {Level.COMPANY: "admin", Level.PLATFORM: "operator"}


def rule(operation: Operation) -> Rule:
    """What the operation was declared with."""
    found = rule_of(operation.field)
    assert found is not None
    return found


def rightful(example: Example, needed: Rule) -> str:
    """Name of the person who may."""
    permission = example.needs or needed.permission
    level = Level.ACCOUNT if permission is None else permission.level
    return example.by or _RIGHTFUL.get(level, "owner")


def expected(example: Example, needed: Rule, caller: Caller, world: World) -> str:
    """The one outcome that is right; ALLOWED where the caller is no stranger to this."""
    if caller.name in example.refusals:
        return example.refusals[caller.name]
    if needed.permission is None:
        return _of_open(example, caller, world)
    if example.needs is not None and needed.permission.level is Level.ACCOUNT:
        return _of_two(needed.permission, example.needs, example, caller, world)
    return _of(needed.permission, example, caller, world)


def _of_two(own: Permission, needed: Permission, example: Example, caller: Caller, world: World) -> str:
    """The outcome where the operation takes one permission and what it names another, of a project."""
    if caller.is_guest:
        return "UNAUTHENTICATED"
    if (refusal := _by_rule(own, caller)) is not None:
        return refusal
    outcome = _in_film(needed, example, caller, world)
    lacks_scope = caller.scopes is not None and needed not in caller.scopes
    return "FORBIDDEN" if outcome == ALLOWED and lacks_scope else outcome


def _of_open(example: Example, caller: Caller, world: World) -> str:
    if example.is_harmless or example.is_own:
        return ALLOWED
    if example.forged is not None:
        return example.unseen
    assert example.needs is not None, "an open operation says what its target needs, or is forged or harmless"
    may = _of(example.needs, example, caller, world) == ALLOWED
    return ALLOWED if may else example.unseen


def _of(permission: Permission, example: Example, caller: Caller, world: World) -> str:
    if caller.is_guest and (permission.level is not Level.PROJECT or example.is_own):
        return "UNAUTHENTICATED"
    if not caller.is_guest and (refusal := _by_rule(permission, caller)) is not None:
        return refusal
    if example.is_own or permission.level is Level.PLATFORM:
        return ALLOWED
    if permission.level is Level.PROJECT:
        return _in_film(permission, example, caller, world)
    person = caller.person
    assert person is not None
    if permission.level is Level.COMPANY:
        return ALLOWED if person.company_id == world.company.id else example.unseen
    return ALLOWED if person.name == (example.by or "owner") else example.unseen


def _by_rule(permission: Permission, caller: Caller) -> str | None:
    """The refusal of those who could do this nowhere; None for the others."""
    person = caller.person
    if person is None:
        return "UNAUTHENTICATED"
    is_in_scope = caller.scopes is None or permission in caller.scopes
    is_homeless = permission.level is Level.COMPANY and person.company_id is None
    is_held = permission.level is Level.PROJECT or permission in person.held
    return None if is_in_scope and is_held and not is_homeless else "FORBIDDEN"


def _in_film(permission: Permission, example: Example, caller: Caller, world: World) -> str:
    role = film_role(caller, world)
    if role is None or (caller.scopes is not None and Permission.PROJECT_VIEW not in caller.scopes):
        return example.unseen
    return ALLOWED if permission in GRANTS[role] else "FORBIDDEN"


def film_role(caller: Caller, world: World) -> ProjectRole | None:
    """What a caller is to the film and to all that the owner made beside it."""
    person = caller.person
    if person is None:
        return caller.guest_role
    if person.company_id == world.company.id:
        if Permission.COMPANY_PROJECTS_MANAGE in _reaching(caller):
            return ProjectRole.OWNER
        if person.role is None and Permission.COMPANY_PROJECTS_VIEW in _reaching(caller):
            return ProjectRole.VIEWER
    return person.role


def _reaching(caller: Caller) -> frozenset[Permission]:
    """What a caller's role holds, as far as an API key reaches."""
    assert caller.person is not None
    held = frozenset(caller.person.held)
    return held if caller.scopes is None else held & caller.scopes
