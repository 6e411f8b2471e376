"""Charts as Plotly figures: plain dicts, drawn in the browser by the copy of plotly.js inside the page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dbt_segmentation.report.data import ReportData
from dbt_segmentation.report.language import Language
from dbt_segmentation.report.marts import Row
from dbt_segmentation.report.overview import last_moves
from dbt_segmentation.report.palette import INK, translucent

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_GRID, _SOFT, _ACCENT, _PALE, _ALERT = "#e6eaee", "#52606d", "#1f5a8a", "#9db4c6", "#b23c14"
_MOST_TICKS = 12
_NARROW_TICKS = 3
_NEW, _GONE = "\u0000new", "\u0000gone"

# column of the candidates, decimals, whether a higher value is better
INDICES = (
    ("score", 2, True),
    ("silhouette", 3, True),
    ("gap", 2, True),
    ("stability_min", 2, True),
    ("stability_curve", 2, True),
    ("calinski_harabasz", 0, True),
    ("davies_bouldin", 2, False),
)
# column with what practice asks of an index, and where the choice itself draws a line
REFERENCES = {
    "silhouette": "silhouette_reference",
    "stability_min": "stability_reference",
    "stability_curve": "stability_reference",
    "prediction_strength": "prediction_strength_reference",
}
_UNSTABLE = 0.6

Figure = dict[str, Any]


def safe(text: str) -> str:
    """Text for Plotly, which reads a few HTML tags and entities in labels."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sizes_figure(data: ReportData, language: Language) -> Figure | None:
    """Stack customers by segment over the snapshots, today's largest segment at the bottom."""
    days = data.snapshots
    if len(days) < 2:
        return None
    by_key: dict[str, dict[dt.date, Row]] = {}
    for row in data.sizes:
        by_key.setdefault(row["segment_key"], {})[row["snapshot_date"]] = row
    today = [row["segment_key"] for row in data.segments if row["segment_key"] in by_key]
    traces, legend = [], []
    for key in today + sorted(set(by_key) - set(today)):
        rows = [by_key[key].get(day, {}) for day in days]
        name = safe(data.name(key))
        counts = [row.get("customers") for row in rows]
        shares = [language.percent(row.get("customer_share")) for row in rows]
        hover = [f"{language.number(n)} ({share})" for n, share in zip(counts, shares, strict=True)]
        colour = data.colour(key)
        legend.append({"name": data.name(key), "colour": colour})
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "stackgroup": "all",
                "name": name,
                "x": [day.isoformat() for day in days],
                "y": counts,
                "customdata": hover,
                "hovertemplate": "%{fullData.name}: %{customdata}<extra></extra>",
                "line": {"color": colour, "width": 1.5},
                "fillcolor": translucent(colour, 0.78),
            }
        )
    layout = base_layout(language, height=420)
    layout["hovermode"] = "x unified"
    layout["xaxis"] = _date_axis(days, language, _MOST_TICKS)
    layout["yaxis"] |= {"rangemode": "tozero", "tickformat": ",d"}
    layout["showlegend"] = False
    narrow = {"xaxis": _date_axis(days, language, _NARROW_TICKS), "height": 320}
    return {"id": "chart-sizes", "data": traces, "layout": layout, "narrow": narrow, "legend": legend}


