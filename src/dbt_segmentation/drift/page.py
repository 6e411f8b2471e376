"""What we add to a page of Evidently: our header, and a policy that keeps the browser from asking anything outside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from dbt_segmentation.drift.columns import CATEGORICAL, NUMERIC, THRESHOLDS

# No source but the page itself; Evidently's bundle needs inline scripts and styles, and carries its font as data.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; font-src data:; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)
_RANDOM_ID = re.compile(r"metric_[0-9a-f]{32}")
# Evidently numbers its widgets with UUIDs of version 7, made of the clock.
_CLOCK_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b")
_OUTSIDE = re.compile(r"<(?:link|script|img|iframe)\b[^>]*\b(?:href|src)=[\"']?(?:https?:)?//[^>]*>", re.IGNORECASE)

_WORDS = {
    "en": {
        "title": "Drift report, snapshot of {snapshot}",
        "intro": "{n_current} customers of this snapshot against {n_reference} customers on whom the model was fitted.",
        "itself": "This is the snapshot on which the model was fitted: it is compared with itself.",
        "summary": "{drifted} of {tested} features drifted.",
        "methods": (
            "Numbers: Wasserstein distance in standard deviations of the reference, after trimming both tails; drift "
            "from {numeric}. Categories: Jensen-Shannon distance, drift from {categorical}; categories of fewer than "
            "10 people are grouped as 'other'. Features are sorted by how far they moved."
        ),
        "not_tested": "Not tested",
        "remarks": "Remarks",
        "nothing": "No feature could be compared.",
        "back": "Back to the segment report",
    },
    "fr": {
        "title": "Rapport de dérive, situation au {snapshot}",
        "intro": "{n_current} clients de cette situation face aux {n_reference} clients sur lesquels le modèle a été "
        "ajusté.",
        "itself": "C'est la situation sur laquelle le modèle a été ajusté : elle est comparée à elle-même.",
        "summary": "{drifted} variables sur {tested} ont dérivé.",
        "methods": (
            "Nombres : distance de Wasserstein en écarts-types de la référence, après écrêtage des deux extrémités ; "
            "dérive à partir de {numeric}. Catégories : distance de Jensen-Shannon, dérive à partir de {categorical} ; "
            "les catégories de moins de 10 personnes sont regroupées dans « other ». Les variables sont triées par "
            "ampleur du changement. Les graphiques d'Evidently sont en anglais."
        ),
        "not_tested": "Non testées",
        "remarks": "Remarques",
        "nothing": "Aucune variable n'a pu être comparée.",
        "back": "Retour au rapport des segments",
    },
}

_STYLE = """
.seg-head{font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;color:#1c2733;
max-width:1100px;margin:0 auto;padding:24px 20px 8px}
.seg-head h1{font-size:26px;line-height:1.2;margin:8px 0 12px}.seg-head h2{font-size:16px;margin:16px 0 4px}
.seg-head p,.seg-head ul{margin:6px 0;max-width:72ch}.seg-head a{color:#1f5a8a}.seg-small{color:#52606d;font-size:14px}
"""


def finish_page(html: str, page: Mapping[str, Any], run: Mapping[str, Any], language: str) -> str:
    """Give a page its title, our header and its policy, and make it the same for the same data.

    Parameters
    ----------
    html : str
        Evidently's page, or the empty text where nothing could be compared.
    page : mapping
        ``snapshot_date``, ``is_reference``, ``n_reference``, ``n_current`` and metric ``rows``.
    run : mapping
        ``run_id``, ``model_version`` if known.
    language : str
        ``en`` or ``fr``.
    """
    words = _WORDS.get(language, _WORDS["en"])
    title = escape(words["title"].format(snapshot=page["snapshot_date"]))
    head = (
        f'<meta charset="UTF-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<title>{title}</title><link rel="icon" href="data:,"><style>{_STYLE}</style>'
    )
    header = _header(title, page, run, words)
    if not html:
        viewport = '<meta name="viewport" content="width=device-width, initial-scale=1.0">'
        nothing = escape(words["nothing"])
        return (
            f'<!DOCTYPE html>\n<html lang="{language}"><head>{head}{viewport}</head>'
            f'<body>{header}<p class="seg-head">{nothing}</p></body></html>\n'
        )
    html = _OUTSIDE.sub("", _stable_ids(html, f"metric_{page['snapshot_date']:%Y%m%d}")).strip()
    html = html.replace('<meta charset="UTF-8">', head, 1)
    before, body, after = html.partition("<body>")
    return f"{before}{body}{header}{after}\n"


def _stable_ids(html: str, name: str) -> str:
    numbers: dict[str, int] = {}
    html = _RANDOM_ID.sub(name, html)
    return _CLOCK_ID.sub(lambda found: f"widget-{numbers.setdefault(found[0], len(numbers)):06d}", html)


def _header(title: str, page: Mapping[str, Any], run: Mapping[str, Any], words: Mapping[str, str]) -> str:
    rows = page["rows"]
    tested = [row for row in rows if row["verdict"] != "not_tested"]
    drifted = sum(row["verdict"] == "drift" for row in tested)
    thresholds = {"numeric": THRESHOLDS[NUMERIC], "categorical": THRESHOLDS[CATEGORICAL]}
    paragraphs = [
        words["intro"].format(n_current=page["n_current"], n_reference=page["n_reference"]),
        words["itself"] if page["is_reference"] else "",
        words["summary"].format(drifted=drifted, tested=len(tested)),
        words["methods"].format(**thresholds),
    ]
    origin = " · ".join(str(run[name]) for name in ("model_version", "run_id") if run.get(name))
    return "".join(
        [
            f'<header class="seg-head"><a href="../index.html">{escape(words["back"])}</a><h1>{title}</h1>',
            *(f"<p>{escape(text)}</p>" for text in paragraphs if text),
            _list(words["not_tested"], [row for row in rows if row["verdict"] == "not_tested"]),
            _list(words["remarks"], [row for row in tested if row["detail"]]),
            f'<p class="seg-small">{escape(origin)}</p></header>',
        ]
    )


def _list(title: str, rows: list[Mapping[str, Any]]) -> str:
    if not rows:
        return ""
    items = "".join(f"<li>{escape(str(row['feature']))}: {escape(str(row['detail']))}</li>" for row in rows)
    return f"<h2>{escape(title)}</h2><ul>{items}</ul>"
