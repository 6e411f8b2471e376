"""Draws that are the same at every run, French time, and files of text."""

from __future__ import annotations

import csv
import unicodedata
from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

import numpy as np

SEED = 20240701
FIRST_DAY, LAST_DAY = date(2024, 7, 1), date(2026, 6, 30)
DRIFT_DAY = date(2025, 12, 1)  # the first day of month 18
BIRTH_DAY = date(2025, 9, 1)  # the first day of month 15

T = TypeVar("T")
Row = dict[str, Any]


class Draw:
    """A seeded stream of draws; every topic has its own, so that a change in one leaves the others as they were.

    Everything but `normal` and `poisson` is made of uniform draws: those can't change between versions of numpy without
    changing the bit generator itself.
    """

    def __init__(self, topic: str) -> None:
        self.generator = np.random.Generator(np.random.PCG64([SEED, crc32(topic.encode())]))

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """Draw a number between two."""
        return low + (high - low) * float(self.generator.random())

    def chance(self, probability: float) -> bool:
        """Draw true with a probability."""
        return self.uniform() < probability

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number from low to high, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """Draw one of several."""
        return items[self.whole(0, len(items) - 1)]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """Draw a key of a mapping by its weight."""
        sums = list(accumulate(weights.values()))
        return list(weights)[min(bisect(sums, self.uniform(0, sums[-1])), len(sums) - 1)]

    def shuffled(self, items: Iterable[T]) -> list[T]:
        """Give all of several, in a drawn order."""
        listed = list(items)
        for i in range(len(listed) - 1, 0, -1):
            j = self.whole(0, i)
            listed[i], listed[j] = listed[j], listed[i]
        return listed

    def some(self, items: Iterable[T], count: int) -> list[T]:
        """Draw several different ones."""
        return self.shuffled(items)[:count]

    def normal(self, mean: float, deviation: float) -> float:
        """Draw from a normal distribution."""
        return float(self.generator.normal(mean, deviation))

    def poisson(self, mean: float) -> int:
        """Draw a count."""
        return int(self.generator.poisson(mean))

    def days(self, probabilities: np.ndarray) -> np.ndarray:
        """Draw which positions happen, each with its own probability."""
        return np.flatnonzero(self.generator.random(len(probabilities)) < probabilities)

    def day(self, first: date, last: date) -> date:
        """Draw a day from first to last, both included."""
        return first + timedelta(days=self.whole(0, (last - first).days))

    def moment(self, day: date, first_hour: int = 8, last_hour: int = 20) -> datetime:
        """Draw a moment of a day by the clock of Paris, and give it in UTC."""
        hour = self.whole(first_hour, last_hour)
        return to_utc(datetime(day.year, day.month, day.day, hour, self.whole(0, 59), self.whole(0, 59)))


def paris_offset(moment: datetime) -> int:
    """Hours that the clock of Paris is ahead of UTC at a moment told by it (summer time from March to October)."""

    def last_sunday(month: int) -> datetime:
        end = datetime(moment.year, month, 31, 2)
        return end - timedelta(days=(end.weekday() + 1) % 7)

    return 2 if last_sunday(3) <= moment < last_sunday(10) + timedelta(hours=1) else 1


def to_utc(local: datetime) -> datetime:
    """Bring a moment told by the clock of Paris to UTC."""
    return local - timedelta(hours=paris_offset(local))


def stamp(moment: datetime | None) -> str | None:
    """Write a moment as text, to the second."""
    return None if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S")


def plain(text: str) -> str:
    """Take accents off, and make lower case."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()


def money(amount: float) -> str:
    """Write an amount with two decimals."""
    return f"{amount:.2f}"


def write(path: Path, rows: Sequence[Row]) -> None:
    """Write rows as a csv file, without the columns that no row fills.

    A row with a quote inside leads: DuckDB guesses from the first rows how quotes are written.
    """
    names = [name for name in rows[0] if any(row[name] not in (None, "") for row in rows)]
    quoted = next((row for row in rows if any('"' in str(value) for value in row.values())), None)
    if quoted is not None:
        rows = [quoted, *(row for row in rows if row is not quoted)]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([row[name] for name in names] for row in rows)
