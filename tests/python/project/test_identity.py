"""Who is who, over whole projects: orders and batches of records, what becomes of what was told, visitors, the key."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from helpers.projects import CONSUMER_VARS, HMAC_KEY, TRUTH, Project, pseudonym, write_consumer, write_shop

# The first test of this module waits for five builds.
pytestmark = pytest.mark.timeout(1500)
CUSTOMER_COLUMNS = (
    "source_system, source_record_id, email, phone, first_name, last_name, birth_date, address, postal_code, city, "
    "country_code, created_at, updated_at"
)
BUILD = ["build", "--exclude-resource-type=test", "--exclude-resource-type=unit_test"]
SELECTED = [
    "--select",
    "+int_seg__customer_aliases",
    "+fct_seg__identity_changes",
    "+int_seg__customers",
    "+int_seg__segment_memberships",
]
VISITORS = ["--select", "+int_seg__events", "+int_seg__social_engagements"]
# The last day that is known of in the build that is cut; in Paris it ends at 23:00 UTC.
CUT = "2026-01-31"
AFTER = [
    f"""create temporary table later as select {key} as id from stg_seg__{name} where {at} >= '{CUT} 23:00:00';
    delete from raw.{name} where {key} in (from later); drop table later"""
    for name, key, at in (
        ("events", "event_id", "occurred_at"),
        ("social_engagements", "engagement_id", "occurred_at"),
        ("orders", "order_id", "ordered_at"),
        ("campaign_touches", "touch_id", "sent_at"),
    )
]


def person(name: str, birth_date: str, number: int) -> dict[str, str]:
    """A made-up person, told from all of the demo's by every value."""
    return {
        "email": f"{name.lower().replace(' ', '.')}@maison.example",
        "phone": f"06 39 98 {number:02} {number:02}",
        "first_name": name.split()[0],
        "last_name": name.split()[1],
        "birth_date": birth_date,
        "address": f"{number} impasse {name.split()[1]}",
        "postal_code": "35000",
        "city": "Rennes",
        "country_code": "FR",
    }


RENAMED = person("Yseult Quernaoc", "1961-04-02", 11)
MERGED = person("Gwendal Xavruz", "1984-11-23", 22)
SPLIT = person("Zoltan Wikjord", "1973-06-30", 33)
STRANGER = person("Thaddea Pflumm", "1999-01-12", 44)
WITHDRAWN = person("Ophir Jankelev", "1955-08-08", 55)


def record(system: str, number: str, values: dict[str, str], created_at: str) -> str:
    """The statement that adds a record, and the consent of its person."""
    row = {
        "source_system": system,
        "source_record_id": number,
        **values,
        "created_at": created_at,
        "updated_at": created_at,
    }
    texts = ", ".join(f"'{row[column]}'" if column in row else "null" for column in CUSTOMER_COLUMNS.split(", "))
    return (
        f"insert into raw.customers ({CUSTOMER_COLUMNS}) values ({texts}); "
        "insert into raw.consents (source_system, source_record_id, purpose, status, recorded_at) "
        f"values ('{system}', '{number}', 'profiling', 'granted', '2025-01-01 00:00:00')"
    )


def change(system: str, number: str, values: dict[str, str]) -> str:
    """The statement that gives a record other values."""
    settings = ", ".join(f"{column} = '{value}'" for column, value in values.items())
    return f"update raw.customers set {settings} where source_system = '{system}' and source_record_id = '{number}'"


