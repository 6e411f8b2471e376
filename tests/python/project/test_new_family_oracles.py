"""The families that join several inputs, against plain Python and pandas: windows, channels, context, and facts as known now."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pandas as pd
import pytest
from helpers.features import (
    COLUMNS,
    CUSTOMERS,
    DAYS,
    FEW,
    SNAPSHOTS,
    Rows,
    Run,
    assert_same,
    in_utc,
    model_runner,
    on_the_wall,
    ratio,
    seen,
)
from helpers.projects import Project
from hypothesis import example, given, settings
from hypothesis import strategies as st

WINDOWS = (30, 90, 180, 365)
HALF_LIFE = 90
# around the edges of every window, and of the window before
EDGES = (0, 29, 30, 89, 90, 179, 180, 359, 360, 364, 365, 600)
FAR_DAYS = tuple(sorted({day - dt.timedelta(days=age) for day in SNAPSHOTS for age in EDGES} | set(DAYS)))
# a chain of models an example
SOME = settings(FEW, max_examples=25)


@pytest.fixture(scope="module")
def run(sample: Project) -> Run:
    return model_runner(sample)


ORDER_DAYS = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(CUSTOMERS),
            "order_day": st.sampled_from(FAR_DAYS),
            "orders": st.integers(1, 3),
            # refunds larger than orders, and orders without an amount
            "revenue": st.sampled_from([None, -30, 0, 10, 99.5]),
        }
    ),
    max_size=12,
    unique_by=lambda row: (row["customer_id"], row["order_day"]),
)
VISIT_DAYS = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(CUSTOMERS),
            "session_day": st.sampled_from(FAR_DAYS),
            "later": st.sampled_from([0, 0, 3]),
            "sessions": st.integers(1, 4),
        }
    ),
    max_size=12,
    unique_by=lambda row: (row["customer_id"], row["session_day"], row["later"]),
)
MESSAGE_DAYS = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(CUSTOMERS),
            "touch_day": st.sampled_from(FAR_DAYS),
            "messages_sent": st.integers(0, 2),
        }
    ),
    max_size=8,
    unique_by=lambda row: (row["customer_id"], row["touch_day"]),
)


def over_windows(frame: pd.DataFrame, value: str, name: str) -> dict[str, float | None]:
    """Sum a column over each window, over everything, and with a weight that halves; None where there is no row."""

    def total(part: pd.Series) -> float | None:
        return None if part.isna().all() else float(part.sum())

    told = {f"{name}_{days}d": total(frame.loc[frame["age"] < days, value]) for days in WINDOWS}
    # to a millionth of money and a billionth of a contact
    weighed = (frame[value] * 0.5 ** (frame["age"] / HALF_LIFE)).round(6 if value == "revenue" else 9)
    return told | {f"{name}_life": total(frame[value]), f"{name}_decayed": total(weighed)}


def frame_of(rows: Rows, customer: str, snapshot: dt.date, day: str, columns: list[str]) -> pd.DataFrame:
    """What a snapshot knows of a customer, with the age of each row in days."""
    known = [
        [*(row[column] for column in columns), (snapshot - row[day]).days]
        for row in rows
        if row["customer_id"] == customer and max(row[day], row.get("known_day", row[day])) <= snapshot
    ]
    return pd.DataFrame(known, columns=[*columns, "age"], dtype=float)


def growth(orders: pd.DataFrame) -> float | None:
    """This window against the one before, of those who had ordered by its first day."""
    if orders.empty or orders["age"].max() < 359:
        return None
    spent = []
    for low, high in ((0, 180), (180, 360)):
        part = orders[(orders["age"] >= low) & (orders["age"] < high)]
        if len(part) and part["revenue"].isna().all():
            return None
        spent.append(max(part["revenue"].sum(), 0.0))
    return ratio(spent[0] - spent[1], spent[0] + spent[1])


@SOME
@given(orders=ORDER_DAYS, visits=VISIT_DAYS, messages=MESSAGE_DAYS)
def test_trend(run: Run, orders: Rows, visits: Rows, messages: Rows) -> None:
    for row in visits:
        row["known_day"] = row["session_day"] + dt.timedelta(days=row["later"])
    told = run(
        ("int_seg__features_trend",),
        int_seg__customer_days=orders,
        int_seg__customer_session_days=visits,
        int_seg__customer_touch_days=messages,
    )
    assert len(told) == len(CUSTOMERS) * len(SNAPSHOTS)
    for customer in CUSTOMERS:
        for snapshot in SNAPSHOTS:
            ordered = frame_of(orders, customer, snapshot, "order_day", ["orders", "revenue"])
            visited = frame_of(visits, customer, snapshot, "session_day", ["sessions"])
            reached = frame_of(messages, customer, snapshot, "touch_day", ["messages_sent"])
            expected: dict[str, Any] = {
                **over_windows(ordered, "orders", "order_count"),
                **over_windows(visited, "sessions", "session_count"),
                **over_windows(reached, "messages_sent", "messages_sent"),
                **over_windows(ordered, "revenue", "revenue"),
                "spend_growth": growth(ordered),
            }
            for name in [name for name in expected if name.startswith("revenue_")]:
                if not expected[name.replace("revenue", "order_count")]:
                    expected[name] = 0
            assert_same(told[customer, snapshot], expected, (customer, snapshot))


CHANNELS = {None: None, "web": "web", "shop": "store", "store": "store", "phone": "phone", "market stall": "other"}
CHANNEL_ORDERS = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(CUSTOMERS),
            "order_day": st.sampled_from(DAYS),
            "hour": st.sampled_from([0, 5, 6, 12, 18, 22, 23]),
            "channel": st.sampled_from(list(CHANNELS)),
        }
    ),
    max_size=12,
)
MESSAGES = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(CUSTOMERS),
            "sent_day": st.sampled_from([day - dt.timedelta(days=age) for day in DAYS[::4] for age in (0, 7, 8, 31)]),
            "channel": st.sampled_from([None, "email", "sms"]),
        }
    ),
    max_size=8,
)


def contacts_of(customer: str, snapshot: dt.date, orders: Rows, visits: Rows, messages: Rows) -> list[tuple[Any, ...]]:
    """The path: day, place in the day, channel, kind and number, of what the snapshot knows, however long ago."""
    counts: Counter[tuple[Any, ...]] = Counter()
    for row in orders:
        if row["customer_id"] == customer and row["channel"]:
            counts[row["order_day"], 3, CHANNELS[row["channel"]], "order"] += 1
    for row in visits:
        if row["customer_id"] == customer:
            counts[row["known_day"], 2, "web", "visit"] += row["sessions"]
    for row in messages:
        if row["customer_id"] == customer:
            counts[row["sent_day"], 1, row["channel"] or "email", "message"] += 1
    return [(*key, number) for key, number in sorted(counts.items()) if key[0] <= snapshot]


@SOME
@given(orders=CHANNEL_ORDERS, visits=VISIT_DAYS, messages=MESSAGES)
def test_channel(run: Run, orders: Rows, visits: Rows, messages: Rows) -> None:
    for row in visits:
        row["known_day"] = row["session_day"] + dt.timedelta(days=row["later"])
    told = run(
        ("int_seg__customer_channel_days", "int_seg__customer_channel_steps", "int_seg__features_channel"),
        int_seg__orders=orders,
        int_seg__customer_session_days=visits,
        int_seg__campaign_touches=messages,
    )
    for customer in CUSTOMERS:
        for snapshot in SNAPSHOTS:
            path = contacts_of(customer, snapshot, orders, visits, messages)
            recent = [contact for contact in path if seen(contact[0], snapshot)]
            assert ((customer, snapshot) in told) == bool(recent)
            if not recent:
                continue
            switches, assisted = [], 0
            for place, (day, _, channel, kind, number) in enumerate(path):
                if not seen(day, snapshot):
                    continue
                before = path[:place]
                if before and (day - before[-1][0]).days <= 30:
                    switches.append(before[-1][2] != channel)
                helpers = ("message",) if channel == "web" else ("message", "visit")
                if kind == "order" and any(one[3] in helpers and (day - one[0]).days <= 7 for one in before):
                    assisted += number
            ordered = dict.fromkeys(("all", "store"), 0)
            for _, _, channel, kind, number in recent:
                if kind == "order":
                    ordered["all"] += number
                    ordered["store"] += number * (channel == "store")
            expected = {
                "channel_count": len({contact[2] for contact in recent}),
                "channel_switch_share": ratio(sum(switches), len(switches)),
                "store_order_share": ratio(ordered["store"], ordered["all"]),
                "assisted_order_share": ratio(assisted, ordered["all"]),
                "first_channel": recent[0][2],
                "last_channel": recent[-1][2],
            }
            assert_same(told[customer, snapshot], expected, (customer, snapshot, path))


CALENDAR = st.fixed_dictionaries(
    {
        day: st.fixed_dictionaries(
            {
                "season": st.sampled_from([None, "spring", "summer", "autumn", "winter"]),
                "is_public_holiday": st.sampled_from([None, False, True]),
                "is_school_holiday": st.sampled_from([False, True]),
                "local_event": st.sampled_from([None, "fair"]),
                "weather": st.sampled_from([None, "sun", "rain"]),
            }
        )
        for day in DAYS[:-3]
    }
)
# half past two comes twice on the day that the clock is set back, and never where it is set forward
VISITS = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(CUSTOMERS),
            "occurred_day": st.sampled_from(DAYS),
            "hour": st.sampled_from([0, 2, 5, 6, 12, 18, 22, 23]),
            "is_second_time": st.booleans(),
            "later": st.sampled_from([0, 0, 3]),
            "device": st.sampled_from([None, "mobile", "desktop", "console"]),
            "network": st.sampled_from([None, "wifi", "4g"]),
        }
    ),
    max_size=12,
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOURS = ("morning", "afternoon", "evening", "night")
SEASONS = ("spring", "summer", "autumn", "winter")


def part_of_day(hour: int) -> str:
    return next(
        (name for name, until in (("night", 6), ("morning", 12), ("afternoon", 18), ("evening", 22)) if hour < until),
        "night",
    )


def most(names: list[str | None], order: tuple[str, ...] | None = None) -> str | None:
    """The most frequent name; of equals the first in the order, or in the alphabet."""
    counts = Counter(name for name in names if name)
    return min(counts, key=lambda name: (-counts[name], order.index(name) if order else name)) if counts else None


def share_of(flags: list[bool | None]) -> float | None:
    known = [flag for flag in flags if flag is not None]
    return ratio(sum(known), len(known))


def night_of_the_change() -> Rows:
    """Two visits at half past two, an hour apart, and one at noon."""
    visit = {"customer_id": "a", "occurred_day": dt.date(2024, 10, 27), "later": 0, "device": None, "network": None}
    return [visit | {"hour": hour, "is_second_time": second} for hour, second in ((2, False), (2, True), (12, False))]


@SOME
@given(orders=CHANNEL_ORDERS, visits=VISITS, calendar=CALENDAR)
@example(orders=[], visits=night_of_the_change(), calendar={}).via("the clock is set back")
def test_contextual(run: Run, orders: Rows, visits: Rows, calendar: dict[dt.date, dict[str, Any]]) -> None:
    for row in orders:
        row["ordered_local"] = dt.datetime.combine(row["order_day"], dt.time(row["hour"], 30))
    for number, row in enumerate(visits):
        moment = in_utc(dt.datetime.combine(row["occurred_day"], dt.time(row["hour"], 30, fold=row["is_second_time"])))
        row |= {"event_id": f"{number:03d}", "event_name": "event_page_view", "occurred_at": moment}
        row |= {"occurred_local": on_the_wall(moment), "hour": on_the_wall(moment).hour}
        row |= {"known_day": row["occurred_day"] + dt.timedelta(days=row["later"])}
    days = (
        *("customer_days", "sessions", "customer_session_days", "session_days_told_again", "customer_contact_days"),
        *("customer_context_days", "customer_label_days", "features_contextual"),
    )
    told = run(
        [f"int_seg__{name}" for name in days],
        int_seg__orders=orders,
        int_seg__order_lines=[],
        int_seg__events=visits,
        # nobody knows where one of them lives
        int_seg__customer_geography=[{"customer_id": name, "calendar_zone": "A"} for name in CUSTOMERS[:2]],
        int_seg__calendar=[
            {"day": day, "zone": zone, **(about if zone == "A" else {})}
            for day, about in calendar.items()
            for zone in "AB"
        ],
    )
    for customer in CUSTOMERS:
        # events of one moment that are known since the same day are one visit
        mine: dict[tuple[dt.date, dt.date, dt.datetime, int], Rows] = {}
        for row in visits:
            if row["customer_id"] == customer:
                key = (row["occurred_day"], row["known_day"], row["occurred_at"], row["hour"])
                mine.setdefault(key, []).append(row)
        for snapshot in SNAPSHOTS:
            sessions = {key: rows for key, rows in mine.items() if seen(key[0], snapshot) and key[1] <= snapshot}
            contacts = [
                (row["order_day"], row["hour"])
                for row in orders
                if row["customer_id"] == customer and seen(row["order_day"], snapshot)
            ] + [(day, hour) for day, _, _, hour in sessions]
            assert ((customer, snapshot) in told) == bool(contacts)
            if not contacts:
                continue
            home = calendar if customer in CUSTOMERS[:2] else {}
            about = [home.get(day) for day, _ in contacts]
            expected = {
                "weekend_contact_share": share_of([day.isoweekday() >= 6 for day, _ in contacts]),
                "night_contact_share": share_of([hour >= 22 or hour < 6 for _, hour in contacts]),
                "public_holiday_share": share_of([one["is_public_holiday"] if one else None for one in about]),
                "school_holiday_share": share_of([one["is_school_holiday"] if one else None for one in about]),
                "local_event_share": share_of([one["local_event"] is not None if one else None for one in about]),
                "favourite_hours": most([part_of_day(hour) for _, hour in contacts], HOURS),
                "favourite_weekday": most([WEEKDAYS[day.weekday()] for day, _ in contacts], WEEKDAYS),
                "favourite_season": most([one["season"] if one else None for one in about], SEASONS),
                "favourite_weather": most([one["weather"] if one else None for one in about]),
                **{
                    f"favourite_{label}": most(
                        [min([row[label] for row in rows if row[label]], default=None) for rows in sessions.values()]
                    )
                    for label in ("device", "network")
                },
            }
            assert_same(told[customer, snapshot], expected, (customer, snapshot))


# no two columns share a value: one that takes another's place shows
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from([*CUSTOMERS, "d", "e"]),
            "age_band": st.sampled_from([None, "18-24", "65+"]),
            "gender": st.sampled_from([None, "female", "male"]),
            "language": st.sampled_from([None, "fr", "br"]),
            "occupation": st.sampled_from([None, "nurse", "baker"]),
            "education": st.sampled_from([None, "bachelor", "none"]),
            "marital_status": st.sampled_from([None, "married", "widowed"]),
            "household_size": st.sampled_from([None, 5, 6, 7]),
            "children_count": st.sampled_from([None, 0, 1, 4]),
            "customer_type": st.sampled_from([None, "company", "person", "club"]),
            "company_size": st.sampled_from([None, "1-9", "10-49"]),
            "sector": st.sampled_from([None, "retail", "farming"]),
            "income_band": st.sampled_from([None, "20-40k", "40-60k"]),
            "country_code": st.sampled_from([None, "FR", "BE"]),
        }
    ),
    max_size=5,
    unique_by=lambda row: row["customer_id"],
)
HOMES = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from([*CUSTOMERS, "d"]),
            # where the area lies is not where the customer says to live
            "country_code": st.sampled_from([None, "DE"]),
            "region": st.sampled_from([None, "Bretagne", "Corse"]),
            "urban_class": st.sampled_from([None, "rural", "urban"]),
            "density": st.sampled_from([None, 0.0, 120.5]),
            "median_income": st.sampled_from([None, 21000.0, 24000.0]),
            "mean_income": st.sampled_from([None, 26000.0, 31000.5]),
            "unemployment_rate": st.sampled_from([None, 0.065, 0.12]),
            "distance_to_centre_km": st.sampled_from([None, 0.25, 31.5]),
        }
    ),
    max_size=4,
    unique_by=lambda row: row["customer_id"],
)
TOLD_OF_PEOPLE = {
    "demographic": [
        *("household_size", "children_count", "age_band", "gender", "language"),
        *("occupation", "education", "marital_status"),
    ],
    "organisation": ["company_size", "sector"],
    "geographic": ["country_code", "income_band"],
}
TOLD_OF_AREAS = [
    *("density", "distance_to_centre_km", "median_income", "mean_income", "unemployment_rate"),
    *("urban_class", "region"),
]


def facts_of(people: pd.DataFrame, homes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What the three families should tell, by family, of people and homes by customer."""
    found = {family: people[columns].copy() for family, columns in TOLD_OF_PEOPLE.items()}
    children, kind = (people[name].tolist() for name in ("children_count", "customer_type"))
    found["demographic"]["has_children"] = [None if pd.isna(count) else int(count >= 1) for count in children]
    found["organisation"]["is_company"] = [{"company": 1, "person": 0}.get(name) for name in kind]
    found["geographic"] = found["geographic"].join(homes[TOLD_OF_AREAS])
    return {family: frame.astype(object).where(frame.notna(), None) for family, frame in found.items()}


