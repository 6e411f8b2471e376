"""How the model was chosen, how good it is in plain words, and what the data lost on the way."""

from __future__ import annotations

import json
from typing import Any

from dbt_segmentation.report.charts import INDICES, reference
from dbt_segmentation.report.data import ReportData
from dbt_segmentation.report.language import Language

_OLD_AFTER_DAYS = 180
# in the table only: column of the candidates, decimals
_MORE_INDICES = (("dunn", 3), ("prediction_strength", 2), ("bic", 0), ("purity", 2), ("adjusted_rand", 2))


def candidate_table(data: ReportData, language: Language) -> dict[str, Any] | None:
    """Every candidate with its indices and the reason it won or lost, and what practice asks of the indices."""
    if not data.candidates:
        return None
    indices = (*((name, digits) for name, digits, _ in INDICES), *_MORE_INDICES)
    shown = [(name, digits) for name, digits in indices if any(row[name] is not None for row in data.candidates)]
    references = [reference(data, name) for name, _ in shown]
    rows = [
        {
            "name": language("candidate_name", n=row["n_segments"] or 0, algorithm=_algorithm(row, language)),
            "is_winner": bool(row["is_winner"]),
            "cells": [
                {"text": language.number(row[name], digits), "reached": _reaches(row[name], asked)}
                for (name, digits), asked in zip(shown, references, strict=True)
            ],
            "smallest": language.number(row["smallest_segment"]),
            "reason": str(row["reason"] or ""),
        }
        for row in data.candidates
    ]
    return {
        "columns": [language.known("indices", name) for name, _ in shown],
        "rows": rows,
        "references": ["" if asked is None else f"\u2265 {language.number(asked, 2)}" for asked in references],
    }


def _reaches(value: float | None, asked: float | None) -> bool:
    return value is not None and asked is not None and value >= asked


def model_facts(data: ReportData, language: Language) -> list[tuple[str, str]]:
    """Name and value of what one should know about the model."""
    model = data.model
    if model is None:
        return []
    used = {str(row["feature"]) for row in data.profiles if row["is_clustering_feature"]}
    labels = {row["feature"]: language.pick(row, "label") or str(row["feature"]) for row in data.profiles}
    facts = [
        ("fact_version", str(model["model_version"] or "")),
        ("fact_algorithm", _algorithm(model, language)),
        ("fact_fitted", language.date(model["fitted_as_of_date"])),
        ("fact_decision", ": ".join(str(model[name]) for name in ("decision", "decision_reason") if model[name])),
        ("fact_reason", str(model["reason"] or "")),
        ("fact_customers", language.number(model["n_rows"])),
        ("fact_features", ", ".join(sorted(labels[name] for name in used)) or language.number(model["n_features"])),
        ("fact_silhouette", _value(model["silhouette"], language)),
        ("fact_stability", _value(model["stability_min"], language)),
        ("fact_smallest", language.number(model["smallest_segment"])),
        ("fact_random_state", str(model["random_state"] or "")),
        ("fact_versions", _versions(model["library_versions"])),
    ]
    return [(language(key), text) for key, text in facts if text and text != language("none")]


def limits(data: ReportData, language: Language) -> list[str]:
    """Say what the model can't do, from its own figures."""
    model = data.model
    sentences: list[str] = []
    if model is not None:
        if model["verdict"] == "one_segment":
            sentences.append(language("limit_one_segment"))
        sentences += _silhouette_words(model["silhouette"], language)
        sentences += _stability_words(model["stability_min"], language)
        if model["fitted_as_of_date"] and data.as_of_date:
            age = (data.as_of_date - model["fitted_as_of_date"]).days
            if age > _OLD_AFTER_DAYS:
                sentences.append(language("limit_age", n=age))
    if data.borderline_share:
        sentences.append(language("limit_borderline", share=language.percent(data.borderline_share)))
    if data.outlier_share:
        sentences.append(language("limit_outliers", share=language.percent(data.outlier_share)))
    suppressed = sum(bool(row["is_suppressed"]) for row in data.sizes)
    if suppressed:
        sentences.append(language("limit_suppressed", n=suppressed))
    return [*sentences, language("limit_cause")] if data.segments else sentences


def rejected_rows(data: ReportData, language: Language) -> list[dict[str, str]]:
    """Rejected rows by input and reason."""
    return [
        {
            "input": language.known("inputs", row["input"]),
            "reason": language.known("reasons", row["reason"]),
            "n": language.number(row["n_rows"]),
        }
        for row in data.rejected
    ]


def reconciliation_rows(data: ReportData, language: Language) -> list[dict[str, Any]]:
    """Tell what became of every row that was read, and whether the parts add up."""
    parts = ("rows_used", "rows_rejected", "rows_later", "rows_withheld")
    rows = []
    for row in data.reconciliation:
        read = row["rows_read"]
        adds_up = read is not None and read == sum(row[name] or 0 for name in parts)
        counts = [language.number(row[name]) for name in ("rows_read", *parts)]
        rows.append({"input": language.known("inputs", row["input"]), "counts": counts, "adds_up": adds_up})
    return rows


def _algorithm(row: dict[str, Any], language: Language) -> str:
    return language.known("algorithms", row["algorithm"])


def _value(value: float | None, language: Language) -> str:
    return language.number(value, 2) if value is not None else ""


def _versions(text: str | None) -> str:
    """Library versions as words, whether they came as JSON or as text."""
    try:
        versions = json.loads(text or "")
    except ValueError:
        return str(text or "")
    if not isinstance(versions, dict):
        return str(text)
    return ", ".join(f"{name} {versions[name]}" for name in sorted(versions))


def _silhouette_words(value: float | None, language: Language) -> list[str]:
    """Bands of Kaufman and Rousseeuw (1990): 0.25 none, 0.50 weak, 0.70 reasonable."""
    if value is None:
        return []
    band = next((name for top, name in ((0.25, "overlap"), (0.5, "weak"), (0.7, "fair")) if value <= top), "clear")
    return [language(f"limit_silhouette_{band}", value=language.number(value, 2))]


def _stability_words(value: float | None, language: Language) -> list[str]:
    if value is None:
        return []
    band = "low" if value < 0.6 else "middle" if value < 0.75 else "high"
    return [language(f"limit_stability_{band}", value=language.number(value, 2))]