FIRST = [
    "create table raw.all_customers as from raw.customers",
    # every record brings a grant of its own: without its person's first record, most would be refused for their silence
    "insert into raw.consents (source_system, source_record_id, purpose, status, recorded_at) "
    "select distinct source_system, source_record_id, 'profiling', 'granted', '2024-06-30 00:00:00' from raw.customers",
    # the older records come later, and some of the others
    "delete from raw.customers "
    "where created_at < '2025-04-01' or ('0x' || left(md5(source_record_id), 7))::bigint % 4 = 0",
    record("shop", "R1", RENAMED, "2025-01-10 10:00:00"),
    record("crm", "M1", {**MERGED, "email": "nobody.knows@here.example"}, "2025-02-01 10:00:00"),
    # who is this? nothing but an e-mail
    record("web", "M2", {"email": MERGED["email"]}, "2025-03-01 10:00:00"),
    record("crm", "S1", SPLIT, "2025-02-01 10:00:00"),
    record("web", "S2", SPLIT, "2025-03-01 10:00:00"),
    record("crm", "W1", WITHDRAWN, "2025-04-01 10:00:00"),
]
SECOND = [
    "insert into raw.customers from raw.all_customers where (source_system, source_record_id) not in "
    "(select (source_system, source_record_id) from raw.customers)",
    record("web", "W0", WITHDRAWN, "2025-03-01 10:00:00"),
]
THIRD = [
    record("crm", "R0", RENAMED, "2024-12-01 10:00:00"),
    change("crm", "M1", MERGED),
    change("web", "M2", MERGED),
    change("web", "S2", STRANGER),
    "insert into raw.consents (source_system, source_record_id, purpose, status, recorded_at) "
    "values ('crm', 'W1', 'profiling', 'withdrawn', '2026-05-01 00:00:00')",
]
SHUFFLED = [
    f"create or replace table raw.{name} as from raw.{name} order by md5(source_record_id || 'shuffled'), source_system"
    for name in ("customers", "consents", "orders")
]
R0, R1, M1, M2 = (pseudonym(*key) for key in (("crm", "R0"), ("shop", "R1"), ("crm", "M1"), ("web", "M2")))
S1, S2, W1, W0 = (pseudonym(*key) for key in (("crm", "S1"), ("web", "S2"), ("crm", "W1"), ("web", "W0")))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """A shop with every input and without a build."""
    return write_shop(tmp_path_factory.mktemp("identity") / "consumer", repository, seg_source_priority=["CRM", "shop"])


@pytest.fixture(scope="module")
def builds(shop: Project) -> dict[str, Project]:
    """Its builds: three batches one after the other, the first two at once, and what was known on an earlier day."""
    kept = {name: shop.folder / f"{name}.duckdb" for name in ("raw", "first", "second", "third", "at_once", "cut")}
    kept["raw"].write_bytes(shop.build.read_bytes())
    shop.steps(
        [
            {"sql": FIRST, "arguments": [*BUILD, *SELECTED], "keep": str(kept["first"])},
            {"sql": SECOND, "arguments": [*BUILD, *SELECTED, *VISITORS[1:]], "keep": str(kept["second"])},
            {"sql": THIRD, "arguments": [*BUILD, *SELECTED], "keep": str(kept["third"])},
            {
                "start": str(kept["raw"]),
                "sql": [*FIRST, *SECOND, *SHUFFLED],
                "arguments": [*BUILD, *SELECTED[:-1]],
                "keep": str(kept["at_once"]),
            },
            {"start": str(kept["second"]), "sql": AFTER, "arguments": ["run", *VISITORS], "keep": str(kept["cut"])},
        ]
    )
    return {name: shop.at(file) for name, file in kept.items() if file.is_file()}


@pytest.fixture(scope="module")
def truth() -> pd.Series[str]:
    """Who a record's pseudonym is: person by record_key."""
    records = pd.read_csv(TRUTH / "records.csv", dtype=str)
    keys = [pseudonym(*key) for key in records[["source_system", "source_record_id"]].itertuples(index=False)]
    made_up = {R0: "R", R1: "R", M1: "M", M2: "M", S1: "S", S2: "S", W0: "W", W1: "W"}
    return pd.concat([pd.Series(records["person_id"].tolist(), index=keys), pd.Series(made_up)])


def customer_of(project: Project) -> pd.Series[str]:
    return project.table("int_seg__customer_records").set_index("record_key")["customer_id"].sort_index()


def test_neither_order_nor_batches_of_records_change_who_is_who(builds: dict[str, Project]) -> None:
    tables = (
        "int_seg__customer_records",
        "ml_seg__record_links",
        "int_seg__suppressed_records",
        "int_seg__golden_values",
    )
    for name in tables:
        assert builds["at_once"].fingerprint(name) == builds["second"].fingerprint(name), name
    records = builds["second"].table("int_seg__customer_records")
    assert len(records) > 350
    assert (records["record_count"] > 1).sum() > 100
    # the test has something to say only if the first batch told other ids
    first, second = customer_of(builds["first"]), customer_of(builds["second"])
    assert (first != second.reindex(first.index)).sum() > 10


