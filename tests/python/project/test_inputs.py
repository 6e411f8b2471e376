"""A project with every input, with each of the optional ones switched off, and with next to none of them."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from helpers.projects import INPUTS, SECOND_RUN, STAMPS, TRUTH, Project, pseudonym, write_shop

# The first test of this module waits for eighteen builds, most of them of a few models only.
pytestmark = pytest.mark.timeout(1500)

OPTIONAL = tuple(name for name in INPUTS if name != "customers")
# What counts and judges the rows of inputs; it speaks of every one that is given.
BOOKKEEPING = {
    "fct_seg__alerts",
    "fct_seg__data_quality",
    "fct_seg__rejected_rows",
    "int_seg__check_history",
    "int_seg__flow_register",
    "int_seg__input_figures",
    "int_seg__input_reconciliation",
    "int_seg__judged_checks",
    "int_seg__limited_figures",
    "int_seg__range_figures",
    "int_seg__repair_counts",
    "int_seg__repaired_values",
}
# An input that no feature is made of: which tables hold anything of it.
ASIDE = {
    "customer_attributes": {"int_seg__customer_attribute_history"},
    "market_indicators": {"int_seg__market_indicators"},
}
# What the models beneath a family of features hold, and the families whose features differ; they describe segments, and no segment is made
# of them.
DESCRIBING = {
    "areas": {"int_seg__areas", "int_seg__customer_geography"},
    "places": {"int_seg__nearest_places", "int_seg__customer_geography"},
    "calendar": {"int_seg__calendar"},
    "campaign_touches": {"int_seg__customer_touch_days"},
    "events": {"int_seg__sessions"},
    "social_engagements": set(),
    "survey_responses": {"int_seg__survey_scales"},
    "support_tickets": set(),
}
FAMILIES = {
    "areas": {"geographic"},
    "places": {"geographic"},
    "calendar": {"contextual"},
    "campaign_touches": {"campaign"},
    "events": {"journey", "intent"},
    "social_engagements": {"social"},
    "survey_responses": {"psychographic"},
    "support_tickets": {"support"},
}
BUILD = ["build", "--exclude-resource-type=unit_test"]
WITHOUT_TESTS = [*BUILD, "--exclude-resource-type=test"]


def without(*names: str) -> list[str]:
    """The arguments of a dbt command that switches inputs off."""
    changes: dict[str, str | None] = {f"seg_{name}_relation": None for name in names}
    if "consents" in names:
        changes["seg_default_consent"] = "granted"
    return ["--vars", json.dumps(changes)]


def reading(name: str) -> list[str]:
    """What reads an input, by dbt's selectors: the only models that a build without it can give otherwise."""
    # a ledger of consents decides what silence means, too
    return [f"stg_seg__{name}+", *(["int_seg__identity_settings+"] if name == "consents" else [])]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """A shop with every input."""
    return write_shop(tmp_path_factory.mktemp("inputs") / "consumer", repository)


@pytest.fixture(scope="module")
def statuses() -> dict[str, dict[str, str]]:
    """What became of each node, by build."""
    return {}


@pytest.fixture(scope="module")
def builds(shop: Project, statuses: dict[str, dict[str, str]]) -> dict[str, Project]:
    """Builds by name: with everything, without each optional input, with two inputs only."""
    kept = {
        name: shop.folder / f"{name}.duckdb" for name in ("raw", "everything", *OPTIONAL, "orders_only", "events_only")
    }
    kept["raw"].write_bytes(shop.build.read_bytes())
    few = {f"{name}_only": without(*(other for other in OPTIONAL if other != name)) for name in ("orders", "events")}
    steps = {
        "everything": {"arguments": WITHOUT_TESTS},
        **{
            name: {
                "start": str(kept["everything"]),
                "arguments": [
                    "run",
                    "--select",
                    *reading(name),
                    "--exclude",
                    "ml_seg__evidently_results",
                    *without(name),
                ],
            }
            for name in OPTIONAL
        },
        **{name: {"start": str(kept["raw"]), "arguments": [*BUILD, *arguments]} for name, arguments in few.items()},
    }
    results = shop.steps([{**step, "keep": str(kept[name])} for name, step in steps.items()])
    statuses.update({name: result["statuses"] for name, result in zip(steps, results, strict=True)})
    return {name: shop.at(file) for name, file in kept.items()}


