"""Keeps calls away from a provider that fails, and tries it with one call when some time has passed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from purgatory.domain.model import CLOSED, OPENED, Context

from providers.errors import ProviderBusy, ProviderError, ProviderUnavailable

log = structlog.get_logger()

_TRIAL_WAIT_S = 5.0


class Breaker:
    """Purgatory's states and counts, with a rule of our own on top: a single call is the trial, not all.

    Purgatory's own context manager lets everybody through once the time is over, and takes a cancelled call
    for a failed or a good one; here it is neither.

    Args:
        provider: its name, for messages.
        failures: calls that fail in a row before nothing is sent any more.
        closed_s: for how long it then is not.
    """

    def __init__(self, provider: str, *, failures: int, closed_s: float) -> None:
        self._provider = provider
        self._circuit = Context(provider, failures, closed_s)
        self._is_trying = False

    def check(self) -> None:
        """See whether a call could be made now.

        Raises:
            ProviderBusy: not yet; says when.
        """
        circuit = self._circuit
        if circuit.state == OPENED:
            wait_s = (circuit.opened_at or 0.0) + circuit.ttl - time.time()
        else:
            wait_s = _TRIAL_WAIT_S if self._is_trying else -1.0
        if wait_s >= 0:
            why = f"{circuit.threshold} calls in a row failed, so it is left alone for a while."
            raise ProviderBusy(self._provider, why, retry_after_s=max(1.0, wait_s))

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Make one call in here and let its outcome count.

        A refused key, content or field is an answer, and the provider is there. That it asks for patience, or
        that the call was cancelled, says nothing.

        Raises:
            ProviderBusy: nothing is sent now.
        """
        self.check()
        circuit = self._circuit
        circuit.handle_new_request()
        is_trial = circuit.state != CLOSED
        self._is_trying = self._is_trying or is_trial
        try:
            yield
        except ProviderBusy:
            raise
        except ProviderError as error:
            self._note(error)
            raise
        else:
            circuit.handle_end_request()
        finally:
            if is_trial:
                self._is_trying = False
            circuit.messages.clear()  # for listeners that there are none of

    def _note(self, error: ProviderError) -> None:
        if not isinstance(error, ProviderUnavailable) or not error.retryable:
            self._circuit.handle_end_request()
            return
        before = self._circuit.state
        self._circuit.handle_exception(error)
        if self._circuit.state == OPENED and before != OPENED:
            log.warning("a provider is left alone for a while", provider=self._provider, why=error.why)
