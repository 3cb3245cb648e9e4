"""A company that demands a second factor is closed to those of its people who have none."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from access.permissions import Level
from documents.companies.company import Company
from tests.strangers.calls import OPERATIONS, Operation, post
from tests.strangers.example import Example, examples
from tests.strangers.examples.film import gid
from tests.strangers.expected import rule
from tests.strangers.street import Street

CLOSED = [
    (operation, examples()[name])
    for name, operation in OPERATIONS.items()
    if operation.root != "subscription"
    and (permission := examples()[name].needs or rule(operation).permission) is not None
    and permission.level in {Level.PROJECT, Level.COMPANY}
    and not (examples()[name].is_own and permission.level is Level.PROJECT)
]


@pytest_asyncio.fixture(loop_scope="session")
async def strict(street: Street) -> AsyncIterator[Street]:
    await Company.get_pymongo_collection().update_one(
        {"_id": street.world.company.id}, {"$set": {"requires_second_factor": True}}
    )
    yield street
    await street.world.snapshot.restore()


def closed_to(name: str, operation: Operation, example: Example) -> str:
    """The owner knows that the project is there; without the company an administrator is nothing to it.

    A node that may not be seen is null, whatever keeps it from being seen: its neighbours are shown.
    """
    permission = example.needs or rule(operation).permission
    assert permission is not None
    if operation.name in {"node", "nodes"}:
        return example.unseen
    return example.unseen if name == "admin" and permission.level is Level.PROJECT else "FORBIDDEN"


@pytest.mark.parametrize("name", ["owner", "admin"])
async def test_who_has_none_is_a_stranger_to_the_company_and_its_projects(strict: Street, name: str) -> None:
    world = strict.world
    caller = next(each for each in world.callers if each.name == name)
    client = await strict.client(caller)
    before = await strict.traces.seen()
    answers = await asyncio.gather(
        *(post(client, operation, example.variables(world)) for operation, example in CLOSED)
    )
    wrong = {
        operation.name: (answer.outcome, answer.text[:300])
        for (operation, example), answer in zip(CLOSED, answers, strict=True)
        if answer.outcome != closed_to(name, operation, example)
    }
    assert wrong == {}
    assert await strict.traces.since(before) == []


@pytest.mark.parametrize("name", ["owner", "admin"])
async def test_lists_leave_the_companys_projects_out(strict: Street, name: str) -> None:
    world = strict.world
    caller = next(each for each in world.callers if each.name == name)
    answer = await post(await strict.client(caller), OPERATIONS["projects"], {})
    assert answer.outcome == "OK"
    assert gid(world) not in answer.text
