"""Links between records of one person or company."""

import json
import logging
from dataclasses import asdict

import duckdb
import numpy as np
import pyarrow as pa

from dbt_segmentation.errors import ConfigError
from dbt_segmentation.identity.blocking import BlockingCounts, make_pairs
from dbt_segmentation.identity.comparison import comparison_sql, plausible_sql
from dbt_segmentation.identity.guard import TOO_LARGE, guard
from dbt_segmentation.identity.people import read_people
from dbt_segmentation.identity.workspace import Relation, Workspace

logger = logging.getLogger(__name__)

_LINK_TYPES: dict[str, pa.DataType] = {
    "record_key_a": pa.string(),
    "record_key_b": pa.string(),
    "rule": pa.string(),
    "score": pa.float64(),
    "group_key": pa.string(),
    "is_held_back": pa.bool_(),
    "held_reason": pa.string(),
}
LINK_SCHEMA = pa.schema(_LINK_TYPES)


def resolve(
    connection: duckdb.DuckDBPyConnection, records: Relation, *, threshold: float = 0.85, max_group_size: int = 20
) -> pa.Table:
    """Find the records that are one person or company.

    Equal records are found by a hash of all their values. Other pairs that share a blocking key are compared field by
    field, by string similarity (Levenshtein with exchanges, Jaro-Winkler, Jaccard on words), and scored by fixed
    weights after Fellegi and Sunter (1969), see `dbt_segmentation.identity.weights`; a missing value is no evidence.
    Links are closed transitively, and a guard holds back groups that can't be one person. The result depends neither on
    the order of rows nor on the number of threads, nor, for a pair, on records that share nothing with it.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where the work is done, in temporary tables that are dropped at the end. No setting is changed.
    records : DuckDBPyRelation, pyarrow.Table or str
        One row per record: record_key (unique), and where there are, normalised text columns email, phone,
        first_name_key, last_name_key, company_name_key, address_key, postal_code, city_key, customer_type (person or
        company), gender, and birth_date. A relation must be one of `connection`. Other columns are not read. Of a name
        the first 64 characters count, of an address 128.
    threshold : float
        Least probability (0 to 1) of a link.
    max_group_size : int
        Records that a group may have before it is held back.

    Returns
    -------
    pyarrow.Table
        `LINK_SCHEMA`, a row per link, sorted by its keys, record_key_a < record_key_b. group_key is the smallest
        record_key of the group. A link that is held back has no group_key, and a held_reason: `group_too_large` or
        `contradiction:<field>`. Copies of a record are linked with the smallest of their keys only. The schema's
        metadata (`seg_blocking`) counts what blocking left out.

    Raises
    ------
    DataError
        record_key is absent, null or repeated.
    ConfigError
        An option is out of range.
    """
    if not 0 < threshold <= 1:
        raise ConfigError(f"threshold must be above 0 and at most 1, got {threshold}.")
    if max_group_size < 2:
        raise ConfigError(f"max_group_size must be at least 2, got {max_group_size}.")
    with Workspace(connection) as work:
        read_people(work, records)
        work.create(
            "candidates",
            f"""
            -- who does not carry enough to be told from others is like nobody, not even like a copy
            select people.* from ({comparison_sql(work, _selves(work))}) as compared
            inner join {work.name("people")} as people on compared.a = people.idx
            where compared.score >= {threshold!r}
            """,
        )
        counts = make_pairs(work)
        work.create("plausible", plausible_sql(work, work.name("pairs")))
        work.drop("pairs")
        work.create(
            "links",
            f"select * from ({comparison_sql(work, work.name('plausible'))}) where score >= {threshold!r}",
        )
        work.drop("plausible")
        _judge(work, max_group_size)
        return _result(work, counts)


def _selves(work: Workspace) -> str:
    return f"(select idx as a, idx as b from {work.name('people')})"


def _judge(work: Workspace, max_group_size: int) -> None:
    """Make `judged` (a, b, rule, score, part, held_reason) of `links` and of the copies among `candidates`."""
    n = work.scalar(f"select count(*) from {work.name('records')}")
    nodes = work.numbers(f"select idx, copies from {work.name('candidates')}")
    copies = np.zeros(n, dtype=np.int64)
    copies[nodes["idx"]] = nodes["copies"]
    table = work.arrow(f"select a, b, strength, contradiction from {work.name('links')} order by a, b")
    links = {name: table[name].to_numpy() for name in table.column_names}
    verdict = guard(work, n, links, copies, max_group_size)
    work.load(
        "verdicts",
        pa.table(
            {
                "a": pa.array(links["a"], pa.int32()),
                "b": pa.array(links["b"], pa.int32()),
                "held_reason": pa.array(verdict.reasons, pa.string()),
            }
        ),
    )
    in_links = np.unique(np.concatenate([links["a"], links["b"]])).astype(np.int64)
    work.load(
        "parts",
        pa.table({"idx": pa.array(in_links, pa.int32()), "part": pa.array(verdict.parts[in_links], pa.int32())}),
    )
    work.create(
        "judged",
        f"""
        select links.a, links.b, links.rule, links.score, parts.part, verdicts.held_reason
        from {work.name("links")} as links
        inner join {work.name("verdicts")} as verdicts on links.a = verdicts.a and links.b = verdicts.b
        inner join {work.name("parts")} as parts on links.a = parts.idx
        union all
        select
            records.person,
            records.idx,
            'exact_record',
            1.0,
            coalesce(parts.part, records.person),
            case when candidates.copies > {int(max_group_size)} then '{TOO_LARGE}' end
        from {work.name("records")} as records
        inner join {work.name("candidates")} as candidates on records.person = candidates.idx
        left join {work.name("parts")} as parts on records.person = parts.idx
        where records.idx <> records.person
        """,
    )


def _result(work: Workspace, counts: BlockingCounts) -> pa.Table:
    """Give the links by key."""
    table = work.arrow(
        f"""
        select
            a.record_key as record_key_a,
            b.record_key as record_key_b,
            judged.rule,
            cast(judged.score as double) as score,
            case when judged.held_reason is null then leader.record_key end as group_key,
            judged.held_reason is not null as is_held_back,
            judged.held_reason
        from {work.name("judged")} as judged
        inner join {work.name("records")} as a on judged.a = a.idx
        inner join {work.name("records")} as b on judged.b = b.idx
        inner join {work.name("records")} as leader on judged.part = leader.idx
        order by judged.a, judged.b
        """
    )
    schema = LINK_SCHEMA.with_metadata({"seg_blocking": json.dumps(asdict(counts))})
    logger.info("Identity: %d links of %d compared pairs", table.num_rows, counts.n_pairs)
    return table.cast(LINK_SCHEMA).replace_schema_metadata(schema.metadata)