def reconciliation(project: Project) -> pd.DataFrame:
    return project.table("int_seg__input_reconciliation").set_index("input")


def assert_every_row_is_accounted_for(project: Project, *given: str) -> None:
    rows = reconciliation(project)
    assert set(rows.index) == set(INPUTS)
    told = rows[["rows_used", "rows_rejected", "rows_later", "rows_withheld"]].sum(axis=1)
    assert (rows["rows_read"] == told).all()
    for name in INPUTS:
        there = project.query(f"select count(*) as n from raw.{name}")["n"].iloc[0]
        assert rows.loc[name, "rows_read"] == (there if name in given else 0), name


def differing_tables(one: Project, other: Project) -> set[str]:
    """Tables of this package whose rows differ between two builds, whatever the order of rows."""
    with duckdb.connect() as connection:
        for name, project in (("one", one), ("other", other)):
            connection.execute(f"attach '{project.build}' as {name} (read_only)")
        columns: dict[str, dict[str, list[str]]] = {"one": {}, "other": {}}
        for catalog, table, column in connection.execute(
            "select table_catalog, table_name, column_name from information_schema.columns "
            "join information_schema.tables using (table_catalog, table_schema, table_name) "
            "where table_type = 'BASE TABLE' and table_schema = 'main' order by all"
        ).fetchall():
            if column not in STAMPS:
                columns[catalog].setdefault(table, []).append(column)
        assert set(columns["one"]) == set(columns["other"])
        assert len(columns["one"]) > 100

        def digest(catalog: str, table: str) -> object:
            names = ", ".join(columns[catalog][table])
            return connection.execute(f"select count(*), sum(hash({names})) from {catalog}.main.{table}").fetchone()

        return {
            table
            for table, names in columns["one"].items()
            if names != columns["other"][table] or digest("one", table) != digest("other", table)
        }


def differing_families(one: Project, other: Project) -> set[str]:
    """The families of which at least one feature is not the same in both builds."""
    wide = [
        project.table("int_seg__feature_rows").set_index(["customer_id", "snapshot_date"]) for project in (one, other)
    ]
    catalogue = one.table("int_seg__feature_catalogue").set_index("feature")["family"]
    left, right = wide[0].align(wide[1])
    return {catalogue[feature] for feature in left.columns if not left[feature].equals(right[feature])}


def test_with_every_input_everything_is_built_and_something_is_used_of_each(
    builds: dict[str, Project], statuses: dict[str, dict[str, str]]
) -> None:
    assert set(statuses["everything"].values()) == {"success", "no-op"}
    assert len(statuses["everything"]) > 130
    assert_every_row_is_accounted_for(builds["everything"], *INPUTS)
    rows = reconciliation(builds["everything"])
    assert (rows["rows_used"].drop("erasure_requests") > 0).all()
    assert rows.loc["erasure_requests", "rows_withheld"] == 3
    # dirt and people who refused are among the rows, or the sums above would say little
    assert rows["rows_rejected"].sum() > 50
    assert rows["rows_withheld"].sum() > 500
    assert len(builds["everything"].table("fct_seg__customer_segments")) > 200


@pytest.mark.parametrize("name", OPTIONAL)
def test_an_optional_input_switched_off_is_empty_and_everything_is_built(
    builds: dict[str, Project], statuses: dict[str, dict[str, str]], name: str
) -> None:
    assert {f"stg_seg__{name}", f"int_seg__checked_{name}", "int_seg__input_reconciliation", "fct_seg__alerts"} <= set(
        statuses[name]
    )
    assert set(statuses[name].values()) == {"success"}
    assert_every_row_is_accounted_for(builds[name], *(other for other in INPUTS if other != name))


@pytest.mark.parametrize("name", sorted(ASIDE))
def test_an_input_that_no_feature_is_made_of_changes_nothing_but_its_own_tables(
    builds: dict[str, Project], name: str
) -> None:
    changed = differing_tables(builds["everything"], builds[name]) - BOOKKEEPING - SECOND_RUN
    assert f"int_seg__checked_{name}" in changed
    assert changed == ASIDE[name] | {f"int_seg__checked_{name}"}


