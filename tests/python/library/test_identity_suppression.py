from datetime import datetime

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbt_segmentation.errors import DataError
from dbt_segmentation.identity import suppressed_records

EARLY, LATE = datetime(2024, 1, 1), datetime(2025, 1, 1)

# jean has two records, marie one; pere and fils share a name, an e-mail and a phone, and are held back from one another
RECORDS = [
    ("jean1", "jean", "kermarrec", "jean@example.org", "+33600000001", "1980-05-17"),
    ("jean2", "jean", "kermarec", "jean@example.org", "+33600000001", "1980-05-17"),
    ("marie", "marie", "kermarrec", "jean@example.org", "+33600000001", "1982-01-09"),
    ("pere", "yves", "le goff", "legoff@example.org", "+33600000002", "1950-02-03"),
    ("fils", "yves", "le goff", "legoff@example.org", "+33600000002", "1981-10-28"),
    ("anne", "anne", "prigent", "anne@example.org", "+33600000003", "1990-03-04"),
]
KEYS = [row[0] for row in RECORDS]
COLUMNS = ["record_key", "first_name_key", "last_name_key", "email", "phone", "birth_date"]


def suppressed(statements=(), erased=(), silence_is_consent=False):
    records = pa.table(dict(zip(COLUMNS, map(list, zip(*RECORDS, strict=True)), strict=True)))
    said = pa.table(
        {
            "record_key": pa.array([row[0] for row in statements], pa.string()),
            "recorded_at": pa.array([row[1] for row in statements], pa.timestamp("us")),
            "is_granted": pa.array([row[2] for row in statements], pa.bool_()),
        }
    )
    gone = pa.table({"record_key": pa.array(list(erased), pa.string())})
    with duckdb.connect() as connection:
        result = suppressed_records(connection, records, said, gone, silence_is_consent=silence_is_consent)
        assert connection.execute("select count(*) from duckdb_tables()").fetchone() == (0,)
    assert result.schema == pa.schema([("record_key", pa.string())])
    keys = result["record_key"].to_pylist()
    assert keys == sorted(set(keys))
    return set(keys)


GRANTED = [(key, EARLY, True) for key in KEYS]


def test_silence_is_a_refusal_unless_told_otherwise():
    assert suppressed() == set(KEYS)
    assert suppressed(silence_is_consent=True) == set()
    assert suppressed([("anne", EARLY, True)]) == set(KEYS) - {"anne"}


def test_a_grant_on_one_record_speaks_for_the_person():
    assert suppressed([("jean2", EARLY, True)]) == set(KEYS) - {"jean1", "jean2"}


def test_a_refusal_reaches_the_duplicate_but_not_the_household():
    assert suppressed([*GRANTED, ("jean2", LATE, False)]) == {"jean1", "jean2"}
    assert suppressed([("jean2", LATE, False)], silence_is_consent=True) == {"jean1", "jean2"}


def test_the_latest_statement_counts_and_ties_refuse():
    assert suppressed([*GRANTED, ("anne", LATE, False)]) == {"anne"}
    assert suppressed([*GRANTED, ("anne", EARLY, False)]) == {"anne"}
    assert suppressed([*GRANTED, ("anne", EARLY, False), ("anne", LATE, True)]) == set()
    assert suppressed([*GRANTED, ("anne", None, False), ("anne", LATE, True)]) == {"anne"}
    # a grant without a time, and a status that nobody understands
    assert "anne" in suppressed([row for row in GRANTED if row[0] != "anne"] + [("anne", None, True)])
    assert "anne" in suppressed([*GRANTED, ("anne", LATE, None)])


def test_what_is_held_back_fails_closed():
    assert suppressed([*GRANTED, ("fils", LATE, False)]) == {"pere", "fils"}
    assert suppressed(GRANTED, erased=["pere"]) == {"pere", "fils"}
    # the grant of one part is none of the other, and silence of one takes only itself
    assert suppressed([row for row in GRANTED if row[0] != "fils"]) == {"fils"}


def test_erasure_takes_the_whole_person():
    assert suppressed(GRANTED, erased=["jean1"]) == {"jean1", "jean2"}
    assert suppressed(erased=["jean1"], silence_is_consent=True) == {"jean1", "jean2"}


def test_keys_without_a_record_are_kept_where_they_refused_or_were_erased():
    strangers = [("s1", EARLY, False), ("s2", EARLY, True), ("s3", EARLY, False), ("s3", LATE, True)]
    assert suppressed([*GRANTED, *strangers], erased=["s4"]) == {"s1", "s4"}


def test_a_missing_column_is_named():
    with duckdb.connect() as connection, pytest.raises(DataError, match="is_granted"):
        suppressed_records(
            connection,
            pa.table({"record_key": ["a"]}),
            pa.table({"record_key": ["a"], "recorded_at": [EARLY]}),
            pa.table({"record_key": ["a"]}),
            silence_is_consent=False,
        )


statements = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from([EARLY, LATE]), st.booleans()), max_size=8)


@given(statements, st.sampled_from(KEYS), st.sampled_from([None, EARLY, LATE]), st.booleans())
@settings(max_examples=10, deadline=None)
def test_one_more_refusal_never_frees_anybody(said, key, when, silence):
    assert suppressed(said, silence_is_consent=silence) <= suppressed(
        [*said, (key, when, False)], silence_is_consent=silence
    )
