"""A second factor: an authenticator app's shared secret, and recovery codes for the day that it is lost."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field


class SecondFactor(BaseModel):
    """Embedded in its user as `totp`.

    Attributes:
        sealed_secret: the secret, sealed (see `access.sealing`).
        started_at: when it was shown; it is confirmed soon after or never.
        confirmed_at: when a first code proved that the app has it; from then on it counts.
        last_step: the time step of the last code that was accepted; none is accepted twice, and none older.
        recovery_hashes: digests of the recovery codes that are left.
    """

    sealed_secret: Annotated[str, Field(repr=False)] = ""
    started_at: datetime | None = None
    confirmed_at: datetime | None = None
    last_step: int = 0
    recovery_hashes: Annotated[list[bytes], Field(repr=False)] = Field(default_factory=list)
