"""Fake but plausible marts: customers of six hidden kinds who drift between segments over twelve months."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

SEGMENTS = {
    "seg_001": ("Occasional shoppers", "Clients occasionnels"),
    "seg_002": ("Loyal big baskets", "Fidèles aux gros paniers"),
    "seg_003": ("Bargain hunters", "Chasseurs de promotions"),
    "seg_004": ("Fresh and frequent", "Frais et fréquents"),
    "seg_005": ("Fading customers", "Clients qui s'éloignent"),
    "seg_007": ("Weekend stock-up", "Courses du week-end"),
}
ACTIONS = {
    "seg_001": "Send a welcome-back offer on the category they bought last; one message a month at most.",
    "seg_002": "Protect: early access and service, no blanket discounts. They buy without them.",
    "seg_003": "Move to private label with targeted coupons; measure margin, not turnover.",
    "seg_004": "Suggest recipes and complementary fresh products at the start of the week.",
    "seg_005": "Reactivate within 30 days with a time-limited offer; stop after two messages without reply.",
    "seg_007": "Bundle offers on Friday, free delivery over a threshold.",
}
FEATURES = {
    "recency_days": ("rfm", "Days since last order", "Jours depuis la dernière commande", "days", True, 25, 24),
    "order_count": ("rfm", "Orders", "Commandes", "count", True, 32, 26),
    "revenue": ("rfm", "Revenue", "Chiffre d'affaires", "currency", True, 930, 840),
    "average_order_value": ("rfm", "Average order value", "Panier moyen", "currency", True, 31, 19),
    "purchase_gap_days": ("rfm", "Days between orders", "Jours entre commandes", "days", False, 9.4, 8.1),
    "tenure_days": ("rfm", "Days since first order", "Jours depuis la première commande", "days", False, 210, 90),
    "basket_lines": ("purchase", "Lines per basket", "Lignes par panier", "count", True, 9.2, 6),
    "category_count": ("purchase", "Categories bought", "Catégories achetées", "count", True, 11, 4.2),
    "category_concentration": ("purchase", "Concentration on few categories", "Concentration", "share", 1, 0.34, 0.13),
    "discount_share": ("purchase", "Share of discount", "Part de remise", "share", True, 0.14, 0.08),
    "coupon_order_share": ("purchase", "Orders with a coupon", "Commandes avec coupon", "share", False, 0.08, 0.11),
    "private_label_share": ("purchase", "Private label share", "Part de marque propre", "share", True, 0.28, 0.14),
    "weekend_share": ("purchase", "Weekend share", "Part du week-end", "share", False, 0.33, 0.2),
    "evening_share": ("purchase", "Evening share", "Part du soir", "share", False, 0.41, 0.24),
    "messages_sent": ("campaign", "Messages received", "Messages reçus", "count", False, 6.1, 4.4),
    "message_response_rate": ("campaign", "Response rate", "Taux de réponse", "share", False, 0.04, 0.09),
    "share_produce": ("category", "Share of produce", "Part des fruits et légumes", "share", False, 0.09, 0.07),
    "share_meat": ("category", "Share of meat", "Part de la viande", "share", False, 0.11, 0.08),
}
N_CUSTOMERS = 2469


@pytest.fixture(scope="session")
def write_marts() -> Callable[..., Path]:
    """Give the writer: ``write_marts(path, snapshots=12)``."""
    return write


def write(path: Path, snapshots: int = 12, segments: dict[str, tuple[str, str]] | None = None, seed: int = 0) -> Path:
    """Write the marts of the report to a DuckDB file."""
    rng = np.random.default_rng(seed)
    names = SEGMENTS if segments is None else segments
    keys = list(names)
    days = [day.date() for day in pd.date_range("2017-01-31", periods=12, freq="ME")][-snapshots:]
    paths = _paths(rng, keys, len(days))
    tables = {
        "dim_seg__segments": _segments(names, paths),
        "fct_seg__segment_overrides": _decisions(keys, paths),
        "fct_seg__customer_segments": _memberships(rng, paths[:, -1], keys, days[-1]),
        "fct_seg__segment_transitions": _transitions(paths, keys, days),
        "fct_seg__segment_profiles": _profiles(rng, keys, paths[:, -1]),
        "fct_seg__segment_kpis": _kpis(rng, paths, keys, days),
        "fct_seg__model_runs": _model_run(len(keys), days),
        "fct_seg__model_candidates": _candidates(len(keys)),
        "fct_seg__segment_drift": _drift(rng, days),
        "fct_seg__rejected_rows": _rejected(),
        "int_seg__input_reconciliation": _reconciliation(),
        "fct_seg__segment_tree": _tree(keys, paths),
        "fct_seg__segment_share_drift": _share_changes(paths, keys, days),
    }
    path.unlink(missing_ok=True)
    connection = duckdb.connect(str(path))
    for name, frame in tables.items():
        frame["run_id"] = "9f3c2a1e-77aa-4a51-8f0e-2f1f6a52c0de"
        frame["as_of_date"] = days[-1]
        connection.register("frame", frame)
        connection.execute(f"create table {name} as select * from frame")
        connection.unregister("frame")
    connection.close()
    return path


def _paths(rng: np.random.Generator, keys: list[str], periods: int) -> np.ndarray:
    """Segment position of each customer at each snapshot, -1 before the first order; (customers, periods)."""
    k = len(keys)
    weights = np.array([0.27, 0.15, 0.19, 0.17, 0.12, 0.10, 0.05, 0.05])[:k]
    weights = weights / weights.sum()
    stay = np.eye(k) * 0.4 + 0.6 * weights
    now = rng.choice(k, N_CUSTOMERS, p=weights)
    first = np.minimum(rng.geometric(0.45, N_CUSTOMERS) - 1, periods - 1)
    out = np.full((N_CUSTOMERS, periods), -1)
    for period in range(periods):
        moved = np.array([rng.choice(k, p=stay[place]) for place in now])
        now = np.where(rng.random(N_CUSTOMERS) < 0.9, now, moved)
        out[:, period] = np.where(period >= first, now, -1)
    return out


def _segments(names: dict[str, tuple[str, str]], paths: np.ndarray) -> pd.DataFrame:
    counts = np.bincount(paths[:, 0][paths[:, 0] >= 0], minlength=len(names))
    segments = pd.DataFrame(
        {
            "segment_key": list(names),
            "level": "segment",
            "parent_segment_key": None,
            "label_en": [english for english, _ in names.values()],
            "label_fr": [french for _, french in names.values()],
            "description_en": "Customers who share a way of buying; read it with the features below.",
            "description_fr": "Des clients qui achètent de la même façon.",
            "recommended_action_en": [ACTIONS.get(key, "Observe before acting.") for key in names],
            "recommended_action_fr": "Observer avant d'agir.",
            "archetype": list(names),
            "status": "active",
            "event": ["born" if key == "seg_007" else "survived" for key in names],
            "approved_by": ["Ada", *[None] * (len(names) - 1)],
            "overridden_fields": ["label_en, label_fr", *[None] * (len(names) - 1)],
            "overridden_by": ["Ada, Ben", *[None] * (len(names) - 1)],
            "customers_at_fit": counts,
            "share_at_fit": counts / counts.sum(),
            "stability": np.linspace(0.92, 0.58, len(names)),
            "model_version": "m_4f2a91c07be83d10",
        }
    )
    parts = [
        segments.assign(level=level, segment_key=segments[parent] + suffix, parent_segment_key=segments[parent])
        for level, parent, suffix in (("sub_segment", "segment_key", ".01"), ("sub_segment", "segment_key", ".02"))
    ]
    micros = [
        part.assign(
            level="micro_segment", segment_key=part["segment_key"] + ".01", parent_segment_key=part["segment_key"]
        )
        for part in parts
    ]
    told = pd.concat([segments, *parts, *micros], ignore_index=True)
    told.loc[told["level"] != "segment", ["overridden_fields", "overridden_by", "approved_by"]] = None
    told.loc[told["segment_key"] == f"{next(iter(names))}.02", ["overridden_fields", "overridden_by"]] = [
        "label_en",
        "Cy",
    ]
    merged = segments.head(1).assign(
        segment_key="seg_000", label_en="Small baskets", label_fr="Petits paniers", status="merged", event="born"
    )
    told = pd.concat([told, merged.assign(overridden_fields="merged_into", overridden_by="Ben")], ignore_index=True)
    told["merged_into_segment_key"] = np.where(told["segment_key"] == "seg_000", next(iter(names)), None)
    is_part = told["level"] != "segment"
    for language, trait in (("label_en", ": ↑ Visits & <more>"), ("label_fr", " : ↑ Visites")):
        told.loc[is_part, language] = told.loc[is_part, language] + trait
    return told


def _tree(keys: list[str], paths: np.ndarray) -> pd.DataFrame:
    """Two sub-segments a segment, one micro-segment each, segments joined one after the other."""
    rows: list[tuple] = []
    for place, key in enumerate(keys):
        count = int((paths[:, 0] == place).sum())
        for part, size in enumerate((count - count // 3, count // 3), start=1):
            rows.append((f"{key}.{part:02d}.01", "micro_segment", 0.0, size, f"{key}.{part:02d}"))
    for place, key in enumerate(keys):
        for part in ("01", "02"):
            rows.append((f"{key}.{part}", "sub_segment", 0.0, 100 + place, key))
    for place, key in enumerate(keys):
        rows.append((key, "segment", 5.0 + place, 200 + place, "merge 1" if place < 2 else f"merge {place}"))
    for place in range(1, len(keys)):
        rows.append(
            (f"merge {place}", None, 20.0 + place, 400 + place, f"merge {place + 1}" if place + 1 < len(keys) else None)
        )
    numbers = {row[0]: f"{number:04d}" for number, row in enumerate(rows)}
    return pd.DataFrame(
        {
            "model_version": "m_4f2a91c07be83d10",
            "node": [numbers[row[0]] for row in rows],
            "parent_node": [numbers.get(row[4]) for row in rows],
            "level": [row[1] for row in rows],
            "segment_key": [row[0] if row[1] else None for row in rows],
            "height": [row[2] for row in rows],
            "customers_at_fit": [row[3] for row in rows],
            "cut_reason": ["stable slices of one group" if row[1] == "segment" else None for row in rows],
            "cut_stability": [0.7 if row[1] == "segment" else None for row in rows],
            "is_current_model": True,
        }
    )


def _share_changes(paths: np.ndarray, keys: list[str], days: list) -> pd.DataFrame:
    rows = []
    for period in range(1, len(days)):
        before, after = (
            np.bincount(paths[:, at][paths[:, at] >= 0], minlength=len(keys)) for at in (period - 1, period)
        )
        for place, key in enumerate(keys):
            joined = int(((paths[:, period - 1] < 0) & (paths[:, period] == place)).sum())
            moved = int(after[place] - before[place]) - joined
            none = dict.fromkeys(("leavers", "refit", "overrides", "late_data", "identity_merges"), 0)
            rows.append(
                {
                    "snapshot_date": days[period],
                    "segment_key": key,
                    "customers": int(after[place]),
                    "previous_customers": int(before[place]),
                    "joiners": joined,
                    "movers": moved,
                    **none,
                    "share_change": after[place] / after.sum() - before[place] / before.sum(),
                }
            )
    return pd.DataFrame(rows)


def _memberships(rng: np.random.Generator, last: np.ndarray, keys: list[str], day: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": [f"c_{place:05d}" for place in range(len(last))],
            "snapshot_date": day,
            "segment_key": [keys[place] for place in last],
            "is_borderline": rng.random(len(last)) < 0.11,
            "is_outlier": rng.random(len(last)) < 0.006,
            "assigned_by": np.where(np.arange(len(last)) == np.flatnonzero(last == len(keys) - 1)[0], "pin", "model"),
        }
    )


def _decisions(keys: list[str], paths: np.ndarray) -> pd.DataFrame:
    """A name, a part's name, a merge, three pins of which one is of another day, one stale, one replaced."""
    first, last = keys[0], keys[-1]
    customers = int((paths[:, -1] == 0).sum())
    rows = [
        ("segment", first, "label_en", "Occasional shoppers", "Ada", "2017-03-01", "in force", None, customers),
        ("segment", first, "label_en", "Rare", "Ada", "2017-02-01", "replaced", None, None),
        ("segment", f"{first}.02", "label_en", "Part & <more>", "Cy", "2017-03-02", "in force", None, None),
        ("segment", "seg_000", "merged_into", first, "Ben", "2017-03-03", "in force", None, 61),
        ("segment", first, "approved", "true", "Ada", "2017-03-04", "in force", None, customers),
        ("customer", "c_pinned_1", "segment_key", last, "Ada", "2017-03-05", "in force", None, 1),
        ("customer", "c_pinned_2", "segment_key", last, "Ada", "2017-03-05", "in force", None, 0),
        ("customer", "c_pinned_3", "segment_key", last, "Ada", "2017-03-06", "in force", None, 1),
        ("segment", "seg_099", "label_fr", "Fin", "Dan", "2017-01-05", "stale", "the segment has ended", None),
    ]
    columns = ["target", "target_key", "field", "value", "author", "decided_on", "status", "problem", "customers"]
    told = pd.DataFrame(rows, columns=columns)
    told["decided_on"] = pd.to_datetime(told["decided_on"]).dt.date
    told["customers"] = told["customers"].astype("Int64")
    return told.assign(reason=[f"reason {number}" if number < 5 else "reason" for number in range(len(rows))])


