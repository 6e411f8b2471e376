"""Each family of features against a few lines of plain Python, on random rows: the SQL that dbt compiled, run on tables made here."""

from __future__ import annotations

import datetime as dt
import itertools
import statistics
from collections.abc import Iterable
from typing import Any

import pytest
from helpers.features import (
    CHANGES_OF_CLOCK,
    CUSTOMERS,
    DAYS,
    FEW,
    SNAPSHOTS,
    Rows,
    Run,
    assert_same,
    in_utc,
    mean,
    model_runner,
    on_the_wall,
    ratio,
    seen,
)
from helpers.projects import SAMPLE_VARS, Project
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def run(sample: Project) -> Run:
    return model_runner(sample)


NAMES = (
    "event_session_start",
    "event_page_view",
    "event_view_item",
    "event_search",
    "event_promotion",
    "event_add_to_wishlist",
    "event_add_to_cart",
    "event_cart_abandoned",
    "event_begin_checkout",
    "event_purchase",
    "event_login",
    "of_our_own",
)
AUTOMATIC = {NAMES[0], "event_cart_abandoned"}


# near the borders of pauses and of the day
MOMENTS = st.builds(
    lambda day, second: in_utc(dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=second)),
    st.sampled_from(DAYS),
    st.sampled_from([0, 30, 1799, 1800, 1801, 3600, 43200, 45000, 45000, 84600, 86399]),
)


@st.composite
def events(draw: st.DrawFn) -> Rows:
    rows = []
    for number in range(draw(st.integers(0, 25))):
        moment = draw(st.one_of(MOMENTS, MOMENTS, st.sampled_from(CHANGES_OF_CLOCK)))
        local = on_the_wall(moment)
        day = local.date()
        rows.append(
            {
                "event_id": f"e{number:03d}",
                "customer_id": draw(st.sampled_from(CUSTOMERS)),
                "occurred_day": day,
                "known_day": day + dt.timedelta(days=draw(st.sampled_from([0, 0, 0, 3]))),
                "occurred_at": moment,
                "occurred_local": local,
                "event_name": draw(st.sampled_from(NAMES)),
                "duration_seconds": draw(st.sampled_from([None, None, 0.0, 12.5, 600.0])),
                "device": draw(st.sampled_from([None, "desktop", "mobile", "tablet", "console"])),
            }
        )
    return rows


def visits(rows: Rows) -> list[Rows]:
    """Visits in a loop: sort, and begin another one after a pause, on another day, or of another day of knowing."""
    found: list[Rows] = []
    last: dict[str, Any] | None = None
    order = ("customer_id", "occurred_day", "known_day", "occurred_at", "event_id")
    for row in sorted(rows, key=lambda row: [row[name] for name in order]):
        same = last is not None and all(row[name] == last[name] for name in order[:3])
        if same and last is not None and (row["occurred_at"] - last["occurred_at"]).total_seconds() <= 1800:
            found[-1].append(row)
        else:
            found.append([row])
        last = row
    return found


def has(visit: Rows, *names: str) -> int:
    return sum(row["event_name"] in names for row in visit)


def steps(visit: Rows) -> list[str]:
    return [row["event_name"] for row in visit if row["event_name"] not in AUTOMATIC]


def paths(recent: list[Rows]) -> dict[str, Any]:
    """How far the visits went, where they ended, and their first, last and most frequent step."""
    funnel = (("event_view_item",), ("event_add_to_cart",), ("event_begin_checkout",), ("event_purchase",))
    stages = [max((i for i, names in enumerate(funnel, 1) if has(visit, *names)), default=0) for visit in recent]
    beyond = {stage: sum(one >= stage for one in stages) for stage in range(5)}
    # visits that have a step, as they went
    walked = sorted(
        (visit for visit in recent if steps(visit)),
        key=lambda visit: [visit[0][name] for name in ("occurred_day", "known_day", "occurred_at", "event_id")],
    )
    times: dict[str, int] = {}
    for visit in walked:
        for name in steps(visit):
            times[name] = times.get(name, 0) + 1
    return {
        "funnel_depth": mean(stages),
        "item_drop_share": ratio(stages.count(1), beyond[1]),
        "cart_drop_share": ratio(stages.count(2), beyond[2]),
        "checkout_drop_share": ratio(stages.count(3), beyond[3]),
        "furthest_step": ("visit", "item", "cart", "checkout", "purchase")[max(stages)] if stages else None,
        "first_step": steps(walked[0])[0] if walked else None,
        "last_step": steps(walked[-1])[-1] if walked else None,
        "most_used_step": min(times, key=lambda name: (-times[name], name)) if times else None,
    }


