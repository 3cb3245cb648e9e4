"""The guards: what passes, what is refused, and how soon."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
import strawberry
from strawberry.schema.exceptions import CannotGetOperationTypeError

from schema.guarding.guards import Limits
from schema.root import build_schema


@strawberry.type
class Image:
    url: str = "u"


@strawberry.type
class Scene:
    title: str = "t"

    @strawberry.field
    def images(self) -> list[Image]:
        return [Image()]

    @strawberry.field
    def next(self) -> "Scene":
        return Scene()


@strawberry.type
class SceneConnection:
    nodes: list[Scene]


@strawberry.type
class Query:
    @strawberry.field
    def scenes(self, first: int | None = None, last: int | None = None) -> SceneConnection:
        del first, last
        return SceneConnection(nodes=[Scene()])

    @strawberry.field
    def scene(self) -> Scene:
        return Scene()

    @strawberry.field
    def nodes(self, ids: list[strawberry.ID]) -> list[Scene]:
        return [Scene() for _ in ids]

    @strawberry.field(metadata={"cost": 40})  # type: ignore[untyped-decorator]  # with arguments it is
    def dear(self) -> str:
        return "x"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def ruin(self) -> str:
        raise AssertionError


async def run(
    document: str, variables: dict[str, Any] | None = None, name: str | None = None, **limits: Any
) -> list[dict[str, Any]]:
    schema = build_schema(Limits(**limits), query=Query, mutation=Mutation, subscription=None)
    result = await schema.execute(
        document, variables, context_value=SimpleNamespace(request_id="r"), operation_name=name
    )
    return [dict(error.formatted) for error in result.errors or ()]


async def code(
    document: str, variables: dict[str, Any] | None = None, name: str | None = None, **limits: Any
) -> str:
    errors = await run(document, variables, name, **limits)
    assert len(errors) == 1, errors
    extensions = errors[0]["extensions"]
    return f"{extensions['code']} {extensions.get('limit') or extensions.get('field') or ''}".strip()


async def test_ordinary_operations_pass() -> None:
    document = """query Page($n: Int = 10) { scenes(first: $n) { nodes { ...Shown images { url } } } }
                  fragment Shown on Scene { title next { title } }"""
    assert await run(document) == []
    assert await run(document, {"n": 100}) == []
    assert await run("query A { scene { title } } query B { dear }", name="B") == []


@pytest.mark.parametrize(
    ("document", "limits", "refused"),
    [
        ("{ scene { next { next { title } } } }", {"depth": 3}, "QUERY_TOO_COMPLEX depth"),
        (
            "{ scene { ...A } } fragment A on Scene { next { next { title } } }",
            {"depth": 3},
            "QUERY_TOO_COMPLEX depth",
        ),
        (
            "{ scene { ... { ... on Scene { next { next { title } } } } } }",
            {"depth": 3},
            "QUERY_TOO_COMPLEX depth",
        ),
        ("{ a: scene { title } b: scene { title } }", {"aliases": 1}, "QUERY_TOO_COMPLEX aliases"),
        (
            "{ scene { ...A next { ...A } } } fragment A on Scene { a: title }",
            {"aliases": 1},
            "QUERY_TOO_COMPLEX aliases",
        ),
        ("{ scene { title title title } }", {"fields": 3}, "QUERY_TOO_COMPLEX fields"),
        ("{ dear @skip(if: false) @include(if: true) }", {"directives": 1}, "QUERY_TOO_COMPLEX directives"),
        ("query @a @b { dear }", {"directives": 1}, "QUERY_TOO_COMPLEX directives"),
        (
            "{ scene { ...A @x } } fragment A on Scene @y { title }",
            {"directives": 1},
            "QUERY_TOO_COMPLEX directives",
        ),
        ("{ dear " + "dear " * 200 + "}", {"tokens": 100}, "QUERY_TOO_COMPLEX"),
        ("{ scenes(first: 101) { nodes { title } } }", {}, "BAD_USER_INPUT first"),
        ("{ scenes(last: -1) { nodes { title } } }", {}, "BAD_USER_INPUT last"),
        ("{ scenes(first: " + "9" * 5_000 + ") { nodes { title } } }", {}, "BAD_USER_INPUT first"),
        ("query A { dear } mutation B { ruin }", {}, "BAD_USER_INPUT"),
        ("query { dear } query { dear }", {}, "BAD_USER_INPUT"),
        ("{ __schema { types { name } } }", {"introspection": False}, "FORBIDDEN"),
        ('{ __type(name: "Scene") { fields { name } } }', {"introspection": False}, "FORBIDDEN"),
        (
            '{ __type(name: "Scene") { ...A } } fragment A on __Type { name }',
            {"introspection": False},
            "FORBIDDEN",
        ),
    ],
)
async def test_too_much_is_refused_in_one_error(document: str, limits: dict[str, Any], refused: str) -> None:
    assert await code(document, **limits) == refused


async def test_type_names_are_told_even_when_introspection_is_off() -> None:
    assert (
        await run('{ __type(name: "Scene") { name kind } scene { __typename } }', introspection=False) == []
    )


async def test_page_sizes_multiply_what_is_below_them() -> None:
    document = "query($n: Int!) { scenes(first: $n) { nodes { images { url } } } }"
    cost_of_ten = 1 + 10 * (1 + 1 * (1 + 5 * 1))
    assert await run(document, {"n": 10}, cost=cost_of_ten) == []
    assert await code(document, {"n": 11}, cost=cost_of_ten) == "QUERY_TOO_COMPLEX cost"
    assert await code(document, {"n": 101}) == "BAD_USER_INPUT first"
    assert await code("{ scenes { nodes { title } } }", cost=40) == "QUERY_TOO_COMPLEX cost"


async def test_a_field_costs_what_it_was_declared_with() -> None:
    assert await run("{ dear }", cost=40) == []
    assert await code("{ dear }", cost=39) == "QUERY_TOO_COMPLEX cost"


async def test_ids_are_counted_in_the_text_and_in_variables() -> None:
    ids = [str(number) for number in range(101)]
    assert (
        await code("query($ids: [ID!]!) { nodes(ids: $ids) { title } }", {"ids": ids}) == "BAD_USER_INPUT ids"
    )
    written = ", ".join(f'"{one}"' for one in ids)
    assert await code(f"{{ nodes(ids: [{written}]) {{ title }} }}") == "BAD_USER_INPUT ids"


@pytest.mark.parametrize(
    "document",
    [
        "{ scene { ...A } } fragment A on Scene { ...A }",
        "{ scene { ...A } } fragment A on Scene { next { ...B } } fragment B on Scene { next { ...A } }",
        "{ scene { ...Nowhere } }",
        "{ scene { ...A } } fragment A on Nothing { x }",
        "{ nothing { nothing(first: 5) { nothing } } }",
    ],
)
async def test_what_validation_refuses_does_not_trouble_the_guards(document: str) -> None:
    errors = await run(document)
    assert {error["extensions"]["code"] for error in errors} == {"GRAPHQL_VALIDATION_FAILED"}


async def test_a_document_without_an_operation_is_left_to_the_schema() -> None:
    with pytest.raises(CannotGetOperationTypeError):
        await run("fragment A on Scene { title }")


@pytest.mark.parametrize("length", [20, 60, 190, 250])
async def test_fragments_that_double_are_refused_in_milliseconds(length: int) -> None:
    chain = " ".join(f"fragment F{n} on Scene {{ ...F{n + 1} ...F{n + 1} }}" for n in range(length))
    document = f"{{ scene {{ ...F0 }} }} {chain} fragment F{length} on Scene {{ title }}"
    started_s = time.perf_counter()
    errors = await run(document)
    assert time.perf_counter() - started_s < 0.5  # 2**20 steps take seconds, 2**250 for ever
    assert [error["extensions"]["code"] for error in errors] == ["QUERY_TOO_COMPLEX"]


async def test_deep_nesting_is_refused_without_exhausting_the_stack() -> None:
    for opening in ("next {", "... {", "... on Scene {"):
        document = "{ scene { " + opening * 800 + " title " + "}" * 802
        errors = await run(document)
        assert len(errors) == 1
        assert errors[0]["extensions"]["code"] in {"QUERY_TOO_COMPLEX", "GRAPHQL_PARSE_FAILED"}


async def test_ten_thousand_bad_directives_cost_one_error() -> None:
    assert await code("{ dear " + "@nope " * 10_000 + "}", tokens=50_000) == "QUERY_TOO_COMPLEX directives"


async def test_validation_names_no_other_fields_and_at_most_five_errors() -> None:
    errors = await run("{ " + " ".join(f"scen{letter}" for letter in "abcdfghij") + " }")
    assert len(errors) == 5
    assert "Did you mean" not in str(errors)
    for near in (
        "{ scenes(firts: 1) { nodes { title } } }",
        "{ scene { ... on Sceen { title } } }",
        "{ scene }",
    ):
        assert "Did you mean" not in str(await run(near))


async def test_the_library_still_keeps_the_given_name_where_the_guards_look() -> None:
    assert await code("query A { dear } query B { dear }") == "BAD_USER_INPUT"
    assert await run("query A { dear } query B { dear }", name="A") == []
