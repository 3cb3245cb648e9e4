"""What those who may see something are told of others, however deep they ask."""

import re

import pytest

from tests.strangers.calls import OPERATIONS, Operation, post
from tests.strangers.example import examples, nodes
from tests.strangers.expected import ALLOWED, expected, rule
from tests.strangers.people import Caller
from tests.strangers.street import Street

SECRET = re.compile(r"Perch/1 \([\w-]+\)|203\.0\.113\.7|\$argon2\S*|fw[kr]_\w{20,}|\w+_hash")
"""Browsers, addresses, password hashes and tokens."""

ADDRESS = re.compile(r"[\w-]+@canary\.example")
DEPTH = 4


async def told(street: Street, caller: Caller) -> dict[str, str]:
    """All that a caller is answered to all queries that the caller may send, by their names."""
    world, client = street.world, await street.client(caller)
    found = {}
    for name, operation in OPERATIONS.items():
        example = examples()[name]
        if operation.root == "query" and expected(example, rule(operation), caller, world) == ALLOWED:
            deep = Operation(operation.schema, operation.root, name, operation.field, DEPTH)
            found[name] = (await post(client, deep, example.variables(world))).text
    ids = [node.gid(world) for node in nodes().values()]
    found["every node"] = (await post(client, OPERATIONS["nodes"], {"ids": ids})).text
    return found


@pytest.mark.parametrize("name", ["anonymous", "viewer", "editor", "other"])
async def test_nobody_outside_of_the_company_is_told_an_address(street: Street, name: str) -> None:
    caller = next(each for each in street.world.callers if each.name == name)
    own = set(caller.person.own_words) if caller.person else set()
    for query, text in (await told(street, caller)).items():
        assert set(SECRET.findall(text)) | set(ADDRESS.findall(text)) <= own | {"203.0.113.7"}, query


@pytest.mark.parametrize("name", ["colleague", "rival member"])
async def test_members_are_told_the_addresses_of_their_colleagues_alone(street: Street, name: str) -> None:
    world = street.world
    caller = next(each for each in world.callers if each.name == name)
    person = caller.person
    assert person is not None
    colleagues = {each.email for each in world.people.values() if each.company_id == person.company_id}
    for query, text in (await told(street, caller)).items():
        assert set(ADDRESS.findall(text)) <= colleagues, query
        assert set(SECRET.findall(text)) <= {*person.own_words, "203.0.113.7"}, query