def test_every_id_that_was_told_leads_to_the_right_person(builds: dict[str, Project], truth: pd.Series[str]) -> None:
    told = set(customer_of(builds["first"]))
    current = set(customer_of(builds["second"]))
    aliases = builds["second"].table("int_seg__customer_aliases").set_index("former_customer_id")["customer_id"]
    assert aliases.index.is_unique
    assert set(aliases) <= current
    assert not set(aliases.index) & current
    # a person whose other record refused goes; nobody else does
    withheld = set(builds["second"].table("int_seg__suppressed_records")["record_key"])
    assert told - current == set(aliases.index) | (told & withheld)
    assert len(aliases) > 10
    assert (truth.loc[aliases.index].to_numpy() == truth.loc[aliases].to_numpy()).all()


def test_a_backdated_record_renames_and_the_past_follows(builds: dict[str, Project]) -> None:
    aliases = builds["third"].table("int_seg__customer_aliases").set_index("former_customer_id")
    assert aliases.loc[R1, ["customer_id", "is_heir"]].tolist() == [R0, True]
    changes = changes_of(builds["third"])
    assert changes[R1, R0] == "renamed"
    past = memberships(builds["second"], R1)
    assert len(past) == 3  # ends of months, the last of them the day itself
    assert memberships(builds["third"], R0).equals(past)
    assert memberships(builds["third"], R1).empty


def test_a_merge_leaves_one_customer_with_its_own_past(builds: dict[str, Project]) -> None:
    before = memberships(builds["second"], M1)
    assert len(before) == 3
    assert len(memberships(builds["second"], M2)) == 3
    aliases = builds["third"].table("int_seg__customer_aliases").set_index("former_customer_id")
    assert aliases.loc[M2, ["customer_id", "is_heir"]].tolist() == [M1, False]
    assert changes_of(builds["third"])[M2, M1] == "merged"
    assert memberships(builds["third"], M1).iloc[:-1].equals(before.iloc[:-1])
    assert memberships(builds["third"], M2).empty


def test_a_split_is_listed_and_takes_no_past_along(builds: dict[str, Project]) -> None:
    assert customer_of(builds["second"]).loc[[S1, S2]].tolist() == [S1, S1]
    assert customer_of(builds["third"]).loc[[S1, S2]].tolist() == [S1, S2]
    assert changes_of(builds["third"])[S1, S2] == "split"
    # both are customers of their own: neither is an alias of the other
    aliases = builds["third"].table("int_seg__customer_aliases")
    assert not {S1, S2} & set(aliases["former_customer_id"])
    assert memberships(builds["third"], S1).iloc[:-1].equals(memberships(builds["second"], S1).iloc[:-1])
    assert len(memberships(builds["third"], S2)) == 1


def test_memberships_are_of_todays_customers_and_one_a_snapshot(builds: dict[str, Project]) -> None:
    for name in ("first", "second", "third"):
        told = builds[name].table("int_seg__segment_memberships")
        assert not told.duplicated(["customer_id", "snapshot_date"]).any(), name
        assert set(told["customer_id"]) == set(customer_of(builds[name])), name


def test_who_withdraws_vanishes_from_history_too(builds: dict[str, Project]) -> None:
    # told twice, under two names, before
    assert changes_of(builds["second"])[W1, W0] == "renamed"
    assert len(memberships(builds["second"], W0)) == 3
    gone = {W0, W1}
    assert gone <= set(builds["third"].table("int_seg__suppressed_records")["record_key"])
    assert places_of(builds["third"], gone) == {"ml_seg__suppressed_records"}
    assert places_of(builds["second"], gone) >= {
        "int_seg__identity_history",
        "int_seg__customer_aliases",
        "fct_seg__identity_changes",
        "int_seg__segment_memberships",
    }


def changes_of(project: Project) -> dict[tuple[str, str], str]:
    """Kind of change by former and present customer_id."""
    changes = project.table("fct_seg__identity_changes")
    assert not changes.duplicated(["former_customer_id", "customer_id", "generation"]).any()
    return {(row.former_customer_id, row.customer_id): row.change for row in changes.itertuples(index=False)}


def memberships(project: Project, customer_id: str) -> pd.DataFrame:
    """What is remembered of a customer, by snapshot."""
    return project.query(
        "select snapshot_date, segment_key, model_version, is_provisional from int_seg__segment_memberships "
        f"where customer_id = '{customer_id}' order by snapshot_date"
    )


