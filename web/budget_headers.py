"""The headers that tell a client what is left of its budget (IETF draft-ietf-httpapi-ratelimit-headers)."""

import math
from collections.abc import Mapping
from typing import Any


def budget_headers(cost: Mapping[str, Any]) -> dict[str, str]:
    """`RateLimit` and `RateLimit-Policy`, in units of cost.

    Args:
        cost: `extensions.cost` of an answer.
    """
    name = cost["budget"]
    return {
        "ratelimit-policy": f'"{name}";q={cost["limit"]};w={cost["windowS"]}',
        "ratelimit": f'"{name}";r={cost["remaining"]};t={math.ceil(cost["resetS"])}',
    }
