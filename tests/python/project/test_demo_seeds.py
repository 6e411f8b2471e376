"""The demo's files hold what their story says, and what is written down as true of them is true. No dbt is run."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import yaml
from helpers.projects import ROOT
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import StandardScaler

SEEDS, TRUTH = ROOT / "seeds" / "demo", ROOT / "tests" / "fixtures" / "truth"
RECORD = ["source_system", "source_record_id"]
KEYS = {
    "customers": RECORD,
    "orders": ["order_id"],
    "order_lines": ["order_line_id"],
    "events": ["event_id"],
    "campaign_touches": ["touch_id"],
    "social_engagements": ["engagement_id"],
    "survey_responses": ["response_id"],
    "support_tickets": ["ticket_id"],
    "customer_attributes": [*RECORD, "attribute", "provider"],
    "consents": [*RECORD, "purpose", "recorded_at"],
    "market_indicators": ["area_code", "day", "indicator"],
}
INPUTS = [*KEYS, "erasure_requests", "areas", "places", "calendar", "exchange_rates"]
CATEGORIES = ["children", "fragrance", "garden", "grocery", "linen", "professional", "skincare", "tableware"]
MAIL = r"(?!.*\.\.)\s*[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}\s*"


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def seeds() -> dict[str, pd.DataFrame]:
    return {name: read(SEEDS / f"seg_demo_{name}.csv") for name in INPUTS}


@pytest.fixture(scope="module")
def truth() -> dict[str, pd.DataFrame]:
    return {path.stem: read(path) for path in TRUTH.glob("*.csv")}


@pytest.fixture(scope="module")
def owned(seeds: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Rows of every input that names a record, with the person, the persona and whether they may be profiled."""
    people = (
        truth["records"].merge(truth["people"], on="person_id").merge(truth["consent"][["person_id", "is_allowed"]])
    )
    people = people.rename(columns={"kind": "record_kind"})
    found = {}
    for name, rows in seeds.items():
        if set(RECORD) <= set(rows):
            cleaned = rows.assign(source_system=rows["source_system"].str.strip().str.lower())
            found[name] = cleaned.merge(people, on=RECORD, how="inner")
    return found