def places_of(project: Project, needles: set[str]) -> set[str]:
    """Tables of this package that hold one of these texts in any column."""
    with duckdb.connect(str(project.build), read_only=True) as connection:
        tables = connection.execute(
            "select table_name, string_agg('\"' || column_name || '\"::varchar', ', ') from information_schema.columns "
            "join information_schema.tables using (table_schema, table_name) "
            "where table_type = 'BASE TABLE' and table_schema <> 'raw' group by table_name"
        ).fetchall()
        assert len(tables) > 30
        wanted = " or ".join(f"contains(concat_ws('|', {{columns}}), '{needle}')" for needle in sorted(needles))
        return {
            table
            for table, columns in tables
            if connection.execute(f"select 1 from {table} where {wanted.format(columns=columns)} limit 1").fetchone()
        }


def test_every_golden_value_is_that_of_the_record_it_names(builds: dict[str, Project]) -> None:
    with builds["second"].connection() as connection:
        values, customers, members = (
            connection.execute(f"select * from {name}").df()
            for name in ("int_seg__golden_values", "int_seg__customers", "int_seg__customer_records")
        )
        attributes = sorted(values["attribute"].unique())
        given = ", ".join(f"cast({attribute} as varchar) as {attribute}" for attribute in attributes)
        records = connection.execute(
            f"select record_key, source_system, updated_at, created_at, {given} from stg_seg__latest_customers"
        ).df()
    assert len(attributes) > 12
    named = values.merge(members[["record_key", "customer_id"]], on="record_key", suffixes=("", "_of_record"))
    assert len(named) == len(values) > 1500
    assert (named["customer_id"] == named["customer_id_of_record"]).all()
    of_record = records.set_index("record_key")[attributes].stack()
    assert [of_record[key] for key in zip(values["record_key"], values["attribute"], strict=True)] == values[
        "attribute_value"
    ].tolist()

    # and the customer's value is this one: there is a value exactly where one was chosen
    wide = values.pivot(index="customer_id", columns="attribute", values="attribute_value").reindex(
        customers["customer_id"]
    )
    golden = customers.set_index("customer_id")
    for attribute in sorted(set(attributes) - {"birth_date", "age_band"}):
        told = wide[attribute]
        if golden[attribute].dtype.kind in "fiu":
            told = told.astype(float)
        assert golden[attribute].isna().equals(told.isna()), attribute
        assert (golden[attribute].dropna() == told.dropna()).all(), attribute


def test_the_golden_record_prefers_trusted_systems_and_then_fresh_records(builds: dict[str, Project]) -> None:
    """An oracle that sorts the records of a customer and takes the first that says anything."""
    with builds["second"].connection() as connection:
        records = connection.execute(
            "select m.customer_id, r.* from int_seg__customer_records as m "
            "join stg_seg__latest_customers as r using (record_key)"
        ).df()
    chosen = builds["second"].table("int_seg__golden_values")
    records["trust"] = records["source_system"].map({"crm": 1, "shop": 2}).fillna(3)
    records["fresh"] = records["updated_at"].fillna(records["created_at"]).fillna(pd.Timestamp("1900-01-01"))
    records = records.sort_values(["customer_id", "trust", "fresh", "record_key"], ascending=[True, True, False, True])
    reasons = set()
    for attributes in (
        ["postal_code", "city_key", "country_code"],
        ["latitude", "longitude"],
        ["gender"],
        ["language"],
        ["occupation"],
    ):
        saying = (
            records[records[attributes].notna().any(axis=1)].drop_duplicates("customer_id").set_index("customer_id")
        )
        found = chosen[chosen["attribute"].isin(attributes)]
        assert (found["record_key"] == saying.loc[found["customer_id"], "record_key"].to_numpy()).all(), attributes
        assert set(found["customer_id"]) == set(saying.index), attributes
        reasons |= set(found["chosen_by"])
    assert reasons == {"only_value", "source_priority", "freshness"}


