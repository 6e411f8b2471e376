"""Features that are kept and mended are those that a build from nothing gives: for whatever happens to the rows between two runs."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from helpers.projects import Project, write_shop

# the day that a row happened on, and every other day or time that goes with it
FACTS = {
    "int_seg__orders": ("order_day", ["ordered_local"], "order_id"),
    "int_seg__checked_order_lines": ("order_day", [], "order_line_id"),
    "int_seg__checked_events": ("known_day", ["occurred_day", "occurred_at", "occurred_local"], "event_id"),
    "int_seg__campaign_touches": ("sent_day", ["opened_day", "clicked_day", "converted_day"], "touch_id"),
    "int_seg__checked_social_engagements": ("known_day", ["occurred_day"], "engagement_id"),
    "int_seg__checked_survey_responses": ("answered_day", ["answered_at"], "response_id"),
    "int_seg__checked_support_tickets": ("opened_day", ["closed_day"], "ticket_id"),
}
CUSTOMERS = ("int_seg__customers", "int_seg__customer_records", "int_seg__customer_geography")
CORRECTED = {
    "int_seg__orders": "revenue = revenue + 7",
    "int_seg__checked_order_lines": "line_amount = line_amount * 2, category = 'grocery'",
    "int_seg__checked_events": "event_name = 'add_to_cart'",
    "int_seg__campaign_touches": "converted_day = sent_day + 2",
    "int_seg__checked_social_engagements": "sentiment = 'negative'",
    "int_seg__checked_survey_responses": "score = scale_max",
    "int_seg__checked_support_tickets": "closed_day = opened_day + 1, satisfaction = 1",
}
LOOKBACK = 35
MODELS = [
    "run",
    "--select",
    "dbt_segmentation.changes",
    "dbt_segmentation.features",
    "--exclude",
    "int_seg__feature_catalogue",
]
BUILD = ["build", "--exclude-resource-type=test", "--exclude-resource-type=unit_test"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """A shop with every input, its features built once."""
    project = write_shop(tmp_path_factory.mktemp("changes") / "consumer", repository, seg_use_opens=True)
    # one process for all tests here: each puts back the file that it starts from
    everything = ["--select", "+int_seg__built_days", "+int_seg__built_customers", "int_seg__customer_features"]
    project.steps([{"arguments": [*BUILD, *everything], "keep": str(project.folder / "built.duckdb")}])
    return project


@pytest.fixture
def project(shop: Project) -> Project:
    """The shop as it was built first."""
    shutil.copyfile(shop.folder / "built.duckdb", shop.build)
    return shop


class History:
    """A random sequence of what happens to rows: statements for the build file, and the as-of date after them."""

    def __init__(self, shop: Project, seed: int) -> None:
        self.random = random.Random(seed)
        self.as_of: dt.date = shop.query("select as_of_date from int_seg__run")["as_of_date"][0].date()
        self.people = sorted(shop.table("int_seg__customers")["customer_id"])
        self.copies = 0

    def next_days(self) -> list[str]:
        """Let some days pass, and rows come."""
        days = self.random.choice([1, 2, 9, 45])
        self.as_of += dt.timedelta(days=days)
        arrived = [
            self._copies(table, self.as_of - dt.timedelta(days=back)) for table in FACTS for back in range(min(days, 3))
        ]
        return [f"update int_seg__run set as_of_date = '{self.as_of}', run_date = '{self.as_of}'", *arrived]

    def late(self) -> list[str]:
        return [self._copies(table, self._recent_day()) for table in self._some_tables()]

    def corrected(self) -> list[str]:
        return [f"update {table} set {CORRECTED[table]} where {self._recent(table)}" for table in self._some_tables()]

    def deleted(self) -> list[str]:
        return [f"delete from {table} where {self._recent(table)}" for table in self._some_tables()]

    def merged(self) -> list[str]:
        """Two customers turn out to be one."""
        heir, other = self._somebody(), self._somebody()
        moved = [
            f"update {table} set customer_id = '{heir}' where customer_id = '{other}'"
            for table in (*FACTS, "int_seg__customer_records")
        ]
        return [
            *moved,
            *(f"delete from {table} where customer_id = '{other}'" for table in CUSTOMERS if "records" not in table),
        ]

    def withdrawn(self) -> list[str]:
        """Somebody may not be profiled any more; what is theirs is set aside."""
        person, aside = self._somebody(), []
        for table in (*FACTS, *CUSTOMERS):
            aside += [
                f"create table if not exists aside_{table} as select * from {table} limit 0",
                f"insert into aside_{table} select * from {table} where customer_id = '{person}'",
                f"delete from {table} where customer_id = '{person}'",
            ]
        return aside

    def back(self) -> list[str]:
        """All who were set aside may be profiled again, with their whole past."""
        statements = []
        for table in (*FACTS, *CUSTOMERS):
            statements += [
                f"create table if not exists aside_{table} as select * from {table} limit 0",
                f"insert into {table} select * from aside_{table}",
                f"delete from aside_{table}",
            ]
        return statements

    def known_better(self) -> list[str]:
        """What is known of somebody now is not what it was."""
        person = self._somebody()
        return [
            f"update int_seg__customers set household_size = 9, gender = 'other', language = 'en' where customer_id = '{person}'",
            f"update int_seg__customer_geography set median_income = 1 where customer_id = '{person}'",
        ]

    def unmeasured(self) -> list[str]:
        """Somebody withdraws the consent by which openings are known."""
        person = self._somebody()
        return [
            f"delete from int_seg__customer_consents where purpose = 'analytics' and customer_id = '{person}'",
            f"update int_seg__campaign_touches set is_open_known = false, opened_day = null where customer_id = '{person}'",
        ]

    def _somebody(self) -> str:
        person = self.random.choice(self.people)
        self.people.remove(person)
        return person

    def _some_tables(self) -> list[str]:
        return self.random.sample(list(FACTS), 3)

    def _recent_day(self) -> dt.date:
        return self.as_of - dt.timedelta(days=self.random.randrange(LOOKBACK))

    def _recent(self, table: str) -> str:
        day, _, key = FACTS[table]
        some = f"hash({key}, {self.random.randrange(1000)}) % 3 = 0"
        # a correction reaches the last runs' lookback, whatever passed since
        return f"{day} > date '{self.as_of}' - {LOOKBACK} and {day} <= date '{self.as_of}' and {some}"

    def _copies(self, table: str, day: dt.date) -> str:
        happened, others, key = FACTS[table]
        self.copies += 1
        shift = f"cast(date '{day}' - {happened} as integer)"
        moved = ", ".join(
            f"{column} + to_days({shift}) as {column}"
            if column.endswith(("_at", "_local"))
            else f"cast({column} + {shift} as date) as {column}"
            for column in (happened, *others)
        )
        return (
            f"insert into {table} select * replace ({moved}, {key} || '-{self.copies}' as {key}) from {table} "
            f"where customer_id is not null and {happened} is not null "
            f"order by hash({key}, {self.random.randrange(1000)}) limit 20"
        )


def features(project: Project) -> pd.DataFrame:
    with project.connection() as connection:
        return connection.execute("select * from int_seg__customer_features order by customer_id, snapshot_date").df()


def built_anew(project: Project, arguments: list[str]) -> pd.DataFrame:
    """The features that a build from nothing gives on the same rows; the project itself is left as it was."""
    before = project.folder / "before.duckdb"
    shutil.copyfile(project.build, before)
    apply(project, ["drop table int_seg__built_days"], arguments)
    anew = features(project)
    assert project.query("select rebuild_reason from int_seg__feature_build")["rebuild_reason"][0] is not None
    shutil.copyfile(before, project.build)
    return anew


def apply(project: Project, statements: list[str], arguments: list[str]) -> None:
    project.steps([{"sql": statements, "arguments": arguments}])


@pytest.mark.parametrize(("seed", "period"), [(1, "month"), (2, "week"), (3, "day")])
def test_features_after_any_sequence_of_changes_are_those_of_a_build_from_nothing(
    project: Project, seed: int, period: str
) -> None:
    history = History(project, seed)
    arguments = [*MODELS, "--vars", f"{{seg_snapshot_period: {period}, seg_snapshot_count: 4}}"]
    happenings: list[Callable[[], list[str]]] = [
        history.late,
        history.corrected,
        history.deleted,
        history.merged,
        history.withdrawn,
        history.known_better,
        history.unmeasured,
    ]
    for _ in range(3):
        chosen = history.random.sample(happenings, 3)
        apply(
            project,
            [*history.next_days(), *(statement for happening in chosen for statement in happening())],
            arguments,
        )
    apply(project, history.back(), arguments)

    mended = features(project)
    anew = built_anew(project, arguments)
    assert len(anew) > 200
    pd.testing.assert_frame_equal(mended, anew, check_exact=True)


def test_a_run_builds_what_has_changed_and_nothing_else(project: Project) -> None:
    history = History(project, 4)
    before = project.table("int_seg__feature_rows")

    apply(project, [], MODELS)
    assert project.table("int_seg__customer_snapshots").empty
    assert project.table("int_seg__changed_days").empty

    day = history.as_of - dt.timedelta(days=2)
    apply(project, [history._copies("int_seg__orders", day)], MODELS)
    reopened = sorted(project.table("int_seg__reopened_snapshots")["snapshot_date"].dt.date)
    assert reopened == [
        day for day in sorted(before["snapshot_date"].dt.date.unique()) if day >= history.as_of - dt.timedelta(days=2)
    ]
    assert list(project.table("int_seg__changed_days")["input"]) == ["orders"]

    person = history.people[0]
    apply(project, [f"update int_seg__customers set household_size = 9 where customer_id = '{person}'"], MODELS)
    assert set(project.table("int_seg__customer_snapshots")["customer_id"]) == {person}


def test_older_rows_wait_for_reconcile(project: Project) -> None:
    history = History(project, 5)
    before = features(project)
    old = history.as_of - dt.timedelta(days=LOOKBACK + 50)
    apply(project, [history._copies("int_seg__orders", old)], MODELS)
    pd.testing.assert_frame_equal(features(project), before)

    reconciled = [*MODELS, "--vars", "{seg_reconcile: true}"]
    apply(project, [], reconciled)
    after = features(project)
    assert not after.equals(before)
    pd.testing.assert_frame_equal(after, built_anew(project, MODELS), check_exact=True)
    apply(project, [], reconciled)
    assert project.table("int_seg__customer_snapshots").empty


def test_a_build_that_dies_half_way_is_mended_by_the_next(project: Project) -> None:
    history = History(project, 6)
    statements = [*history.next_days(), *history.late(), *history.deleted(), *history.withdrawn()]
    # partial aggregates are mended, the rest is not
    apply(
        project,
        statements,
        [
            "run",
            "--select",
            "dbt_segmentation.changes",
            "int_seg__sessions",
            "int_seg__customer_days",
            "--exclude",
            "int_seg__built_days",
            "int_seg__built_customers",
            "int_seg__feature_rows",
        ],
    )
    apply(project, [], MODELS)
    pd.testing.assert_frame_equal(features(project), built_anew(project, MODELS), check_exact=True)


def test_a_withdrawn_consent_reaches_openings_of_long_ago(project: Project) -> None:
    history = History(project, 7)
    before = features(project)
    first = before["snapshot_date"].min()
    opened = before[(before["snapshot_date"] == first) & (before["messages_opened"] > 0)]["customer_id"]
    assert (pd.Timestamp(history.as_of) - first).days > LOOKBACK
    history.people = [opened.iloc[0]]
    apply(project, history.unmeasured(), MODELS)
    mended = features(project)
    assert mended[mended["customer_id"] == opened.iloc[0]]["messages_opened"].isna().all()
    pd.testing.assert_frame_equal(mended, built_anew(project, MODELS), check_exact=True)


def test_a_respondent_who_leaves_takes_an_item_of_a_survey_along(project: Project) -> None:
    """A scale of fewer items is scored from fewer answers: of others too, at snapshots of long ago too."""
    history = History(project, 8)
    old = history.as_of - dt.timedelta(days=LOOKBACK + 70)
    asked = "insert into int_seg__checked_survey_responses select * replace "
    answers = [
        f"{asked} ('{person}' as customer_id, 'new-{number}-{item}' as response_id, 'planted' as survey_id, "
        f"'planted-{item}' as question_id, 'ecology' as scale_name, date '{old}' as answered_day, 5 as score, "
        f"1 as scale_min, 5 as scale_max, false as reversed) from int_seg__checked_survey_responses "
        "where row_status = 'used' order by response_id limit 1"
        for number, person in enumerate(history.people[:2])
        for item in range(12 if number == 0 else 4)
    ]
    asker, other = history.people[:2]
    reconciled = [*MODELS, "--vars", "{seg_reconcile: true}"]
    apply(project, answers, reconciled)
    before = features(project)
    history.people = [asker]
    apply(project, history.withdrawn(), MODELS)
    mended = features(project)
    score = next(column for column in mended if column.startswith("scale_") and "ecology" in column)
    assert before[before["customer_id"] == other][score].isna().all()
    assert mended[mended["customer_id"] == other][score].notna().any()
    pd.testing.assert_frame_equal(mended, built_anew(project, MODELS), check_exact=True)


def test_another_setting_list_or_macro_builds_everything(project: Project, repository: Path) -> None:
    build = ["run", "--select", "int_seg__feature_build"]

    def reason() -> str | None:
        told = project.query("select rebuild_reason from int_seg__feature_build")["rebuild_reason"]
        return None if told.isna()[0] else told[0]

    changed = "settings, lists or the package have changed"
    apply(project, [], build)
    assert reason() is None
    apply(project, [], [*build, "--vars", "{seg_window_days: 61}"])
    assert reason() == changed
    apply(project, [], [*build, "--vars", "{seg_language: fr}"])
    assert reason() is None, "what no feature depends on"
    apply(project, ["insert into seg_event_taxonomy values ('taxonomy', 'event_new', 'event_search', 'new')"], build)
    assert reason() == changed
    apply(project, ["delete from seg_event_taxonomy where event_name = 'event_new'"], build)
    assert reason() is None
    for file, means in {
        "macros/time/seg_in_window.sql": changed,
        "models/identity/int_seg__orders.sql": changed,
        "macros/drift/seg_bin.sql": None,
    }.items():
        path = repository / file
        text = path.read_text(encoding="utf-8")
        try:
            path.write_text(
                text.replace(" endmacro", "  endmacro").replace("final as (", "final  as ("), encoding="utf-8"
            )
            project.dbt(*build)
        finally:
            path.write_text(text, encoding="utf-8")
        assert reason() == means, file


@pytest.mark.parametrize("back", [1, 40])
def test_an_earlier_as_of_date_and_a_later_one_again(project: Project, back: int) -> None:
    before = features(project)
    as_of: dt.date = project.query("select as_of_date from int_seg__run")["as_of_date"][0].date()
    rows = [
        f"create table later_{table} as select * from {table} where {day} > date '{as_of}' - {back}"
        for table, (day, _, _) in FACTS.items()
    ]
    rows += [f"delete from {table} where {day} > date '{as_of}' - {back}" for table, (day, _, _) in FACTS.items()]
    apply(project, [*rows, f"update int_seg__run set as_of_date = date '{as_of}' - {back}"], MODELS)
    pd.testing.assert_frame_equal(features(project), built_anew(project, MODELS), check_exact=True)
    again = [f"insert into {table} select * from later_{table}" for table in FACTS]
    apply(project, [*again, f"update int_seg__run set as_of_date = '{as_of}'"], MODELS)
    pd.testing.assert_frame_equal(features(project), before, check_exact=True)