def flows_figure(data: ReportData, language: Language) -> Figure | None:
    """Who moved where between the two last snapshots."""
    moves = last_moves(data)
    rows = [row for row in moves["rows"] if row["from_segment_key"] or row["to_segment_key"]]
    if not rows:
        return None
    sources = _sides(rows, "from_segment_key", _NEW, data)
    targets = _sides(rows, "to_segment_key", _GONE, data)
    place = {("from", key): i for i, key in enumerate(sources)}
    place |= {("to", key): len(sources) + i for i, key in enumerate(targets)}
    special = {_NEW: language("flow_new"), _GONE: language("flow_gone")}
    names = [special.get(key) or data.name(key) for key in sources + targets]
    links = [(row["from_segment_key"] or _NEW, row["to_segment_key"] or _GONE, row["customers"]) for row in rows]
    hover = [
        safe(f"{special.get(s) or data.name(s)} \u2192 {special.get(t) or data.name(t)}: {language('customers', n=n)}")
        for s, t, n in links
    ]
    sankey = {
        "type": "sankey",
        "arrangement": "fixed",
        "node": {
            "label": [safe(clip(name, 40)) for name in names],
            "color": [data.colour(key) for key in sources + targets],
            "pad": 14,
            "thickness": 16,
            "line": {"width": 0},
            "hovertemplate": "%{label}<extra></extra>",
            **_positions(sources, targets, links),
        },
        "link": {
            "source": [place["from", s] for s, _, _ in links],
            "target": [place["to", t] for _, t, _ in links],
            "value": [n for _, _, n in links],
            # those who stay are pale, so that the eye finds those who move
            "color": [translucent(data.colour(s), 0.16 if s == t else 0.55) for s, t, _ in links],
            "customdata": hover,
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        "textfont": {"size": 13, "color": INK},
    }
    layout = base_layout(language, height=max(380, 60 * max(len(sources), len(targets))))
    layout["margin"] = {"l": 8, "r": 8, "t": 12, "b": 12}
    narrow = {"font.size": 10, "height": max(360, 55 * len(sources))}
    labels = {"data.node.label": [safe(clip(name, 15)) for name in names], "data.textfont.size": 10}
    return {"id": "chart-flows", "data": [sankey], "layout": layout, "narrow": narrow | labels}


def index_figures(data: ReportData, language: Language) -> list[Figure]:
    """One small chart per index, by number of segments; the winner is the large dot."""
    figures = []
    for name, digits, _ in INDICES:
        rows = [row for row in data.candidates if row[name] is not None and row["n_segments"] is not None]
        if len(rows) < 2:
            continue
        colours = [_ACCENT if row["is_winner"] else _PALE if row["is_eligible"] else "#ffffff" for row in rows]
        trace = {
            "type": "scatter",
            "mode": "lines+markers",
            "x": [row["n_segments"] for row in rows],
            "y": [row[name] for row in rows],
            "customdata": [language.number(row[name], digits) for row in rows],
            "hovertemplate": "%{x}: %{customdata}<extra></extra>",
            "line": {"color": _PALE, "width": 2},
            "marker": {
                "opacity": 1,
                "size": [14 if row["is_winner"] else 8 for row in rows],
                "color": colours,
                "line": {"width": 1.5, "color": [_ACCENT if row["is_winner"] else _SOFT for row in rows]},
            },
        }
        traces = [trace] if len({row["algorithm"] for row in rows}) == 1 else _by_algorithm(trace, rows)
        layout = base_layout(language, height=190)
        layout["margin"] = {"l": 46, "r": 12, "t": 8, "b": 30}
        layout["hovermode"] = "closest"
        layout["xaxis"] |= {"dtick": 1, "showgrid": False}
        layout["yaxis"] |= {"nticks": 4}
        layout["shapes"] = []
        if name in ("stability_min", "stability_curve"):
            layout["shapes"] = [_level(_UNSTABLE, _ALERT)]
            layout["yaxis"]["range"] = [0, 1.05]
        asked = reference(data, name)
        if asked is not None:
            layout["shapes"].append(_level(asked, _SOFT))
            # a line that no candidate comes near must still be seen
            layout["yaxis"].setdefault("range", [min(0.0, *trace["y"]) - 0.03, max(asked, *trace["y"]) + 0.05])
        figures.append({"id": f"chart-index-{name}", "index": name, "data": traces, "layout": layout, "narrow": {}})
    return figures


def reference(data: ReportData, name: str) -> float | None:
    """Value that practice asks for of an index, as the marts tell it; None where there is none."""
    column = REFERENCES.get(name)
    told = [row[column] for row in data.candidates if row[column] is not None] if column else []
    return float(told[0]) if told else None


def drift_figure(data: ReportData, language: Language) -> Figure | None:
    """How many features drifted at each snapshot, of those tested."""
    days = sorted({row["snapshot_date"] for row in data.drift})
    if len(days) < 2:
        return None
    counts = {day: [row["verdict"] for row in data.drift if row["snapshot_date"] == day] for day in days}
    drifted = [counts[day].count("drift") for day in days]
    stable = [counts[day].count("stable") for day in days]
    traces = [
        _bar(language("drift_drifted"), days, drifted, _ALERT, language),
        _bar(language("drift_stable"), days, stable, "#d5dee6", language),
    ]
    layout = base_layout(language, height=220)
    layout |= {"barmode": "stack", "bargap": 0.35, "hovermode": "x unified"}
    layout["xaxis"] = _date_axis(days, language, _MOST_TICKS) | {"type": "category"}
    layout["yaxis"] |= {"rangemode": "tozero", "nticks": 5}
    layout["legend"] |= {"y": 1.18, "traceorder": "normal"}
    narrow = {"xaxis": _date_axis(days, language, _NARROW_TICKS) | {"type": "category"}}
    return {"id": "chart-drift", "data": traces, "layout": layout, "narrow": narrow}


def base_layout(language: Language, height: int) -> dict[str, Any]:
    """Give what every chart has in common."""
    axis = {"gridcolor": _GRID, "linecolor": _GRID, "zeroline": False, "ticks": "", "automargin": True}
    # dragging a finger over a chart scrolls the page
    axis["fixedrange"] = True
    return {
        "height": height,
        "autosize": True,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": _FONT, "size": 13, "color": _SOFT},
        "margin": {"l": 48, "r": 38, "t": 14, "b": 32},
        "xaxis": dict(axis),
        "yaxis": dict(axis),
        "legend": {"orientation": "h", "x": 0, "y": -0.15, "font": {"color": INK}},
        "hoverlabel": {"font": {"family": _FONT, "size": 13}, "namelength": -1},
        "separators": ",\u202f" if language.code == "fr" else ".,",
    }


def _date_axis(days: list[dt.date], language: Language, most: int) -> dict[str, Any]:
    """Ticks at snapshots only, in our own words: plotly.js speaks English unless it loads a file."""
    step = -(-len(days) // most)
    shown = days[::-1][::step][::-1]
    return {
        "tickvals": [day.isoformat() for day in shown],
        "ticktext": [language.short_date(day) for day in shown],
        "showgrid": False,
        "ticks": "outside",
        "tickcolor": _GRID,
        "tickangle": 0 if len(shown) <= _NARROW_TICKS else None,
        "ticklabeloverflow": "allow",
        "automargin": "height",
        "hoverformat": "%d/%m/%Y" if language.code == "fr" else "%-d %b %Y",
        "fixedrange": True,
    }


def _bar(name: str, days: list[dt.date], values: list[int], colour: str, language: Language) -> Figure:
    return {
        "type": "bar",
        "name": name,
        "x": [day.isoformat() for day in days],
        "y": values,
        "marker": {"color": colour},
        "customdata": [language.number(value) for value in values],
        "hovertemplate": "%{fullData.name}: %{customdata}<extra></extra>",
    }


def _by_algorithm(trace: Figure, rows: list[Row]) -> list[Figure]:
    """Split a trace by algorithm, a dash of its own for each."""
    dashes = ("solid", "dash", "dot", "dashdot")
    traces = []
    for place, algorithm in enumerate(sorted({str(row["algorithm"]) for row in rows})):
        kept = [i for i, row in enumerate(rows) if str(row["algorithm"]) == algorithm]
        part: Figure = {name: [trace[name][i] for i in kept] for name in ("x", "y", "customdata")}
        marker = trace["marker"]
        dots = {name: [marker[name][i] for i in kept] for name in ("size", "color")}
        rings = marker["line"] | {"color": [marker["line"]["color"][i] for i in kept]}
        part["marker"] = marker | dots | {"line": rings}
        part["line"] = trace["line"] | {"dash": dashes[place % len(dashes)]}
        part["hovertemplate"] = "%{fullData.name} %{x}: %{customdata}<extra></extra>"
        traces.append(trace | part | {"name": safe(algorithm), "showlegend": False})
    return traces


def _sides(rows: list[Row], column: str, nobody: str, data: ReportData) -> list[str]:
    keys = {row[column] or nobody for row in rows}
    today = [row["segment_key"] for row in data.segments if row["segment_key"] in keys]
    return today + sorted(keys - set(today))


def _positions(sources: list[str], targets: list[str], links: list[tuple[str, str, int]]) -> dict[str, list[float]]:
    """Keep both sides in the same order, which makes staying a straight band."""
    out: dict[str, int] = {}
    into: dict[str, int] = {}
    for source, target, customers in links:
        out[source] = out.get(source, 0) + customers
        into[target] = into.get(target, 0) + customers
    x = [0.001] * len(sources) + [0.999] * len(targets)
    return {"x": x, "y": _centres([out[key] for key in sources]) + _centres([into[key] for key in targets])}


def _centres(sizes: list[int]) -> list[float]:
    gap = 0.03
    room = max(0.1, 1 - gap * (len(sizes) - 1))
    total, start, centres = sum(sizes) or 1, 0.0, []
    for size in sizes:
        height = room * size / total
        centres.append(round(min(0.999, max(0.001, start + height / 2)), 4))
        start += height + gap
    return centres


def _level(value: float, colour: str) -> dict[str, Any]:
    line = {"color": colour, "width": 1, "dash": "dot" if colour == _ALERT else "dash"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value, "line": line}


def clip(text: str, most: int) -> str:
    """Shorten a text to at most so many characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "\u2026"
