"""What can go wrong with a provider.

ProviderError
├── ProviderUnavailable    it may work later, if `retryable`
│   ├── ProviderBusy       it asks for patience: too many calls
│   └── KeyRefused         it does not take the key
├── ContentRefused         the provider will not make this; other words may pass
├── CapabilityUnsupported  nobody here can do this; a setting would provide it
└── InvalidRequest         a field of the request is out of its range

Each message says what was wrong and what to do next; it may be shown to the person at the screen.
"""

from providers.protocols.offer import Usage


class ProviderError(Exception):
    """Anything that a provider may raise.

    `usage` is what the failed call took all the same, such as two answers that could not be used; None for
    nothing.
    """

    usage: Usage | None = None


class ProviderUnavailable(ProviderError):
    """The provider did not answer, or not in time.

    `retryable` is False where waiting does not help (a missing library, a refused key); `retry_after_s` is
    the wait that the provider asked for, None if it named none.
    """

    def __init__(
        self, provider: str, why: str, *, retryable: bool = True, retry_after_s: float | None = None
    ) -> None:
        if not retryable:
            advice = "Trying again will not help: mend the cause, or choose another provider."
        elif retry_after_s is None:
            advice = "Try again later."
        else:
            advice = f"Try again in {retry_after_s:.0f} s."
        super().__init__(f"{provider} is unavailable: {why} {advice}")
        self.provider = provider
        self.why = why
        self.retryable = retryable
        self.retry_after_s = retry_after_s


class ProviderBusy(ProviderUnavailable):
    """The provider asks for patience (HTTP 429), or its line is closed after many failures.

    Waiting for it is no failed try of whatever waits.
    """


class KeyRefused(ProviderUnavailable):
    """The provider does not take the key: it is wrong, was withdrawn, or lacks a right or credit there."""

    def __init__(self, provider: str, why: str) -> None:
        super().__init__(provider, why, retryable=False)


class ContentRefused(ProviderError):
    """The provider's rules forbid what was asked for. Never retried as it stands."""

    def __init__(self, provider: str, why: str) -> None:
        super().__init__(f"{provider} refused this content: {why} Change the wording and try again.")
        self.provider = provider
        self.why = why


class CapabilityUnsupported(ProviderError):
    """No provider that is set up can do this. `setting` is what the operator sets to provide it.

    The message names it, unless `why` already names what to set.
    """

    def __init__(self, capability: str, why: str, *, setting: str, provider: str | None = None) -> None:
        advice = "" if "FRAMEWRIGHT_" in why else f" Set {setting} for one that offers {capability}."
        super().__init__(why + advice)
        self.capability = capability
        self.provider = provider
        self.why = why
        self.setting = setting


class InvalidRequest(ProviderError):
    """A field of the request cannot be used. `field` is its name in the request's dataclass."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message
