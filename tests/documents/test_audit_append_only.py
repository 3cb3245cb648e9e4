"""No code path changes the audit trail: whoever reaches its collection only writes new entries, or reads."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from documents.audit_entry import AuditEntry
from documents.holdings import HOLDINGS, Erasure

CHECKOUT = Path(__file__).parents[2]
HOME = "documents/audit_entry.py"
CALLED = {"write"}
"""What is called on the class; making an instance and handing the class to `page` come besides."""
HANDED_TO = {"page", "describe", "connection_of", "Holding"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    packages = settings["tool"]["importlinter"]["root_packages"]
    for path in [
        *(path for each in packages for path in (CHECKOUT / each).rglob("*.py")),
        CHECKOUT / "cli.py",
    ]:
        name = str(path.relative_to(CHECKOUT))
        if name != HOME:
            yield name, ast.parse(path.read_text())


def uses(tree: ast.Module) -> Iterator[ast.AST]:
    """Every place that speaks of the document's class, by name or through its module, and not as a type."""
    types = {
        id(part)
        for node in ast.walk(tree)
        for annotation in (
            getattr(node, "annotation", None),
            getattr(node, "returns", None),
            node if isinstance(node, ast.Subscript) else None,
        )
        if annotation is not None
        for part in ast.walk(annotation)
    }
    for node in ast.walk(tree):
        is_name = isinstance(node, ast.Name) and node.id == "AuditEntry"
        is_attribute = isinstance(node, ast.Attribute) and node.attr == "AuditEntry"
        if (is_name or is_attribute) and id(node) not in types:
            yield node


def parents(tree: ast.Module) -> dict[int, ast.AST]:
    return {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def is_harmless(use: ast.AST, above: dict[int, ast.AST]) -> bool:
    parent = above[id(use)]
    if isinstance(parent, ast.Attribute):
        return parent.attr in CALLED
    if isinstance(parent, ast.Call):
        called = parent.func
        return called is use or (isinstance(called, ast.Name) and called.id in HANDED_TO | {"isinstance"})
    return isinstance(parent, ast.Tuple | ast.keyword)  # the list of models, graphql_type=…


def test_entries_are_written_and_read_and_nothing_else() -> None:
    wrong = []
    seen = 0
    for name, tree in sources():
        above = parents(tree)
        for use in uses(tree):
            seen += 1
            if not is_harmless(use, above):
                wrong.append(f"{name}:{getattr(use, 'lineno', '?')}")
    assert wrong == []
    assert seen > 4


def test_erasure_leaves_the_trail_as_it_is() -> None:
    (holding,) = [each for each in HOLDINGS if each.model is AuditEntry]
    assert holding.erasure is Erasure.KEPT
    ways = (holding.scrubbed, holding.erased, holding.of_project, holding.of_company)
    assert ways == (None, None, None, None)


def test_nobody_reaches_the_collection_by_its_name() -> None:
    named = [
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value == "audit_entries"
    ]
    assert named == []


def test_the_document_itself_inserts_alone() -> None:
    tree = ast.parse((CHECKOUT / HOME).read_text())
    calls = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert {each for each in calls if "insert" in each} == {"insert_one"}
    verbs = ("update", "replace", "delete", "save", "set", "drop", "modify", "bulk")
    assert [each for each in calls if each.startswith(verbs)] == []


def test_details_hold_no_whole_address() -> None:
    written = [
        (name, ast.unparse(word.value))
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and "AuditAction." in ast.unparse(node)
        for word in node.keywords
        if word.arg is not None and "email" in word.arg
    ]
    assert len(written) > 3
    assert [each for each in written if not each[1].startswith("masked(")] == []
