"""What the viewer sees beside the pictures: motion, transitions, words on the screen, captions."""

import strawberry

from documents.tree.look import (
    CaptionPreset,
    Easing,
    MotionKind,
    Placement,
    TextEffectKind,
    TextSize,
    TransitionKind,
)
from schema.enums import describe
from schema.scalars import Color

describe(
    MotionKind,
    "How the camera moves over a still picture.",
    {
        MotionKind.AUTO: "Chosen from the picture, and the same for the same picture.",
        MotionKind.NONE: "It stands still.",
        MotionKind.ZOOM_IN: "Towards the picture.",
        MotionKind.ZOOM_OUT: "Away from it.",
        MotionKind.PAN_LEFT: "To the left.",
        MotionKind.PAN_RIGHT: "To the right.",
        MotionKind.PAN_UP: "Upwards.",
        MotionKind.PAN_DOWN: "Downwards.",
        MotionKind.RECTANGLES: "From one part of the picture to another.",
    },
)
describe(
    Easing,
    "How a motion starts and stops.",
    {
        Easing.LINEAR: "At one speed.",
        Easing.EASE_IN: "Starting slowly.",
        Easing.EASE_OUT: "Stopping slowly.",
        Easing.EASE_IN_OUT: "Starting and stopping slowly.",
    },
)
describe(
    TransitionKind,
    "How one frame gives way to the next.",
    {
        TransitionKind.AUTO: "As the project's style says.",
        TransitionKind.CUT: "At once.",
        TransitionKind.CROSSFADE: "Both are mixed.",
        TransitionKind.FADE_BLACK: "Through black.",
        TransitionKind.FADE_WHITE: "Through white.",
        TransitionKind.WIPE_LEFT: "An edge moves to the left.",
        TransitionKind.WIPE_RIGHT: "An edge moves to the right.",
        TransitionKind.SLIDE_LEFT: "The next one pushes to the left.",
        TransitionKind.SLIDE_RIGHT: "The next one pushes to the right.",
        TransitionKind.SLIDE_UP: "The next one pushes upwards.",
        TransitionKind.SLIDE_DOWN: "The next one pushes downwards.",
        TransitionKind.CIRCLE_OPEN: "A circle opens on the next one.",
        TransitionKind.DISSOLVE: "Pixel by pixel.",
        TransitionKind.RADIAL: "Like the hand of a clock.",
    },
)
describe(
    TextEffectKind,
    "What words on the screen are for.",
    {
        TextEffectKind.TITLE: "A title, large, in the middle.",
        TextEffectKind.HOOK: "A line that catches the eye at the start.",
        TextEffectKind.LOWER_THIRD: "A name or a place, low on the screen.",
    },
)
describe(
    CaptionPreset,
    "How captions look.",
    {
        CaptionPreset.NONE: "There are none.",
        CaptionPreset.KARAOKE: "The spoken word is coloured.",
        CaptionPreset.POP: "The spoken word pops up.",
        CaptionPreset.BOX: "On a box.",
        CaptionPreset.PLAIN: "Line by line, without any effect.",
    },
)
describe(
    Placement,
    "Where captions stand, inside the platforms' safe areas.",
    {
        Placement.TOP: "Near the top.",
        Placement.CENTER: "In the middle.",
        Placement.BOTTOM: "Near the bottom.",
    },
)
describe(
    TextSize,
    "Size of captions, relative to the height of the video.",
    {TextSize.SMALL: "Small.", TextSize.MEDIUM: "Medium.", TextSize.LARGE: "Large."},
)


@strawberry.type(
    description="A part of a picture, in fractions of its width and height from the top left corner."
)
class Rectangle:
    """Read from `documents.tree.look.Rectangle`."""

    x: float = strawberry.field(description="Left edge, 0 to 1.")
    y: float = strawberry.field(description="Upper edge, 0 to 1.")
    width: float = strawberry.field(description="0.1 to 1.")
    height: float = strawberry.field(description="0.1 to 1.")


@strawberry.input(
    description="A part of a picture, in fractions of its width and height from the top left corner; "
    "`x + width` and `y + height` are at most 1."
)
class RectangleInput:
    """Unpacked by `schema.inputs.given`."""

    x: float = strawberry.field(description="Left edge, 0 to 1.")
    y: float = strawberry.field(description="Upper edge, 0 to 1.")
    width: float = strawberry.field(description="0.1 to 1.")
    height: float = strawberry.field(description="0.1 to 1.")