def _transitions(paths: np.ndarray, keys: list[str], days: list) -> pd.DataFrame:
    rows = []
    for period in range(1, len(days)):
        before, after = paths[:, period - 1], paths[:, period]
        for source in range(-1, len(keys)):
            for target in range(len(keys)):
                count = int(((before == source) & (after == target)).sum())
                if count:
                    origin = keys[source] if source >= 0 else "new"
                    total = int((before == source).sum())
                    rows.append((days[period], days[period - 1], origin, keys[target], count, total, count / total))
    columns = ["snapshot_date", "previous_snapshot_date", "from_segment_key", "to_segment_key"]
    return pd.DataFrame(rows, columns=[*columns, "customers", "from_customers", "rate"])


def _profiles(rng: np.random.Generator, keys: list[str], last: np.ndarray) -> pd.DataFrame:
    z_scores = rng.normal(0, 0.75, (len(keys), len(FEATURES)))
    rows = []
    for place, key in enumerate(keys):
        ranks = np.argsort(np.argsort(-np.abs(z_scores[place]))) + 1
        for column, (feature, described) in enumerate(FEATURES.items()):
            family, english, french, unit, is_used, mean, std = described
            z_score = max(z_scores[place, column], -mean / std * 0.9)
            rows.append(
                {
                    "segment_key": key,
                    "feature": feature,
                    "family": family,
                    "label_en": english,
                    "label_fr": french,
                    "unit": unit,
                    "is_clustering_feature": bool(is_used),
                    "customers": int((last == place).sum()),
                    "mean_value": mean + z_score * std,
                    "median_value": mean + z_score * std * 0.8,
                    "population_mean": float(mean),
                    "population_std": float(std),
                    "index_to_population": 100 * (mean + z_score * std) / mean,
                    "z_score": z_score,
                    "rank_in_segment": int(ranks[column]),
                }
            )
    return pd.DataFrame(rows)


