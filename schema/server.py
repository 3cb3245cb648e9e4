"""The server itself."""

from typing import Final

import strawberry

from schema.guarding.rules import OPEN

VERSION: Final = "0.1.0"


@strawberry.type
class ServerQueries:
    """Fields of the query root that are about the server."""

    @strawberry.field(description="Version of this server, such as `0.1.0`.", metadata=OPEN)
    def version(self) -> str:
        """The version, as released."""
        return VERSION