def used(known: list[Rows], recent: list[Rows], snapshot: dt.date) -> dict[str, Any]:
    """How often and how broadly the site was used."""
    active = {visit[0]["occurred_day"] for visit in recent if steps(visit)}
    all_days = [visit[0]["occurred_day"] for visit in known if steps(visit)]
    logins = [visit[0]["occurred_day"] for visit in known if has(visit, "event_login")]
    kinds = {name for visit in recent for name in steps(visit)}
    return {
        "login_count": sum(has(visit, "event_login") for visit in recent) if recent else None,
        "active_day_count": len(active),
        "step_kind_count": len(kinds) if recent else None,
        "acts_per_active_day": ratio(sum(len(steps(visit)) for visit in recent), len(active)),
        "usage_days": (snapshot - min(all_days)).days if all_days else None,
        "login_recency_days": (snapshot - max(logins)).days if logins else None,
    }


@FEW
@given(rows=events(), orders=st.lists(st.tuples(st.sampled_from(CUSTOMERS), st.sampled_from(DAYS)), unique=True))
def test_visits_and_intent(run: Run, rows: Rows, orders: list[tuple[str, dt.date]]) -> None:
    tables = {
        "int_seg__events": rows,
        "int_seg__customer_days": [{"customer_id": customer, "order_day": day} for customer, day in orders],
        "int_seg__orders": [],
        "int_seg__customer_geography": [],
        "int_seg__calendar": [],
    }
    families = ("int_seg__features_journey", "int_seg__features_intent", "int_seg__features_usage")
    days = (
        "sessions",
        "customer_session_days",
        "session_days_told_again",
        "customer_contact_days",
        "customer_context_days",
        "customer_label_days",
    )
    journey, intent, usage = run((*(f"int_seg__{name}" for name in days), *families), give=families, **tables)
    for customer in CUSTOMERS:
        for snapshot in SNAPSHOTS:
            known = [
                visit
                for visit in visits([row for row in rows if row["customer_id"] == customer])
                if seen(visit[0]["occurred_day"], snapshot, None) and seen(visit[0]["known_day"], snapshot, None)
            ]
            recent = [visit for visit in known if seen(visit[0]["occurred_day"], snapshot)]
            assert ((customer, snapshot) in journey) == bool(known)
            assert ((customer, snapshot) in intent) == bool(recent)
            if not known:
                continue
            n = len(recent)
            first = min(visit[0]["occurred_day"] for visit in known)
            ordered = min((day for one, day in orders if one == customer and day <= snapshot), default=None)
            durations = [
                sum(row["duration_seconds"] for row in visit if row["duration_seconds"] is not None)
                if any(row["duration_seconds"] is not None for row in visit)
                else (visit[-1]["occurred_at"] - visit[0]["occurred_at"]).total_seconds()
                for visit in recent
            ]
            devices = [min(names) for v in recent if (names := [row["device"] for row in v if row["device"]])]
            expected = {
                "session_recency_days": (snapshot - max(visit[0]["occurred_day"] for visit in known)).days,
                "session_count": n or None,
                "session_depth": ratio(sum(has(v, "event_page_view", "event_view_item") for v in recent), n),
                "session_dwell_seconds": ratio(sum(durations), n),
                "bounce_share": ratio(sum(len(v) - has(v, *AUTOMATIC) <= 1 for v in recent), n),
                "item_session_share": ratio(sum(has(v, "event_view_item") > 0 for v in recent), n),
                "cart_session_share": ratio(sum(has(v, "event_add_to_cart") > 0 for v in recent), n),
                "checkout_session_share": ratio(sum(has(v, "event_begin_checkout") > 0 for v in recent), n),
                "purchase_session_share": ratio(sum(has(v, "event_purchase") > 0 for v in recent), n),
                "mobile_session_share": ratio(sum(one in ("mobile", "tablet") for one in devices), len(devices)),
                "visit_to_order_days": (ordered - first).days if ordered and ordered >= first else None,
            }
            assert_same(journey[customer, snapshot], expected, (customer, snapshot))
            assert_same(journey[customer, snapshot], paths(recent), (customer, snapshot))
            assert_same(usage[customer, snapshot], used(known, recent, snapshot), (customer, snapshot))
            if not recent:
                continue
            carts = sum(has(v, "event_add_to_cart") > 0 for v in recent)
            left = sum(
                has(v, "event_add_to_cart", "event_cart_abandoned") > 0 and not has(v, "event_purchase") for v in recent
            )
            expected = {
                "search_count": sum(has(v, "event_search") for v in recent),
                "item_view_count": sum(has(v, "event_view_item") for v in recent),
                "promotion_view_count": sum(has(v, "event_promotion") for v in recent),
                "wishlist_count": sum(has(v, "event_add_to_wishlist") for v in recent),
                "abandoned_cart_count": left,
                "cart_abandonment_share": ratio(left, max(carts, left)),
            }
            assert_same(intent[customer, snapshot], expected, (customer, snapshot))


