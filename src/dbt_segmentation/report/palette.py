"""Colours: one per segment, the same in every chart and in every report; and the scales of the heat maps."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Found by search: any two differ by at least 23 (CIE76) in normal vision and under protanopia, deuteranopia and
# tritanopia as simulated by Machado, Oliveira and Fernandes (2009), the first eight by 26; a test measures it.
SEGMENT_COLOURS = (
    "#3e3089",
    "#e2a81f",
    "#226f90",
    "#a7585e",
    "#6fb3e0",
    "#4e3b0a",
    "#8b58e0",
    "#988137",
    "#a4b580",
    "#6e1437",
)
NO_SEGMENT = "#b8c0c8"
INK, BLACK, WHITE = "#1c2733", "#000000", "#ffffff"
LOW, MIDDLE, HIGH = (38, 91, 150), (250, 250, 250), (189, 93, 12)
DRIFT = (178, 60, 20)
NEUTRAL = (82, 96, 109)


def segment_colours(segment_keys: Iterable[str]) -> dict[str, str]:
    """Give each key the colour of its number, so that a segment keeps it when others are born or die.

    Keys whose numbers share a colour (ten apart) take the next free one, lower numbers first.
    """
    taken: dict[int, str] = {}
    colours: dict[str, str] = {}
    size = len(SEGMENT_COLOURS)
    for key in sorted(set(segment_keys), key=lambda name: (_number(name), name)):
        wanted = (_number(key) - 1) % size
        slot = next((place % size for place in range(wanted, wanted + size) if place % size not in taken), wanted)
        taken[slot] = key
        colours[key] = SEGMENT_COLOURS[slot]
    return colours


def diverging(value: float | None, limit: float) -> str:
    """Blue under zero, white at zero, orange over it; full colour at ``limit``."""
    if value is None:
        return "transparent"
    strength = min(1.0, abs(value) / limit) if limit > 0 else 0.0
    return _mix(MIDDLE, HIGH if value > 0 else LOW, strength)


def sequential(value: float | None, limit: float, colour: tuple[int, int, int] = LOW) -> str:
    """White at zero, full colour at ``limit``."""
    if value is None:
        return "transparent"
    return _mix(MIDDLE, colour, min(1.0, max(0.0, value) / limit) if limit > 0 else 0.0)


def ink_on(background: str) -> str:
    """Black or white text, whichever has the higher contrast: at least 4.5 on any colour (WCAG 2.2, level AA)."""
    if background == "transparent":
        return INK
    light = luminance(background) + 0.05
    return WHITE if 1.05 / light > light / 0.05 else BLACK


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 to 1."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def translucent(colour: str, opacity: float) -> str:
    """``#rrggbb`` as ``rgba(...)``."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _mix(start: tuple[int, int, int], end: tuple[int, int, int], share: float) -> str:
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(start, end, strict=True))


def _number(segment_key: str) -> int:
    digits = re.search(r"(\d+)$", segment_key)
    return int(digits.group(1)) if digits else 1
