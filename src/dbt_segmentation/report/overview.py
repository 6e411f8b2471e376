"""Top of the page: the headline, the figures under it, what changed, and a card per segment."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dbt_segmentation.report import decisions
from dbt_segmentation.report.data import ReportData
from dbt_segmentation.report.language import Language
from dbt_segmentation.report.marts import Row
from dbt_segmentation.report.palette import translucent

# |z| from which a mean is far from, away from, or slightly off the average: large, medium, small in Cohen (1988)
_STRENGTHS = ((0.8, "far"), (0.5, "clear"), (0.2, "slight"))
_MOST_TRAITS = 4
_SPARK_WIDTH, _SPARK_HEIGHT = 120, 28


def headline(data: ReportData, language: Language) -> dict[str, Any]:
    """Title, subtitle and figures."""
    tiles: list[tuple[str, str, str]] = []
    revenues = [row for row in data.segments if row.get("revenue") is not None]
    total = sum(row["revenue"] for row in revenues)
    if revenues:
        tiles.append((language("tile_revenue"), language.money(total), language("tile_revenue_note")))
    if total > 0 and len(data.segments) > 1:
        best = max(revenues, key=lambda row: row["revenue"])
        share = language.percent(best["revenue"] / total)
        tiles.append((language("tile_best"), share, data.name(best["segment_key"])))
    moved = last_moves(data)
    if moved["both"]:
        note = language("tile_moved_note", date=language.date(moved["previous"]))
        tiles.append((language("tile_moved"), language.percent(moved["changed"] / moved["both"]), note))
    drifted, tested = last_drift(data)
    if tested and not _is_fit_snapshot(data):
        note = language("tile_drift_note", tested=language.number(tested))
        tiles.append((language("tile_drift"), language.number(len(drifted)), note))
    title = language("headline", n=data.customers, segments=language("segments", n=len(data.segments)))
    return {
        "title": title if data.segments else language("headline_empty"),
        "subtitle": language("subtitle", date=language.date(data.as_of_date)) if data.as_of_date else "",
        "tiles": [{"label": label, "value": value, "note": note} for label, value, note in tiles],
        "changes": changes(data, language),
    }


def changes(data: ReportData, language: Language) -> list[str]:
    """Tell what changed since the snapshot before, in sentences."""
    snapshots = data.snapshots
    if len(snapshots) < 2:
        return [language("no_change_one_snapshot")] if data.segments else []
    sentences = [*_growth(data, language, snapshots[-2], snapshots[-1]), *_movement(data, language)]
    sentences += _events(data, language, snapshots[-2])
    drifted, tested = last_drift(data)
    if tested and _is_fit_snapshot(data):
        sentences.append(language("change_fitted_now"))
    elif drifted:
        labels = feature_labels(data, language)
        names = language.listing([labels[row["feature"]] for row in drifted])
        sentences.append(language("change_drift", n=len(drifted), features=names))
    elif tested:
        sentences.append(language("change_no_drift", tested=language.number(tested)))
    return sentences


def last_moves(data: ReportData) -> dict[str, Any]:
    """Count customers of both last snapshots and those who changed segment, and find the largest move."""
    last = max((row["snapshot_date"] for row in data.transitions), default=None)
    rows = [row for row in data.transitions if row["snapshot_date"] == last]
    known = [row for row in rows if row["from_segment_key"] and row["to_segment_key"]]
    moves = [row for row in known if row["from_segment_key"] != row["to_segment_key"]]
    return {
        "date": last,
        "previous": next((row["previous_snapshot_date"] for row in rows), None),
        "rows": rows,
        "both": sum(row["customers"] for row in known),
        "changed": sum(row["customers"] for row in moves),
        "largest": max(moves, key=lambda row: row["customers"], default=None),
    }


def last_drift(data: ReportData) -> tuple[list[Row], int]:
    """Features that drifted at the last snapshot, strongest first, and how many were tested."""
    last = max((row["snapshot_date"] for row in data.drift), default=None)
    rows = [row for row in data.drift if row["snapshot_date"] == last and row["verdict"] in ("stable", "drift")]
    drifted = [row for row in rows if row["verdict"] == "drift"]
    return sorted(drifted, key=lambda row: (-(row["value"] or 0), row["feature"])), len(rows)


def feature_labels(data: ReportData, language: Language) -> dict[str, str]:
    """Readable name of each feature that has a profile, and of the others that drifted."""
    labels = {row["feature"]: language.known("features", row["feature"]) for row in data.drift}
    return labels | {
        row["feature"]: language.pick(row, "label") or language.known("features", row["feature"])
        for row in data.profiles
    }


def cards(data: ReportData, language: Language) -> list[dict[str, Any]]:
    """One card per segment, largest first."""
    profiles: dict[str, list[Row]] = {}
    for row in data.profiles:
        profiles.setdefault(row["segment_key"], []).append(row)
    average = _revenue_per_customer(data.segments)
    # both meters of every card on one scale, so that they compare
    shares = [row.get(name) or 0.0 for row in data.segments for name in ("customer_share", "revenue_share")]
    scale = max(shares, default=0.0) or 1.0
    return [_card(row, profiles.get(row["segment_key"], []), average, scale, data, language) for row in data.segments]


def _card(
    row: Row, profile: list[Row], average: float | None, scale: float, data: ReportData, language: Language
) -> dict[str, Any]:
    key, share = row["segment_key"], row.get("customer_share")
    per_customer = row.get("revenue_per_customer")
    is_only = len(data.segments) == 1
    ratio = per_customer / average if per_customer is not None and average and not is_only else None
    return {
        "key": key,
        "name": data.name(key),
        "colour": data.colour(key),
        "tint": translucent(data.colour(key), 0.10),
        "description": language.pick(row, "description"),
        "action": language.pick(row, "recommended_action"),
        "customers": language("customers", n=row["customers"]),
        "share": language.percent(share),
        "share_width": round(100 * (share or 0) / scale, 1),
        "revenue_share": language.percent(row["revenue_share"]) if row.get("revenue_share") is not None else None,
        "revenue_width": round(100 * max(0.0, row.get("revenue_share") or 0) / scale, 1),
        "value": language("card_value", ratio=language.number(ratio, 1)) if ratio is not None else "",
        "suppressed": language("card_suppressed") if row.get("is_suppressed") else "",
        "traits": traits(profile, language),
        "decided": decisions.on_card(row, data, language),
        "stability": _stability(row.get("stability"), language),
        "spark": _sparkline(key, data),
    }


def traits(profile: list[Row], language: Language) -> list[dict[str, str]]:
    """Put in words what distinguishes a segment: its features furthest from the average."""
    rows = sorted(
        (row for row in profile if row["z_score"] is not None and abs(row["z_score"]) >= _STRENGTHS[-1][0]),
        key=lambda row: (-abs(row["z_score"]), row["feature"]),
    )
    return [_trait(row, language) for row in rows[:_MOST_TRAITS]]


def _trait(row: Row, language: Language) -> dict[str, str]:
    z_score = row["z_score"]
    strength = next(word for limit, word in _STRENGTHS if abs(z_score) >= limit)
    side = "above" if z_score > 0 else "below"
    mean = language.quantity(row["mean_value"], row["unit"], with_unit=False)
    everybody = language.quantity(row["population_mean"], row["unit"])
    has_values = row["mean_value"] is not None and row["population_mean"] is not None
    return {
        "feature": language.pick(row, "label") or language.known("features", row["feature"]),
        "arrow": "\u25b2" if z_score > 0 else "\u25bc",
        "side": side,
        "words": language(f"trait_{strength}_{side}"),
        "values": language("trait_values", mean=mean, everybody=everybody) if has_values else "",
    }


def _growth(data: ReportData, language: Language, before: Any, after: Any) -> list[str]:
    shares: dict[str, dict[Any, float]] = {}
    for row in data.sizes:
        if row["customer_share"] is not None and row["snapshot_date"] in (before, after):
            shares.setdefault(row["segment_key"], {})[row["snapshot_date"]] = row["customer_share"]
    steps = sorted((pair[after] - pair[before], key) for key, pair in shares.items() if len(pair) == 2)
    sentences = []
    for key, (step, segment_key) in (("change_grew", steps[-1]), ("change_shrank", steps[0])) if steps else ():
        if abs(step) >= 0.0005 and (step > 0) == (key == "change_grew"):
            pair = shares[segment_key]
            values = {"before": language.percent(pair[before]), "after": language.percent(pair[after])}
            difference = language.points(step)
            sentences.append(language(key, segment=data.name(segment_key), difference=difference, **values))
    return sentences or [language("change_sizes_steady")]


def _movement(data: ReportData, language: Language) -> list[str]:
    moves = last_moves(data)
    if not moves["both"]:
        return []
    if not moves["largest"]:
        return [language("change_nobody_moved")]
    largest = moves["largest"]
    share = language.percent(moves["changed"] / moves["both"])
    names = {"source": data.name(largest["from_segment_key"]), "target": data.name(largest["to_segment_key"])}
    most = language.number(largest["customers"])
    return [language("change_moved", n=moves["changed"], share=share, most=most, **names)]


def _events(data: ReportData, language: Language, previous: dt.date) -> list[str]:
    """Say which segments a refit since the snapshot before brought; a first fit has nothing to compare with."""
    is_first = not any(row.get("event") not in (None, "born") for row in data.segments)
    if is_first or data.fitted_on is None or data.fitted_on <= previous:
        return []
    known = {"born": "event_born", "split": "event_split", "merged": "event_merged"}
    return [
        language(known[row["event"]], segment=data.name(row["segment_key"]))
        for row in data.segments
        if row.get("event") in known
    ]


def _is_fit_snapshot(data: ReportData) -> bool:
    """Whether the last snapshot is the one of the fit, which can't have drifted from itself."""
    last = max((row["snapshot_date"] for row in data.drift), default=None)
    return last is not None and last == data.fitted_on


