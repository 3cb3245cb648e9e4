"""What can go wrong with stored objects.

StorageError
├── ObjectMissing       no object has the key
├── ObjectTooLarge      the object has more bytes than the caller takes
├── RangeRefused        the object ends before the asked range begins
├── StorageRefused      the server will not: wrong credentials, no such bucket, a bad request
└── StorageUnavailable  no answer, a broken one, or a server in trouble; it may work later
KeyMalformed            a ValueError: text that cannot be a key, or a part of one
"""


class StorageError(Exception):
    """An object could not be read or written."""


class ObjectMissing(StorageError):
    """No object has this key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"There is no object {key!r}.")
        self.key = key


class ObjectTooLarge(StorageError):
    """The object has more bytes than the caller takes."""

    def __init__(self, key: str, max_bytes: int) -> None:
        super().__init__(f"{key!r} has more than {max_bytes} bytes.")
        self.key = key
        self.max_bytes = max_bytes


class RangeRefused(StorageError):
    """The asked range begins at or after the end of the object."""

    def __init__(self, key: str, offset: int) -> None:
        super().__init__(f"{key!r} has no byte {offset}.")
        self.key = key
        self.offset = offset


class StorageRefused(StorageError):
    """The server answered that it will not do this; asking again changes nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(f"The S3 server refused: {code}.")
        self.code = code


class StorageUnavailable(StorageError):
    """The server did not answer, broke off, or failed; the same call may work later."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The S3 server is not available: {reason}.")
        self.reason = reason


class KeyMalformed(ValueError):
    """Text that cannot be a key: it could name another object than its writer thinks."""

    def __init__(self, text: str, rule: str) -> None:
        super().__init__(f"{text!r} cannot stand in an object's key: {rule}")
        self.text = text
        self.rule = rule
