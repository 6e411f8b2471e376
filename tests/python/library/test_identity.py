import importlib.util
import sys
from datetime import date
from itertools import combinations
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dbt_segmentation.errors import ConfigError, DataError
from dbt_segmentation.identity import LINK_SCHEMA, connected_groups, resolve
from dbt_segmentation.identity.comparison import comparison_sql
from dbt_segmentation.identity.given_names import GIVEN_NAMES, VARIANTS
from dbt_segmentation.identity.people import read_people
from dbt_segmentation.identity.workspace import Workspace

TEXTS = [
    *("email", "phone", "first_name_key", "last_name_key", "company_name_key"),
    *("address_key", "postal_code", "city_key", "customer_type", "gender"),
]
JEAN = {
    "first_name_key": "jean",
    "last_name_key": "kermarrec",
    "email": "jean.kermarrec@example.org",
    "phone": "+33611223344",
    "address_key": "12 rue des lilas",
    "postal_code": "29200",
    "birth_date": date(1980, 5, 17),
}


def table(*records):
    """Records with keys k0, k1, ... unless they bring their own."""
    rows = [{"record_key": f"k{position}"} | record for position, record in enumerate(records)]
    columns = {"record_key": pa.string(), **dict.fromkeys(TEXTS, pa.string()), "birth_date": pa.date32()}
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in columns.items()})


def links_of(*records, **options):
    with duckdb.connect() as connection:
        return resolve(connection, table(*records), **options).to_pylist()


def groups_of(links):
    kept = [link for link in links if not link["is_held_back"]]
    return {link[end]: link["group_key"] for link in kept for end in ("record_key_a", "record_key_b")}


def one(a, b, **options):
    """Whether two records are found to be one."""
    links = links_of(a, b, **options)
    return bool(links) and not links[0]["is_held_back"]


@pytest.fixture(scope="module")
def people():
    path = Path(__file__).parents[3] / "benchmarks" / "generated_people.py"
    spec = importlib.util.spec_from_file_location("generated_people", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["generated_people"] = module
    spec.loader.exec_module(module)
    return module.generate(3000, seed=7)


def as_arrow(frame):
    return pa.Table.from_pandas(frame.drop(columns=["person_id", "household_id", "kind"]), preserve_index=False)


# --- closure


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.tuples(*[st.integers(0, n - 1)] * 2)))))
def test_closure_equals_union_find(case):
    n, edges = case
    parent = list(range(n))

    def root(node):
        while parent[node] != node:
            node = parent[node]
        return node

    for a, b in edges:
        parent[max(root(a), root(b))] = min(root(a), root(b))
    roots = [root(node) for node in range(n)]
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    expected = [sorted(set(roots)).index(r) for r in roots]
    assert connected_groups(n, ends[:, 0], ends[:, 1]).tolist() == expected


def test_closure_names_an_edge_that_leads_nowhere():
    with pytest.raises(DataError, match="outside 0 to 2"):
        connected_groups(3, np.array([0]), np.array([3]))
    with pytest.raises(DataError, match="two ends"):
        connected_groups(3, np.array([0]), np.array([1, 2]))
    assert connected_groups(0, np.array([], dtype=int), np.array([], dtype=int)).size == 0


# --- pairs


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"first_name_key": "jaen"},
        {"last_name_key": "kermarec"},
        {"email": "jean.kermarec@example.org"},
        {"first_name_key": "kermarrec", "last_name_key": "jean"},
        {"address_key": "3 avenue foch", "postal_code": "75116", "phone": None},
        {"address_key": "3 avenue foch", "postal_code": "75116", "email": None, "phone": None},
        {"email": None, "phone": None, "address_key": None, "postal_code": None},
        {"birth_date": None, "email": None, "address_key": None, "postal_code": None},
        {"birth_date": None, "phone": None, "email": None},
        {"birth_date": date(1980, 5, 18), "email": None},
        {"birth_date": date(1989, 5, 17)},
        {"last_name_key": "le goff"},
    ],
    ids=str,
)
def test_usual_duplicates_are_found(change):
    assert one(JEAN, JEAN | change)


