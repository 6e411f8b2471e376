"""Segments, sub-segments and micro-segments: the tree as a chart, and its parts as a table."""

from __future__ import annotations

from typing import Any

from dbt_segmentation.report.charts import Figure, base_layout, clip, safe
from dbt_segmentation.report.data import ReportData
from dbt_segmentation.report.decisions import mark
from dbt_segmentation.report.language import Language
from dbt_segmentation.report.marts import Row

_ABOVE = "#52606d"
_ROW_HEIGHT = 30


def tree_figure(data: ReportData, language: Language) -> Figure | None:
    """Draw the dendrogram: micro-segments on the left, further right whatever joins later."""
    nodes = {row["node"]: row for row in data.tree}
    parts: dict[str | None, list[str]] = {}
    for row in data.tree:
        parts.setdefault(row["parent_node"], []).append(row["node"])
    roots = parts.get(None, [])
    if len(roots) != 1 or len(nodes) < 2:
        return None
    leaves = _leaves(roots[0], parts, nodes)
    if len(leaves) < 2:
        return None
    places: dict[str, float] = {leaf: float(place) for place, leaf in enumerate(leaves)}
    # parts come before what they join to
    for node in sorted(nodes):
        if node in parts:
            places[node] = sum(places[part] for part in parts[node]) / len(parts[node])
    lines: dict[str | None, tuple[list[Any], list[Any]]] = {}
    for node, own in parts.items():
        if node is None:
            continue
        x, y = lines.setdefault(_root_key(node, nodes), ([], []))
        height = nodes[node]["height"]
        for part in own:
            x += [nodes[part]["height"], height, None]
            y += [places[part], places[part], None]
        x += [height, height, None]
        y += [min(places[part] for part in own), max(places[part] for part in own), None]
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": x,
            "y": y,
            "hoverinfo": "skip",
            "line": {"color": data.colour(key) if key else _ABOVE, "width": 2 if key else 1.5},
        }
        for key, (x, y) in sorted(lines.items(), key=lambda item: item[0] or "")
    ]
    names = [_leaf_name(nodes[leaf], data, language) for leaf in leaves]
    layout = base_layout(language, height=90 + _ROW_HEIGHT * len(leaves))
    layout["showlegend"] = False
    layout["hovermode"] = False
    layout["xaxis"] |= {"title": {"text": safe(language("tree_height"))}, "rangemode": "tozero"}
    layout["yaxis"] = {
        "tickvals": list(range(len(leaves))),
        "ticktext": [safe(clip(name, 60)) for name in names],
        "autorange": "reversed",
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
    }
    narrow = {"yaxis.ticktext": [safe(clip(name, 18)) for name in names], "font.size": 10}
    return {"id": "chart-tree", "data": traces, "layout": layout, "narrow": narrow}


def parts_table(data: ReportData, language: Language) -> list[dict[str, Any]]:
    """List segments with their sub-segments and micro-segments: size today, and why they are cut or not."""
    cuts = {row["segment_key"]: row for row in data.tree if row["segment_key"]}
    depths = {"segment": 0, "sub_segment": 1, "micro_segment": 2}
    families: dict[str | None, list[Row]] = {}
    for row in data.parts:
        families.setdefault(row["parent_segment_key"], []).append(row)
    rows: list[dict[str, Any]] = []

    def add(row: Row) -> None:
        key = row["segment_key"]
        own = families.get(key, [])
        cut = cuts.get(key, {})
        reason = cut.get("cut_reason")
        rows.append(
            {
                "key": key,
                "depth": depths.get(row["level"], 0),
                "label": data.name(key) or language.pick(row, "label"),
                "decided": mark(row, language),
                "customers": language.number(row["customers"]),
                "reason": language.known("cut_reasons", reason.split(";")[0]) if reason else "",
                "stability": language.number(cut.get("cut_stability"), 2),
            }
        )
        for part in own if len(own) > 1 or any(families.get(part["segment_key"], [])[1:] for part in own) else []:
            add(part)

    for row in families.get(None, []):
        add(row)
    return rows


def _leaves(node: str, parts: dict[str | None, list[str]], nodes: dict[str, Row]) -> list[str]:
    """Leaves under a node, the larger branch first."""
    if node not in parts:
        return [node]
    ordered = sorted(parts[node], key=lambda part: (-nodes[part]["customers_at_fit"], part))
    return [leaf for part in ordered for leaf in _leaves(part, parts, nodes)]


def _root_key(node: str, nodes: dict[str, Row]) -> str | None:
    """Segment that a merge lies in; None above segments."""
    at: str | None = node
    while at is not None:
        row = nodes[at]
        if row["level"]:
            return str(row["segment_key"]).split(".", maxsplit=1)[0]
        at = row["parent_node"]
    return None


def _leaf_name(row: Row, data: ReportData, language: Language) -> str:
    key = str(row["segment_key"])
    label = data.part_names.get(key) or data.name(key.split(".", maxsplit=1)[0])
    return f"{label} ({language.number(row['customers_at_fit'])})"
