"""A project of somebody else's that installs this package, and what it gets."""

from __future__ import annotations

import json
from collections.abc import Callable

from helpers.projects import MARTS, Project, pseudonym

Make = Callable[..., Project]


def test_tables_may_be_named_by_model_and_optional_inputs_and_columns_may_be_missing(consumer: Make) -> None:
    project = consumer(
        seg_orders_relation="ref:my_orders",
        seg_order_lines_relation=None,
        seg_campaign_touches_relation=None,
        seg_categories=None,
    )
    models = project.folder / "models"
    models.mkdir()
    columns = "order_id, source_system, source_record_id, ordered_at, gross_amount"
    (models / "my_orders.sql").write_text(f"select {columns} from raw.orders", encoding="utf-8")
    project.execute(
        "create or replace table raw.customers as select source_system, source_record_id from raw.customers"
    )
    project.dbt("build")

    segments = project.table("fct_seg__customer_segments")
    assert set(segments["customer_id"]) == {pseudonym("shop", f"C{number:03}") for number in range(1, 61)}
    features = project.table("int_seg__customer_features")
    assert features[["basket_lines", "category_count", "messages_sent"]].isna().all().all()
    assert features["revenue"].notna().all()
    assert project.table("dim_seg__customers")["gender"].isna().all()
    # no row of an input that is not given is read or used
    reconciled = project.table("int_seg__input_reconciliation").set_index("input")
    assert reconciled.loc["order_lines", "rows_read"] == 0


def test_a_family_that_is_off_has_neither_columns_nor_models(consumer: Make) -> None:
    kept = {"purchase", "category", "campaign"}
    families = (
        "rfm purchase category trend campaign journey intent usage channel contextual support social psychographic"
    )
    off = [name for name in (*families.split(), "demographic", "organisation", "geographic") if name not in kept]
    project = consumer(seg_disabled_families=off)
    project.dbt("build")

    nodes = json.loads((project.folder / "target" / "manifest.json").read_text(encoding="utf-8"))["nodes"].values()
    models = {node["name"] for node in nodes if node["resource_type"] == "model"}
    assert {name for name in models if name.startswith("int_seg__features_")} == {
        f"int_seg__features_{name}" for name in kept
    }
    # what only serves them is not built either
    assert not models & {"int_seg__customer_visit_sums", "int_seg__customer_favourites"}
    tables = set(project.query("select table_name from information_schema.tables")["table_name"])
    assert not tables & {
        "int_seg__customer_order_gaps",
        "int_seg__session_days_told_again",
        "int_seg__customer_label_days",
        "int_seg__customer_channel_steps",
        "int_seg__customer_context_days",
        "int_seg__survey_scales",
    }
    features = project.table("int_seg__customer_features")
    assert not {"revenue", "session_count", "age_band", "revenue_30d"} & set(features)
    assert set(project.table("int_seg__feature_catalogue")["family"]) == kept
    # the segments are there, and money is not known
    assert len(project.table("fct_seg__customer_segments")) == 60
    assert project.table("fct_seg__segment_kpis")["revenue"].isna().all()
    assert project.table("fct_seg__segment_kpis")["messages_sent"].notna().any()


def test_a_consumer_never_gets_demo_values_even_with_a_target_called_demo(consumer: Make) -> None:
    project = consumer(seg_default_consent=None)

    plain = project.run("dbt", "build")
    assert plain.returncode != 0
    assert "seg_default_consent" in plain.stdout
    through_cli = project.run("dbt-segmentation", "run")
    assert through_cli.returncode == 2
    assert "seg_default_consent" in through_cli.stdout + through_cli.stderr
    assert "Traceback" not in through_cli.stdout + through_cli.stderr
    listed = project.dbt("ls", "--resource-type", "seed", "--output", "name").split()
    assert not [name for name in listed if name.startswith(("seg_sample", "seg_demo"))]