def _revenue_per_customer(segments: list[Row]) -> float | None:
    known = [row for row in segments if row.get("revenue_per_customer") is not None]
    people = sum(row["customers"] for row in known)
    return sum(row["revenue_per_customer"] * row["customers"] for row in known) / people if people else None


def _stability(value: float | None, language: Language) -> str:
    """Hennig (2007): Jaccard under 0.6 unstable, from 0.75 valid, from 0.85 highly stable."""
    if value is None:
        return ""
    level = next((name for limit, name in ((0.85, "high"), (0.75, "valid"), (0.6, "weak")) if value >= limit), "none")
    return language(f"stability_{level}", value=language.number(value, 2))


def _sparkline(segment_key: str, data: ReportData) -> str:
    """Points of the share over the snapshots, for an SVG polyline; empty where there are not two."""
    shares = {row["snapshot_date"]: row["customer_share"] for row in data.sizes if row["segment_key"] == segment_key}
    points = [(place, shares.get(day)) for place, day in enumerate(data.snapshots)]
    known = [(place, share) for place, share in points if share is not None]
    if len(known) < 2:
        return ""
    low, high = min(share for _, share in known), max(share for _, share in known)
    # at least half the share from bottom to top, or a change of nothing would look like a cliff
    room = max(high - low, 0.5 * high) or 1.0
    middle, width = (low + high) / 2, _SPARK_WIDTH / (len(points) - 1)
    heights = [0.5 * _SPARK_HEIGHT - (_SPARK_HEIGHT - 6) * (share - middle) / room for _, share in known]
    return " ".join(f"{place * width:.1f},{y:.1f}" for (place, _), y in zip(known, heights, strict=True))
