"""What people decided against the model or the package's words: on the cards, beside names, and as a table."""

from __future__ import annotations

from typing import Any

from dbt_segmentation.report.data import ReportData
from dbt_segmentation.report.language import Language
from dbt_segmentation.report.marts import Row

_MOST = 40


def mark(row: Row, language: Language) -> str:
    """Say which texts of a segment or a part people wrote, and who; empty where the package wrote all."""
    if not row.get("overridden_fields"):
        return ""
    return language("card_decided", fields=row["overridden_fields"], by=row["overridden_by"])


def on_card(row: Row, data: ReportData, language: Language) -> str:
    """Say what people decided about a segment: its texts, what it took in, who is pinned, whether it is approved."""
    key = row["segment_key"]
    told = [mark(row, language)]
    if data.taken_in.get(key):
        names = [data.name(other) for other in data.taken_in[key]]
        told.append(language("card_took_in", segments=language.listing(names)))
    if data.pinned.get(key):
        told.append(language("card_pinned", n=data.pinned[key]))
    if row.get("status") == "proposed":
        told.append(language("card_proposed"))
    elif row.get("approved_by"):
        told.append(language("card_approved", by=row["approved_by"]))
    return " ".join(filter(None, told))


def decisions_table(data: ReportData, language: Language) -> dict[str, Any]:
    """List decisions, the newest first, those that don't count before the others.

    Pins of the same author, day and reason are one line: the page names no customer.
    """
    rows = [_line(row, data, language) for row in data.decisions[:_MOST]]
    return {"rows": rows, "left_out": len(data.decisions) - len(rows)}


def _line(row: Row, data: ReportData, language: Language) -> dict[str, Any]:
    is_stale = row["status"] != "in force"
    state = language.known("decision_states", row["status"])
    if is_stale and row["problem"]:
        state = language("decision_problem", state=state, problem=language.known("decision_problems", row["problem"]))
    return {
        "about": _about(row, data, language),
        "decision": _decision(row, data, language),
        "author": row["author"] or language("none"),
        "day": language.date(row["decided_on"]),
        "reason": row["reason"] or language("none"),
        "customers": language.number(row["customers"]),
        "state": state,
        "is_stale": is_stale,
    }


def _about(row: Row, data: ReportData, language: Language) -> str:
    if row["target"] == "customer":
        return language("decision_pins", n=row["decisions"])
    return _called(row["target_key"], data) or language("none")


def _decision(row: Row, data: ReportData, language: Language) -> str:
    field = language.known("decision_fields", row["field"]) or language("none")
    is_key = row["field"] in ("merged_into", "segment_key")
    value = _called(row["value"], data) if is_key else row["value"]
    if row["field"] == "approved" or not value:
        return field
    return language("decision_value", field=field, value=value)


def _called(key: str | None, data: ReportData) -> str:
    return data.name(key) or data.part_names.get(key or "", "") or (key or "")
