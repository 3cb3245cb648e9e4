"""What is to be seen: a request's words turned into decisions, the scene's apart from the frame's."""

from dataclasses import dataclass

import numpy as np

from providers.local.pictures.lexicon import lexicon, plain_words
from providers.local.pictures.palette import Palette, choose
from providers.local.pictures.seeding import generator
from providers.local.pictures.subjects.catalogue import subjects
from providers.local.pictures.views import ROTATION, SHEETS, USUAL
from providers.protocols.picture import ImageRequest

_MOST_SUBJECTS = 3

# Where nothing is said, the settings that a wordless symbol looks well in.
_OPEN_SETTINGS = ("hills", "mountain", "abstract", "sea", "desert", "abstract", "river", "sky")

_USUAL_TIMES = {
    "space": ("night",),
    "arctic": ("noon", "dawn", "night"),
    "garden": ("noon", "dawn"),
    "farm": ("noon", "dawn", "dusk"),
    "sky": ("noon", "dawn", "dusk"),
    "underwater": ("noon", "dusk", "night"),
    "forest": ("dawn", "noon", "dusk"),
    "interior": ("dawn", "dusk"),
    "volcanic": ("dusk", "night", "dawn"),
}
_ANY_TIME = ("dawn", "noon", "dusk", "dusk", "night")

# Who lives in a place that is named without anybody in it.
_DWELLERS = {
    "sea": ("sailboat",),
    "mountain": ("person", "pine", "balloon"),
    "hills": ("tree", "house"),
    "forest": ("deer", "owl", "mushroom"),
    "desert": ("cactus", "person"),
    "city": ("person", "car", "bicycle"),
    "space": ("rocket", "planet", "satellite"),
    "underwater": ("turtle", "fish", "jellyfish"),
    "interior": ("book", "coffee", "cat"),
    "laboratory": ("microscope", "flask", "dna"),
    "farm": ("windmill", "house"),
    "garden": ("butterfly", "flower"),
    "river": ("bridge", "tree"),
    "arctic": ("penguin", "iceberg"),
    "sky": ("balloon", "bird", "airplane"),
    "road": ("car", "bicycle"),
    "volcanic": ("volcano",),
}

# Where people who look on have something to stand on, for what is at home where they have not.
_OUTDOORS = ("hills", "mountain", "city", "garden")
_WITHOUT_PEOPLE = frozenset({"abstract", "interior", "laboratory", "underwater", "space"})

# Palettes that are kept for those who ask for them.
_SEALED = (
    "cyberpunk",
    "retro",
    "underwater",
    "space",
    "abstract",
    "volcanic",
    "interior",
    "laboratory",
    "arctic",
)


@dataclass(frozen=True, slots=True)
class Brief:
    """The decisions that a picture is composed from.

    Attributes:
        width: pixels.
        height: pixels.
        style: one of the lexicon's styles, "illustration" where none is named.
        setting: where the scene takes place.
        time: dawn, noon, dusk or night.
        weather: one of the lexicon's weathers, "fair" where none is named.
        view: how it is looked at, one of `views.VIEWS`.
        subjects: what is shown, the hero first; empty for a symbol made from the words alone.
        without: what the negative prompt forbids, in the lexicon's terms.
        palette: shared by the frames of the scene.
        frame_ordinal: which frame of the scene this is, for the camera.
        symbol: what a wordless symbol is drawn from.
        scene_key: names the scene's randomness.
        frame_key: names this picture's own randomness.
    """

    width: int
    height: int
    style: str
    setting: str
    time: str
    weather: str
    view: str
    subjects: tuple[str, ...]
    without: frozenset[str]
    palette: Palette
    frame_ordinal: int
    symbol: str
    scene_key: tuple[object, ...]
    frame_key: tuple[object, ...]

    def scene_rng(self, purpose: str) -> np.random.Generator:
        """Randomness that all frames of the scene share."""
        return generator("scene", purpose, *self.scene_key)

    def frame_rng(self, purpose: str) -> np.random.Generator:
        """Randomness of this picture alone."""
        return generator("frame", purpose, *self.frame_key)


