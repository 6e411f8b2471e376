"""What goes wrong with rows on their way: soils some rows of people who may be profiled, and tells which and how.

Expected is what a reader must make of a row: `repaired` (the field then holds expected_value), `rejected` (with
reason), `kept` (the row is used, the field is expected_value as given), `nulled` (the row is used, the field is null).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from .people import Person
from .tools import LAST_DAY, Draw, Row, money, paris_offset

Inputs = dict[str, list[Row]]
KEYS = {
    "customers": ("source_system", "source_record_id"),
    "orders": ("order_id",),
    "order_lines": ("order_line_id",),
    "events": ("event_id",),
    "campaign_touches": ("touch_id",),
    "social_engagements": ("engagement_id",),
    "survey_responses": ("response_id",),
    "support_tickets": ("ticket_id",),
    "customer_attributes": ("source_system", "source_record_id", "attribute", "provider"),
    "consents": ("source_system", "source_record_id", "purpose", "recorded_at"),
    "market_indicators": ("area_code", "day", "indicator"),
}
FUTURE = ["2099-12-24 10:00:00", "2087-01-05 09:30:00", "2150-12-31 00:00:00"]
SQL = ["'; drop table orders; --", "1 OR 1=1", '" or ""="', "Robert'); DELETE FROM customers;--"]
ODD = ["🌸 Zoé 🌸", 'dit "le Grand"', "a,b;c|d", "<b>gras</b>", "日本語", "{{ 7 * 7 }}", "\\N", "%_%"]

# new value and expected value, given the old one
Change = Callable[[str], tuple[str | None, str | None]]


class Soiler:
    """Soils rows, each at most once, and keeps the truth."""

    def __init__(self, inputs: Inputs, people: list[Person]) -> None:
        self.draw = Draw("dirt")
        self.inputs = inputs
        self.truth: list[Row] = []
        self.touched: set[int] = set()
        self.allowed = {(r.system, r.record_id) for p in people if p.is_allowed for r in p.records}
        self.lonely = {(p.records[0].system, p.records[0].record_id) for p in people if len(p.records) == 1}
        self.lonely = {key for key in self.lonely & self.allowed if key[0] != "b2b"}
        orders = {row["order_id"]: row for row in inputs["orders"]}
        self.owner = {line["order_line_id"]: orders[line["order_id"]] for line in inputs["order_lines"]}

    def soil(self) -> list[Row]:
        """Soil all inputs, and give the truth."""
        self._customers()
        self._orders()
        self._order_lines()
        self._events()
        self._others()
        return self.truth

    def pick(self, name: str, count: int, where: Callable[[Row], object] = lambda row: True) -> list[Row]:
        """Draw rows that are clean so far, of people who may be profiled."""
        chosen: list[Row] = []
        for _ in range(100 * len(self.inputs[name])):
            if len(chosen) == count:
                break
            row = self.draw.pick(self.inputs[name])
            owner = self.owner[row["order_line_id"]] if name == "order_lines" else row
            key = (owner.get("source_system"), owner.get("source_record_id"))
            known = key in (self.lonely if name == "customers" else self.allowed)
            # the lines of an order that is soiled share its fate
            soiled = id(row) in self.touched or id(owner) in self.touched
            if not soiled and (known or "source_system" not in owner) and where(row):
                chosen.append(row)
                self.touched.add(id(row))
        assert len(chosen) == count, (name, count, len(chosen))
        return chosen

    def tell(
        self,
        name: str,
        row: Row,
        field: str,
        kind: str,
        expected: str,
        value: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Write down what was done to a row."""
        key = "|".join("" if row[k] is None else str(row[k]) for k in KEYS[name])
        told = {"input": name, "row_key": key, "field": field, "kind": kind, "expected": expected}
        self.truth.append(told | {"reason": reason, "expected_value": value})

    def change(
        self,
        name: str,
        field: str,
        kind: str,
        expected: str,
        values: list[str] | Change,
        count: int = 0,
        reason: str | None = None,
        where: Callable[[Row], object] = lambda row: True,
    ) -> None:
        """Change a field of some rows: to each of several values, or by a function of the value that is there."""
        changes = values if isinstance(values, list) else [values] * count
        rows = self.pick(name, len(changes), where)
        for row, new in zip(rows, changes, strict=True):
            given, value = (new, new if expected == "kept" else None) if isinstance(new, str) else new(str(row[field]))
            key_row = dict(row)
            row[field] = given
            self.tell(name, row if field not in KEYS[name] else key_row, field, kind, expected, value, reason)

    def copy(self, name: str, row: Row, kind: str, **changes: str | None) -> None:
        """Add a row like another one; one of the two must be rejected."""
        self.inputs[name].append(row | changes)
        self.touched.add(id(self.inputs[name][-1]))
        self.tell(name, row, KEYS[name][-1], kind, "rejected", reason="duplicate_key")

    def shuffle(self, name: str) -> None:
        """Put rows of an input into an order that tells nothing of what was added."""
        self.inputs[name] = self.draw.shuffled(self.inputs[name])

    def _customers(self) -> None:
        change, name = self.change, "customers"
        broken = [
            "jean.dupont(at)mail.example",
            "marie@",
            "@mail.example",
            "a b@mail.example",
            "sans",
            "x@y",
            "p@@mail.example",
        ]
        # without an e-mail these people must still be told apart by something else
        sure = {"where": lambda row: row["email"] and row["birth_date"]}
        change(name, "email", "broken_email", "nulled", [*broken, "jean..d@mail.example", "n/a", "aucun@mail"], **sure)
        change(name, "phone", "broken_phone", "nulled", ["000", "inconnu", "06", "12345678901234567890"], **sure)
        change(name, "birth_date", "date_order", "repaired", _slashed, 14, where=_has("birth_date", late=True))
        change(
            name, "birth_date", "swapped_day_and_month", "repaired", _swapped, 8, where=_has("birth_date", late=True)
        )
        change(
            name,
            "birth_date",
            "impossible_date",
            "nulled",
            ["2099-01-01", "1975-02-30", "0000-00-00"],
            where=_has("email"),
        )
        zero = {"where": lambda row: str(row["postal_code"]).startswith("0") and row["country_code"] == "FR"}
        change(name, "postal_code", "lost_leading_zero", "repaired", lambda v: (v.lstrip("0"), v), 40, **zero)
        whole = {"where": lambda row: row["country_code"] == "FR" and len(str(row["postal_code"])) == 5}
        change(name, "postal_code", "spaces", "repaired", lambda v: (f"{v[:2]} {v[2:]}", v), 12, **whole)
        for given in ("France", "fr", " FR ", "FRA"):
            change(name, "country_code", "country_spelled_out", "repaired", lambda v, g=given: (g, v), 3, **whole)
        change(name, "first_name", "hostile_text", "kept", [*ODD[:2], SQL[3], "Anne\tLise"], where=_has("email"))
        change(name, "household_size", "unreadable_number", "nulled", ["deux", "NaN"], where=_has("household_size"))
        offset = {"where": _has("created_at")}
        change(name, "created_at", "time_zone", "repaired", _zoned, 12, **offset)
        for row in self.pick(name, 5):
            self.copy(name, row, "duplicate_record")
        for row in self.pick(name, 2):
            self.inputs[name].append(row | {"source_record_id": None})
            self.tell(
                name,
                self.inputs[name][-1],
                "source_record_id",
                "missing_key",
                "rejected",
                reason="missing_source_record_id",
            )
        self.shuffle(name)

    def _orders(self) -> None:
        change, name = self.change, "orders"
        euro = {"where": lambda row: row["currency"] == "EUR" and row["status"] == "paid"}
        dated = {"where": lambda row: row["currency"] == "EUR" and _has("ordered_at", late=True)(row)}
        change(name, "ordered_at", "future_date", "rejected", FUTURE * 2, reason="in_the_future", **euro)
        change(
            name,
            "ordered_at",
            "impossible_date",
            "rejected",
            ["2025-02-30 10:00:00", "hier", "32/13/2025"],
            reason="unreadable_ordered_at",
            **euro,
        )
        change(
            name, "ordered_at", "missing", "rejected", lambda v: (None, None), 2, reason="missing_ordered_at", **euro
        )
        change(name, "ordered_at", "date_order", "repaired", _slashed, 14, **dated)
        change(name, "ordered_at", "swapped_day_and_month", "repaired", _swapped, 8, **dated)
        change(name, "ordered_at", "time_zone", "repaired", _zoned, 30, **euro)
        change(
            name,
            "gross_amount",
            "negative_amount",
            "rejected",
            ["-45.90", "-0.01", "-1200.00", "-7.5"],
            reason="negative_amount",
            **euro,
        )
        change(
            name,
            "gross_amount",
            "infinite_amount",
            "rejected",
            ["inf", "Infinity", "-inf", "1e400"],
            reason="unreadable_gross_amount",
            **euro,
        )
        change(name, "gross_amount", "nan_amount", "rejected", ["NaN", "nan"], reason="unreadable_gross_amount", **euro)
        change(
            name,
            "gross_amount",
            "unreadable_amount",
            "rejected",
            ["gratuit", "12.50.00"],
            reason="unreadable_gross_amount",
            **euro,
        )
        change(name, "gross_amount", "decimal_comma", "repaired", lambda v: (v.replace(".", ","), v), 14, **euro)
        change(
            name,
            "gross_amount",
            "currency_sign",
            "repaired",
            _french_amount,
            8,
            where=lambda r: euro["where"](r) and float(r["gross_amount"]) > 200,
        )
        change(
            name,
            "currency",
            "unknown_currency",
            "rejected",
            ["XXX", "ZZZ", "?", "BTC"],
            reason="no_exchange_rate",
            **euro,
        )
        change(name, "currency", "currency_spelling", "repaired", lambda v: (" eur", v), 6, **euro)
        change(name, "status", "mixed_case", "repaired", lambda v: (f" {v.title()} ", v), 10, **euro)
        change(name, "source_system", "mixed_case", "repaired", lambda v: (f"{v.upper()} ", v), 8, **euro)
        for new in ("X9999", "C0", "<script>", "' or ''='"):
            change(name, "source_record_id", "unknown_customer", "rejected", [new], reason="unknown_customer", **euro)
        for row in self.pick(name, 6, **euro):
            self.copy(name, row, "duplicate_order")
        for row in self.pick(name, 4, **euro):
            later = datetime.fromisoformat(row["ordered_at"]) + timedelta(days=2)
            if later.date() <= LAST_DAY:
                self.copy(name, row, "duplicate_order_later", ordered_at=later.strftime("%Y-%m-%d %H:%M:%S"))
        rates = {(r["currency"], r["day"]): float(r["rate"]) for r in self.inputs["exchange_rates"]}
        for row in self.pick(name, 5, **euro):
            row["currency"] = "USD"
        for row in self.inputs[name]:
            if row["currency"] in ("CHF", "USD") and (row["source_system"], row["source_record_id"]) in self.allowed:
                gross = float(row["gross_amount"]) * rates[row["currency"], str(row["ordered_at"])[:10]]
                self.tell(name, row, "gross_amount", "foreign_currency", "repaired", money(gross))
        self.shuffle(name)

    def _order_lines(self) -> None:
        change, name = self.change, "order_lines"
        paid = {"where": lambda row: self.owner[row["order_line_id"]]["status"] == "paid"}
        change(
            name,
            "line_amount",
            "infinite_amount",
            "rejected",
            ["inf", "-Infinity"],
            reason="unreadable_line_amount",
            **paid,
        )
        change(name, "line_amount", "nan_amount", "rejected", ["NaN"], reason="unreadable_line_amount", **paid)
        change(
            name, "line_amount", "missing", "rejected", lambda v: (None, None), 2, reason="missing_line_amount", **paid
        )
        change(name, "line_amount", "decimal_comma", "repaired", lambda v: (v.replace(".", ","), v), 12, **paid)
        change(name, "category", "mixed_case", "repaired", lambda v: (f" {v.upper()}", v), 30, **paid)
        change(name, "category", "mixed_case", "repaired", lambda v: (f"{v.title()}  ", v), 30, **paid)
        change(name, "category", "hostile_text", "kept", [t.lower() for t in (ODD[1], ODD[2], ODD[4], SQL[0])], **paid)
        change(name, "quantity", "decimal_comma", "repaired", lambda v: (f"{v},0", v), 8, **paid)
        change(name, "order_id", "unknown_order", "rejected", ["99999", "0", "'--"], reason="unknown_order", **paid)
        for row in self.pick(name, 5, **paid):
            self.copy(name, row, "duplicate_line")
        self.shuffle(name)

    def _events(self) -> None:
        change, name = self.change, "events"
        timed = {"where": _has("duration")}
        change(name, "occurred_at", "future_date", "rejected", FUTURE, reason="in_the_future")
        change(
            name,
            "occurred_at",
            "impossible_date",
            "rejected",
            ["2025-13-45T99:00", "soon"],
            reason="unreadable_occurred_at",
        )
        change(name, "occurred_at", "time_zone", "repaired", _zoned, 40)
        change(name, "duration", "infinite_duration", "nulled", ["inf", "NaN", "-30"], **timed)
        change(name, "duration_unit", "unknown_unit", "nulled", ["fortnight"], **timed)
        change(name, "search_term", "hostile_text", "kept", [*SQL, *ODD], where=_has("search_term"))
        change(name, "properties", "broken_json", "kept", ['{"value":', "not json"])
        change(name, "event_name", "missing", "rejected", lambda v: (None, None), 2, reason="missing_event_name")
        for row in self.pick(name, 40, where=lambda row: True):
            received = datetime.fromisoformat(row["occurred_at"]) + timedelta(hours=self.draw.whole(1, 300))
            self.copy(name, row, "replayed_event", received_at=received.strftime("%Y-%m-%d %H:%M:%S"))
        for row in self.pick(name, 25):
            received = datetime.fromisoformat(row["occurred_at"]) + timedelta(days=self.draw.whole(2, 9))
            row["received_at"] = received.strftime("%Y-%m-%d %H:%M:%S")
            self.tell(name, row, "received_at", "late_arrival", "kept", row["received_at"])
        for unit, factor in (("ms", 1000.0), ("min", 1 / 60)):
            for row in self.pick(name, 15, where=lambda row, u=unit: row["duration_unit"] == u):
                self.tell(name, row, "duration", "duration_unit", "repaired", f"{float(row['duration']) / factor:.1f}")
        self.shuffle(name)

    def _others(self) -> None:
        change = self.change
        name = "campaign_touches"
        earned = {"where": _has("revenue")}
        change(name, "revenue", "decimal_comma", "repaired", lambda v: (v.replace(".", ",") + " €", v), 6, **earned)
        change(name, "sent_at", "time_zone", "repaired", _zoned, 8)
        change(name, "channel", "mixed_case", "repaired", lambda v: (f"{v.upper()} ", v), 8)
        for row in self.pick(name, 4):
            self.copy(name, row, "duplicate_touch")
        name = "survey_responses"
        psychographic = {"where": lambda row: row["survey_id"] == "psy25"}
        change(
            name,
            "score",
            "out_of_scale",
            "rejected",
            ["7", "0", "-1", "99"],
            reason="outside_scale",
            **psychographic,
        )
        change(name, "score", "decimal_comma", "repaired", lambda v: (f"{v},0", v), 4, **psychographic)
        change(name, "score", "nan_score", "rejected", ["NaN", "très bien"], reason="unreadable_score", **psychographic)
        change(
            name,
            "answer_text",
            "hostile_text",
            "kept",
            [ODD[0], SQL[0], 'He said "great", then left'],
            where=_has("answer_text"),
        )
        name = "support_tickets"
        long = "Votre crème est merveilleuse mais le colis n'arrive pas. " * 352
        change(name, "text", "long_text", "kept", [long.strip()], where=_has("topic"))
        change(name, "text", "hostile_text", "kept", [*SQL, "Première ligne\nseconde ligne", ODD[3], ODD[5]])
        change(name, "satisfaction", "unreadable_number", "nulled", ["NaN", "bof"], where=_has("satisfaction"))
        change(name, "topic", "mixed_case", "repaired", lambda v: (f" {v.title()}", v), 8, where=_has("topic"))
        change(
            name,
            "closed_at",
            "closed_before_opened",
            "rejected",
            ["2019-01-01 00:00:00"],
            reason="closed_before_opened",
            where=_has("closed_at"),
        )
        change(name, "opened_at", "future_date", "rejected", ["2099-03-01 08:00:00"], reason="in_the_future")
        name = "social_engagements"
        change(name, "network", "mixed_case", "repaired", lambda v: (f"{v.title()} ", v), 6)
        change(name, "topic", "hostile_text", "kept", [ODD[0], SQL[1]], where=_has("topic"))
        change(name, "occurred_at", "future_date", "rejected", ["2099-03-01 08:00:00"], reason="in_the_future")
        name = "customer_attributes"
        change(name, "value", "untrimmed", "repaired", lambda v: (f"  {v} ", v), 6)
        change(name, "observed_at", "future_date", "rejected", ["2099-03-01"], reason="in_the_future")
        change(name, "value", "missing", "rejected", lambda v: ("  ", None), 1, reason="missing_value")
        name = "consents"
        granted = {
            "where": lambda row: row["status"] == "granted" and row["recorded_at"] and row["purpose"] == "profiling"
        }
        change(name, "status", "mixed_case", "repaired", lambda v: (f" {v.upper()} ", v), 12, **granted)
        change(name, "purpose", "mixed_case", "repaired", lambda v: (f"{v.title()} ", v), 8, **granted)
        name = "market_indicators"
        change(
            name,
            "value",
            "nan_value",
            "rejected",
            ["NaN"],
            reason="unreadable_value",
            where=lambda row: row["area_code"] == "11",
        )


def _has(field: str, late: bool = False) -> Callable[[Row], bool]:
    """Rows with a value in a field; `late`: a day after the twelfth of a month."""
    return lambda row: bool(row[field]) and (not late or int(str(row[field])[8:10]) > 12)


def _slashed(value: str) -> tuple[str, str]:
    day, time = value[:10], value[10:]
    return f"{day[8:10]}/{day[5:7]}/{day[:4]}{time}", value


def _swapped(value: str) -> tuple[str, str]:
    return f"{value[:4]}-{value[8:10]}-{value[5:7]}{value[10:]}", value


def _zoned(value: str) -> tuple[str, str]:
    """Tell a moment with its zone: that of Paris, of New York, or Z."""
    moment = datetime.fromisoformat(value)
    hours = {0: paris_offset(moment + timedelta(hours=1)), 1: -5, 2: 0}[moment.second % 3]
    told = (moment + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S")
    return told + ("Z" if hours == 0 else f"{hours:+03d}:00"), value


def _french_amount(value: str) -> tuple[str, str]:
    whole, _, cents = value.partition(".")
    grouped = f"{int(whole):,}".replace(",", " ")
    return f"{grouped},{cents} €", value
