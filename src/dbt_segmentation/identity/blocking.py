"""Which pairs are worth comparing: those that share at least one key."""

import logging
from dataclasses import dataclass

from dbt_segmentation.identity.workspace import Workspace

logger = logging.getLogger(__name__)

# A block of this many records has 1,770 pairs. Shared phones and commonest names make larger ones.
MAX_BLOCK_SIZE = 60

_BIRTH = "r.birth_year, r.birth_month, r.birth_day"
_PLACE = "coalesce(r.postal, r.city)"


def _key(name: str, needed: str, parts: str) -> str:
    """Give the SQL of one key: null unless the columns that it needs are there."""
    present = " and ".join(f"r.{column} is not null" for column in needed.split())
    return f"case when {present} then hash('{name}', {parts}) end"


# A pair that may be accepted agrees on one of these, whatever single field is mistyped, missing or different.
_KEYS = (
    _key("email", "email", "r.email"),
    _key("phone", "phone", "r.phone"),
    # a birth date with two letters of either name, so that the other may be mistyped, or both swapped
    _key("birth", "birth_year first", f"{_BIRTH}, left(r.first, 2)"),
    _key("birth", "birth_year last", f"{_BIRTH}, left(r.last, 2)"),
    # one name and the head of the other, with two parts of the birth date, or with day and month in either order
    _key("last ym", "birth_year names", "r.last, left(r.first, 1), r.birth_year, r.birth_month"),
    _key("last yd", "birth_year names", "r.last, left(r.first, 1), r.birth_year, r.birth_day"),
    _key("last md", "birth_year names", "r.last, left(r.first, 1), r.birth_month, r.birth_day"),
    _key(
        "turned",
        "birth_year names",
        "r.last, left(r.first, 1), r.birth_year,"
        " least(r.birth_month, r.birth_day), greatest(r.birth_month, r.birth_day)",
    ),
    _key("first ym", "birth_year names", "r.first, left(r.last, 2), r.birth_year, r.birth_month"),
    _key("first yd", "birth_year names", "r.first, left(r.last, 2), r.birth_year, r.birth_day"),
    _key("first md", "birth_year names", "r.first, left(r.last, 2), r.birth_month, r.birth_day"),
    # both names, and where they live; the address or the e-mail may be mistyped
    _key("postal", "names postal", "r.names, r.postal"),
    _key("address", "names address", "r.names, r.address"),
    # not the head of the e-mail, which often is the name again
    _key("mail name", "names email", "r.names, r.email_local"),
    _key("mail tail", "names email", "r.names, right(r.email_local, 4), r.email_domain"),
    # an address, in its town, with two letters of either name
    _key("home", "address first", f"r.address, {_PLACE}, left(r.first, 2)"),
    _key("home", "address last", f"r.address, {_PLACE}, left(r.last, 2)"),
    # companies
    _key("site", "company postal", "r.company, r.postal"),
    _key("near", "company postal", "left(r.company, 4), r.postal"),
    _key("seat", "company address", f"left(r.company, 3), r.address, {_PLACE}"),
)

# what cuts a block that is too large
_SECOND_KEYS = (
    _key("names", "names", "b.key, r.names"),
    _key("birth", "birth_year", f"b.key, {_BIRTH}"),
    _key("email", "email", "b.key, r.email"),
    _key("phone", "phone", "b.key, r.phone"),
    _key("company", "company", "b.key, r.company"),
)


@dataclass(frozen=True)
class BlockingCounts:
    """What blocking did.

    Attributes
    ----------
    n_pairs : int
        Pairs to compare.
    n_cut_blocks : int
        Blocks larger than `MAX_BLOCK_SIZE`, cut by a second key.
    n_dropped_blocks, n_dropped_memberships : int
        Blocks that were still too large, and the records in them, each counted once per block: their pairs are compared
        only where they share another key.
    """

    n_pairs: int
    n_cut_blocks: int
    n_dropped_blocks: int
    n_dropped_memberships: int


def make_pairs(work: Workspace) -> BlockingCounts:
    """Make the table `pairs` (a, b: idx of `people`, a < b) from `candidates` (rows of `people` worth comparing)."""
    work.create("keys", _keys_sql(_KEYS, f"{work.name('candidates')} as r"))
    work.create("blocks", f"select key, count(*) as n from {work.name('keys')} group by key having count(*) > 1")
    work.create(
        "hot",
        f"select k.key, k.idx from {work.name('keys')} as k inner join {work.name('blocks')} as b"
        f" on k.key = b.key and b.n > {MAX_BLOCK_SIZE}",
    )
    people = f"{work.name('hot')} as b inner join {work.name('candidates')} as r on b.idx = r.idx"
    work.create("second_keys", _keys_sql(_SECOND_KEYS, people))
    work.create(
        "second_blocks", f"select key, count(*) as n from {work.name('second_keys')} group by key having count(*) > 1"
    )
    work.create(
        "pairs",
        f"""
        select distinct * from (
            {_self_join(work.name("keys"), work.name("blocks"))}
            union all
            {_self_join(work.name("second_keys"), work.name("second_blocks"))}
        )
        """,
    )
    counts = BlockingCounts(
        n_pairs=work.scalar(f"select count(*) from {work.name('pairs')}"),
        n_cut_blocks=work.scalar(f"select count(distinct key) from {work.name('hot')}"),
        n_dropped_blocks=work.scalar(f"select count(*) from {work.name('second_blocks')} where n > {MAX_BLOCK_SIZE}"),
        n_dropped_memberships=work.scalar(
            f"select coalesce(sum(n), 0)::bigint from {work.name('second_blocks')} where n > {MAX_BLOCK_SIZE}"
        ),
    )
    work.drop("keys", "blocks", "hot", "second_keys", "second_blocks")
    if counts.n_dropped_blocks:
        logger.warning(
            "Identity: %d blocks of more than %d records stay too large with a second key (%d records, counted once a"
            " block); their pairs are compared only where they share another key.",
            counts.n_dropped_blocks,
            MAX_BLOCK_SIZE,
            counts.n_dropped_memberships,
        )
    return counts


def _keys_sql(keys: tuple[str, ...], source: str) -> str:
    listed = ",\n            ".join(keys)
    return f"""
        select idx, key from (
            select r.idx, unnest(list_distinct([
            {listed}
            ])) as key
            from {source}
        ) where key is not null
    """


def _self_join(keys: str, blocks: str) -> str:
    return f"""
        select a.idx as a, b.idx as b
        from (select k.idx, k.key from {keys} as k inner join {blocks} as n
            on k.key = n.key and n.n <= {MAX_BLOCK_SIZE}) as a
        inner join {keys} as b on a.key = b.key and a.idx < b.idx
    """