@pytest.mark.parametrize(
    "change",
    [
        {"first_name_key": "marie"},
        {"first_name_key": "jeanne"},
        {"first_name_key": "jean pierre", "birth_date": None},
        {"birth_date": date(2008, 11, 3)},
        {"email": None, "phone": None, "birth_date": None, "address_key": None},
        {"email": "j.k@example.org", "phone": "+33655443322", "address_key": "1 quai foch", "birth_date": None},
        {"customer_type": "company"},
    ],
    ids=str,
)
def test_other_people_are_not_joined(change):
    assert not one(JEAN | {"customer_type": "person"}, {"customer_type": "person"} | JEAN | change)


def test_common_name_with_another_birth_date_is_not_even_a_link():
    martin = {"first_name_key": "jean", "last_name_key": "martin", "postal_code": "75011"}
    assert links_of(martin | {"birth_date": date(1957, 6, 1)}, martin | {"birth_date": date(1983, 2, 14)}) == []
    # without a birth date, the name and the town are not enough
    assert links_of(martin, martin) == []


@pytest.mark.parametrize(
    "twins", ["lea leo", "louis louise", "paul paule", "lina lena", "michel michele", "zorian zoriane"]
)
def test_twins_never_merge(twins):
    a, b = twins.split()
    links = links_of(*(JEAN | {"first_name_key": name} for name in (a, b)))
    # no link at all: else the refusal of one would take the other out
    assert links == []


@given(st.data())
@settings(max_examples=8, deadline=None)
def test_a_household_never_merges(data):
    names = data.draw(
        st.lists(st.sampled_from(sorted(set(VARIANTS.values()) | set(GIVEN_NAMES))), min_size=2, max_size=5)
    )
    roots = {VARIANTS.get(name, name): name for name in names}
    records = [JEAN | {"first_name_key": name} for name in roots.values()]
    assert links_of(*records) == []


def test_father_and_son_of_one_name_are_held_back_for_review():
    links = links_of(JEAN, JEAN | {"birth_date": date(2008, 11, 3)})
    assert [(link["is_held_back"], link["held_reason"], link["group_key"]) for link in links] == [
        (True, "contradiction:birth_date", None)
    ]


def test_missing_values_are_no_evidence(people):
    """A score never changes when a value is taken away from both that neither agreed nor disagreed."""
    bare = {key: JEAN[key] for key in ("first_name_key", "last_name_key", "birth_date")}
    near = bare | {"birth_date": date(1980, 5, 18)}
    (full,) = links_of(bare | {"phone": "+33611223344"}, near)
    (without,) = links_of(bare, near)
    assert full["score"] == without["score"]


@pytest.mark.parametrize(
    "change",
    [
        {"first_name_key": "josselim", "birth_date": date(1980, 5, 18)},
        {"first_name_key": "josselim", "birth_date": date(1980, 4, 17)},
        {"first_name_key": "josselim", "birth_date": date(1989, 5, 17)},
        {"last_name_key": "kermarec", "birth_date": date(1980, 5, 18)},
        {"last_name_key": "kermarec", "birth_date": date(1980, 4, 17)},
        {"last_name_key": "kermarec", "birth_date": date(1989, 5, 17)},
    ],
    ids=str,
)
def test_an_error_in_a_name_and_one_in_the_birth_date_are_found_by_these_alone(change):
    bare = {"first_name_key": "josselin", "last_name_key": "kermarrec", "birth_date": date(1980, 5, 17)}
    assert one(bare, bare | change)
    turned = bare | {"birth_date": date(1980, 5, 4)}
    assert one(turned, turned | {"birth_date": date(1980, 4, 5)})


def test_an_impossible_day_still_counts_by_its_parts():
    rows = pa.table(
        {
            "record_key": ["a", "b"],
            "first_name_key": ["jean"] * 2,
            "last_name_key": ["kermarrec"] * 2,
            "birth_date": ["1980-05-13", "1980-05-33"],
        }
    )
    with duckdb.connect() as connection:
        assert resolve(connection, rows).num_rows == 1


