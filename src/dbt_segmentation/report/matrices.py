"""Tables of coloured cells: profiles, moves between segments, drift. Real HTML tables, so they read and print."""

from __future__ import annotations

from typing import Any

from dbt_segmentation.report.data import ReportData
from dbt_segmentation.report.language import Language
from dbt_segmentation.report.marts import Row
from dbt_segmentation.report.overview import feature_labels
from dbt_segmentation.report.palette import DRIFT, LOW, NEUTRAL, diverging, ink_on, sequential

MOST_ROWS = 30
_Z_LIMIT = 1.5

Table = dict[str, Any]
# of a change of share, columns of fct_seg__segment_share_drift
CAUSES = ("joiners", "leavers", "movers", "refit", "overrides", "late_data", "identity_merges")


def cell(text: str, background: str = "transparent", title: str = "", strong: bool = False) -> dict[str, Any]:
    """One coloured cell with readable text on it."""
    return {"text": text, "background": background, "ink": ink_on(background), "title": title, "strong": strong}


def profile_table(data: ReportData, language: Language) -> Table | None:
    """Features x segments of z-scores, grouped by family; features that distinguish nobody much are left out last."""
    keys = [row["segment_key"] for row in data.segments]
    by_feature: dict[str, dict[str, Row]] = {}
    for row in data.profiles:
        if row["segment_key"] in keys:
            by_feature.setdefault(row["feature"], {})[row["segment_key"]] = row
    if not by_feature or not any(row["z_score"] is not None for rows in by_feature.values() for row in rows.values()):
        return None
    ranked = sorted(by_feature, key=lambda name: (-_reach(by_feature[name]), name))
    kept = set(ranked[:MOST_ROWS])
    families: dict[str, list[Table]] = {}
    labels = feature_labels(data, language)
    for feature in (name for name in by_feature if name in kept):
        rows = by_feature[feature]
        any_row = next(iter(rows.values()))
        cells = [_profile_cell(rows.get(key), language) for key in keys]
        family = language.known("families", any_row["family"])
        everybody = language.quantity(any_row["population_mean"], any_row["unit"])
        families.setdefault(family, []).append(
            {
                "label": labels[feature],
                "is_used": bool(any_row["is_clustering_feature"]),
                "everybody": everybody,
                "cells": cells,
                "reach": _reach(rows),
            }
        )
    groups: list[Table] = [
        {"label": family, "rows": sorted(rows, key=lambda row: (-row["reach"], row["label"]))}
        for family, rows in families.items()
    ]
    groups.sort(key=lambda group: (-group["rows"][0]["reach"], group["label"]))
    return {"columns": _columns(keys, data), "groups": groups, "left_out": len(by_feature) - len(kept)}


def _reach(rows: dict[str, Row]) -> float:
    return max((abs(row["z_score"]) for row in rows.values() if row["z_score"] is not None), default=0.0)


def _profile_cell(row: Row | None, language: Language) -> dict[str, Any]:
    if row is None or row["z_score"] is None:
        return cell(language("none"))
    title = language(
        "profile_title",
        mean=language.quantity(row["mean_value"], row["unit"], with_unit=False),
        everybody=language.quantity(row["population_mean"], row["unit"]),
        index=language.number(row["index_to_population"], 0),
    )
    z_score = row["z_score"]
    return cell(language.number(z_score, 1, sign=True), diverging(z_score, _Z_LIMIT), title)


def transition_table(data: ReportData, language: Language) -> Table | None:
    """From x to over all snapshots: share of those who started in a segment and where the next snapshot finds them."""
    counts: dict[tuple[str, str], int] = {}
    for row in data.transitions:
        source, target = row["from_segment_key"], row["to_segment_key"]
        if source and target:
            counts[source, target] = counts.get((source, target), 0) + row["customers"]
    if not counts:
        return None
    keys = _ordered({key for pair in counts for key in pair}, data)
    rows = []
    for source in keys:
        total = sum(counts.get((source, target), 0) for target in keys)
        cells = [
            _transition_cell(counts.get((source, target), 0), total, source == target, language) for target in keys
        ]
        start = {"label": data.name(source), "colour": data.colour(source), "total": language.number(total)}
        rows.append({**start, "cells": cells})
    return {"columns": _columns(keys, data), "rows": rows}


