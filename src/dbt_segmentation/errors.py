"""What can go wrong, in words for the person who has to fix it.

Each class carries the exit code with which the command line ends.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class SegmentationError(Exception):
    """Anything this package knows how to explain."""

    exit_code = 1


class ConfigError(SegmentationError):
    """A setting is unknown, mistyped or contradicts another."""

    exit_code = 2


class DataError(SegmentationError):
    """The data can't be used as they are."""

    exit_code = 1


class LockedError(SegmentationError):
    """Somebody else holds the file."""

    exit_code = 3


class MissingExtraError(SegmentationError):
    """An optional dependency is not installed."""

    exit_code = 2


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Name the nearest right name, or list the right ones when none is near.

    Parameters
    ----------
    name : str
        What was written.
    known : iterable of str
        What could have been written.

    Returns
    -------
    str
        A sentence to append to an error.
    """
    names = sorted(known)
    near = get_close_matches(name, names, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return (
        f"Known: {', '.join(repr(known_name) for known_name in names)}." if names else "There is none to choose from."
    )
