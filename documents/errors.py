"""Why a stored thing could not be changed.

ChangeRefused
├── NodeMissing      the node, or its project, is not there (or is deleted)
├── RevisionStale    it changed since the caller read it; carries the current node
├── ProjectHeld      another person's edit lock holds the project
└── CapReached       one more would pass a limit; carries the limit
"""

from pydantic import BaseModel


class ChangeRefused(Exception):
    """An atomic update that matched nothing; nothing was written."""


class NodeMissing(ChangeRefused):
    """The node does not exist.

    Args:
        kind: the node's kind, as the schema names it (`Frame`).
    """

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind} not found.")
        self.kind = kind


class RevisionStale(ChangeRefused):
    """The node was changed by somebody else since the caller read it.

    Args:
        kind: the node's kind, as the schema names it.
        current: the node as it is now.
    """

    def __init__(self, kind: str, current: BaseModel) -> None:
        super().__init__(f"{kind} was changed in the meantime.")
        self.kind = kind
        self.current = current


class ProjectHeld(ChangeRefused):
    """Another person's edit lock holds the project."""

    def __init__(self) -> None:
        super().__init__("Somebody else is editing this project: wait, or ask for it.")


class CapReached(ChangeRefused):
    """A limit of the tree.

    Args:
        what: what is counted, in the plural (`scenes in a script`).
        limit: how many are allowed.
    """

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(f"At most {limit} {what}.")
        self.what = what
        self.limit = limit