def test_a_pause_is_time_that_passes_and_not_what_the_clock_shows(run: Run) -> None:
    # an hour passes from half past two to half past two, and a second from just before two to three
    moments = {
        "autumn": ("2024-10-27T00:30:00", "2024-10-27T01:30:00"),
        "spring": ("2024-03-31T00:59:59", "2024-03-31T01:00:00"),
    }
    rows = [
        {
            "event_id": moment,
            "customer_id": customer,
            "occurred_day": on_the_wall(dt.datetime.fromisoformat(moment)).date(),
            "known_day": on_the_wall(dt.datetime.fromisoformat(moment)).date(),
            "occurred_at": dt.datetime.fromisoformat(moment),
            "occurred_local": on_the_wall(dt.datetime.fromisoformat(moment)),
            "event_name": "event_page_view",
        }
        for customer, two in moments.items()
        for moment in two
    ]
    assert [row["occurred_local"].time() for row in rows] == [
        dt.time(2, 30),
        dt.time(2, 30),
        dt.time(1, 59, 59),
        dt.time(3),
    ]
    told = run(["int_seg__sessions"], key=("customer_id", "session_number"), int_seg__events=rows)
    assert {key: row["dwell_seconds"] for key, row in told.items()} == {
        ("autumn", 1): 0,
        ("autumn", 2): 0,
        ("spring", 1): 1,
    }


TICKETS = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(CUSTOMERS),
            "opened_day": st.sampled_from(DAYS),
            "lasted": st.sampled_from([None, 0, 1, 40]),
            "satisfaction": st.sampled_from([None, 1.0, 2.0, 5.0]),
        }
    ),
    max_size=12,
)


@FEW
@given(rows=TICKETS)
def test_support(run: Run, rows: Rows) -> None:
    for row in rows:
        lasted = row["lasted"]
        row["closed_day"] = None if lasted is None else row["opened_day"] + dt.timedelta(days=lasted)
    told = run(["int_seg__features_support"], int_seg__support_tickets=rows)
    for customer in CUSTOMERS:
        for snapshot in SNAPSHOTS:
            mine = [row for row in rows if row["customer_id"] == customer and seen(row["opened_day"], snapshot)]
            assert ((customer, snapshot) in told) == bool(mine)
            if mine:
                closed = [row for row in mine if row["closed_day"] and row["closed_day"] <= snapshot]
                expected = {
                    "ticket_count": len(mine),
                    "open_ticket_count": len(mine) - len(closed),
                    "ticket_days": mean(row["lasted"] for row in closed),
                    "ticket_satisfaction": mean(row["satisfaction"] for row in closed if row["satisfaction"]),
                }
                assert_same(told[customer, snapshot], expected, (customer, snapshot))


ACTS = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(CUSTOMERS),
            "occurred_day": st.sampled_from(DAYS),
            "later": st.sampled_from([0, 0, 5]),
            "network": st.sampled_from(["x", "y"]),
            "kind": st.sampled_from(["like", "comment", "share", "follow"]),
            "sentiment": st.sampled_from([None, "positive", "neutral", "negative", "odd"]),
        }
    ),
    max_size=15,
)


@FEW
@given(rows=ACTS)
def test_social(run: Run, rows: Rows) -> None:
    for row in rows:
        row["known_day"] = row["occurred_day"] + dt.timedelta(days=row["later"])
    told = run(["int_seg__features_social"], int_seg__social_engagements=rows)
    moods = {"positive": 1, "neutral": 0, "negative": -1}
    for customer in CUSTOMERS:
        for snapshot in SNAPSHOTS:
            mine = [
                row
                for row in rows
                if row["customer_id"] == customer
                and seen(row["occurred_day"], snapshot)
                and row["known_day"] <= snapshot
            ]
            assert ((customer, snapshot) in told) == bool(mine)
            if mine:
                expected = {
                    "social_count": len(mine),
                    "social_network_count": len({row["network"] for row in mine}),
                    "social_voice_share": mean(row["kind"] in ("comment", "share") for row in mine),
                    "social_sentiment": mean(moods[row["sentiment"]] for row in mine if row["sentiment"] in moods),
                }
                assert_same(told[customer, snapshot], expected, (customer, snapshot))


