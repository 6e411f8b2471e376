"""Words, numbers and dates of the report in English or French."""

from __future__ import annotations

import datetime as dt
import json
import math
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "fr")
# narrow no-break space: French groups digits with it and puts it before % and :
_THIN = "\u202f"
_SHARE_UNITS = {"share", "rate", "percent", "%", "proportion"}
_MONEY_UNITS = {"currency", "money", "amount"}
# what is counted is in the name of the feature
_COUNT_UNITS = {"", "count", "number", "ratio", "index", "score", "orders", "lines", "categories", "messages"}


class Language:
    """Texts of one language, and its way with numbers.

    Parameters
    ----------
    code : str
        ``en`` or ``fr``; anything else is refused.
    currency : str, optional
        Sign or code put after amounts; amounts are bare numbers without it.

    Raises
    ------
    ValueError
        If the language is not one of the two.
    """

    def __init__(self, code: str, currency: str | None = None) -> None:
        if code not in LANGUAGES:
            raise ValueError(f"The report is written in {' or '.join(LANGUAGES)}, not {code!r}")
        self.code = code
        self.currency = currency
        text = files("dbt_segmentation.report").joinpath(f"templates/{code}.json").read_text(encoding="utf-8")
        self._texts: dict[str, Any] = json.loads(text)

    def __call__(self, key: str, **values: Any) -> str:
        """Text of a key, its ``_one`` form where ``n`` is singular, with values filled in."""
        count = values.get("n")
        if isinstance(count, int | float):
            is_one = count == 1 or (self.code == "fr" and abs(count) < 2)
            key = f"{key}_one" if is_one and f"{key}_one" in self._texts else key
            values["n"] = self.number(count)
        text = str(self._texts[key])
        return text.format(**values) if values else text

    def known(self, group: str, name: str | None) -> str:
        """Text of a name from the data where we have one, else the name made readable."""
        texts: dict[str, str] = self._texts[group]
        return texts.get(str(name or ""), humanise(name))

    def pick(self, row: dict[str, Any], stem: str) -> str:
        """``label_en`` or ``label_fr`` of a row, the other one where it is missing, else the empty text."""
        codes = [self.code, *(code for code in LANGUAGES if code != self.code)]
        return next((str(row[f"{stem}_{code}"]) for code in codes if row.get(f"{stem}_{code}")), "")

    def number(self, value: float | None, digits: int | None = None, sign: bool = False) -> str:
        """Write a number with grouped digits; three significant digits under 100 unless ``digits`` says otherwise."""
        if value is None or not math.isfinite(value):
            return self("none")
        if digits is None:
            digits = 0 if float(value).is_integer() or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
        text = f"{value:{'+' if sign else ''},.{digits}f}".replace("-", "\u2212")
        if not any(character in "123456789" for character in text):
            text = text.lstrip("+\u2212")
        return text.replace(",", _THIN).replace(".", ",") if self.code == "fr" else text

    def percent(self, share: float | None, digits: int = 1) -> str:
        """Share of one as a percentage."""
        if share is None or not math.isfinite(share):
            return self("none")
        return self.number(100 * share, digits) + (f"{_THIN}%" if self.code == "fr" else "%")

    def points(self, difference: float | None) -> str:
        """Difference of two shares in percentage points, signed."""
        if difference is None or not math.isfinite(difference):
            return self("none")
        return self("points", value=self.number(100 * difference, 1, sign=True))

    def money(self, amount: float | None) -> str:
        """Amount, with thousands and millions shortened in big figures."""
        if amount is None or not math.isfinite(amount):
            return self("none")
        for size, word in ((1e9, "billion"), (1e6, "million")):
            if abs(amount) >= size:
                return self._with_currency(self(word, value=self.number(amount / size, 2)))
        return self._with_currency(self.number(amount, 0 if abs(amount) >= 100 else 2))

    def quantity(self, value: float | None, unit: str | None, with_unit: bool = True) -> str:
        """Value of a feature in its unit; ``with_unit=False`` leaves out a unit in words."""
        kind = str(unit or "").strip().lower()
        if value is None or not math.isfinite(value):
            return self("none")
        if kind in _SHARE_UNITS:
            return self.percent(value, 0 if abs(value) >= 0.1 else 1)
        if kind in _MONEY_UNITS:
            return self.money(value)
        text = self.number(value, 0 if abs(value) >= 20 or float(value).is_integer() else 1 if abs(value) >= 1 else 2)
        return text if kind in _COUNT_UNITS or not with_unit else f"{text} {self._texts['units'].get(kind, kind)}"

    def date(self, day: dt.date | None) -> str:
        """Day in words: 31 December 2017."""
        if day is None:
            return self("none")
        first = "er" if self.code == "fr" and day.day == 1 else ""
        return f"{day.day}{first} {self._texts['months'][day.month - 1]} {day.year}"

    def short_date(self, day: dt.date) -> str:
        """Day in few letters: 31 Dec 17."""
        return f"{day.day} {self._texts['short_months'][day.month - 1]} {day:%y}"

    def listing(self, names: list[str], most: int = 3) -> str:
        """List names: A, B and C; or A, B, C and 4 others."""
        shown, rest = names[:most], len(names) - most
        if rest > 0:
            return f"{', '.join(shown)} {self('and')} {self('others', n=rest)}"
        return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {self('and')} {shown[-1]}" if shown else ""

    def _with_currency(self, text: str) -> str:
        return f"{text}\u00a0{self.currency}" if self.currency else text


def humanise(name: str | None) -> str:
    """``basket_size`` as ``Basket size``."""
    text = str(name or "").replace("_", " ").strip()
    return text[:1].upper() + text[1:]
