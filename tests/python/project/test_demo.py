"""The demo against what was planted in it: dirt, identities, consent, personas."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from helpers.projects import Project, pseudonym
from helpers.scores import assert_scores_are_those_of_python
from sklearn.metrics import adjusted_rand_score

from dbt_segmentation.pseudonyms import DEMO_KEY

TRUTH = Path(__file__).resolve().parents[2] / "fixtures" / "truth"
# Columns that name a row of an input, in the order of a truth row's key.
KEYS = {
    "customers": ("source_system", "source_record_id"),
    "orders": ("order_id",),
    "order_lines": ("order_line_id",),
    "events": ("event_id",),
    "campaign_touches": ("touch_id",),
    "social_engagements": ("engagement_id",),
    "survey_responses": ("response_id",),
    "support_tickets": ("ticket_id",),
}
# Where a value ends up under another name than the input's.
ENDS_IN = {("events", "duration"): "duration_seconds", ("events", "duration_unit"): "duration_seconds"}
# Labels are brought to lower case, hostile ones too.
LABELS = {("order_lines", "category"), ("support_tickets", "topic")}
NOT_STORED = {
    ("customers", "source_record_id"),
    ("events", "properties"),
    ("survey_responses", "answer_text"),
    ("support_tickets", "text"),
}


@pytest.fixture(scope="module")
def records() -> pd.DataFrame:
    records = pd.read_csv(TRUTH / "records.csv", dtype=str)
    records["record_key"] = [
        pseudonym(system, record, DEMO_KEY)
        for system, record in zip(records["source_system"], records["source_record_id"], strict=True)
    ]
    return records


def same(found: object, expected: str) -> bool:
    """Whether a value of the warehouse is what a text of the truth says."""
    if isinstance(found, pd.Timestamp):
        return found == pd.Timestamp(expected)
    try:
        return abs(float(str(found)) - float(expected)) < 0.011
    except ValueError:
        return str(found) == expected


@pytest.mark.parametrize("table", sorted(KEYS))
def test_planted_dirt_is_repaired_rejected_or_kept_as_it_should(
    demo_connection: duckdb.DuckDBPyConnection, table: str
) -> None:
    dirt = pd.read_csv(TRUTH / "dirt.csv", dtype=str)
    dirt = dirt[dirt["input"] == table]
    key = " || '|' || ".join(f"coalesce({column}, '')" for column in KEYS[table])
    source = f"int_seg__checked_{table}" if table != "customers" else "stg_seg__customers"
    rows = demo_connection.execute(f"select *, {key} as row_key from {source}").df()
    if table == "customers":
        checked = demo_connection.execute(
            f"select {key} as row_key, row_status, rejection_reason from int_seg__checked_customers"
        ).df()
    else:
        checked = rows
    used = rows[rows["row_key"].isin(checked.loc[checked["row_status"] == "used", "row_key"])]
    if table != "customers":
        used = used[used["row_status"] == "used"]
    used = used.drop_duplicates("row_key").set_index("row_key")
    rejected = checked[checked["row_status"] == "rejected"].groupby("row_key")["rejection_reason"].agg(set)

    wrong = []
    for row in dirt.itertuples(index=False):
        column = ENDS_IN.get((table, row.field), row.field)
        if row.expected == "rejected":
            right = row.reason in rejected.get(row.row_key, set())
        elif row.row_key not in used.index:
            right = False
        elif (table, row.field) in NOT_STORED:
            right = True
        elif row.expected == "nulled":
            right = pd.isna(used.loc[row.row_key, column])
        else:
            expected = row.expected_value.lower() if (table, row.field) in LABELS else row.expected_value
            right = same(used.loc[row.row_key, column], expected)
        if not right:
            found = (
                used.loc[row.row_key, column]
                if row.row_key in used.index and column in used
                else rejected.get(row.row_key)
            )
            wrong.append((row.row_key, row.field, row.kind, row.expected, row.reason, row.expected_value, found))
    assert len(dirt) > 5
    assert not wrong


def test_records_of_one_person_are_one_customer(
    demo_connection: duckdb.DuckDBPyConnection, records: pd.DataFrame
) -> None:
    customers = demo_connection.execute("select record_key, customer_id from int_seg__customer_records").df()
    merged = records.merge(customers, on="record_key")
    assert len(merged) > 3000

    def pairs(column: str) -> set[tuple[str, str]]:
        return {pair for _, keys in merged.groupby(column)["record_key"] for pair in combinations(sorted(keys), 2)}

    true, found = pairs("person_id"), pairs("customer_id")
    assert len(true) > 600
    assert 2 * len(true & found) / (len(true) + len(found)) >= 0.98
    people = pd.read_csv(TRUTH / "people.csv", dtype=str).set_index("person_id")["circumstance"]
    person = merged.set_index("record_key")["person_id"]
    false = [pair for pair in found - true if people[person[pair[0]]] != "alone" or people[person[pair[1]]] != "alone"]
    assert not false  # households, twins, homonyms, fathers and sons


def test_who_may_be_profiled_is_a_customer_and_nobody_else(
    demo_connection: duckdb.DuckDBPyConnection, records: pd.DataFrame
) -> None:
    consent = pd.read_csv(TRUTH / "consent.csv", dtype=str)
    allowed = records.merge(consent[consent["is_allowed"] == "true"], on="person_id")["record_key"]
    found = demo_connection.execute("select record_key from int_seg__customer_records").df()["record_key"]
    assert set(found) <= set(allowed)
    # a duplicate that is not recognised said nothing itself, and silence is a refusal
    assert len(found) >= 0.995 * len(allowed)


def test_segments_are_about_personas(demo_connection: duckdb.DuckDBPyConnection, records: pd.DataFrame) -> None:
    segments = demo_connection.execute(
        "select customer_id as record_key, segment_key from fct_seg__customer_segments"
    ).df()
    personas = pd.read_csv(TRUTH / "people.csv", dtype=str)[["person_id", "persona"]]
    told = segments.merge(records, on="record_key").merge(personas, on="person_id")
    assert len(told) == len(segments) > 2400
    # far from chance, though habits overlap and a window of 180 days sees little of those who buy at Christmas
    assert adjusted_rand_score(told["persona"], told["segment_key"]) > 0.2


def test_every_score_is_the_one_that_python_gives(demo: Project) -> None:
    parameters = demo.query(
        "select p.* from ml_seg__model_parameters as p join int_seg__current_model using (model_version)"
    )
    features, scores = (demo.table(f"int_seg__{name}") for name in ("customer_features", "segment_scores"))
    model = assert_scores_are_those_of_python(parameters, features, scores, atol=1e-6)
    assert len(model.segment_keys_) > 2
    assert len(scores) > 10_000


def test_a_visitor_is_known_from_the_first_login_on(
    demo_connection: duckdb.DuckDBPyConnection, records: pd.DataFrame
) -> None:
    visitors = pd.read_csv(TRUTH / "visitors.csv", dtype=str)
    own = visitors[(visitors["kind"] == "own") & visitors["known_from"].notna()]
    dirt = pd.read_csv(TRUTH / "dirt.csv", dtype=str)
    undated = dirt.loc[
        (dirt["input"] == "events") & (dirt["field"] == "occurred_at") & (dirt["expected"] == "rejected"), "row_key"
    ]
    visits = demo_connection.execute("select event_id, visitor_id from stg_seg__events").df()
    own = own[~own["visitor_id"].isin(visits.loc[visits["event_id"].isin(undated), "visitor_id"])]  # a login among them
    person = records.set_index("record_key")["person_id"]
    events = demo_connection.execute(
        "select s.visitor_id, s.occurred_at, s.known_at, c.customer_id from stg_seg__stitched_events as s "
        "join int_seg__events as e using (event_id) join int_seg__customers as c using (customer_id) "
        "where s.is_stitched"
    ).df()
    told = events.merge(own, on="visitor_id")
    assert len(told) > 500
    assert (told["customer_id"].map(person) == told["person_id"]).all()
    first = pd.to_datetime(told["known_from"])
    assert (told["known_at"] == told["occurred_at"].where(told["occurred_at"] >= first, first)).all()
    anonymous = visitors.loc[visitors["kind"] == "anonymous", "visitor_id"]
    assert not set(anonymous) & set(events["visitor_id"])
