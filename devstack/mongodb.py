"""MongoDB as a replica set of one: transactions need a set, even a lonely one."""

import time
from typing import Any, ClassVar

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from devstack.binaries import find_mongod
from devstack.process import Launch
from devstack.server import POLL_S, Server

REPLICA_SET = "framewright"
NOT_YET_INITIALIZED = 94
# Said while a node still reads its configuration, or has just been given one.
PASSING_CODES = frozenset({23, 103, 109})


class MongoServer(Server):
    """A mongod of our own."""

    name: ClassVar[str] = "mongodb"
    ready_line: ClassVar[bytes] = b"Waiting for connections"

    @property
    def url(self) -> str:
        """Address of the replica set."""
        return f"mongodb://127.0.0.1:{self.port}/?replicaSet={REPLICA_SET}"

    def launch(self, port: int) -> Launch:
        """A small server: a quarter GiB of cache, a short oplog, no socket file (paths may be long)."""
        argv = [
            *(str(find_mongod()), "--dbpath", ".", "--port", str(port), "--bind_ip", "127.0.0.1"),
            *("--replSet", REPLICA_SET, "--oplogSize", "256", "--wiredTigerCacheSizeGB", "0.25"),
            *("--nounixsocket", "--quiet"),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
            # The one member of a set has nobody to hand over to when it is told to end.
            *("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=0"),
        ]
        return Launch(argv, cwd=self.folder, env={"LC_ALL": "C"})

    def settle(self, port: int, deadline: float) -> None:
        """Make the node a replica set under its present address and wait until it takes writes."""
        address = f"127.0.0.1:{port}"
        with MongoClient[dict[str, Any]](
            address, directConnection=True, serverSelectionTimeoutMS=1000, connectTimeoutMS=1000
        ) as client:
            while not _is_settled(client, address):
                if time.monotonic() > deadline:
                    raise TimeoutError
                time.sleep(POLL_S)


def _is_settled(client: MongoClient[dict[str, Any]], address: str) -> bool:
    """Take the next step towards a primary at `address`; True once there is one."""
    try:
        config = client.admin.command("replSetGetConfig")["config"]
        if config["members"][0]["host"] == address:
            return bool(client.admin.command("hello").get("isWritablePrimary"))
        # The data come from a start on another port: a node that is not in its own set serves nobody.
        config["members"][0]["host"] = address
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)
    except OperationFailure as failure:
        if failure.code == NOT_YET_INITIALIZED:
            _initiate(client, address)
        elif failure.code not in PASSING_CODES:
            raise
    except PyMongoError:  # a reconfiguration may drop connections
        return False
    return False


def _initiate(client: MongoClient[dict[str, Any]], address: str) -> None:
    members = [{"_id": 0, "host": address}]
    try:
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
    except OperationFailure as failure:
        if failure.code not in PASSING_CODES:
            raise
