"""Services of which a test brings what it needs; the rest has no business there."""

from dataclasses import fields
from typing import Any

from resolvers.context import Services
from resolvers.live.rights_watch import RightsWatch


def bare_services(**given: Any) -> Services:
    """Services; what is not given is None and fails whoever touches it. Nobody rings for changed rights."""
    return Services(**{**{part.name: None for part in fields(Services)}, "rights": RightsWatch(), **given})
