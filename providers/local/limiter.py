"""A limiter that looks ahead: peaks are turned down, not cut off."""

import numpy as np
from numpy.typing import NDArray

from providers.local.wave_file import RATE_HZ

BLOCK = RATE_HZ // 200  # 5 ms: shorter would be heard as distortion of low notes


def limited(samples: NDArray[np.float64], ceiling: float, *, loops: bool = False) -> NDArray[np.float64]:
    """Samples, (count,) or (count, channels), of which none is beyond `ceiling`; all channels move alike.

    With `loops` the gain at the end leads into the gain at the start.
    """
    count = len(samples)
    level = np.abs(samples.reshape(count, -1)).max(axis=1)
    starts = np.arange(0, count, BLOCK)
    gains = np.minimum(1.0, ceiling / np.maximum(np.maximum.reduceat(level, starts), 1e-9))
    around = np.concatenate(([gains[-1] if loops else 1.0], gains, [gains[0] if loops else 1.0]))
    # At a border the lower of both blocks' gains, straight lines between: never above a block's own gain.
    borders = np.minimum(around[:-1], around[1:])
    gain = np.interp(np.arange(count), np.append(starts, count), borders)
    return np.asarray(samples * gain.reshape(-1, *[1] * (samples.ndim - 1)))
