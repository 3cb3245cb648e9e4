from itertools import pairwise

import pytest

from access.permissions import GRANTS, Level, Permission, of_level, roles_granting
from documents.projects.project_role import ProjectRole


def test_every_role_has_its_grants_and_the_owner_has_all() -> None:
    assert set(GRANTS) == set(ProjectRole)
    assert GRANTS[ProjectRole.OWNER] == of_level(Level.PROJECT)


def test_each_role_holds_what_the_one_below_it_holds() -> None:
    ladder = [ProjectRole.VIEWER, ProjectRole.COMMENTER, ProjectRole.EDITOR, ProjectRole.OWNER]
    for below, above in pairwise(ladder):
        assert GRANTS[below] < GRANTS[above]


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (Permission.PROJECT_VIEW, set(ProjectRole)),
        (Permission.PROJECT_COMMENT, set(ProjectRole) - {ProjectRole.VIEWER}),
        (Permission.PROJECT_EDIT, {ProjectRole.OWNER, ProjectRole.EDITOR}),
        (Permission.PROJECT_PRODUCE, {ProjectRole.OWNER, ProjectRole.EDITOR}),
        (Permission.PROJECT_SHARE, {ProjectRole.OWNER}),
        (Permission.PROJECT_DELETE, {ProjectRole.OWNER}),
    ],
)
def test_roles_that_grant_a_permission(permission: Permission, roles: set[ProjectRole]) -> None:
    assert roles_granting(permission) == roles