@strawberry.type(description="How the camera moves over a still picture.")
class Motion:
    """Read from `documents.tree.look.Motion`."""

    kind: MotionKind = strawberry.field(description="The kind of motion.")
    easing: Easing = strawberry.field(description="How it starts and stops.")
    strength: float = strawberry.field(description="Part of the picture that it covers, 0 to 0.5.")
    from_rectangle: Rectangle | None = strawberry.field(description="Shown first, for RECTANGLES.")
    to_rectangle: Rectangle | None = strawberry.field(description="Shown last, for RECTANGLES.")


@strawberry.input(description="How the camera is to move over a still picture.")
class MotionInput:
    """Unpacked by `schema.inputs.given`."""

    kind: MotionKind = strawberry.field(description="The kind of motion.")
    easing: Easing = strawberry.field(default=Easing.EASE_IN_OUT, description="How it starts and stops.")
    strength: float = strawberry.field(
        default=0.12, description="Part of the picture that it covers, 0 to 0.5."
    )
    from_rectangle: RectangleInput | None = strawberry.field(
        default=None, description="Shown first; RECTANGLES needs it."
    )
    to_rectangle: RectangleInput | None = strawberry.field(
        default=None, description="Shown last; RECTANGLES needs it."
    )


@strawberry.type(description="How a frame gives way to the next.")
class Transition:
    """Read from `documents.tree.look.Transition`."""

    kind: TransitionKind = strawberry.field(description="The kind of transition.")
    duration_s: float = strawberry.field(description="In seconds, 0.1 to 2; means nothing for a CUT.")


@strawberry.input(description="How a frame is to give way to the next.")
class TransitionInput:
    """Unpacked by `schema.inputs.given`."""

    kind: TransitionKind = strawberry.field(description="The kind of transition.")
    duration_s: float = strawberry.field(
        default=0.5, description="In seconds, 0.1 to 2; means nothing for a CUT."
    )


@strawberry.type(description="Words shown over a frame, apart from the captions.")
class TextEffect:
    """Read from `documents.tree.look.TextEffect`."""

    kind: TextEffectKind = strawberry.field(description="What they are for.")
    text: str = strawberry.field(description="The words, shown as they are.")
    start_s: float = strawberry.field(description="Seconds after the frame begins.")
    duration_s: float | None = strawberry.field(
        description="Seconds on the screen; null until the frame ends."
    )
    colour: Color | None = strawberry.field(description="Their colour; null for white.")


@strawberry.input(description="Words to show over a frame, apart from the captions.")
class TextEffectInput:
    """Unpacked by `schema.inputs.given`."""

    kind: TextEffectKind = strawberry.field(description="What they are for.")
    text: str = strawberry.field(description="The words, 1 to 300 characters, shown as they are.")
    start_s: float = strawberry.field(default=0.0, description="Seconds after the frame begins, 0 to 3,600.")
    duration_s: float | None = strawberry.field(
        default=None, description="Seconds on the screen, at most 3,600; null until the frame ends."
    )
    colour: Color | None = strawberry.field(default=None, description="Their colour; null for white.")


@strawberry.type(description="The captions of a whole project.")
class CaptionLook:
    """Read from `documents.tree.look.CaptionLook`."""

    preset: CaptionPreset = strawberry.field(description="How they look.")
    placement: Placement = strawberry.field(description="Where they stand.")
    size: TextSize = strawberry.field(description="How large they are.")
    colour: Color = strawberry.field(description="Colour of the letters.")
    highlight: Color = strawberry.field(description="Colour of the spoken word.")
    outline: Color = strawberry.field(description="Colour of the letters' outline.")
    background: Color | None = strawberry.field(description="Colour behind the letters; null for none.")
    uppercase: bool = strawberry.field(description="Whether all letters are capitals.")
    max_words: int = strawberry.field(description="Words on the screen at once, 1 to 12.")


@strawberry.input(description="What to change of a project's captions; what is left out stays.")
class CaptionLookInput:
    """Unpacked by `schema.inputs.given`."""

    preset: CaptionPreset | None = strawberry.field(default=strawberry.UNSET, description="How they look.")
    placement: Placement | None = strawberry.field(default=strawberry.UNSET, description="Where they stand.")
    size: TextSize | None = strawberry.field(default=strawberry.UNSET, description="How large they are.")
    colour: Color | None = strawberry.field(default=strawberry.UNSET, description="Colour of the letters.")
    highlight: Color | None = strawberry.field(
        default=strawberry.UNSET, description="Colour of the spoken word."
    )
    outline: Color | None = strawberry.field(
        default=strawberry.UNSET, description="Colour of the letters' outline."
    )
    background: Color | None = strawberry.field(
        default=strawberry.UNSET, description="Colour behind the letters; null for none."
    )
    uppercase: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether all letters are capitals."
    )
    max_words: int | None = strawberry.field(
        default=strawberry.UNSET, description="Words on the screen at once, 1 to 12."
    )