def test_companies_match_by_name_and_place_whatever_the_contact():
    seat = {
        "customer_type": "company",
        "company_name_key": "menuiserie kermarrec sarl",
        "address_key": "4 zone artisanale",
        "postal_code": "29200",
        "first_name_key": "jean",
        "last_name_key": "kermarrec",
    }
    other = seat | {"company_name_key": "menuiserie kermarrec", "first_name_key": "anne", "last_name_key": "le goff"}
    assert one(seat, other)
    assert not one(seat, seat | {"company_name_key": "garage du port"})


def test_threshold_and_group_size_are_checked():
    for bad in ({"threshold": 0}, {"threshold": 1.5}, {"max_group_size": 1}):
        with pytest.raises(ConfigError):
            links_of(JEAN, JEAN, **bad)
    assert not links_of(JEAN, JEAN | {"last_name_key": "kermarec", "email": None}, threshold=1.0)


# --- the guard


def test_a_chain_through_a_record_without_first_name_does_not_join_a_couple():
    marie = JEAN | {"first_name_key": "marie", "birth_date": None, "record_key": "m"}
    typo = JEAN | {"last_name_key": "kermarec", "record_key": "j2"}
    mailbox = {"email": JEAN["email"], "record_key": "x"}
    links = links_of(JEAN | {"record_key": "j1"}, typo, marie, mailbox)
    # what is sure is kept; what leans on the missing name is held back
    assert groups_of(links) == {"j1": "j1", "j2": "j1"}
    assert {link["held_reason"] for link in links if link["is_held_back"]} == {"contradiction:first_name"}


def test_a_group_that_is_too_large_is_held_back():
    links = links_of(*[JEAN] * 21)
    assert len(links) == 20
    assert {link["held_reason"] for link in links} == {"group_too_large"}
    assert {link["group_key"] for link in links_of(*[JEAN] * 20)} == {"k0"}


# --- the whole


@pytest.mark.parametrize("columns", [TEXTS, ["first_name_key", "last_name_key"]], ids=["all", "names and birth date"])
def test_blocking_misses_nothing_that_comparing_all_pairs_finds(people, columns):
    sample = people.sort_values("household_id").head(400)
    # a duplicate may be any row: bring those of the sample
    sample = people[people["person_id"].isin(sample["person_id"])]
    rows = as_arrow(sample).select(["record_key", "birth_date", *columns])
    with duckdb.connect() as connection, Workspace(connection) as work:
        found = resolve(connection, rows).to_pylist()
        read_people(work, rows)
        work.create(
            "all_pairs",
            f"select x.idx as a, y.idx as b from {work.name('people')} as x"
            f" inner join {work.name('people')} as y on x.idx < y.idx",
        )
        keys = dict(connection.execute(f"select idx, record_key from {work.name('records')}").fetchall())
        every = connection.execute(
            f"select a, b from ({comparison_sql(work, work.name('all_pairs'))}) where score >= 0.85"
        ).fetchall()
    assert len(every) > 10
    fuzzy = {(link["record_key_a"], link["record_key_b"]) for link in found if link["rule"] != "exact_record"}
    assert {(keys[a], keys[b]) for a, b in every} == fuzzy


