"""Every mutation that takes PROJECT_EDIT, while somebody else holds the project: refused, nothing changed.

The operations come from the schema, what they are asked with from `examples/`: one that is new is tested
without a word here, or fails.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import pytest

from access.permissions import Permission
from documents.projects.project import EditLock, Project
from tests.strangers.calls import OPERATIONS, Operation, post
from tests.strangers.example import examples
from tests.strangers.expected import rightful, rule
from tests.strangers.street import Street
from tests.strangers.test_strangers import called

NO_CHANGE_OF_THE_TREE: Final[Mapping[str, str]] = {
    "releaseEditLock": "it lets go of one's own lock; that of another session it leaves as it is",
    "updateLibraryEntry": "the library's tags lie beside the tree",
    **dict.fromkeys(
        ("createUpload", "signUploadParts", "completeUpload", "cancelUpload"),
        "a file lies beside the tree until a worker has looked into it, and no lock stops workers",
    ),
}
"""Exempt, by name, with the reason."""

COPYING: Final = frozenset({"ObjectStore.copy", "ObjectStore.delete_many"})
"""Files are copied before the tree names them, and taken away again when the change is refused."""


def takes_edit(operation: Operation) -> bool:
    example = examples().get(operation.name)
    needed = {rule(operation).permission, None if example is None else example.needs}
    return operation.root == "mutation" and Permission.PROJECT_EDIT in needed


EDITING: Final = sorted(name for name, operation in OPERATIONS.items() if takes_edit(operation))


async def stored_keys(street: Street) -> list[str]:
    return [each.key async for each in street.world.studio.services.objects.list("projects/")]


async def hold(street: Street, holder: str) -> None:
    """Let somebody else hold every project."""
    person = street.world.people[holder]
    now = street.world.studio.services.now()
    lock = EditLock(
        user_id=person.user_id,
        session_id=person.session_id,
        taken_at=now,
        renewed_at=now,
        expires_at=now + timedelta(minutes=1),
    )
    await Project.get_pymongo_collection().update_many({}, {"$set": {"edit_lock": lock.stored()}})


def test_what_is_exempt_is_there() -> None:
    assert NO_CHANGE_OF_THE_TREE.keys() <= set(EDITING)
    assert {"addCarImages", "applyBranding", "arrangeOverlays", "removeCaptionFont"} <= set(EDITING)


@pytest.mark.parametrize("name", sorted(set(EDITING) - NO_CHANGE_OF_THE_TREE.keys()))
async def test_a_held_project_is_not_changed_by_others(street: Street, name: str) -> None:
    operation, example, world = OPERATIONS[name], examples()[name], street.world
    caller = called(street, rightful(example, rule(operation)))
    try:
        await hold(street, "editor")
        await street.traces.forgive()
        keys = await stored_keys(street)
        before = await street.traces.seen()
        answer = await post(await street.client(caller), operation, example.variables(world))
        assert answer.outcome == "PROJECT_LOCKED", answer.text
        assert [each for each in await street.traces.since(before) if each not in COPYING] == []
        assert await stored_keys(street) == keys
    finally:
        await world.snapshot.restore()
        await street.traces.forgive()


async def test_who_holds_it_goes_on(street: Street) -> None:
    operation, world = OPERATIONS["updateFrame"], street.world
    try:
        await hold(street, "editor")
        caller = called(street, "editor")
        answer = await post(
            await street.client(caller), operation, examples()["updateFrame"].variables(world)
        )
        assert answer.outcome == "OK", answer.text
    finally:
        await world.snapshot.restore()
        await street.traces.forgive()
