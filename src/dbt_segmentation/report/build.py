"""Writes the report: reads the marts, fills the page, swaps it in."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from dbt_segmentation.report import charts, decisions, levels, matrices, model_card, overview
from dbt_segmentation.report.data import ReportData, read_data
from dbt_segmentation.report.language import Language
from dbt_segmentation.report.marts import open_marts

PAGES_DIR = "evidently"
_STAGING = ".seg-report-"

Progress = Callable[[int, int, str], None]


def build_report(
    marts: Path,
    out_dir: Path,
    *,
    evidently_pages: Iterable[Mapping[str, Any]] = (),
    language: str = "en",
    currency: str | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write ``index.html``: one self-contained page that asks for nothing outside.

    The page is built beside its place and swapped in by rename, so that a crash leaves the report before as it was.

    Parameters
    ----------
    marts : pathlib.Path
        Published DuckDB file, or the build file.
    out_dir : pathlib.Path
        Folder of the report; made if it is missing. Only ``index.html`` and ``evidently/`` in it are touched.
    evidently_pages : iterable of mapping
        What `dbt_segmentation.drift.evidently_adapter.render_pages` returned. Pages outside ``out_dir`` are copied
        into ``out_dir/evidently``.
    language : str
        ``en`` or ``fr``.
    currency : str, optional
        Sign or code put after amounts.
    progress : callable, optional
        Called with (steps done, steps in all, what is done next).

    Returns
    -------
    pathlib.Path
        Absolute path of ``index.html``.

    Raises
    ------
    DataError
        If the marts cannot be read.
    ValueError
        If the language is unknown.
    """
    step = _stepper(progress)
    words = Language(language, currency)
    out_dir = Path(out_dir).resolve()
    step("read marts")
    with open_marts(Path(marts)) as opened:
        data = read_data(opened, words)
    out_dir.mkdir(parents=True, exist_ok=True)
    for left_over in out_dir.glob(f"{_STAGING}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_STAGING, dir=out_dir) as staging:
        step("write the page")
        links = _stage_pages(evidently_pages, out_dir, Path(staging), words)
        html = render_page(data, words, links)
        staged = Path(staging) / "index.html"
        with staged.open("w", encoding="utf-8", newline="\n") as file:
            file.write(html)
            file.flush()
            os.fsync(file.fileno())
        step("swap it in")
        # pages first: an index must never link to a page that is not there yet
        for page in (Path(staging) / PAGES_DIR).glob("*.html"):
            (out_dir / PAGES_DIR).mkdir(exist_ok=True)
            os.replace(page, out_dir / PAGES_DIR / page.name)
        os.replace(staged, out_dir / "index.html")
    step("done")
    return out_dir / "index.html"


def render_page(data: ReportData, words: Language, links: list[dict[str, Any]]) -> str:
    """Fill the template.

    Parameters
    ----------
    data : ReportData
        Aggregates.
    words : Language
        Texts.
    links : list of dict
        ``href``, ``date``, ``words`` and ``not_tested`` of each Evidently page.
    """
    figures = {
        "tree": levels.tree_figure(data, words),
        "sizes": charts.sizes_figure(data, words),
        "flows": charts.flows_figure(data, words),
        "drift": charts.drift_figure(data, words),
    }
    indices = charts.index_figures(data, words)
    drawn = [figure for figure in [*figures.values(), *indices] if figure]
    plotly = Markup(_script_text(get_plotlyjs())) if drawn else Markup("")
    drawing = Markup(_script_text(_resource("charts.js")))
    environment = Environment(
        loader=PackageLoader("dbt_segmentation.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html").render(
        t=words,
        data=data,
        head=overview.headline(data, words),
        cards=overview.cards(data, words),
        decided=decisions.decisions_table(data, words),
        profiles=matrices.profile_table(data, words),
        sizes=_sizes_table(data, words),
        transitions=matrices.transition_table(data, words),
        candidates=model_card.candidate_table(data, words),
        drift=matrices.drift_table(data, words),
        shares=matrices.share_table(data, words),
        parts=levels.parts_table(data, words),
        causes=matrices.cause_table(data, words),
        cause_names=matrices.CAUSES,
        links=links,
        facts=model_card.model_facts(data, words),
        limits=model_card.limits(data, words),
        rejected=model_card.rejected_rows(data, words),
        reconciliation=model_card.reconciliation_rows(data, words),
        figures=figures,
        indices=indices,
        better={name: is_higher for name, _, is_higher in charts.INDICES},
        figures_json=Markup(_json(drawn)),
        plotly=plotly,
        drawing=drawing,
        style=Markup(_resource("style.css")),
        policy=_policy([plotly, drawing]),
    )


def _sizes_table(data: ReportData, words: Language) -> dict[str, Any]:
    """Give the numbers behind the sizes chart."""
    counts = {(row["snapshot_date"], row["segment_key"]): row["customers"] for row in data.sizes}
    keys = sorted({key for _, key in counts})
    rows = [
        {"day": words.short_date(day), "cells": [words.number(counts.get((day, key))) for key in keys]}
        for day in data.snapshots
    ]
    return {"columns": [data.name(key) for key in keys], "rows": rows}


def _stage_pages(
    pages: Iterable[Mapping[str, Any]], out_dir: Path, staging: Path, words: Language
) -> list[dict[str, Any]]:
    links = []
    for page in sorted(pages, key=lambda entry: entry["snapshot_date"]):
        path = Path(page["path"]).resolve()
        if out_dir not in path.parents:
            (staging / PAGES_DIR).mkdir(exist_ok=True)
            shutil.copyfile(path, staging / PAGES_DIR / path.name)
            path = out_dir / PAGES_DIR / path.name
        not_tested = [str(column["feature"]) for column in page.get("not_tested", ())]
        summary = words("evidently_summary", drifted=words.number(page["drifted"]), tested=words.number(page["tested"]))
        links.append(
            {
                "href": path.relative_to(out_dir).as_posix(),
                "date": words.date(page["snapshot_date"]),
                "words": words("evidently_reference") if page.get("is_reference") else summary,
                "has_drift": bool(page["drifted"]),
                "not_tested": ", ".join(not_tested),
            }
        )
    return links


def _resource(name: str) -> str:
    return files("dbt_segmentation.report").joinpath(f"templates/{name}").read_text(encoding="utf-8")


def _script_text(text: str) -> str:
    """Script as the browser will hash it: line ends are read as LF; a closing tag inside would end it."""
    return re.sub(r"</(?=script)", r"<\\/", text.replace("\r\n", "\n").replace("\r", "\n"), flags=re.IGNORECASE)


def _json(value: Any) -> str:
    """JSON that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _policy(scripts: list[Markup]) -> str:
    """Content security policy: our own scripts by hash, nothing from elsewhere, so a hostile label can run nothing."""
    digests = [base64.b64encode(hashlib.sha256(str(script).encode()).digest()).decode() for script in scripts if script]
    sources = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {sources}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _stepper(progress: Progress | None) -> Callable[[str], None]:
    steps = iter(range(4))

    def step(what: str) -> None:
        if progress is not None:
            progress(next(steps), 3, what)

    return step
