"""The owner's colour: lightened or darkened until it can be read on light and on dark paper."""

from __future__ import annotations

from collections.abc import Sequence

DEFAULT_ACCENT = "#0b5468"
LIGHT_PAPER, DARK_PAPER = "#fdfdfb", "#14181a"  # --paper in style.css
CONTRAST = 5.5  # WCAG asks for 4.5
STEPS = 40

Colour = tuple[float, ...]  # red, green and blue, each from 0 to 255


def accent_rules(accent: str) -> str:
    """CSS that sets the accent, "#rrggbb", for light and dark screens. Nothing for the default."""
    if not accent:
        return ""
    light, dark = readable_on(LIGHT_PAPER, accent), readable_on(DARK_PAPER, accent)
    return (
        f"@media screen{{:root{{--accent:{light}}}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{--accent:{dark}}}}}\n"
    )


def readable_on(paper: str, colour: str) -> str:
    """The colour, mixed with as little black (on light paper) or white (on dark) as makes it readable."""
    ground, wanted = read_colour(paper), read_colour(colour)
    far = (0.0, 0.0, 0.0) if luminance(ground) > 0.5 else (255.0, 255.0, 255.0)
    mixed = (mix(wanted, far, step / STEPS) for step in range(STEPS + 1))
    return next(written_colour(each) for each in mixed if contrast(each, ground) >= CONTRAST)


def read_colour(written: str) -> Colour:
    return tuple(float(int(written[place : place + 2], 16)) for place in (1, 3, 5))


def written_colour(colour: Colour) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in colour)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    return tuple(a + (b - a) * share for a, b in zip(one, other, strict=True))


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Sequence[float]) -> float:
    """The relative luminance of WCAG 2, from 0 to 1."""
    parts = (part / 255 for part in colour)
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