def test_consent_and_erasure_reach_every_table(consumer: Make) -> None:
    project = consumer(
        seg_default_consent=None,
        seg_consents_relation="raw.consents",
        seg_erasure_requests_relation="raw.erasure_requests",
    )
    project.execute(
        "create table raw.consents as select source_system, source_record_id, 'profiling' as purpose, "
        "case when source_record_id = 'C010' then 'objected' else 'granted' end as status, "
        "timestamp '2025-01-01 00:00:00' as recorded_at from raw.customers where source_record_id <> 'C020'",
        "insert into raw.consents values ('shop', 'NOBODY', 'profiling', 'withdrawn', timestamp '2025-01-01')",
        "create table raw.erasure_requests as select 'R1' as request_id, 'shop' as source_system, "
        "'C030' as source_record_id, timestamp '2026-01-01 00:00:00' as requested_at",
        # dirt of people who may not be profiled is not listed either
        "insert into raw.customers (source_system, source_record_id) values ('shop', 'C010'), ('shop', 'C030')",
        "insert into raw.orders (order_id, source_system, source_record_id, ordered_at, gross_amount) "
        "values ('DIRTY', 'shop', 'C010', 'never', 'inf')",
        "update raw.order_lines set quantity = '0', line_amount = '0' where order_id in "
        "(select order_id from raw.orders where source_record_id in ('C010', 'C001'))",
    )
    project.make()

    gone = [pseudonym("shop", record) for record in ("C010", "C020", "C030")]
    known = pseudonym("shop", "C001")
    tables = project.query(
        "select table_name from information_schema.columns where column_name = 'customer_id' and table_name in "
        "(select table_name from information_schema.tables where table_type = 'BASE TABLE' and table_schema = 'main')"
    )["table_name"]
    assert len(tables) > 10
    seen = 0
    for table in tables:
        ids = set(project.table(table)["customer_id"])
        assert not ids & set(gone), table
        seen += known in ids
    assert seen > 10
    reconciled = project.table("int_seg__input_reconciliation").set_index("input")
    assert reconciled.loc["customers", "rows_withheld"] == 5
    rejected = project.table("fct_seg__rejected_rows")
    assert set(rejected.loc[rejected["input"] == "order_lines", "reason"]) == {"nothing_bought"}
    # what is said of somebody who refuses and is no customer is withheld too
    assert set(rejected["input"]) == {"order_lines"}
    assert reconciled.loc["consents", "rows_withheld"] == 3
    assert reconciled.loc["erasure_requests", "rows_withheld"] == 1
    owners = project.query(
        "select distinct o.source_record_id as who from fct_seg__rejected_rows as r "
        "join raw.order_lines as l on r.record_key = l.order_line_id join raw.orders as o using (order_id)"
    )
    assert owners["who"].tolist() == ["C001"]
    assert reconciled.loc["orders", "rows_withheld"] > 0
    # nothing of a withheld line is stored, not even in the table of judged lines
    husks = project.query("select * from int_seg__checked_order_lines where row_status = 'withheld'")
    assert len(husks) == reconciled.loc["order_lines", "rows_withheld"] > 0
    assert husks.drop(columns="row_status").isna().all().all()

    # who withdraws later is forgotten by what is remembered, too
    assert project.table("int_seg__segment_memberships")["customer_id"].nunique() == 57
    project.execute(
        "insert into raw.consents values ('shop', 'C001', 'profiling', 'withdrawn', timestamp '2026-02-01')"
    )
    project.make()
    assert known not in set(project.table("int_seg__segment_memberships")["customer_id"])
    assert project.table("int_seg__segment_memberships")["customer_id"].nunique() == 56


