"""What GraphiQL greets a newcomer with."""

import graphql

from schema.root import build_schema
from schema.sdl import sdl
from web.graphiql import STATIC_DIR


def test_the_first_operations_fit_the_schema() -> None:
    text = (STATIC_DIR / "page.js").read_text().split("const FIRST_QUERY = `")[1].split("`;")[0]
    document = graphql.parse(text)
    assert [
        part.name.value
        for part in document.definitions
        if isinstance(part, graphql.OperationDefinitionNode) and part.name
    ] == ["Server", "SignUp", "Me"]
    assert graphql.validate(graphql.build_schema(sdl(build_schema())), document) == []
    assert max(len(line) for line in text.splitlines()) <= 58