@FEW
@given(people=PEOPLE, homes=HOMES)
def test_facts_of_people_and_places(run: Run, people: Rows, homes: Rows) -> None:
    expected = facts_of(
        pd.DataFrame(people, columns=list(COLUMNS["int_seg__customers"])).set_index("customer_id"),
        pd.DataFrame(homes, columns=list(COLUMNS["int_seg__customer_geography"])).set_index("customer_id"),
    )
    models = [f"int_seg__features_{family}" for family in expected]
    found = run(models, key=("customer_id",), give=models, int_seg__customers=people, int_seg__customer_geography=homes)
    for (family, frame), told in zip(expected.items(), found, strict=True):
        assert set(told) == {(customer,) for customer in frame.index}, family
        for customer, row in frame.to_dict("index").items():
            assert set(told[(customer,)]) == {"customer_id", *row}, family
            assert_same(told[(customer,)], row, (family, customer))


def test_the_same_facts_stand_at_every_snapshot(sample: Project) -> None:
    features = sample.table("int_seg__customer_features")
    people, places = (
        sample.table(name).set_index("customer_id") for name in ("int_seg__customers", "int_seg__customer_geography")
    )
    facts = pd.concat(facts_of(people, places.reindex(people.index)).values(), axis="columns")
    assert features.groupby("customer_id")["snapshot_date"].nunique().max() > 1
    # the sample's inputs hold no more of people, and nothing of areas; what it lacks is in the test above
    assert set(facts.columns[facts.notna().any()]) >= {"gender", "age_band", "country_code"}
    for column in facts:
        expected = features["customer_id"].map(facts[column])
        assert features[column].isna().equals(expected.isna()), column
        known = expected.notna()
        assert list(features.loc[known, column]) == list(expected[known]), column


def test_every_column_of_the_wide_table_is_described_in_both_languages(sample: Project) -> None:
    catalogue = sample.table("int_seg__feature_catalogue").set_index("feature")
    columns = set(sample.table("int_seg__customer_features").columns)
    assert columns - set(catalogue.index) == {"customer_id", "snapshot_date", "is_as_of", "is_window_complete"}
    assert set(catalogue.index) <= columns
    texts = [f"{text}_{language}" for text in ("label", "meaning") for language in ("en", "fr")]
    assert catalogue[[*texts, "unit", "value_type", "treatment", "family"]].notna().all().all()
    assert catalogue.loc["revenue_30d", "label_en"] == "Revenue, last 30 days"
    assert catalogue.loc["share_bakery", "label_fr"] == "Part de bakery"
    assert not catalogue.loc[catalogue["value_type"] == "category", "is_clustering_feature"].any()