ANSWERS = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(CUSTOMERS),
            "scale_name": st.sampled_from([*SAMPLE_VARS["seg_survey_scales"], "not asked for"]),
            "question_id": st.sampled_from(["q1", "q2", "q3", "q4"]),
            "answered_day": st.sampled_from(DAYS),
            "score": st.sampled_from([None, 1.0, 2.0, 4.0, 5.0]),
            "scale_max": st.sampled_from([5.0, 5.0, 5.0, 1.0, None]),
            "reversed": st.sampled_from([None, False, True]),
        }
    ),
    max_size=40,
)


def item_score(row: dict[str, Any]) -> float | None:
    if row["score"] is None or row["scale_max"] in (None, 1.0):
        return None
    share = (row["score"] - 1) / (row["scale_max"] - 1)
    return float(1 - share if row["reversed"] else share)


@FEW
@given(rows=ANSWERS)
def test_psychographic(run: Run, rows: Rows) -> None:
    for number, row in enumerate(rows):
        row |= {"response_id": f"{number:03d}", "survey_id": "s", "scale_min": 1.0}
        row["answered_at"] = dt.datetime.combine(row["answered_day"], dt.time(12))
    tables = {
        "int_seg__survey_responses": rows,
        "int_seg__snapshots": [{"snapshot_date": day} for day in SNAPSHOTS],
    }
    items = "int_seg__survey_items_as_of"
    told = run((items, "int_seg__survey_scales", "int_seg__features_psychographic"), **tables)
    scales = run((items, "int_seg__survey_scales"), key=("snapshot_date", "scale_name"), **tables)
    for snapshot in SNAPSHOTS:
        # the last answer that has a score or should have one; one that can't be scored leaves the item without
        last: dict[tuple[str, str], dict[str, float | None]] = {}
        for row in sorted(rows, key=lambda row: (row["answered_at"], row["response_id"])):
            if row["answered_day"] <= snapshot and row["score"] is not None and row["scale_max"] is not None:
                last.setdefault((row["scale_name"], row["customer_id"]), {})[row["question_id"]] = item_score(row)
        answers = {
            key: {question: score for question, score in given_.items() if score is not None}
            for key, given_ in last.items()
        }
        for scale in {scale for scale, _ in answers}:
            people = {customer: given_ for (name, customer), given_ in answers.items() if name == scale and given_}
            asked = sorted({question for given_ in people.values() for question in given_})
            assert ((snapshot, scale) in scales) == bool(asked)
            if not asked:
                continue
            complete = [[given_[q] for q in asked] for given_ in people.values() if len(given_) == len(asked)]
            alpha = None
            if len(asked) > 1 and len(complete) > 1:
                total = statistics.pvariance([sum(line) for line in complete])
                if total > 1e-9:
                    each = sum(statistics.pvariance(list(item)) for item in zip(*complete, strict=True))
                    alpha = len(asked) / (len(asked) - 1) * (1 - each / total)
            expected = {"items": len(asked), "respondents": len(complete), "alpha": alpha}
            assert_same(scales[snapshot, scale], expected, (snapshot, scale))
            if scale in SAMPLE_VARS["seg_survey_scales"]:
                for customer, given_ in people.items():
                    score = mean(given_.values()) if len(given_) >= len(asked) / 2 else None
                    row = told[customer, snapshot]
                    assert_same(row, {f"scale_{scale}": score}, (customer, snapshot, scale))


ORDERS = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(CUSTOMERS),
            "order_day": st.sampled_from(DAYS),
            "hour": st.sampled_from([0, 11, 12, 17, 18, 23]),
            # refunds larger than orders, orders without an amount, and ties
            "revenue": st.sampled_from([None, -30, 0, 10, 10, 99.9999]),
            "gross_amount": st.sampled_from([None, 0, 20, 120.5]),
            "discount_amount": st.sampled_from([0, 5]),
            "refund_amount": st.sampled_from([None, None, 0, 20, 500]),
            "status": st.sampled_from([None, "paid", "returned", "refunded"]),
            "coupon_used": st.sampled_from([False, True]),
        }
    ),
    max_size=15,
)
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(CUSTOMERS),
            "order_day": st.sampled_from(DAYS),
            "category": st.sampled_from([None, "bakery", "beauty", "toys"]),
            "brand_type": st.sampled_from([None, "private", "national"]),
            "quantity": st.sampled_from([None, -1, 1, 2, 0.5]),
            "line_amount": st.sampled_from([-20, 0, 5, 12.25]),
        }
    ),
    max_size=15,
)


