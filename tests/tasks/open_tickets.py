"""Finds jobs that wait for something at a provider."""

from typing import Any, Final

_PURCHASES: Final = {"$objectToArray": {"$ifNull": ["$checkpoint.purchases", {}]}}
_OPEN: Final = {"$filter": {"input": _PURCHASES, "cond": {"$gt": ["$$this.v.ticket", None]}}}
HAS_TICKET: Final[dict[str, Any]] = {"$expr": {"$gt": [{"$size": _OPEN}, 0]}}
"""A filter for jobs that have a provider's ticket in their checkpoint."""
