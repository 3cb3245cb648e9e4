"""Every operation of the schema, by every kind of stranger: nothing returned, changed, enqueued or signed.

What each operation is asked with stands in `examples/`; what each caller must get is computed from the
operation's rule (`expected.py`). That an example is no mere typo is shown by somebody who may.
"""

import asyncio
from collections.abc import Mapping
from typing import Any
from zlib import crc32

import bson
import pytest

from tests.strangers.calls import OPERATIONS, SCHEMA, Answer, Operation, over_socket, post, stream
from tests.strangers.example import NULL, Example, examples, nodes
from tests.strangers.expected import ALLOWED, expected, rightful, rule
from tests.strangers.people import Caller
from tests.strangers.street import Street
from tests.strangers.world import World

KNOWN = sorted(OPERATIONS.keys() & examples().keys())
OWN = [name for name in KNOWN if examples()[name].is_own]
NODE = OPERATIONS["node"]
FORGERS = ("anonymous", "revoked session", "removed member", "rival admin", "other's API key")
SOCKETS = 8
"""One of so many goes over a WebSocket, too: a handshake takes as long as ten operations."""


async def send(
    street: Street, operation: Operation, caller: Caller, variables: Mapping[str, Any]
) -> list[Answer]:
    if operation.root == "subscription":
        return [
            await over_socket(street.server, caller, operation, variables),
            await stream(await street.client(caller), operation, variables),
        ]
    return [await post(await street.client(caller), operation, variables)]


def is_as_expected(answer: Answer, wanted: str, caller: Caller) -> bool:
    # A socket whose token is not good is closed before it can ask for anything.
    is_closed = caller.is_nobody and caller.token is not None and answer.outcome == "4403"
    return answer.outcome == wanted or is_closed


async def send_refused(
    street: Street, operation: Operation, caller: Caller, variables: Mapping[str, Any]
) -> list[Answer]:
    """As `send`, and over a WebSocket as well for some of all pairs of operation and caller."""
    answers = await send(street, operation, caller, variables)
    if operation.root != "subscription" and crc32(f"{operation.name} {caller.name}".encode()) % SOCKETS == 0:
        answers.append(await over_socket(street.server, caller, operation, variables))
    return answers


async def refused(street: Street, operation: Operation, example: Example) -> int:
    """Send the operation as all who may not; how many they were."""
    world = street.world
    callers = [*world.callers, world.keys[example.needs or rule(operation).permission]]
    wanted = {
        caller.name: outcome
        for caller in callers
        if (outcome := expected(example, rule(operation), caller, world)) != ALLOWED
    }
    strangers = [caller for caller in callers if caller.name in wanted]
    if example.forged is not None:  # what counts is what is sent; who sends it too often is locked out
        strangers = [caller for caller in strangers if caller.name in FORGERS]
    variables = (example.forged or example.variables)(world)
    await street.traces.forgive()
    before = await street.traces.seen()
    answers = await asyncio.gather(*(send_refused(street, operation, each, variables) for each in strangers))
    wrong = {
        caller.name: [each.outcome, wanted[caller.name], each.text[:300]]
        for caller, got in zip(strangers, answers, strict=True)
        for each in got
        if not is_as_expected(each, wanted[caller.name], caller) or foreign_words(each, caller, world)
    }
    assert wrong == {}
    assert await street.traces.since(before) == []
    return len(strangers)


def test_every_operation_has_an_example() -> None:
    assert sorted(OPERATIONS.keys() - examples().keys()) == []
    assert sorted(examples().keys() - OPERATIONS.keys()) == []


def test_every_kind_of_node_has_an_example() -> None:
    interface: Any = SCHEMA.type_map["Node"]
    kinds = {each.name for each in SCHEMA.get_possible_types(interface)}
    assert sorted(kinds - nodes().keys()) == []


@pytest.mark.parametrize("name", KNOWN)
async def test_strangers_get_nothing_and_change_nothing(street: Street, name: str) -> None:
    example, operation = examples()[name], OPERATIONS[name]
    strangers = await refused(street, operation, example)
    is_open = rule(operation).permission is None
    assert strangers >= len(FORGERS) or (is_open and (example.is_harmless or example.is_own))


@pytest.mark.parametrize("kind", sorted(nodes()))
async def test_strangers_find_no_node(street: Street, kind: str) -> None:
    node = nodes()[kind]
    example = Example(lambda w: {"id": node.gid(w)}, needs=node.needs, by=node.by, unseen=NULL)
    await refused(street, NODE, example)
    caller = called(street, rightful(example, rule(NODE)))
    (found,) = await send(street, NODE, caller, example.variables(street.world))
    assert found.outcome == "OK", found.text
    assert found.data["__typename"] == kind


@pytest.mark.parametrize("name", KNOWN)
async def test_who_may_succeeds_with_the_same_example(street: Street, name: str) -> None:
    example, operation = examples()[name], OPERATIONS[name]
    world = street.world
    caller = called(street, rightful(example, rule(operation)))
    try:
        answers = await send(street, operation, caller, example.variables(world))
        assert [each.outcome for each in answers] == ["OK"] * len(answers), answers
        changed = await world.snapshot.changed()
        assert bool(changed) == (operation.root == "mutation" and example.changes)
    finally:
        await world.snapshot.restore()
        await street.traces.forgive()


@pytest.mark.parametrize("name", OWN)
async def test_what_one_does_to_oneself_touches_nobody_else(street: Street, name: str) -> None:
    example, operation = examples()[name], OPERATIONS[name]
    world = street.world
    variables = example.variables(world)
    for caller in (called(street, each) for each in ("other", "rival admin")):
        if expected(example, rule(operation), caller, world) != ALLOWED:
            continue
        try:
            for answer in await send(street, operation, caller, variables):
                assert foreign_words(answer, caller, world) == []
            changed = await world.snapshot.changed()
            assert concern_others(changed, street, caller) == []
        finally:
            await world.snapshot.restore()


def foreign_words(answer: Answer, caller: Caller, world: World) -> list[str]:
    """Secrets in an answer that concern neither the caller nor the caller's colleagues."""
    text, asking = answer.text, caller.person
    for person in world.people.values():
        if asking is not None and (asking == person or asking.company_id == person.company_id is not None):
            for word in person.own_words:
                text = text.replace(word, "")
    return [text[max(0, text.index(word) - 100) :][:300] for word in world.secrets if word in text]


def called(street: Street, name: str) -> Caller:
    return next(each for each in street.world.callers if each.name == name)


def concern_others(changed: Mapping[str, list[dict[str, Any]]], street: Street, caller: Caller) -> list[str]:
    """Collections in which a document was touched that names anybody but the caller."""
    person = caller.person
    assert person is not None
    others = [each.user_id for each in street.world.people.values() if each.name != person.name]
    foreign = [each.binary for each in (*others, street.world.company.id)]
    raw = {name: b"".join(bson.encode(each) for each in found) for name, found in changed.items()}
    return [name for name, data in raw.items() if any(each in data for each in foreign)]