def total(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def fifth(value: float | None, others: Iterable[float | None], better: int) -> float | None:
    """The share of those who are worse, in fifths."""
    known = [other for other in others if other is not None]
    if value is None:
        return None
    return 1 + sum((value - other) * better > 0 for other in known) * 5 // len(known)


@FEW
@given(orders=ORDERS, lines=LINES)
def test_orders(run: Run, orders: Rows, lines: Rows) -> None:
    for row in orders:
        row["ordered_local"] = dt.datetime.combine(row["order_day"], dt.time(row["hour"], 59))
    ordered = {(row["customer_id"], row["order_day"]) for row in orders}
    # a line belongs to an order
    lines = [row for row in lines if (row["customer_id"], row["order_day"]) in ordered]
    tables = {"int_seg__orders": orders, "int_seg__order_lines": lines}
    rfm, purchase, category = (
        run((*(f"int_seg__customer_{name}" for name in days), f"int_seg__features_{family}"), **tables)
        for days, family in ((("days", "order_gaps"), "rfm"), (("days",), "purchase"), (("category_days",), "category"))
    )
    snapshots = [{"snapshot_date": snapshot} for snapshot in SNAPSHOTS]
    scores = run(
        ("int_seg__rfm_scores",), int_seg__feature_rows=list(rfm.values()), int_seg__ranked_snapshots=snapshots
    )
    for snapshot in SNAPSHOTS:
        expected: dict[str, dict[str, float | None]] = {}
        for customer in CUSTOMERS:
            mine = [row for row in orders if row["customer_id"] == customer and row["order_day"] <= snapshot]
            recent = [row for row in mine if seen(row["order_day"], snapshot)]
            days = sorted({row["order_day"] for row in mine})
            gaps = [(after - before).days for before, after in itertools.pairwise(days) if seen(after, snapshot)]
            n = len(recent)
            revenue = total(float(row["revenue"]) if row["revenue"] is not None else None for row in recent) if n else 0
            spread = statistics.pstdev(gaps) / statistics.fmean(gaps) if len(gaps) >= 3 else None
            expected[customer] = {
                "recency_days": (snapshot - days[-1]).days if days else None,
                "tenure_days": (snapshot - dt.date(2023, 6, 1)).days,
                "order_count": n,
                "revenue": revenue,
                "average_order_value": ratio(revenue, n) if revenue is not None else None,
                "purchase_gap_days": mean(gaps),
                "purchase_gap_variation": spread,
            }
            assert ((customer, snapshot) in purchase) == bool(recent)
            mine = [row for row in lines if row["customer_id"] == customer and seen(row["order_day"], snapshot)]
            if recent:
                gross = total(row["gross_amount"] for row in recent)
                branded = sum(row["line_amount"] for row in mine if row["brand_type"])
                private = sum(row["line_amount"] for row in mine if row["brand_type"] == "private")
                bought = [row for row in mine if row["quantity"] and row["quantity"] > 0]
                units = sum(row["quantity"] for row in bought)
                cheap, full = (
                    mean(
                        row["gross_amount"]
                        for row in recent
                        if (row["discount_amount"] > 0 or row["coupon_used"]) == is_cheap
                        and row["gross_amount"] is not None
                    )
                    for is_cheap in (True, False)
                )
                paid = (gross or 0) - sum(row["discount_amount"] for row in recent)
                told = {
                    "basket_units": ratio(units, n) if bought else None,
                    "unit_price": ratio(sum(row["line_amount"] for row in bought), units) if bought else None,
                    "discounted_order_share": sum(row["discount_amount"] > 0 or row["coupon_used"] for row in recent)
                    / n,
                    "discount_sensitivity": ratio(cheap - full, cheap + full)
                    if cheap is not None and full is not None
                    else None,
                    "refund_share": sum(row["refund_amount"] or 0 for row in recent) / paid
                    if gross is not None and paid > 0
                    else None,
                    "returned_order_share": sum(
                        (row["refund_amount"] or 0) > 0 or row["status"] in ("returned", "refunded") for row in recent
                    )
                    / n,
                    "returned_line_share": ratio(
                        sum(row["line_amount"] < 0 or (row["quantity"] or 0) < 0 for row in mine), len(mine)
                    ),
                    "basket_lines": ratio(len(mine), n) if mine else None,
                    "discount_share": ratio(sum(row["discount_amount"] for row in recent), gross) if gross else None,
                    "coupon_order_share": sum(bool(row["coupon_used"]) for row in recent) / n,
                    "private_label_share": private / branded if branded > 0 else None,
                    "weekend_share": sum(row["order_day"].isoweekday() >= 6 for row in recent) / n,
                    "morning_share": sum(row["hour"] < 12 for row in recent) / n,
                    "evening_share": sum(row["hour"] >= 18 for row in recent) / n,
                }
                assert_same(purchase[customer, snapshot], told, (customer, snapshot))
            spent: dict[str, float] = {}
            for row in mine:
                if row["category"]:
                    spent[row["category"]] = spent.get(row["category"], 0) + row["line_amount"]
            spent = {name: amount for name, amount in spent.items() if amount >= 0}
            assert ((customer, snapshot) in category) == bool(spent)
            if spent:
                all_of_it = sum(spent.values())
                told = {
                    "category_count": len(spent),
                    "category_concentration": sum((x / all_of_it) ** 2 for x in spent.values()) if all_of_it else None,
                    "share_bakery": ratio(spent.get("bakery", 0), all_of_it),
                    "favourite_category": min(spent, key=lambda name: (-spent[name], name)),
                }
                assert_same(category[customer, snapshot], told, (customer, snapshot))
        buyers = [one for one in expected.values() if one["recency_days"] is not None]
        for customer, one in expected.items():
            for score, value, better in (
                ("recency_score", "recency_days", -1),
                ("frequency_score", "order_count", 1),
                ("monetary_score", "revenue", 1),
            ):
                others = [other[value] for other in buyers]
                one[score] = fifth(one[value], others, better) if one["recency_days"] is not None else None
            assert ((customer, snapshot) in scores) == (one["recency_days"] is not None)
            unranked = dict.fromkeys(("recency_score", "frequency_score", "monetary_score"))
            told = {**rfm[customer, snapshot], **scores.get((customer, snapshot), unranked)}
            assert_same(told, one, (customer, snapshot))


TOUCHES = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(CUSTOMERS),
            "sent_day": st.sampled_from(DAYS),
            "opened": st.sampled_from([None, 0, 2]),
            "clicked": st.sampled_from([None, 0, 3]),
            "converted": st.sampled_from([None, 1, 40]),
            "unsubscribed": st.sampled_from([None, None, 0, 2]),
        }
    ),
    max_size=12,
)


