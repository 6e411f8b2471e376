"""What the report is about: every aggregate it needs, read once from the marts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dbt_segmentation.report.language import Language, humanise
from dbt_segmentation.report.marts import Marts, Row
from dbt_segmentation.report.palette import NO_SEGMENT, segment_colours

# Metric of the drift heat map: the first one that has rows.
_DRIFT_METRICS = ("psi", "jensen_shannon", "wasserstein", "evidently_wasserstein")


@dataclass(frozen=True)
class ReportData:
    """Aggregates behind the report.

    Attributes
    ----------
    run_id : str or None
        Run that wrote the marts.
    as_of_date : datetime.date or None
        Day as of which everything holds.
    names, colours : dict
        Label and colour of every segment key that occurs, retired ones included.
    segments : list of dict
        One row per segment of the top level with customers and KPIs of the last snapshot, largest first.
    sizes, transitions, profiles, candidates, drift, rejected, reconciliation : list of dict
        Rows of the marts of those names; ``drift`` holds the metric ``drift_metric`` for everybody.
    part_names : dict
        Label of every sub-segment and micro-segment.
    parts : list of dict
        Segments of every level that somebody is in: keys, labels, customers of the last snapshot.
    tree : list of dict
        Nodes of the current model's tree.
    decisions : list of dict
        What people decided that counts or is stale: pins of the same author, day and reason in one row.
    taken_in : dict
        Keys of the segments that people merged into each segment.
    pinned : dict
        Customers of each segment whom people put there.
    share_changes : list of dict
        Causes of what changed up to the last snapshot, by segment.
    model : dict or None
        The current model's run.
    """

    run_id: str | None
    as_of_date: dt.date | None
    customers: int
    borderline_share: float | None
    outlier_share: float | None
    names: dict[str, str]
    colours: dict[str, str]
    segments: list[Row]
    sizes: list[Row]
    part_names: dict[str, str]
    parts: list[Row]
    tree: list[Row]
    decisions: list[Row]
    taken_in: dict[str, list[str]]
    pinned: dict[str, int]
    share_changes: list[Row]
    transitions: list[Row]
    profiles: list[Row]
    model: Row | None
    candidates: list[Row]
    drift_metric: str | None
    drift: list[Row]
    rejected: list[Row]
    reconciliation: list[Row]

    @property
    def snapshots(self) -> list[dt.date]:
        """Snapshot dates that have sizes, in order."""
        return sorted({row["snapshot_date"] for row in self.sizes})

    @property
    def fitted_on(self) -> dt.date | None:
        """Day as of which the current model was fitted."""
        day: dt.date | None = self.model["fitted_as_of_date"] if self.model else None
        return day

    def name(self, segment_key: str | None) -> str:
        """Label of a segment, or the empty text for somebody without one."""
        return self.names.get(segment_key or "", "")

    def colour(self, segment_key: str | None) -> str:
        """Colour of a segment, grey for nobody's."""
        return self.colours.get(segment_key or "", NO_SEGMENT)


def read_data(marts: Marts, language: Language) -> ReportData:
    """Read everything the report shows.

    Parameters
    ----------
    marts : Marts
        Open marts.
    language : Language
        Decides which labels are read.
    """
    labels = marts.rows("select * from seg_segments where coalesce(level, 'segment') = 'segment' order by segment_key")
    head = marts.rows(_HEAD)[0]
    sizes = marts.rows(_SIZES)
    transitions = marts.rows(_TRANSITIONS)
    keys = _keys(labels, sizes, transitions)
    segments = _segments(labels, marts.rows(_CURRENT_SIZES), sizes)
    model = next(iter(marts.rows(_MODEL)), None)
    metric, drift = _drift(marts, model["model_version"] if model else None)
    return ReportData(
        run_id=head["run_id"],
        as_of_date=head["as_of_date"],
        customers=head["customers"] or sum(row["customers"] for row in segments),
        borderline_share=head["borderline_share"],
        outlier_share=head["outlier_share"],
        names=_names(keys, labels, language),
        colours=segment_colours(keys),
        segments=segments,
        sizes=sizes,
        part_names={row["segment_key"]: language.pick(row, "label") for row in marts.rows(_PART_LABELS)},
        parts=marts.rows(_PARTS),
        tree=marts.rows("select * from seg_tree where is_current_model and node is not null order by node"),
        decisions=marts.rows(_DECISIONS),
        taken_in=_taken_in(labels),
        pinned={row["segment_key"]: row["customers"] for row in marts.rows(_PINNED)},
        share_changes=marts.rows(_SHARE_CHANGES),
        transitions=transitions,
        profiles=marts.rows(_PROFILES),
        model=model,
        candidates=marts.rows(_CANDIDATES, model["model_version"]) if model else [],
        drift_metric=metric,
        drift=drift,
        rejected=marts.rows(_REJECTED),
        reconciliation=marts.rows("select * from seg_reconciliation order by input"),
    )


def _keys(labels: list[Row], sizes: list[Row], transitions: list[Row]) -> list[str]:
    keys = {row["segment_key"] for row in [*labels, *sizes]}
    keys |= {row[side] for row in transitions for side in ("from_segment_key", "to_segment_key")}
    return sorted(key for key in keys if key)


def _names(keys: list[str], labels: list[Row], language: Language) -> dict[str, str]:
    """Labels by key; two segments of the same label are told apart by their number."""
    by_key = {row["segment_key"]: language.pick(row, "label") for row in labels}
    names = {key: by_key.get(key) or humanise(key) for key in keys}
    counts = list(names.values())
    return {key: name if counts.count(name) == 1 else f"{name} ({key})" for key, name in names.items()}


