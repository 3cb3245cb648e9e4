"""Every subject that can be drawn, with its size and its home."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from providers.local.pictures.subjects import (
    animals,
    buildings,
    heavens,
    nature,
    objects,
    pastimes,
    people,
    science,
    sea_life,
    travel,
    winged,
)
from providers.local.pictures.subjects.subject import Anchor, Draw, Subject

_Row = tuple[Draw, float, Anchor, str, str, float, int]

# Drawn by, height, held by, homes, times, reach, how many.
_ROWS: Mapping[str, _Row] = {
    "lighthouse": (buildings.lighthouse, 0.84, "water", "sea", "dusk night", 0.62, 1),
    "castle": (buildings.castle, 0.74, "ground", "hills mountain", "dawn dusk", 0.72, 1),
    "windmill": (buildings.windmill, 0.72, "ground", "farm hills", "", 0.55, 1),
    "turbine": (buildings.turbine, 0.80, "ground", "hills farm", "noon dawn", 0.5, 3),
    "factory": (buildings.factory, 0.62, "ground", "city hills", "dusk", 0.75, 1),
    "house": (buildings.house, 0.50, "ground", "hills farm", "", 0.6, 1),
    "skyscraper": (buildings.skyscraper, 0.92, "ground", "city", "", 0.45, 1),
    "bridge": (buildings.bridge, 0.56, "water", "river sea", "", 1.25, 1),
    "temple": (buildings.temple, 0.52, "ground", "hills desert", "dawn dusk", 0.65, 1),
    "pyramid": (buildings.pyramid, 0.52, "ground", "desert", "dusk noon", 1.1, 1),
    "pagoda": (buildings.pagoda, 0.82, "ground", "mountain hills", "dawn dusk", 0.5, 1),
    "tent": (buildings.tent, 0.30, "ground", "mountain forest", "night dusk", 0.9, 1),
    "sailboat": (travel.sailboat, 0.62, "water", "sea", "", 0.6, 1),
    "train": (travel.train, 0.36, "ground", "mountain hills", "dawn dusk", 2.0, 1),
    "car": (travel.car, 0.30, "ground", "road", "", 1.15, 1),
    "bicycle": (travel.bicycle, 0.42, "ground", "hills road", "", 0.95, 1),
    "airplane": (travel.airplane, 0.34, "air", "sky", "", 1.15, 1),
    "rocket": (travel.rocket, 0.80, "air", "space", "", 0.45, 1),
    "balloon": (travel.balloon, 0.66, "air", "sky mountain", "dawn noon", 0.5, 2),
    "satellite": (travel.satellite, 0.40, "air", "space", "", 1.1, 1),
    "anchor": (travel.anchor, 0.62, "table", "sea underwater", "", 0.6, 1),
    "moon": (heavens.moon, 0.66, "sky", "mountain hills", "night", 0.6, 1),
    "planet": (heavens.planet, 0.52, "sky", "space", "", 1.0, 1),
    "sun": (heavens.sun, 0.46, "sky", "sea desert hills", "dusk dawn", 0.6, 1),
    "earth": (heavens.earth, 0.66, "sky", "space", "", 0.6, 1),
    "star": (heavens.shining_star, 0.44, "sky", "mountain hills", "night", 0.6, 1),
    "comet": (heavens.comet, 0.62, "sky", "space", "", 0.9, 1),
    "whale": (sea_life.whale, 0.44, "air", "underwater", "", 1.25, 1),
    "dolphin": (sea_life.dolphin, 0.34, "air", "underwater", "", 1.05, 2),
    "fish": (sea_life.fish, 0.32, "air", "underwater", "", 0.85, 3),
    "shark": (sea_life.shark, 0.38, "air", "underwater", "", 1.12, 1),
    "octopus": (sea_life.octopus, 0.62, "air", "underwater", "", 0.95, 1),
    "jellyfish": (sea_life.jellyfish, 0.56, "air", "underwater", "", 0.5, 3),
    "turtle": (sea_life.turtle, 0.42, "air", "underwater", "", 1.0, 1),
    "penguin": (sea_life.penguin, 0.46, "ground", "arctic", "", 0.42, 3),
    "cat": (animals.cat, 0.48, "table", "interior garden", "", 0.62, 1),
    "dog": (animals.dog, 0.44, "ground", "garden hills", "", 0.85, 1),
    "horse": (animals.horse, 0.52, "ground", "hills farm", "", 0.85, 1),
    "elephant": (animals.elephant, 0.54, "ground", "hills desert", "dusk dawn", 1.0, 1),
    "deer": (animals.deer, 0.56, "ground", "forest", "", 0.7, 1),
    "bear": (animals.bear, 0.42, "ground", "forest mountain", "", 1.05, 1),
    "rabbit": (animals.rabbit, 0.40, "ground", "garden", "", 0.5, 1),
    "dinosaur": (animals.dinosaur, 0.58, "ground", "volcanic forest", "", 1.05, 1),
    "bird": (winged.bird, 0.34, "air", "sky mountain", "", 0.85, 2),
    "owl": (winged.owl, 0.56, "air", "forest", "night", 0.65, 1),
    "bee": (winged.bee, 0.40, "air", "garden", "", 0.85, 3),
    "butterfly": (winged.butterfly, 0.46, "air", "garden", "", 0.75, 2),
    "ant": (winged.ant, 0.36, "ground", "garden", "", 0.85, 3),
    "spider": (winged.spider, 0.70, "air", "forest", "", 0.65, 1),
    "dragon": (winged.dragon, 0.60, "ground", "mountain volcanic", "dusk", 1.2, 1),
    "person": (people.person, 0.34, "ground", "mountain hills", "", 0.4, 1),
    "child": (people.child, 0.28, "ground", "hills garden", "", 0.45, 1),
    "robot": (people.robot, 0.60, "ground", "city laboratory", "", 0.55, 1),
    "tree": (nature.tree, 0.74, "ground", "hills", "", 0.55, 1),
    "pine": (nature.pine, 0.76, "ground", "forest mountain", "", 0.45, 3),
    "palm": (nature.palm, 0.76, "ground", "sea desert", "", 0.65, 2),
    "cactus": (nature.cactus, 0.58, "ground", "desert", "", 0.45, 2),
    "flower": (nature.flower, 0.56, "ground", "garden", "", 0.45, 3),
    "mushroom": (nature.mushroom, 0.40, "ground", "forest", "", 0.55, 3),
    "leaf": (nature.leaf, 0.52, "table", "garden", "", 0.6, 1),
    "volcano": (nature.volcano, 0.98, "ground", "volcanic", "dusk", 0.95, 1),
    "waterfall": (nature.waterfall, 0.80, "water", "river", "", 0.65, 1),
    "campfire": (nature.campfire, 0.32, "ground", "forest mountain", "night", 0.6, 1),
    "iceberg": (nature.iceberg, 0.48, "water", "arctic", "", 0.8, 1),
    "coffee": (objects.coffee, 0.58, "table", "interior", "dawn", 0.82, 1),
    "book": (objects.book, 0.46, "table", "interior", "dusk night", 0.8, 1),
    "clock": (objects.clock, 0.60, "table", "abstract", "", 0.6, 1),
    "coins": (objects.coins, 0.60, "table", "abstract", "", 0.75, 1),
    "chart": (objects.chart, 0.52, "table", "abstract", "", 0.8, 1),
    "lightbulb": (objects.lightbulb, 0.66, "table", "abstract", "", 0.6, 1),
    "heart": (objects.heart, 0.58, "table", "abstract", "", 0.6, 1),
    "key": (objects.key, 0.60, "table", "abstract", "", 0.4, 1),
    "crown": (objects.crown, 0.42, "table", "abstract", "", 0.75, 1),
    "chess": (pastimes.chess, 0.64, "table", "abstract interior", "", 0.7, 1),
    "football": (pastimes.football, 0.40, "table", "garden", "noon", 0.6, 1),
    "guitar": (pastimes.guitar, 0.76, "table", "abstract", "", 0.45, 1),
    "notes": (pastimes.notes, 0.50, "table", "abstract", "", 1.1, 1),
    "violin": (pastimes.guitar, 0.76, "table", "abstract", "", 0.45, 1),
    "computer": (pastimes.computer, 0.50, "table", "interior", "night", 0.8, 1),
    "phone": (pastimes.phone, 0.62, "table", "abstract", "", 0.45, 1),
    "camera": (pastimes.camera, 0.42, "table", "interior", "", 0.75, 1),
    "hourglass": (objects.hourglass, 0.64, "table", "abstract desert", "", 0.45, 1),
    "gear": (objects.gear, 0.58, "table", "abstract", "", 0.75, 1),
    "apple": (pastimes.apple, 0.46, "table", "interior garden", "", 0.6, 1),
    "bread": (pastimes.bread, 0.34, "table", "interior", "dawn", 1.0, 1),
    "wine": (pastimes.wine, 0.62, "table", "interior", "dusk", 0.5, 1),
    "brain": (science.brain, 0.60, "table", "abstract", "", 0.92, 1),
    "dna": (science.dna, 0.82, "table", "laboratory abstract", "", 0.4, 1),
    "atom": (science.atom, 0.66, "table", "abstract", "", 0.65, 1),
    "microscope": (science.microscope, 0.60, "table", "laboratory", "", 0.5, 1),
    "telescope": (science.telescope, 0.56, "ground", "mountain hills", "night", 0.68, 1),
    "flask": (science.flask, 0.56, "table", "laboratory", "", 0.55, 1),
}

# What may leave the picture at its sides: slopes, carriages, ramps.
_CORES: Mapping[str, float] = {
    "volcano": 0.44,
    "train": 1.0,
    "bridge": 0.85,
    "pyramid": 0.85,
    "notes": 0.6,
    "planet": 0.8,
}

# Where a close view looks; elsewhere a little above the middle.
_FOCUSES: Mapping[str, float] = {
    "lighthouse": 0.86,
    "volcano": 0.64,
    "castle": 0.55,
    "windmill": 0.62,
    "turbine": 0.64,
    "house": 0.45,
    "pagoda": 0.72,
    "train": 0.5,
    "car": 0.45,
    "coffee": 0.62,
    "horse": 0.78,
    "deer": 0.8,
    "elephant": 0.66,
    "person": 0.8,
    "child": 0.75,
    "robot": 0.72,
    "tree": 0.68,
    "flower": 0.78,
    "bridge": 0.5,
    "rocket": 0.62,
    "balloon": 0.66,
    "penguin": 0.75,
    "cat": 0.72,
    "dog": 0.72,
    "owl": 0.72,
}


@cache
def subjects() -> Mapping[str, Subject]:
    """The subjects by their names in the lexicon."""
    return MappingProxyType(
        {
            name: Subject(
                draw,
                height,
                anchor,
                tuple(homes.split()),
                tuple(times.split()),
                reach,
                herd,
                _CORES.get(name, reach),
                _FOCUSES.get(name, 0.6),
            )
            for name, (draw, height, anchor, homes, times, reach, herd) in _ROWS.items()
        }
    )