def test_duplicates_of_generated_people_are_found(people):
    with duckdb.connect() as connection:
        groups = groups_of(resolve(connection, as_arrow(people)).to_pylist())
    grouped = people.assign(group=[groups.get(key, key) for key in people["record_key"]])

    def pairs(*by):
        sizes = grouped.groupby(list(by)).size()
        return (sizes * (sizes - 1) // 2).sum()

    both, found, true = pairs("group", "person_id"), pairs("group"), pairs("person_id")
    assert 2 * both / (found + true) >= 0.98
    assert pairs("group", "household_id") == pairs("group", "household_id", "person_id")


def test_order_of_rows_columns_and_threads_change_nothing(people):
    rows = as_arrow(people.head(1500))
    shuffled = rows.take(pa.array(np.random.default_rng(3).permutation(len(rows))))
    with duckdb.connect(config={"threads": 1}) as connection:
        first = resolve(connection, rows)
    with duckdb.connect(config={"threads": 2}) as connection:
        second = resolve(connection, shuffled.select(shuffled.column_names[::-1]))
    assert first.num_rows > 100
    assert first.equals(second, check_metadata=True)
    assert first.schema.equals(LINK_SCHEMA)


def test_an_unrelated_record_changes_nothing(people):
    rows = as_arrow(people.head(800))
    stranger = pa.Table.from_pylist([{"record_key": "zz", "first_name_key": "xavi", "last_name_key": "qqq"}])
    with duckdb.connect() as connection:
        assert resolve(connection, rows).equals(
            resolve(connection, pa.concat_tables([rows, stranger.cast(stranger.schema)], promote_options="permissive"))
        )


hostile = st.text(alphabet=st.sampled_from("a' \"\x00\x1f;-é😀\n%\\{}1@."), max_size=12)


@given(st.lists(st.fixed_dictionaries({name: st.none() | hostile for name in TEXTS}), max_size=6))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_hostile_values_crash_nothing(records):
    links = links_of(*records, *records)
    assert all(link["record_key_a"] < link["record_key_b"] for link in links)


def test_huge_values_are_cut():
    long = "x" * 1_000_000
    huge = dict.fromkeys(TEXTS, long)
    assert isinstance(links_of(huge, huge | {"first_name_key": long + "y"}, JEAN), list)


@pytest.mark.parametrize("records", [[], [JEAN], [{}, {}, {}]], ids=["none", "one", "all null"])
def test_nothing_to_link(records):
    assert links_of(*records) == []


def test_hot_blocks_are_cut_and_counted(caplog):
    shared = [
        {"phone": "+33100000000", "first_name_key": f"n{number:04d}", "last_name_key": "standard"}
        for number in range(3000)
    ]
    with duckdb.connect() as connection:
        links = resolve(connection, table(JEAN, JEAN | {"email": None, "phone": "+33100000000"}, *shared))
    assert links.num_rows == 1
    assert b'"n_cut_blocks": 1' in links.schema.metadata[b"seg_blocking"]


def test_keys_must_be_there_and_unique():
    with pytest.raises(DataError, match="unique: 1 "):
        links_of(JEAN | {"record_key": "a"}, JEAN | {"record_key": "a"})
    with pytest.raises(DataError, match="null in 1 "):
        links_of(JEAN | {"record_key": None})
    with duckdb.connect() as connection, pytest.raises(DataError, match="record_key"):
        resolve(connection, pa.table({"record_kex": ["a"]}))


@pytest.mark.parametrize("broken", [False, True])
def test_nothing_is_left_in_the_file_or_the_temporary_schema(tmp_path, broken):
    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        rows = table(JEAN, JEAN | ({"record_key": "k0"} if broken else {}))
        connection.register("given", rows)
        connection.execute("create table records as from given")
        connection.unregister("given")
        if broken:
            with pytest.raises(DataError):
                resolve(connection, "records")
        else:
            assert resolve(connection, connection.table("records")).num_rows == 1
        tables = connection.execute(
            "select table_name from duckdb_tables() union select view_name from duckdb_views() where not internal"
        ).fetchall()
        assert tables == [("records",)]


def test_each_variant_stands_for_one_name():
    assert all(VARIANTS[root] == root for root in VARIANTS.values())
    assert all(name.isascii() and name == name.lower() for name in GIVEN_NAMES)


def test_every_pair_of_a_group_is_free_of_contradiction(people):
    with duckdb.connect() as connection:
        groups = groups_of(resolve(connection, as_arrow(people)).to_pylist())
    born = people.set_index("record_key")["birth_date"].dropna()
    members = pd.Series(groups).groupby(groups).groups
    for keys in members.values():
        for a, b in combinations([key for key in keys if key in born.index], 2):
            x, y = born[a], born[b]
            assert (x.year == y.year) + (x.month == y.month) + (x.day == y.day) >= 2
