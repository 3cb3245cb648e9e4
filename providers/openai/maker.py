"""What every maker here has: a connection, a model of its own, and an offer."""

from typing import ClassVar

from providers.openai.client import Connection
from providers.protocols.offer import Capability, Offer


class Maker:
    """Does one capability through one connection.

    Args:
        connection: whose key and server.
        model: that is used where a request names none.
    """

    capability: ClassVar[Capability]

    def __init__(self, connection: Connection, model: str) -> None:
        self._connection = connection
        self._model = model
        self.offer: Offer = self._offered()

    def _offered(self) -> Offer:
        return self._connection.offer(self.capability, self._model)