@pytest.fixture(scope="module")
def bought(owned: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Orders that need no repair, with numbers as numbers."""
    orders = owned["orders"].drop_duplicates("order_id", keep=False)
    orders = orders[orders["ordered_at"].str.fullmatch(r"202[4-6]-[\d-]{5} [\d:]{8}")]
    orders = orders[orders["ordered_at"].str[5:7] <= "12"]
    amounts = {
        n: pd.to_numeric(orders[n].replace("", "0"), errors="coerce") for n in ("gross_amount", "discount_amount")
    }
    orders = orders.assign(**amounts)
    return orders[np.isfinite(orders["gross_amount"]) & (orders["gross_amount"] > 0)]


def test_the_generator_gives_the_same_bytes_again(tmp_path: Path) -> None:
    folders = {"seeds": SEEDS, "truth": TRUTH}
    places = [part for name in folders for part in (f"--{name}", str(tmp_path / name))]
    subprocess.run([sys.executable, str(ROOT / "scripts" / "make_demo_seeds.py"), *places], check=True, timeout=120)
    for name, folder in folders.items():
        made, kept = ({f.name: f.read_bytes() for f in place.glob("*.csv")} for place in (tmp_path / name, folder))
        assert set(made) == set(kept)
        assert [file for file in made if made[file] != kept[file]] == []


def test_all_inputs_are_there_in_less_than_six_megabytes() -> None:
    assert {path.name for path in SEEDS.glob("*.csv")} == {f"seg_demo_{name}.csv" for name in INPUTS}
    assert sum(path.stat().st_size for path in SEEDS.iterdir()) < 6_000_000


def test_every_column_is_loaded_as_text_and_only_for_the_demo() -> None:
    described = {seed["name"]: seed for seed in yaml.safe_load((SEEDS / "_seg__demo.yml").read_text("utf-8"))["seeds"]}
    assert set(described) == {f"seg_demo_{name}" for name in INPUTS}
    for name, seed in described.items():
        with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        assert seed["config"]["column_types"] == dict.fromkeys(header, "string"), name
        assert seed["config"]["enabled"] == "{{ target.name == 'demo' and project_name == 'dbt_segmentation' }}"
        assert seed["description"]


def test_what_the_contract_asks_for_is_there(seeds: dict[str, pd.DataFrame]) -> None:
    contract = (ROOT / "macros/inputs/seg_input_columns.sql").read_text(encoding="utf-8")
    inputs = re.findall(r"^    '(\w+)': {\n(.*?)^    },", contract, re.MULTILINE | re.DOTALL)
    assert len(inputs) > 5
    for name, body in inputs:
        assert set(re.findall(r"'(\w+)': \('\w+', must\)", body)) <= set(seeds[name]), name


@pytest.mark.parametrize("name", INPUTS)
def test_duckdb_reads_what_was_written(name: str) -> None:
    # the statement with which dbt-duckdb loads a seed: quotes and their escapes are guessed
    with (SEEDS / f"seg_demo_{name}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    with duckdb.connect() as connection:
        connection.execute(f"create table seed ({', '.join(f'{column} varchar' for column in header)})")
        connection.execute(f"copy seed from '{file.name}' (format csv, header true, delimiter ',')")
        loaded = connection.execute("select * from seed").fetchall()
    assert sorted(["" if cell is None else cell for cell in row] for row in loaded) == sorted(rows)


def test_personas_are_found_again_by_a_clustering_of_what_they_bought(
    seeds: dict[str, pd.DataFrame], bought: pd.DataFrame
) -> None:
    lines = seeds["order_lines"].drop_duplicates("order_line_id")
    lines = lines.assign(
        amount=pd.to_numeric(lines["line_amount"], errors="coerce"), category=lines["category"].str.strip().str.lower()
    )
    lines = lines[np.isfinite(lines["amount"])].merge(bought[["order_id", "person_id"]], on="order_id")
    spent = lines.pivot_table(index="person_id", columns="category", values="amount", aggfunc="sum", fill_value=0)
    per_person = bought.groupby("person_id").agg(
        persona=("persona", "first"),
        orders=("order_id", "size"),
        gross=("gross_amount", "sum"),
        discount=("discount_amount", "sum"),
        web=("channel", lambda channel: (channel == "web").mean()),
        evening=("ordered_at", lambda moment: (moment.str[11:13] >= "17").mean()),
    )
    per_person = per_person.join(spent[CATEGORIES].div(spent[CATEGORIES].sum(axis=1), axis=0), how="inner")
    features = per_person[[*CATEGORIES, "web", "evening"]].assign(
        orders=np.log(per_person["orders"]),
        amount=np.log(per_person["gross"] / per_person["orders"]),
        discount=per_person["discount"] / per_person["gross"],
        private=lines.assign(p=lines["brand_type"] == "private").groupby("person_id")["p"].mean(),
    )
    assert len(features) > 2800
    labels = KMeans(9, n_init=5, random_state=0).fit_predict(StandardScaler().fit_transform(features))
    assert adjusted_rand_score(per_person["persona"], labels) > 0.85


def test_one_persona_changes_in_month_18_and_only_that_one(bought: pd.DataFrame) -> None:
    later = bought["ordered_at"] >= "2025-12-01"
    shares = {
        "web": bought["channel"] == "web",
        "discounted": bought["discount_amount"] > 0,
    }
    for what, share in shares.items():
        table = share.groupby([bought["persona"], later]).mean().unstack()
        moved = (table[True] - table[False]).abs().drop("new_parents")
        assert moved["evening_skincare"] > 0.3, what
        assert moved.drop("evening_skincare").max() < 0.1, what


def test_one_persona_is_born_in_month_15(owned: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]) -> None:
    times = {
        "customers": "created_at",
        "orders": "ordered_at",
        "events": "occurred_at",
        "campaign_touches": "sent_at",
        "support_tickets": "opened_at",
        "social_engagements": "occurred_at",
        "survey_responses": "answered_at",
        "customer_attributes": "observed_at",
        "consents": "recorded_at",
    }
    for name, column in times.items():
        rows = owned[name]
        born = rows[(rows["persona"] == "new_parents") & rows[column].str.fullmatch(r"\d{4}-\d\d-\d\d([ T].*)?")]
        # a swapped day and month may look earlier, but not by a year
        assert len(born) > 20, name
        assert born[column].str[:4].min() >= "2025", name
        exact = born[~born[column].str[:10].isin(truth["dirt"]["row_key"])][column]
        early = set(exact[exact.str[:10] < "2025-09-01"])
        swapped = set(truth["dirt"].query("kind == 'swapped_day_and_month'")["expected_value"])
        assert {f"{day[:4]}-{day[8:10]}-{day[5:7]}{day[10:]}" for day in early} <= swapped, name


def test_records_are_those_of_the_truth_and_one_in_five_is_a_second_one(
    seeds: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]
) -> None:
    records = truth["records"]
    there = seeds["customers"].query("source_record_id != ''")[RECORD].drop_duplicates()
    assert set(map(tuple, there.to_numpy())) == set(map(tuple, records[RECORD].to_numpy()))
    assert len(truth["people"]) == records["person_id"].nunique() == 3000
    assert 0.18 < (records["kind"] != "first").mean() < 0.22
    assert records["kind"].value_counts().min() >= 25


def test_second_records_differ_as_they_are_said_to_and_share_enough_to_be_found(owned: dict[str, pd.DataFrame]) -> None:
    customers = owned["customers"].drop_duplicates(RECORD)
    customers = customers.assign(mail=customers["email"].str.strip().str.lower(), number=customers["phone"].map(digits))
    several = customers[customers.duplicated("person_id", keep=False)]
    for _, group in several.groupby("person_id"):
        first, *others = sorted(group.to_dict("records"), key=lambda row: row["record_kind"] != "first")
        for other in others:
            names = ("first_name", "last_name")
            proofs = ("mail", "number", "birth_date")
            assert any(first[name] and first[name] == other[name] for name in proofs)
            if other["record_kind"] == "exact":
                assert all(first[name] == other[name] for name in (*names, "email", "phone", "address", "birth_date"))
            elif other["record_kind"] == "swapped_names":
                assert (other["first_name"], other["last_name"]) == (first["last_name"], first["first_name"])
            elif other["record_kind"] == "moved_house":
                assert other["address"] != first["address"]
                assert other["postal_code"] != first["postal_code"]
            elif other["record_kind"] == "typo_name":
                assert sum(other[name] != first[name] for name in names) == 1
            elif other["record_kind"] == "typo_email":
                assert other["mail"] != first["mail"]
                assert other["first_name"] == first["first_name"]


def digits(phone: str) -> str:
    """Give the nine last digits, which all spellings of a French number share."""
    return re.sub(r"\D", "", phone)[-9:]


def test_people_who_look_alike_can_be_told_apart(owned: dict[str, pd.DataFrame]) -> None:
    customers = owned["customers"].query("record_kind == 'first'").drop_duplicates(RECORD)
    households = customers[customers["circumstance"].isin(["household", "twin"])]
    assert households["household"].nunique() == 130
    for _, house in households.groupby("household"):
        assert house["first_name"].nunique() == len(house) >= 2
        assert house["email"][house["email"].str.fullmatch(MAIL)].nunique() <= 1
        assert (house["birth_date"] != "").all()
        assert house["birth_date"].nunique() == (1 if (house["circumstance"] == "twin").all() else len(house))
    for circumstance, pairs in (("homonym", 40), ("father_and_son", 20)):
        # a name may be borne by two pairs
        alike = customers[customers["circumstance"] == circumstance]
        assert len(alike) == 2 * pairs
        assert alike.groupby(["first_name", "last_name"]).size().min() >= 2
        assert not alike.duplicated(["first_name", "last_name", "birth_date"]).any()


def test_who_may_be_profiled_follows_from_the_ledger(
    seeds: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]
) -> None:
    person_of = truth["records"].set_index(RECORD)["person_id"]
    statements: dict[str, list[tuple[str, bool]]] = {}
    for row in seeds["consents"].to_dict("records"):
        if row["purpose"].strip().lower() == "profiling":
            person = person_of[row["source_system"], row["source_record_id"]]
            granted = row["status"].strip().lower() == "granted"
            # a statement without a date counts as the latest; of several at once the most restrictive
            statements.setdefault(person, []).append((row["recorded_at"] or "9999", granted))
    requests = [tuple(row) for row in seeds["erasure_requests"][RECORD].to_numpy()]
    erased = {person_of[key] for key in requests if key in person_of.index}
    expected = {}
    for person in truth["people"]["person_id"]:
        said = statements.get(person, [])
        latest = max((moment for moment, _ in said), default="")
        last_words = [granted for moment, granted in said if moment == latest]
        expected[person] = bool(said) and all(last_words) and person not in erased
    told = truth["consent"].set_index("person_id")["is_allowed"].eq("true").to_dict()
    assert told == expected
    assert 0.88 < np.mean(list(told.values())) < 0.92
    assert len(requests) == 15
    assert len(erased) == 14


def test_planted_people_are_found_under_names_of_their_own(
    seeds: dict[str, pd.DataFrame], owned: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]
) -> None:
    refused = set(truth["consent"].query("is_allowed == 'false'")["person_id"])
    planted = truth["people"].query("planted_name != ''").set_index("person_id")["planted_name"]
    assert set(planted.index) == refused
    assert planted.is_unique
    customers = owned["customers"]
    theirs = customers[customers["person_id"].isin(refused)]
    for row in theirs.to_dict("records"):
        assert planted[row["person_id"]].lower() in (row["first_name"] + row["last_name"]).lower()
    assert (
        not customers[~customers["person_id"].isin(refused)]
        .astype(str)
        .apply(lambda s: s.str.contains("(?i)zwq"))
        .any()
        .any()
    )
    # they turn up where a leak would show
    for name in (
        "orders",
        "events",
        "campaign_touches",
        "support_tickets",
        "social_engagements",
        "customer_attributes",
    ):
        assert owned[name]["person_id"].isin(refused).sum() > 10, name
    assert seeds["support_tickets"]["text"].str.contains("Zwq").sum() > 20


def test_the_campaigns_lift_differs_by_persona_as_written_down(
    owned: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]
) -> None:
    touches = owned["campaign_touches"].query("campaign_id == 'spring-test' and is_allowed == 'true'")
    touches = touches.drop_duplicates("touch_id")
    converted = touches.assign(won=touches["converted_at"] != "").groupby(["persona", "variant"])["won"]
    count, won = converted.size(), converted.sum()
    lift = truth["campaign_lift"].set_index("persona")
    assert set(lift.index) == set(touches["persona"])
    assert len(set(lift["true_lift"])) > 4
    for persona, row in lift.iterrows():
        for variant in ("treatment", "control"):
            assert int(row[f"{variant}_sent"]) == count[persona, variant]
            assert int(row[f"{variant}_converted"]) == won[persona, variant]
        rates = {variant: won[persona, variant] / count[persona, variant] for variant in ("treatment", "control")}
        true = {"control": float(row["true_control_rate"])}
        true["treatment"] = true["control"] + float(row["true_lift"])
        error = sum(p * (1 - p) / count[persona, variant] for variant, p in true.items()) ** 0.5
        assert abs(rates["treatment"] - rates["control"] - float(row["true_lift"])) < 3 * error, persona


def test_visitors_are_known_from_their_first_login_and_not_before(
    seeds: dict[str, pd.DataFrame], owned: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]
) -> None:
    clean = ~seeds["events"]["event_id"].isin(truth["dirt"].query("input == 'events'")["row_key"])
    known = owned["events"][owned["events"]["event_id"].isin(set(seeds["events"].loc[clean, "event_id"]))]
    since = truth["visitors"].set_index(["visitor_id", "person_id"])["known_from"]
    first_seen = known.groupby(["visitor_id", "person_id"])["occurred_at"].min()
    assert (first_seen >= since.reindex(first_seen.index)).all()
    assert (first_seen == since.reindex(first_seen.index)).mean() > 0.9
    anonymous = truth["visitors"].query("kind == 'anonymous'")["visitor_id"]
    assert len(anonymous) > 200
    assert not known["visitor_id"].isin(anonymous).any()
    shared = truth["visitors"].query("kind == 'shared'")
    people = truth["people"].set_index("person_id")["household"]
    assert (shared.groupby("visitor_id").size() > 1).all()
    assert shared["person_id"].map(people).groupby(shared["visitor_id"]).nunique().eq(1).all()
    # most look around before they log in: rows of a known visitor without a record, before and after
    silent = seeds["events"][
        (seeds["events"]["source_record_id"] == "") & ~seeds["events"]["visitor_id"].isin(anonymous)
    ]
    assert len(silent) > 1000


def test_lines_add_up_to_their_order(seeds: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]) -> None:
    soiled = truth["dirt"][truth["dirt"]["input"].isin(["orders", "order_lines"])]
    touched = set(soiled.loc[soiled["kind"] != "foreign_currency", "row_key"].str.split("-").str[0])
    lines, orders = seeds["order_lines"], seeds["orders"]
    lines = lines[~lines["order_id"].isin(touched | {"99999", "0", "'--"})]
    orders = orders[~orders["order_id"].isin(touched)].set_index("order_id")
    net = lines["line_amount"].astype(float).groupby(lines["order_id"]).sum()
    saved = orders["discount_amount"].replace("", "0").astype(float)
    assert len(net) == len(orders) > 14000
    assert (net - (orders["gross_amount"].astype(float) - saved)).abs().max() < 0.005


def test_dirt_is_where_it_is_said_to_be_and_of_people_who_may_be_profiled(
    seeds: dict[str, pd.DataFrame], owned: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]
) -> None:
    dirt = truth["dirt"]
    assert set(dirt["expected"]) == {"repaired", "rejected", "kept", "nulled"}
    assert (dirt.query("expected == 'rejected'")["reason"] != "").all()
    assert (dirt.query("expected in ['repaired', 'kept']")["expected_value"] != "").all()
    refused = set(map(tuple, owned["customers"].query("is_allowed == 'false'")[RECORD].to_numpy()))
    for name, told in dirt.groupby("input"):
        rows = seeds[name].assign(
            row_key=["|".join(key) for key in zip(*(seeds[name][k] for k in KEYS[name]), strict=True)]
        )
        found = told.merge(rows, on="row_key", how="left", indicator=True, suffixes=("", "_there"))
        # the key itself is soiled where it is a part of the key
        lost = found[(found["_merge"] != "both") & ~found["field"].isin(KEYS[name])]
        assert lost.empty, name
        if set(RECORD) <= set(rows):
            assert not (set(map(tuple, found[RECORD].fillna("").to_numpy())) & refused), name
        for row in found[found["_merge"] == "both"].to_dict("records"):
            given = str(row[row["field"]])
            if row["expected"] == "kept":
                assert given == row["expected_value"], row
            elif row["reason"] == "duplicate_key":
                assert (rows["row_key"] == row["row_key"]).sum() == 2, row
            elif row["kind"] == "time_zone":
                moment = datetime.fromisoformat(given)
                assert moment.tzinfo is not None
                assert f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}" == row["expected_value"], row
            elif row["kind"] in ("decimal_comma", "currency_sign"):
                number = float(re.sub(r"[ €\xa0]", "", given).replace(",", "."))
                assert number == float(row["expected_value"]), row
            elif row["kind"] in ("mixed_case", "untrimmed", "currency_spelling"):
                assert given != row["expected_value"], row
                assert given.strip().lower() == row["expected_value"].lower(), row
            elif row["kind"] == "date_order":
                day, month, year = given[:10].split("/")
                assert f"{year}-{month}-{day}{given[10:]}" == row["expected_value"], row
                assert int(day) > 12
            elif row["kind"] == "swapped_day_and_month":
                assert int(given[5:7]) > 12, row
                assert f"{given[:4]}-{given[8:10]}-{given[5:7]}{given[10:]}" == row["expected_value"], row
            elif row["kind"] == "duration_unit":
                seconds = {"ms": 0.001, "min": 60.0}[str(row["duration_unit"])]
                assert float(given) * seconds == pytest.approx(float(row["expected_value"]), abs=0.06), row


def test_foreign_orders_have_a_rate_and_strange_currencies_have_none(
    seeds: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]
) -> None:
    rates = seeds["exchange_rates"].set_index(["currency", "day"])["rate"].astype(float)
    orders = seeds["orders"].drop_duplicates("order_id").set_index("order_id")
    foreign = truth["dirt"].query("kind == 'foreign_currency'").set_index("row_key")["expected_value"].astype(float)
    assert len(foreign) > 100
    for order, euros in foreign.items():
        row = orders.loc[order]
        assert float(row["gross_amount"]) * rates[row["currency"], row["ordered_at"][:10]] == pytest.approx(
            euros, abs=0.006
        )
    unknown = set(orders["currency"].str.strip().str.upper()) - {"EUR"} - set(rates.index.get_level_values(0))
    assert unknown == {"XXX", "ZZZ", "?", "BTC"}


def test_the_dirt_of_the_story_is_there(seeds: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SEEDS.glob("*.csv"))
    for piece in ("🌸", "drop table", "日本語", "\t", '""', " €", "Infinity", "NaN", "2099-", "2150-12-31"):
        assert piece in text, piece
    lengths = seeds["support_tickets"]["text"].str.encode("utf-8").str.len()
    assert (lengths > 20_000).sum() == 1
    replays = seeds["events"][seeds["events"].duplicated("event_id", keep=False)]
    assert replays.groupby("event_id")["received_at"].nunique().eq(2).all()
    assert replays["event_id"].nunique() == 40
    assert set(seeds["events"]["duration_unit"]) >= {"s", "ms", "min"}
    for row in seeds["events"]["properties"].replace("", None).dropna():
        if row not in ('{"value":', "not json"):
            json.loads(row)
    items = seeds["survey_responses"].query("survey_id == 'psy25'")
    assert items["reversed"].eq("true").mean() == pytest.approx(1 / 3)


def test_nothing_but_planted_dates_lies_after_the_last_day(seeds: dict[str, pd.DataFrame]) -> None:
    for name, rows in seeds.items():
        for column in rows.columns[rows.columns.str.endswith(("_at", "day"))]:
            days = rows[column][rows[column].str.fullmatch(r"\d{4}-\d\d-\d\d.*")].str[:10]
            days = days[days.str[5:7] <= "12"]
            late = days[(days > "2026-06-30") & (days < "2087")]
            assert late.empty, (name, column)


def test_nobody_can_be_written_to_or_called(seeds: dict[str, pd.DataFrame]) -> None:
    mails = seeds["customers"]["email"].str.strip()
    # `.example` is set aside: no mail can be delivered to it
    real = mails[mails.str.fullmatch(MAIL)]
    assert len(real) > 3000
    assert real.str.lower().str.endswith(".example").all()
    numbers = seeds["customers"]["phone"].map(digits)
    numbers = numbers[numbers.str.len() == 9]
    assert len(numbers) > 1500
    fictitious = ("19900", "26191", "35301", "46571", "53649")
    assert set(numbers[~numbers.str.startswith(fictitious)]) <= {"234567890"}