def test_dirty_rows_are_listed_with_reasons_and_nothing_is_lost(consumer: Make) -> None:
    project = consumer()
    bad = {
        "bad-1": ("C001", "2025-05-01 10:00:00", "inf"),
        "bad-2": ("C001", "2025-05-01 10:00:00", "-"),
        "bad-3": ("C001", "31/31/2025", "10"),
        "bad-4": ("NOBODY", "2025-05-01 10:00:00", "10"),
        "bad-5": ("C001", "2099-05-01 10:00:00", "10"),
        "O00001": ("C001", "2020-05-01 10:00:00", "10"),
        "'; drop table x; --": ("C001", "", "10"),
    }
    project.execute(
        *(
            "insert into raw.orders (order_id, source_system, source_record_id, ordered_at, gross_amount) "
            f"values ('{key.replace(chr(39), chr(39) * 2)}', 'shop', '{who}', '{when}', '{amount}')"
            for key, (who, when, amount) in bad.items()
        ),
        "insert into raw.customers (source_system, source_record_id) values ('shop', null), ('shop', 'C001')",
    )
    read = int(project.query("select count(*) as n from raw.orders")["n"].iloc[0])
    project.dbt("build")

    rejected = project.query("select * from fct_seg__rejected_rows where input = 'orders'").set_index("record_key")
    assert rejected["reason"].to_dict() == {
        "bad-1": "unreadable_gross_amount",
        "bad-2": "unreadable_gross_amount",
        "bad-3": "unreadable_ordered_at",
        "bad-4": "unknown_customer",
        "bad-5": "in_the_future",
        "O00001": "duplicate_key",
        "'; drop table x; --": "missing_ordered_at",
    }
    assert "31/31" not in rejected.loc["bad-3", "masked_value"]
    reconciled = project.table("int_seg__input_reconciliation").set_index("input").loc["orders"]
    assert reconciled["rows_read"] == read == reconciled["rows_used"] + len(bad)
    customers = project.query("select reason from fct_seg__rejected_rows where input = 'customers' order by reason")
    assert customers["reason"].tolist() == ["duplicate_key", "missing_source_record_id"]


def test_failures_leave_what_was_published_untouched(consumer: Make) -> None:
    project = consumer()
    good = project.run("dbt-segmentation", "run")
    assert good.returncode == 0, good.stdout + good.stderr
    marts = (project.folder / "published/marts.duckdb").resolve()
    before, build_before = marts.read_bytes(), project.fingerprints(*MARTS)

    project.execute("create table raw.all_customers as from raw.customers", "delete from raw.customers")
    empty = project.run("dbt-segmentation", "run")
    assert empty.returncode == 1, empty.stdout + empty.stderr
    assert "No usable row" in empty.stdout + empty.stderr
    assert "Traceback" not in empty.stdout + empty.stderr

    assert (project.folder / "published/marts.duckdb").resolve() == marts
    assert marts.read_bytes() == before
    assert project.fingerprints(*MARTS) == build_before

    project.execute("insert into raw.customers from raw.all_customers")
    again = project.run("dbt-segmentation", "run")
    assert again.returncode == 0, again.stdout + again.stderr


def test_cold_compile_and_docs_work_and_query_nothing(consumer: Make) -> None:
    project = consumer()
    project.dbt("compile")
    project.dbt("docs", "generate")
    project.build.unlink()
    # dbt itself opens a connection for a Python model
    python_models = [file.stem for file in (project.folder / "dbt_packages").glob("*/python_models/*/*.py")]
    assert len(python_models) > 3
    project.dbt("compile", "--no-introspect", "--no-populate-cache", "--exclude", *python_models)


def test_one_customer_is_one_segment(consumer: Make) -> None:
    project = consumer()
    project.execute(
        *(
            f"delete from raw.{name} where source_record_id <> 'C001'"
            for name in ("customers", "orders", "campaign_touches")
        ),
        "delete from raw.order_lines where order_id not in (select order_id from raw.orders)",
    )
    project.dbt("build")

    assert len(project.table("fct_seg__customer_segments")) == 1
    assert project.table("fct_seg__model_runs")["verdict"].tolist() == ["one_segment"]
    # one person is a cell that tells nothing
    assert project.table("fct_seg__segment_kpis")["revenue"].isna().all()


def test_the_report_leaves_other_peoples_files_where_they_are(consumer: Make) -> None:
    project = consumer(seg_reports_dir=".")
    result = project.run("dbt-segmentation", "run")

    assert result.returncode == 0, result.stdout + result.stderr
    assert (project.folder / "index.html").is_file()
    assert (project.folder / "dbt_project.yml").is_file()
