"""Whose records must be left out: refused, silent, objecting or erased, and their duplicates."""

import duckdb
import numpy as np
import pyarrow as pa

from dbt_segmentation.identity.closure import connected_groups
from dbt_segmentation.identity.resolution import resolve
from dbt_segmentation.identity.workspace import Relation, Workspace

SUPPRESSED_SCHEMA = pa.schema({"record_key": pa.string()})


def suppressed_records(
    connection: duckdb.DuckDBPyConnection,
    records: Relation,
    statements: Relation,
    erased: Relation,
    *,
    silence_is_consent: bool,
    threshold: float = 0.85,
    max_group_size: int = 20,
) -> pa.Table:
    """Find the records that may not be used.

    A person's state is the latest statement of any of its records; of statements made at one time the most restrictive
    counts, a refusal without a time beats everything, and a grant without a time says nothing. An erasure takes the
    whole person. Where the guard cut a group apart, each part is judged by itself, so that a grant never reaches from
    one part to another; a refusal or an erasure of one part takes them all.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where the work is done, see `resolve`.
    records : DuckDBPyRelation, pyarrow.Table or str
        Records, see `resolve`.
    statements : DuckDBPyRelation, pyarrow.Table or str
        What people said about profiling: record_key, recorded_at (time or null), is_granted (null is a refusal).
    erased : DuckDBPyRelation, pyarrow.Table or str
        record_key of each erasure. Both may name keys without a record.
    silence_is_consent : bool
        Whether those who said nothing may be used.
    threshold, max_group_size
        See `resolve`.

    Returns
    -------
    pyarrow.Table
        `SUPPRESSED_SCHEMA`: each record of a person who refused, was erased, or is silent; and each erased or refused
        key without a record. Sorted.

    Raises
    ------
    DataError
        A column is missing; record_key is null or repeated in `records`.
    ConfigError
        An option is out of range.
    """
    with Workspace(connection) as work:
        _read(work, records, statements, erased)
        someone_goes = work.scalar(
            f"select exists (from {work.name('said')} where refused) or exists (from {work.name('erased')})"
        )
        if silence_is_consent and not someone_goes:
            return SUPPRESSED_SCHEMA.empty_table()
        someone_stays = silence_is_consent or work.scalar(
            f"select exists (from {work.name('statements')} where is_granted and recorded_at is not null)"
        )
        if someone_stays:
            links = resolve(connection, records, threshold=threshold, max_group_size=max_group_size)
        else:
            links = None
        _groups(work, links)
        return work.arrow(_suppressed_sql(work, silence_is_consent)).cast(SUPPRESSED_SCHEMA)


def _read(work: Workspace, records: Relation, statements: Relation, erased: Relation) -> None:
    """Make `keys` of the records, `statements`, `said` (state by record_key) and `erased`."""
    work.require("The relation of records", records, ["record_key"])
    work.require("The relation of statements", statements, ["record_key", "recorded_at", "is_granted"])
    work.require("The relation of erasures", erased, ["record_key"])
    work.load("keys", records, "cast(record_key as varchar) as record_key")
    work.load(
        "statements",
        statements,
        "cast(record_key as varchar) as record_key, cast(recorded_at as timestamp) as recorded_at,"
        " coalesce(is_granted, false) as is_granted",
    )
    work.load("erased", erased, "distinct cast(record_key as varchar) as record_key")
    work.create("said", _state_sql(work.name("statements"), "record_key"))


def _state_sql(statements: str, by: str) -> str:
    """Give the SQL of what was said last, by some key: refused or granted; nobody who said nothing that counts."""
    return f"""
        select {by}, refused_undated or coalesce(refused_at >= coalesce(granted_at, refused_at), false) as refused
        from (
            select
                {by},
                bool_or(not is_granted and recorded_at is null) as refused_undated,
                max(recorded_at) filter (where not is_granted) as refused_at,
                max(recorded_at) filter (where is_granted) as granted_at
            from {statements}
            group by {by}
        )
        where refused_undated or refused_at is not null or granted_at is not null
    """


def _groups(work: Workspace, links: pa.Table | None) -> None:
    """Make `groups` (record_key, part, whole): part is the group as accepted, whole the one with what was held back."""
    if links is None or not links.num_rows:
        work.create("groups", f"select record_key, record_key as part, record_key as whole from {work.name('keys')}")
        return
    work.load("links", links, "record_key_a, record_key_b, is_held_back")
    work.create(
        "linked",
        f"""
        select cast(row_number() over (order by record_key) - 1 as bigint) as idx, record_key
        from (
            select record_key_a as record_key from {work.name("links")}
            union
            select record_key_b from {work.name("links")}
        )
        """,
    )
    ends = work.numbers(
        f"""
        select a.idx as a, b.idx as b, links.is_held_back as held
        from {work.name("links")} as links
        inner join {work.name("linked")} as a on links.record_key_a = a.record_key
        inner join {work.name("linked")} as b on links.record_key_b = b.record_key
        """
    )
    n = work.scalar(f"select count(*) from {work.name('linked')}")
    kept = ~np.asarray(ends["held"], dtype=bool)
    parts = connected_groups(n, ends["a"][kept], ends["b"][kept])
    wholes = connected_groups(n, ends["a"], ends["b"])
    work.load(
        "labels",
        pa.table({"idx": pa.array(np.arange(n)), "part": pa.array(parts), "whole": pa.array(wholes)}),
    )
    work.create(
        "groups",
        f"""
        select
            keys.record_key,
            coalesce('part ' || labels.part, keys.record_key) as part,
            coalesce('whole ' || labels.whole, keys.record_key) as whole
        from {work.name("keys")} as keys
        left join {work.name("linked")} as linked on keys.record_key = linked.record_key
        left join {work.name("labels")} as labels on linked.idx = labels.idx
        """,
    )


def _suppressed_sql(work: Workspace, silence_is_consent: bool) -> str:
    of_part = f"""(
        select statements.*, groups.part
        from {work.name("statements")} as statements
        inner join {work.name("groups")} as groups using (record_key)
    )"""
    return f"""
        with
        parts as ({_state_sql(of_part, "part")}),
        gone as (
            select distinct groups.whole
            from {work.name("groups")} as groups
            left join parts on groups.part = parts.part
            left join {work.name("erased")} as erased on groups.record_key = erased.record_key
            where parts.refused or erased.record_key is not null
        )
        select groups.record_key
        from {work.name("groups")} as groups
        left join parts on groups.part = parts.part
        left join gone on groups.whole = gone.whole
        where gone.whole is not null {"" if silence_is_consent else "or parts.part is null"}
        union
        select record_key from {work.name("erased")} where record_key is not null
        union
        select said.record_key
        from {work.name("said")} as said
        anti join {work.name("keys")} as keys on said.record_key = keys.record_key
        where said.refused and said.record_key is not null
        order by record_key
    """
