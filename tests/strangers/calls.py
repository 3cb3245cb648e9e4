"""Operations sent as their callers send them, and what came of them in one word."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpx
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from schema.root import build_schema
from tests.strangers.example import NULL
from tests.strangers.people import Caller
from tests.web.served import Running, opened_socket

DEPTH = 2


@dataclass(frozen=True, eq=False)
class Operation:
    """One field of a root.

    Args:
        depth: how many levels of its answer are asked for.
    """

    schema: GraphQLSchema
    root: str
    name: str
    field: GraphQLField
    depth: int = DEPTH

    def document(self, variables: Mapping[str, Any]) -> str:
        """The operation with these arguments, and all that it answers down to some depth."""
        return self._document(tuple(variables))

    @lru_cache  # noqa: B019 - operations live as long as the schema
    def _document(self, variables: tuple[str, ...]) -> str:
        declared = ", ".join(f"${each}: {self.field.args[each].type}" for each in variables)
        handed = ", ".join(f"{each}: ${each}" for each in variables)
        kind = self.root.lower()
        head = f"{kind}({declared})" if declared else kind
        arguments = f"({handed})" if handed else ""
        selection = _selection(self.schema, get_named_type(self.field.type), self.depth)
        return f"{head} {{ {self.name}{arguments}{selection} }}"


def _selection(schema: GraphQLSchema, kind: GraphQLNamedType, depth: int) -> str:
    if is_leaf_type(kind):
        return ""
    if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType):
        parts = [
            f"... on {each.name} {{ {_fields(schema, each, depth, prefix=each.name)} }}"
            for each in schema.get_possible_types(kind)
        ]
        return f" {{ __typename {' '.join(parts)} }}"
    assert isinstance(kind, GraphQLObjectType)
    return f" {{ {_fields(schema, kind, depth)} }}"


def _fields(schema: GraphQLSchema, kind: GraphQLObjectType, depth: int, prefix: str = "") -> str:
    chosen = ["__typename"]
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        if any(is_required_argument(each) for each in field.args.values()):
            continue
        if not is_leaf_type(inner) and depth <= 1:
            continue
        # Members of a union may have fields of one name and different types: each gets its own.
        alias = f"{prefix}_{name}: " if prefix else ""
        chosen.append(f"{alias}{name}{_selection(schema, inner, depth - 1)}")
    return " ".join(chosen)


@dataclass(frozen=True)
class Answer:
    """What came back.

    Args:
        outcome: `OK`, NULL, an `extensions.code`, a code of `userErrors`, or a socket's close code.
        text: all of it.
        data: what the operation's field holds.
    """

    outcome: str
    text: str
    data: Any = None


def read(answer: Mapping[str, Any], name: str) -> Answer:
    """An answer in one word."""
    text = json.dumps(answer)
    data = (answer.get("data") or {}).get(name)
    if errors := answer.get("errors"):
        codes = sorted({str(each.get("extensions", {}).get("code")) for each in errors})
        return Answer("+".join(codes) + ("" if data is None else "+DATA"), text, data)
    if data is None or (isinstance(data, list) and data and not any(data)):
        return Answer(NULL, text)
    if isinstance(data, dict) and data.get("userErrors"):
        results = {key: value for key, value in data.items() if key not in {"userErrors", "__typename"}}
        codes = sorted({str(each["code"]) for each in data["userErrors"]})
        return Answer("+".join(codes) + ("+DATA" if any(results.values()) else ""), text, data)
    return Answer("OK", text, data)


async def post(client: httpx.AsyncClient, operation: Operation, variables: Mapping[str, Any]) -> Answer:
    """Send a query or mutation over HTTP, on the caller's own connection."""
    body = {"query": operation.document(variables), "variables": dict(variables)}
    response = await client.post("/graphql", json=body, headers={"accept": "application/json"})
    return read(response.json(), operation.name)


async def over_socket(
    server: Running, caller: Caller, operation: Operation, variables: Mapping[str, Any]
) -> Answer:
    """Send an operation over a WebSocket; what its first message was, or how the socket was closed."""
    async with opened_socket(server) as socket:
        payload = {} if caller.token is None else {"payload": {"authorization": f"Bearer {caller.token}"}}
        await socket.send({"type": "connection_init", **payload})
        try:
            assert (await socket.receive())["type"] == "connection_ack"
        except Exception:  # noqa: BLE001 - whatever it is, the close code says it
            code, reason = await socket.close_code()
            return Answer(str(code), reason)
        await socket.subscribe(operation.document(variables), variables=dict(variables))
        message = await socket.receive()
        if message["type"] == "error":
            return read({"errors": message["payload"]}, operation.name)
        return read(message.get("payload") or {}, operation.name)


async def stream(client: httpx.AsyncClient, operation: Operation, variables: Mapping[str, Any]) -> Answer:
    """Send a subscription as server-sent events; what its first event was."""
    body = {"query": operation.document(variables), "variables": dict(variables)}
    async with client.stream(
        "POST", "/graphql", json=body, headers={"accept": "text/event-stream"}
    ) as response:
        async for line in response.aiter_lines():
            if line.startswith("data:") and (data := line.removeprefix("data:").strip()):
                return read(json.loads(data), operation.name)
    return Answer("NOTHING", "")


def root_operations(schema: GraphQLSchema) -> Iterator[Operation]:
    """Every operation of a schema."""
    for root in (schema.query_type, schema.mutation_type, schema.subscription_type):
        if root is not None:
            kind = {schema.query_type: "query", schema.mutation_type: "mutation"}.get(root, "subscription")
            for name, field in root.fields.items():
                yield Operation(schema, kind, name, field)


SCHEMA = build_schema()._schema
OPERATIONS = {each.name: each for each in root_operations(SCHEMA)}