def read(request: ImageRequest) -> Brief:
    """Decide what the request's picture shows."""
    book = lexicon()
    shared = request.scene_prompt.strip() or request.prompt
    scene, frame = plain_words(shared), plain_words(request.prompt)
    forbidden = plain_words(request.negative_prompt)
    without = frozenset(
        meaning
        for shelf in (book.settings, book.times, book.weathers, book.views, book.subjects, book.elements)
        for meaning in shelf.found(forbidden)
    )

    def first(found: tuple[str, ...]) -> str | None:
        return next((meaning for meaning in found if meaning not in without), None)

    style = first(book.styles.found(plain_words(request.style))) or first(book.styles.found(frame))
    style = style or "illustration"
    scene_key = (style, " ".join(scene))
    rng = generator("decisions", *scene_key)
    drawn, common = _things(frame, without), _things(scene, without)
    named = first(book.settings.found(scene)) or first(book.settings.found(frame))
    place = request.scene_ordinal
    of_scene = first(book.views.found(scene))
    view = first(book.views.found(frame)) or of_scene or ROTATION[place % len(ROTATION)]
    setting = named or _home(common or drawn, without, rng, place)
    if "onlookers" in {view, of_scene} and setting in _WITHOUT_PEOPLE:
        outdoors = [s for s in _OUTDOORS if s not in without]
        if not named and setting not in {"underwater", "space"} and outdoors:
            # All frames of the scene go out together.
            setting = str(rng.choice(outdoors))
        elif view == "onlookers":
            view = "wide"
    time = first(book.times.found(scene)) or first(book.times.found(frame))
    if time is None:
        usual = [t for t in _USUAL_TIMES.get(setting, _ANY_TIME) if t not in without] or ["noon"]
        home = [t for name in (common or drawn)[:1] for t in subjects()[name].times if t not in without]
        # The first scene takes the time that suits it best; after it, the day goes on.
        day = [*dict.fromkeys([*home, *usual])]
        time = day[place % len(day)] if place else str(rng.choice(home or usual))
    weather = first(book.weathers.found(scene)) or first(book.weathers.found(frame)) or "fair"
    if named and not (drawn or common):
        dwellers = [name for name in _DWELLERS.get(named, ()) if name not in without]
        drawn = [str(generator("dweller", *scene_key, request.prompt).choice(dwellers))] if dwellers else []
    if view == "wide" and len(drawn or common) == 1:
        drawn = [*(drawn or common), *_company((drawn or common)[0], setting, without, rng)]
    moods = _moods(style, setting, time, weather)
    return Brief(
        width=request.width,
        height=request.height,
        style=style,
        setting=setting,
        time=time,
        weather=weather,
        view=view
        if view in SHEETS or setting not in {"interior", "laboratory", "abstract"}
        else _indoor(view),
        subjects=tuple(drawn or common)[:_MOST_SUBJECTS],
        without=without,
        palette=choose(moods, generator("palette", *scene_key), sealed=_SEALED),
        frame_ordinal=request.frame_ordinal,
        # What a prompt is about stands before its first comma; the rest is how it looks.
        symbol=" ".join(plain_words(request.prompt.split(",")[0])) or " ".join(frame) or " ".join(scene),
        scene_key=scene_key,
        frame_key=(
            *scene_key,
            request.prompt,
            request.negative_prompt,
            request.seed,
            request.ordinal,
            request.scene_ordinal,
            request.frame_ordinal,
        ),
    )


def _things(words: tuple[str, ...], without: frozenset[str]) -> list[str]:
    for shelf in (lexicon().subjects, lexicon().hints):
        found = [name for name in shelf.found(words) if name not in without and name in subjects()]
        if found:
            return found
    return []


def _home(names: list[str], without: frozenset[str], rng: np.random.Generator, place: int) -> str:
    for name in names:
        homes = [home for home in subjects()[name].homes if home not in without]
        if homes:
            return homes[place % len(homes)] if place else str(rng.choice(homes))
    return str(rng.choice([s for s in _OPEN_SETTINGS if s not in without] or ["abstract"]))


def _company(hero: str, setting: str, without: frozenset[str], rng: np.random.Generator) -> list[str]:
    """Something small that gives a wide view its size."""
    others = [name for name in _DWELLERS.get(setting, ()) if name != hero and name not in without]
    return [str(rng.choice(others))] if others else []


def _indoor(view: str) -> str:
    """The view where there is no sky to stand dark against."""
    return {"silhouette": "close", "low": USUAL}.get(view, view)


def _moods(style: str, setting: str, time: str, weather: str) -> tuple[str, ...]:
    moods = [style] if style in {"cyberpunk", "retro"} else []
    if setting == "volcanic" and time != "dusk":
        return (*moods, weather, time, "mountain")
    if setting in {"underwater", "interior"}:
        # Their palettes name the light that they are for: no other reaches down there, or in there.
        return (*moods, f"{setting} {time}", setting)
    if setting in {"space", "abstract", "volcanic", "laboratory", "arctic"}:
        return (*moods, setting, time)
    if weather == "fog":
        # Mist takes the light's colour; a storm brings its own.
        return (*moods, time, weather, setting)
    if weather in {"rain", "storm", "snow"}:
        return (*moods, weather, time, setting) if time == "night" else (*moods, weather, setting)
    return (*moods, time, setting)