def _kpis(rng: np.random.Generator, paths: np.ndarray, keys: list[str], days: list) -> pd.DataFrame:
    value = rng.uniform(300, 2600, len(keys))
    rows = []
    for period, day in enumerate(days):
        counts = np.bincount(paths[:, period][paths[:, period] >= 0], minlength=len(keys))
        revenue = counts * value * rng.uniform(0.9, 1.1, len(keys))
        for place, key in enumerate(keys):
            is_small = counts[place] < 50
            rows.append(
                {
                    "segment_key": key,
                    "level": "segment",
                    "snapshot_date": day,
                    "customers": int(counts[place]),
                    "customer_share": counts[place] / counts.sum(),
                    "revenue": None if is_small else revenue[place],
                    "revenue_share": None if is_small else revenue[place] / revenue.sum(),
                    "revenue_per_customer": None if is_small else revenue[place] / counts[place],
                    "is_suppressed": bool(is_small),
                }
            )
    segments = pd.DataFrame(rows)
    parts = [
        segments.assign(level=level, segment_key=segments["segment_key"] + f".{part}{rest}", customers=customers)
        for part, customers in (("01", segments["customers"] * 2 // 3), ("02", segments["customers"] // 3))
        for level, rest in (("sub_segment", ""), ("micro_segment", ".01"))
    ]
    return pd.concat([segments, *parts], ignore_index=True)


def _model_run(k: int, days: list) -> pd.DataFrame:
    run = {
        "model_version": "m_4f2a91c07be83d10",
        "decision": "fit",
        "decision_reason": "no model yet",
        "algorithm": "kmeans",
        "n_segments": k,
        "verdict": "segments" if k > 1 else "one_segment",
        "reason": f"{k} segments: best score of 9 candidates" if k > 1 else "no candidate is better than noise",
        "n_rows": 2400,
        "n_used": 2400,
        "n_features": 8,
        "silhouette": 0.182,
        "calinski_harabasz": 512.3,
        "davies_bouldin": 1.52,
        "gap": 0.41,
        "stability_min": 0.71,
        "stability_mean": 0.83,
        "smallest_segment": 214,
        "random_state": 0,
        "library_versions": '{"numpy": "2.4.6", "scikit-learn": "1.9.1"}',
        "fitted_as_of_date": days[0],
        "is_current": True,
    }
    return pd.DataFrame([run])


def _candidates(winner: int) -> pd.DataFrame:
    rows = []
    for k in range(2, 11):
        stability = max(0.3, 0.95 - 0.05 * (k - 2) - (0.12 if k in (5, 8) else 0))
        score = 0.75 - 0.04 * abs(k - winner)
        reason = "winner" if k == winner else f"lower score {score:.2f} < 0.75"
        if stability < 0.6:
            reason = f"unstable: {stability:.2f} < 0.60"
        rows.append(
            {
                "model_version": "m_4f2a91c07be83d10",
                "candidate": f"kmeans_k{k:02d}",
                "algorithm": "kmeans",
                "n_segments": k,
                "silhouette": 0.24 - 0.012 * k + 0.01 * (k == winner),
                "calinski_harabasz": 900 - 70.0 * k,
                "davies_bouldin": 1.4 + 0.04 * abs(k - winner),
                "dunn": 0.123 + 0.001 * k,
                "prediction_strength": 0.91 - 0.05 * (k - 2),
                "bic": 12345.0 + k,
                "silhouette_reference": 0.6,
                "stability_reference": 0.75,
                "prediction_strength_reference": 0.8,
                "inertia": 20000 / k,
                "gap": 0.2 + 0.04 * min(k, winner) - 0.01 * max(0, k - winner),
                "stability_min": stability,
                "stability_curve": stability,
                "stability_mean": stability + 0.05,
                "smallest_segment": 1200 // k,
                "score": score,
                "is_eligible": stability >= 0.6,
                "is_winner": k == winner,
                "reason": reason,
            }
        )
    return pd.DataFrame(rows)


def _drift(rng: np.random.Generator, days: list) -> pd.DataFrame:
    rows = []
    for period, day in enumerate(days):
        for place, feature in enumerate(FEATURES):
            value = abs(rng.normal(0, 0.012)) + (0.02 * period if place in (0, 2, 9) else 0.002 * period)
            threshold = 0.1 + 0.01 * (period == 0)
            not_tested = feature == "message_response_rate" and period < 3
            rows.append(
                {
                    "snapshot_date": day,
                    "segment_key": "all",
                    "feature": feature,
                    "metric": "psi",
                    "source": "warehouse",
                    "value": None if not_tested else value,
                    "threshold": threshold,
                    "n_reference": 2400,
                    "n_current": 1200 + 100 * period,
                    "verdict": "not_tested" if not_tested else "drift" if value > threshold else "stable",
                    "model_version": "m_4f2a91c07be83d10",
                }
            )
    return pd.DataFrame(rows)


def _rejected() -> pd.DataFrame:
    reasons = [("order_lines", "zero_quantity", 8869), ("order_lines", "unknown_product", 17)]
    reasons += [("campaign_touches", "unknown_customer", 42)]
    rows = [(input_name, reason, "quantity") for input_name, reason, count in reasons for _ in range(count)]
    return pd.DataFrame(rows, columns=["input", "reason", "field"])


def _reconciliation() -> pd.DataFrame:
    rows = [
        ("customers", 2469, 2469, 0, 0, 0),
        ("orders", 155848, 155848, 0, 0, 0),
        ("order_lines", 1469307, 1460421, 8886, 0, 0),
        ("campaign_touches", 6589, 6547, 42, 0, 0),
    ]
    parts = ["rows_used", "rows_rejected", "rows_later", "rows_withheld"]
    return pd.DataFrame(rows, columns=["input", "rows_read", *parts])


def write_sample(snapshots: int = 3, customers: int = 400, seed: int = 0) -> pd.DataFrame:
    """Drift sample as the warehouse stores it; the first snapshot is the reference, ``spend`` doubles at the last."""
    rng = np.random.default_rng(seed)
    parts = []
    for period, day in enumerate(pd.date_range("2017-10-31", periods=snapshots, freq="ME")):
        is_last = period == snapshots - 1 and snapshots > 1
        part = pd.DataFrame(
            {
                "customer_id": [f"c_{place:05d}" for place in range(customers)],
                "snapshot_date": day.date(),
                "segment_key": np.where(np.arange(customers) % 4 == 0, "seg_002", "seg_001"),
                "is_reference": period == 0,
                "spend": rng.lognormal(3, 1, customers) * (2 if is_last else 1),
                "orders": rng.poisson(6, customers),
                "share": rng.beta(0.5, 5, customers),
                "gender": rng.choice(["f", "m", None], customers, p=[0.5, 0.4, 0.1]),
                "is_member": rng.random(customers) < 0.3,
                "empty": np.nan,
                "empty_text": None,
                "constant": 7.0,
            }
        )
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="session")
def drift_sample() -> Callable[..., pd.DataFrame]:
    """Give the maker of samples: ``drift_sample(snapshots=3, customers=400)``."""
    return write_sample