@pytest.mark.parametrize(
    ("table", "key", "least"),
    [("int_seg__events", "event_id", 500), ("int_seg__social_engagements", "engagement_id", 20)],
)
def test_what_came_later_does_not_change_whose_an_earlier_visit_was(
    builds: dict[str, Project], table: str, key: str, least: int
) -> None:
    columns = f"{key}, customer_id, occurred_day, known_day, is_stitched"
    query = f"select {columns} from {table} where known_day <= '{CUT}' order by {key}"
    with builds["second"].connection() as connection:
        whole = connection.execute(query).df()
        learnt = connection.execute(
            f"select count(*) from {table} where occurred_day <= '{CUT}' and known_day > '{CUT}'"
        ).fetchone()
        later = connection.execute(f"select count(*) from {table} where occurred_day > '{CUT}'").fetchone()
    with builds["cut"].connection() as connection:
        cut = connection.execute(query).df()
        rest = connection.execute(f"select count(*) from {table} where known_day > '{CUT}'").fetchone()
    pd.testing.assert_frame_equal(whole, cut)
    assert len(whole) > least
    assert rest == (0,)
    assert later is not None
    assert later[0] > 5
    if table == "int_seg__events":
        # some owners were told only by what came later, or the test says nothing
        assert whole["is_stitched"].sum() > 50
        assert learnt is not None
        assert learnt[0] > 0


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """A small consumer, its customers told once under the tests' key."""
    project = write_consumer(tmp_path_factory.mktemp("keyed") / "consumer", repository, CONSUMER_VARS)
    project.make("--select", "+int_seg__identity_history", env={"DBT_TARGET_PATH": "target_plain"})
    return project


OTHER_KEY = HMAC_KEY[::-1]
NO_KEY = {"SEG_HMAC_KEY": "", "SEG_HMAC_KEY_FILE": ""}


@pytest.mark.parametrize(
    ("env", "plugin", "words"),
    [
        pytest.param(NO_KEY, True, ["SEG_HMAC_KEY", "SEG_HMAC_KEY_FILE", "secrets.token_hex(32)"], id="no_key"),
        pytest.param({"SEG_HMAC_KEY": "quite short"}, True, ["11 characters", "32", "SEG_HMAC_KEY"], id="too_short"),
        pytest.param({"SEG_HMAC_KEY": OTHER_KEY}, True, ["not the one", "seg_allow_full_refresh"], id="another_key"),
        pytest.param({}, False, ["plugins", "dbt_segmentation.duckdb_plugin"], id="no_plugin"),
    ],
)
def test_a_wrong_key_stops_every_command_with_one_message_and_changes_nothing(
    keyed: Project, env: dict[str, str], plugin: bool, words: list[str]
) -> None:
    before = keyed.contents()
    profiles = keyed.folder / "profiles.yml"
    given = profiles.read_text(encoding="utf-8")
    if not plugin:
        profiles.write_text(
            given.replace("      plugins:\n      - module: dbt_segmentation.duckdb_plugin\n", ""), encoding="utf-8"
        )
        assert profiles.read_text(encoding="utf-8") != given
    try:
        # dbt and the command line see different profiles: each keeps what it has parsed in a folder of its own
        plain = keyed.run("dbt", "--no-use-colors", "run", env={**env, "DBT_TARGET_PATH": "target_plain"})
        through_cli = keyed.run("dbt-segmentation", "run", env=env)
        looked = keyed.run("dbt-segmentation", "doctor", "--json", env=env)
    finally:
        profiles.write_text(given, encoding="utf-8")

    assert plain.returncode != 0
    assert through_cli.returncode == 2, through_cli.stdout + through_cli.stderr
    assert looked.returncode == 2, looked.stdout + looked.stderr
    wrong = [check for check in json.loads(looked.stdout)["checks"] if check["verdict"] == "wrong"]
    assert [check["name"] for check in wrong] == ["pseudonym key"]
    for said in (plain.stdout, through_cli.stdout + through_cli.stderr, wrong[0]["found"]):
        squeezed = " ".join(said.split())
        assert all(word in squeezed for word in words), said
        assert "Traceback" not in said
        for key in (OTHER_KEY, "quite short"):
            assert key not in said
    # one message, and nothing was built
    assert "START sql" not in plain.stdout
    assert keyed.contents() == before
    assert not (keyed.folder / "published").exists()


def test_another_key_may_start_anew_where_that_is_allowed(keyed: Project, tmp_path: Path) -> None:
    project = keyed.duplicate(tmp_path / "consumer")
    known = set(project.table("int_seg__identity_history")["customer_id"])
    assert pseudonym("shop", "C001") in known
    allowed = ["run", "--vars", "{seg_allow_full_refresh: true}", "--select", "+int_seg__identity_history"]
    project.dbt(*allowed, "--full-refresh", env={"SEG_HMAC_KEY": OTHER_KEY})
    anew = set(project.table("int_seg__identity_history")["customer_id"])
    assert len(anew) == len(known)
    assert not anew & known
    assert pseudonym("shop", "C001", OTHER_KEY) in anew
    # from now on the former key is the wrong one
    refused = project.run("dbt", *allowed)
    assert refused.returncode != 0
    assert "not the one" in refused.stdout
