"""Work for the processor, beside the event loop and with a deadline."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from providers.errors import ProviderUnavailable

Parameters = ParamSpec("Parameters")
ResultT = TypeVar("ResultT")


async def in_thread(
    limit_s: float,
    work: Callable[Parameters, ResultT],
    *args: Parameters.args,
    **kwargs: Parameters.kwargs,
) -> ResultT:
    """What `work` gives, computed in a thread.

    A thread cannot be stopped: when the caller is cancelled or the limit is reached, the work ends unheard.
    It must therefore be bounded by the size of its input.

    Raises:
        ProviderUnavailable: it took longer than `limit_s`; a machine less busy may do it.
    """
    try:
        async with asyncio.timeout(limit_s):
            return await asyncio.to_thread(work, *args, **kwargs)
    except TimeoutError as error:
        raise ProviderUnavailable("local", f"The work took more than {limit_s:.0f} s.") from error