def _taken_in(labels: list[Row]) -> dict[str, list[str]]:
    merged: dict[str, list[str]] = {}
    for row in labels:
        if row["merged_into_segment_key"]:
            merged.setdefault(row["merged_into_segment_key"], []).append(row["segment_key"])
    return merged


def _segments(labels: list[Row], current: list[Row], sizes: list[Row]) -> list[Row]:
    """Segments that hold somebody today: labels, size today, KPIs of the last snapshot."""
    described = {row["segment_key"]: row for row in labels}
    last = max((row["snapshot_date"] for row in sizes), default=None)
    kpis = {row["segment_key"]: row for row in sizes if row["snapshot_date"] == last}
    today = {row["segment_key"]: row["customers"] for row in current}
    if not today:
        today = {key: row["customers"] or 0 for key, row in kpis.items()}
    if not today:
        active = [row for row in labels if row["status"] not in ("retired", "merged", "rejected")]
        today = {row["segment_key"]: row["customers_at_fit"] or 0 for row in active}
    total = sum(today.values())
    rows = [
        {**described.get(key, {}), **kpis.get(key, {}), "segment_key": key, "customers": n}
        | {"customer_share": n / total if total else None}
        for key, n in today.items()
    ]
    return sorted(rows, key=lambda row: (-row["customers"], row["segment_key"]))


def _drift(marts: Marts, model_version: str | None) -> tuple[str | None, list[Row]]:
    held = {row["metric"] for row in marts.rows("select distinct metric from seg_drift where segment_key = 'all'")}
    metric = next((name for name in _DRIFT_METRICS if name in held), next(iter(sorted(held)), None))
    return metric, marts.rows(_DRIFT, metric, model_version) if metric else []


_HEAD = """
with runs as (
    select run_id, as_of_date from seg_memberships
    union all select run_id, as_of_date from seg_kpis
    union all select run_id, as_of_date from seg_segments
    union all select run_id, as_of_date from seg_model_runs where is_current
)
select
    (select max(as_of_date) from runs) as as_of_date,
    (select arg_max(run_id, as_of_date) from runs) as run_id,
    count(*) as customers,
    avg(is_borderline::int) as borderline_share,
    avg(is_outlier::int) as outlier_share
from seg_memberships
"""
_CURRENT_SIZES = """
select segment_key, count(*) as customers
from seg_memberships
where segment_key is not null
group by segment_key
order by segment_key
"""
_SIZES = """
select * exclude (run_id, as_of_date)
from seg_kpis
where snapshot_date is not null and segment_key is not null and coalesce(level, 'segment') = 'segment'
order by snapshot_date, segment_key
"""
_PART_LABELS = "select * from seg_segments where level <> 'segment'"
_PARTS = """
select segments.segment_key, segments.parent_segment_key, segments.level, label_en, label_fr, overridden_fields,
    overridden_by, kpis.customers
from seg_segments as segments
inner join seg_kpis as kpis
    on segments.segment_key = kpis.segment_key
where kpis.snapshot_date = (select max(snapshot_date) from seg_kpis)
order by kpis.customers desc, segments.segment_key
"""
_DECISIONS = """
with lines as (
    select target, case when target = 'segment' then target_key end as target_key, field, value, author, decided_on,
        reason, status, problem, count(*) as decisions, sum(customers)::bigint as customers
    from seg_decisions
    where status in ('in force', 'stale', 'mistaken')
    group by all
)
select *
from lines
order by status = 'in force', decided_on desc nulls first, target, target_key, field, value, author, reason, problem
"""
_PINNED = """
select segment_key, count(*) as customers
from seg_memberships
where assigned_by = 'pin' and segment_key is not null
group by segment_key
"""
_SHARE_CHANGES = """
select *
from seg_share_drift
where snapshot_date = (select max(snapshot_date) from seg_share_drift)
order by abs(customers - previous_customers) desc, segment_key
"""
_TRANSITIONS = """
select
    snapshot_date,
    previous_snapshot_date,
    -- joiners and leavers have no segment on that side
    nullif(from_segment_key, 'new') as from_segment_key,
    nullif(to_segment_key, 'gone') as to_segment_key,
    sum(customers)::bigint as customers
from seg_transitions
where snapshot_date is not null and customers > 0
group by 1, 2, 3, 4
order by 1, 2, 3, 4
"""
_PROFILES = """
select *
from seg_profiles
where segment_key is not null and feature is not null
order by segment_key, rank_in_segment nulls last, abs(z_score) desc nulls last, feature
"""
_MODEL = """
select *
from seg_model_runs
order by is_current desc nulls last, fitted_as_of_date desc nulls last, model_version
limit 1
"""
_CANDIDATES = """
select *
from seg_candidates
-- of many candidates, those that were tested, and k-means at each number of segments
where model_version = ? and (stage is null or stage = 'finalist' or is_winner or algorithm = 'kmeans')
order by n_segments, algorithm, candidate
"""
_DRIFT = """
select snapshot_date, feature, value, threshold, verdict, n_reference, n_current
from seg_drift
where segment_key = 'all' and metric = ? and snapshot_date is not null and feature is not null
qualify row_number() over (
    partition by snapshot_date, feature order by (model_version = ?) desc nulls last, model_version desc, source desc
) = 1
order by snapshot_date, feature
"""
_REJECTED = """
select input, reason, count(*) as n_rows
from seg_rejected
group by input, reason
order by input, n_rows desc, reason
"""