def _transition_cell(count: int, total: int, is_same: bool, language: Language) -> dict[str, Any]:
    if not total or not count:
        return cell(language("none"))
    share = count / total
    limit = 1.0 if is_same else 0.4
    colour = sequential(share, limit, LOW)
    return cell(language.percent(share, 0 if share >= 0.1 else 1), colour, language("customers", n=count), is_same)


def drift_table(data: ReportData, language: Language) -> Table | None:
    """Features x snapshots of the drift metric, strongest features first."""
    if not data.drift:
        return None
    days = sorted({row["snapshot_date"] for row in data.drift})
    by_feature: dict[str, dict[Any, Row]] = {}
    for row in data.drift:
        by_feature.setdefault(row["feature"], {})[row["snapshot_date"]] = row
    ranked = sorted(by_feature, key=lambda name: (-_drift_reach(by_feature[name]), name))
    labels = feature_labels(data, language)
    rows = [
        {
            "label": labels.get(feature, feature),
            "cells": [_drift_cell(by_feature[feature].get(day), language) for day in days],
        }
        for feature in ranked[:MOST_ROWS]
    ]
    thresholds = sorted({row["threshold"] for row in data.drift if row["threshold"] is not None})
    return {
        "days": [{"label": language.short_date(day), "is_fit": day == data.fitted_on} for day in days],
        "rows": rows,
        "left_out": max(0, len(ranked) - MOST_ROWS),
        "metric": language.known("metrics", data.drift_metric),
        "thresholds": _range(thresholds, language),
    }


def _drift_reach(rows: dict[Any, Row]) -> float:
    return max((row["value"] or 0.0 for row in rows.values()), default=0.0)


def _drift_cell(row: Row | None, language: Language) -> dict[str, Any]:
    if row is None:
        return cell(language("none"))
    sizes = {"reference": language.number(row["n_reference"]), "current": language.number(row["n_current"])}
    if row["value"] is None or row["verdict"] == "not_tested":
        return cell(language("none"), title=language("drift_not_tested_title", **sizes))
    threshold = row["threshold"] or 0.25
    verdict = language.known("verdicts", row["verdict"])
    title = language("drift_title", verdict=verdict, threshold=language.number(row["threshold"], 3), **sizes)
    is_drift = row["verdict"] == "drift"
    text = language.number(row["value"], 2) + ("\u00a0\u25b2" if is_drift else "")
    # drift has a colour of its own, full at twice the threshold; stable cells stay grey and pale
    limit, full = (2 * threshold, DRIFT) if is_drift else (4 * threshold, NEUTRAL)
    return cell(text, sequential(row["value"], limit, full), title, is_drift)


def _range(values: list[float], language: Language) -> str:
    if not values:
        return language("none")
    low, high = language.number(values[0], 2), language.number(values[-1], 2)
    return low if low == high else f"{low} \u2013 {high}"


def share_table(data: ReportData, language: Language) -> list[Table]:
    """Share of customers in each segment at the fit and now."""
    rows = []
    for row in data.segments:
        before, now = row.get("share_at_fit"), row.get("customer_share")
        if before is not None and now is not None:
            step = language.number(100 * (now - before), 1, sign=True)
            name, colour = data.name(row["segment_key"]), data.colour(row["segment_key"])
            shares = {"before": language.percent(before), "now": language.percent(now)}
            rows.append({"name": name, "colour": colour, "step": step, **shares})
    return rows


def cause_table(data: ReportData, language: Language) -> list[Table]:
    """Tell by how many customers each segment grew or shrank up to the last snapshot, and by which cause."""
    return [
        {
            "name": data.name(row["segment_key"]),
            "colour": data.colour(row["segment_key"]),
            "before": language.number(row["previous_customers"]),
            "causes": [language.number(row[cause], sign=True) if row[cause] else "" for cause in CAUSES],
            "now": language.number(row["customers"]),
            "step": language.points(row["share_change"]),
        }
        for row in data.share_changes
    ]


def _ordered(keys: set[str], data: ReportData) -> list[str]:
    """Today's segments, largest first, then the others by key."""
    today = [row["segment_key"] for row in data.segments if row["segment_key"] in keys]
    return today + sorted(keys - set(today))


def _columns(keys: list[str], data: ReportData) -> list[dict[str, str]]:
    return [{"label": data.name(key), "colour": data.colour(key)} for key in keys]
