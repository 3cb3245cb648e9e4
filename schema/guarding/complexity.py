"""How much an operation asks for, found in one walk of its document.

Every selection set is visited once, however often a fragment is spread: a fragment's tally is kept and added
up. The walk runs before validation, so fragments may be unknown or cyclic and fields may not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

_PAGE_ARGUMENTS: Final = ("first", "last")
_DEEPEST_WALK: Final = 200  # levels of fields and fragments; Python's own stack ends at about a thousand
_ASSUMED_LIST: Final = 5  # members of a list that has no page size
_ASSUMED_PAGE: Final = 20  # members of a page that names no size
_HARMLESS: Final = frozenset({"name", "kind", "__typename"})


class TooNested(Exception):
    """Deeper than anything that could be meant."""


class PageTooLarge(Exception):
    """A page size or list of ids beyond the limit.

    Args:
        argument: `first`, `last` or `ids`.
        size: as asked for.
    """

    def __init__(self, argument: str, size: int) -> None:
        super().__init__(argument, size)
        self.argument = argument
        self.size = size


class IntrospectionClosed(Exception):
    """The schema was asked for and may not be."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a selection set amounts to, its fragments unfolded."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    cost: int = 0


class Walk:
    """One walk of one document.

    Args:
        schema: gives fields their types; what it does not know counts as a plain field.
        document: parsed, not yet validated.
        variables: as the client sent them, unchecked.
        max_page_size: of `first`, `last` and `ids`.
        is_open: whether the schema may be asked for.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        variables: Mapping[str, Any],
        *,
        max_page_size: int,
        is_open: bool,
    ) -> None:
        self._schema = schema
        self._variables = dict(variables)
        self._max_page_size = max_page_size
        self._is_open = is_open
        self._level = 0
        self._under_way: set[str] = set()
        self._tallies: dict[str, Tally] = {}
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }

    def operation(self, node: OperationDefinitionNode) -> Tally:
        """The whole operation.

        Raises:
            TooNested: it goes deeper than a document could reasonably.
            PageTooLarge: a page is larger than allowed, or smaller than nothing.
            IntrospectionClosed: it asks for the schema and may not.
        """
        for variable in node.variable_definitions or ():
            name = variable.variable.name.value
            if name not in self._variables and variable.default_value is not None:
                self._variables[name] = variable.default_value
        root = self._schema.get_root_type(node.operation)
        tally = self._selections(node.selection_set, root)
        own = len(node.directives or ())
        return Tally(tally.depth, tally.fields, tally.aliases, tally.directives + own, tally.cost)

    def _selections(self, node: SelectionSetNode, parent: GraphQLNamedType | None) -> Tally:
        self._level += 1
        if self._level > _DEEPEST_WALK:
            raise TooNested
        depth = fields = aliases = directives = cost = 0
        for selection in node.selections:
            part = self._selection(selection, parent)
            depth = max(depth, part.depth)
            fields += part.fields
            aliases += part.aliases
            directives += part.directives + len(selection.directives or ())
            cost += part.cost
        self._level -= 1
        return Tally(depth, fields, aliases, directives, cost)

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType | None) -> Tally:
        if isinstance(node, FieldNode):
            return self._field(node, parent)
        if isinstance(node, InlineFragmentNode):
            inside = parent if node.type_condition is None else self._type(node.type_condition.name.value)
            return self._selections(node.selection_set, inside)
        assert isinstance(node, FragmentSpreadNode)  # noqa: S101 - the third and last kind
        return self._fragment(node.name.value)

    def _fragment(self, name: str) -> Tally:
        fragment = self._fragments.get(name)
        if fragment is None or name in self._under_way:
            return Tally()  # validation will say what is wrong with it
        if name not in self._tallies:
            self._under_way.add(name)
            inside = self._type(fragment.type_condition.name.value)
            tally = self._selections(fragment.selection_set, inside)
            own = len(fragment.directives or ())
            self._tallies[name] = Tally(
                tally.depth, tally.fields, tally.aliases, tally.directives + own, tally.cost
            )
            self._under_way.discard(name)
        return self._tallies[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Tally:
        name = node.name.value
        aliases = 0 if node.alias is None else 1
        if name in {"__schema", "__type"}:
            return self._introspection(node, aliases)
        field = getattr(parent, "fields", {}).get(name)
        if node.selection_set is None:
            return Tally(1, 1, aliases, 0, _weight(field))
        inside = None if field is None else get_named_type(field.type)
        below = self._selections(node.selection_set, inside if is_composite_type(inside) else None)
        members = self._members(node, field, parent)
        return Tally(
            below.depth + 1,
            below.fields + 1,
            below.aliases + aliases,
            below.directives,
            _weight(field) + members * below.cost,
        )

    def _introspection(self, node: FieldNode, aliases: int) -> Tally:
        """Depth and lists are those of the schema, not of anybody's data; graphql-core refuses circles."""
        selections = [] if node.selection_set is None else node.selection_set.selections
        if not self._is_open and (
            node.name.value == "__schema"
            or not all(isinstance(part, FieldNode) and part.name.value in _HARMLESS for part in selections)
        ):
            raise IntrospectionClosed
        below = Tally() if node.selection_set is None else self._selections(node.selection_set, None)
        return Tally(1, below.fields + 1, below.aliases + aliases, below.directives, below.cost + 1)

    def _members(self, node: FieldNode, field: GraphQLField | None, parent: GraphQLNamedType | None) -> int:
        """How many objects the field may stand for."""
        sizes = [
            size
            for argument in node.arguments or ()
            if (size := self._size(argument.name.value, argument.value))
        ]
        if sizes:
            return max(sizes)
        if field is None:
            return 1
        if any(argument in field.args for argument in _PAGE_ARGUMENTS):
            return _ASSUMED_PAGE
        is_page = parent is not None and parent.name.endswith(
            "Connection"
        )  # its field was multiplied already
        return _ASSUMED_LIST if _is_list(field) and not is_page else 1

    def _size(self, argument: str, value: ValueNode) -> int:
        given: object = value
        if isinstance(value, VariableNode):
            given = self._variables.get(value.name.value)
        if argument in _PAGE_ARGUMENTS:
            size = _whole_number(given)
            if size is not None and not 0 <= size <= self._max_page_size:
                raise PageTooLarge(argument, size)
            return size or 0
        if argument == "ids":
            size = len(given.values) if isinstance(given, ListValueNode) else 0
            size = len(given) if isinstance(given, list) else size
            if size > self._max_page_size:
                raise PageTooLarge(argument, size)
            return size
        return 0

    def _type(self, name: str) -> GraphQLNamedType | None:
        return self._schema.get_type(name)


def _whole_number(given: object) -> int | None:
    """What validation and coercion take for a whole number; everything else is theirs to refuse."""
    if isinstance(given, IntValueNode):
        # int() refuses to read thousands of digits.
        return int(given.value) if len(given.value) < 20 else 2**63  # noqa: PLR2004
    if isinstance(given, float) and given.is_integer():
        return int(given)
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def _is_list(field: GraphQLField) -> bool:
    kind = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return isinstance(kind, GraphQLList)


def _weight(field: GraphQLField | None) -> int:
    """1, or what the field was declared with: `strawberry.field(metadata={"cost": 50})`."""
    definition = None if field is None else field.extensions.get("strawberry-definition")
    weight = getattr(definition, "metadata", {}).get("cost", 1)
    return int(weight)
