"""Small secrets sealed for storage or for a browser to carry: encrypted, authenticated, keys rotating."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

_MIN_SECRET_BYTES: Final = 32
_MAX_CHARACTERS: Final = 8_192
_ALGORITHMS: Final = ("dir", "A256GCM")


class SealBroken(ValueError):
    """Not sealed by us for this purpose, or with a key that is gone."""


class Sealing:
    """Seals and opens, as JWE with AES-256-GCM.

    Args:
        secrets: by key id, at least 32 bytes each in UTF-8. The first seals, all open: to rotate, put a new
            one first and keep the old one for as long as anything is sealed with it.

    Attributes:
        head: what begins everything that is sealed now, and nothing that an older key sealed.

    Raises:
        ValueError: there is no secret, or one is too short.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        if not secrets:
            raise ValueError("No secret to seal with.")
        if any(len(secret.encode()) < _MIN_SECRET_BYTES for secret in secrets.values()):
            raise ValueError(f"Each secret has at least {_MIN_SECRET_BYTES} bytes; one is shorter.")
        self._secrets = {key_id: secret.encode() for key_id, secret in secrets.items()}
        self._sealing_key_id = next(iter(self._secrets))
        self.head = self.seal("head", b"-").partition(".")[0] + "."

    def __repr__(self) -> str:
        return f"Sealing({len(self._secrets)} secrets)"

    def seal(self, purpose: str, data: bytes) -> str:
        """Seal for one purpose.

        Args:
            purpose: what it is and whose, such as `totp:<user id>`; opened for no other.
            data: at most a few KiB.
        """
        header = {"alg": "dir", "enc": "A256GCM", "kid": self._sealing_key_id}
        return jwe.encrypt_compact(header, data, self._key(self._sealing_key_id, purpose))

    def open(self, purpose: str, sealed: str) -> bytes:
        """What was sealed.

        Raises:
            SealBroken: this was not sealed by us for this purpose.
        """
        if len(sealed) > _MAX_CHARACTERS:
            raise SealBroken("Too long to be sealed by us.")
        try:
            opened = jwe.decrypt_compact(
                sealed,
                lambda found: self._key(str(found.headers().get("kid")), purpose),
                algorithms=list(_ALGORITHMS),
            )
        # ValueError: what the library lets through of malformed text; KeyError: a key id that is not ours.
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise SealBroken("Not sealed by us for this purpose.") from error
        if opened.plaintext is None:
            raise SealBroken("Nothing is in it.")
        return opened.plaintext

    def _key(self, key_id: str, purpose: str) -> OctKey:
        # A key of its own for each purpose: what is sealed for one person cannot be slipped to another.
        name = f"framewright sealing\0{purpose}".encode()
        return OctKey.import_key(hmac.new(self._secrets[key_id], name, hashlib.sha256).digest())