@pytest.mark.parametrize("name", ["orders", "order_lines", "exchange_rates", *DESCRIBING])
def test_inputs_of_features_change_no_identity(builds: dict[str, Project], name: str) -> None:
    changed = differing_tables(builds["everything"], builds[name])
    identity = {
        "ml_seg__record_links",
        "int_seg__suppressed_records",
        "int_seg__customer_records",
        "int_seg__identity_history",
    }
    assert not changed & (identity | {"int_seg__golden_values", "int_seg__customers", "int_seg__customer_consents"})
    assert {"int_seg__feature_rows"} | DESCRIBING.get(name, set()) <= changed
    assert FAMILIES.get(name, set()) <= differing_families(builds["everything"], builds[name])
    assert ("fct_seg__customer_segments" in changed) == (name not in DESCRIBING)


def test_without_an_exchange_rate_an_order_in_another_currency_is_rejected(builds: dict[str, Project]) -> None:
    def reasons(name: str) -> pd.Series[int]:
        return (
            builds[name].query("select * from fct_seg__rejected_rows where input = 'orders'")["reason"].value_counts()
        )

    more = reasons("exchange_rates").sub(reasons("everything"), fill_value=0)
    assert more["no_exchange_rate"] > 0
    assert (more.drop("no_exchange_rate") == 0).all()


def test_without_consents_and_erasure_requests_those_people_are_customers(builds: dict[str, Project]) -> None:
    truth = pd.read_csv(TRUTH / "records.csv", dtype=str).merge(
        pd.read_csv(TRUTH / "consent.csv", dtype=str), on="person_id"
    )
    truth["record_key"] = [
        pseudonym(*key) for key in truth[["source_system", "source_record_id"]].itertuples(index=False)
    ]

    def records(name: str) -> set[str]:
        return set(builds[name].table("int_seg__customer_records")["record_key"])

    withheld = set(truth.loc[truth["is_allowed"] == "false", "record_key"])
    erased = set(truth.loc[truth["kind_y"].str.startswith("erased"), "record_key"])
    everything, not_erased, asked_nobody = (records(name) for name in ("everything", "erasure_requests", "consents"))
    assert everything < not_erased
    assert not_erased - everything <= erased
    assert everything < asked_nobody
    assert len(asked_nobody & withheld) > 20
    # an erasure needs no ledger of consents
    assert not asked_nobody & erased


def test_customers_and_orders_are_enough(builds: dict[str, Project], statuses: dict[str, dict[str, str]]) -> None:
    project = builds["orders_only"]
    assert set(statuses["orders_only"].values()) == {"success", "pass", "no-op"}
    assert_every_row_is_accounted_for(project, "customers", "orders")
    assert len(project.table("fct_seg__customer_segments")) == len(project.table("int_seg__customers")) > 250
    assert project.table("fct_seg__model_runs")["verdict"].tolist() == ["segments"]
    features = project.table("int_seg__customer_features")
    absent = ["basket_lines", "category_count", "messages_sent", "session_count", "ticket_count", "social_count"]
    assert features[absent].isna().all().all()
    assert features[["order_count", "revenue", "tenure_days"]].notna().all().all()


def test_customers_and_events_are_enough(builds: dict[str, Project], statuses: dict[str, dict[str, str]]) -> None:
    project = builds["events_only"]
    assert set(statuses["events_only"].values()) == {"success", "pass", "no-op"}
    assert_every_row_is_accounted_for(project, "customers", "events")
    with project.connection() as connection:
        last, first = connection.execute(
            "select max(occurred_day), min(occurred_day) from int_seg__events"
        ).fetchone() or (None, None)
    run = project.table("int_seg__run").iloc[0]
    assert run["as_of_date"].date() == last
    snapshots = project.table("int_seg__snapshots")
    assert len(snapshots) == 4
    assert (snapshots["snapshot_date"].dt.date >= first).all()
    # nothing is known of orders: that is no zero; no visit is one
    features = project.table("int_seg__customer_features")
    assert features[["recency_days", "order_count", "revenue", "basket_lines", "messages_sent"]].isna().all().all()
    assert (features["session_count"] >= 0).all()
    assert features["session_count"].sum() > 10
    assert (features["tenure_days"] >= 0).all()
    # and the fit says so
    assert project.table("fct_seg__model_runs")["verdict"].tolist() == ["one_segment"]
    segments = project.table("fct_seg__customer_segments")
    assert segments["segment_key"].nunique() == 1
    assert set(segments["customer_id"]) == set(project.table("int_seg__customers")["customer_id"])
