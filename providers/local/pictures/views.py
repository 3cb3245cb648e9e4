"""How a picture looks at its subject: from afar, from close by, past onlookers, against the light."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class View:
    """One way of looking, as changes to the usual camera.

    Attributes:
        horizon: how much lower the horizon lies, as a share of the height.
        scale: the hero's size; 1 is the usual one.
        sun: the size of sun or moon; 1 is the usual one.
        blur: how far what lies behind the hero is out of focus, as a share of the picture's unit.
        leaves_frame: whether the hero may be larger than the picture.
        lookout: whether people in the foreground look at the hero.
        backlit: whether the hero stands dark before the light.
    """

    horizon: float = 0.0
    scale: float = 1.0
    sun: float = 1.0
    blur: float = 0.0
    leaves_frame: bool = False
    lookout: bool = False
    backlit: bool = False


USUAL = "usual"
SHEETS = frozenset({"section", "sketch"})
"""The views that are drawings on paper instead of a place."""

VIEWS: Mapping[str, View] = MappingProxyType(
    {
        USUAL: View(),
        "wide": View(horizon=0.09, scale=0.60, sun=0.8),
        "close": View(horizon=0.17, scale=1.85, blur=0.016, leaves_frame=True),
        "low": View(horizon=0.13, scale=1.22),
        "onlookers": View(horizon=0.01, scale=0.86, lookout=True),
        "silhouette": View(horizon=0.09, scale=0.80, sun=3.3, backlit=True),
        "section": View(),
        "sketch": View(),
    }
)

# What a film would cut between where nobody says how to look, by the scene's place in the script. People and
# drawings are for those who ask for them.
ROTATION = (USUAL, "wide", "low", "close", USUAL, "silhouette")