@FEW
@given(rows=TOUCHES)
def test_campaign(run: Run, rows: Rows) -> None:
    for row in rows:
        for act in ("opened", "clicked", "converted", "unsubscribed"):
            row[f"{act}_day"] = None if row[act] is None else row["sent_day"] + dt.timedelta(days=row[act])
        # what one of them opened may not be known
        row["is_open_known"] = row["customer_id"] != "a"
        row["opened_day"] = row["opened_day"] if row["is_open_known"] else None
    told = run(
        ("int_seg__customer_touch_days", "int_seg__features_campaign"),
        int_seg__campaign_touches=rows,
        int_seg__run=[{"as_of_date": SNAPSHOTS[-1]}],
    )
    for customer in CUSTOMERS:
        for snapshot in SNAPSHOTS:
            counts = {
                f"messages_{act}": sum(
                    row["customer_id"] == customer
                    and row[f"{act}_day"] is not None
                    and seen(row[f"{act}_day"], snapshot)
                    for row in rows
                )
                for act in ("sent", "opened", "clicked", "converted", "unsubscribed")
            }
            assert ((customer, snapshot) in told) == any(counts.values())
            if any(counts.values()):
                sent, opened = counts["messages_sent"], counts["messages_opened"]
                is_known = customer != "a" and (sent > 0 or opened > 0)
                expected = counts | {
                    "messages_opened": opened if is_known else None,
                    "message_open_rate": ratio(opened, sent) if is_known else None,
                    "message_click_rate": ratio(counts["messages_clicked"], sent),
                    "message_response_rate": ratio(counts["messages_converted"], sent),
                }
                assert_same(told[customer, snapshot], expected, (customer, snapshot))
