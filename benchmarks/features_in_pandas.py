"""The features that `bench-features` builds in SQL, in pandas: what they are compared with, in time and in value.

As somebody would write it in a notebook who knows pandas: whole columns, one group by where one is enough, no loop over
customers. One day is one day of knowing here, as in the rows of the bench; NaN is what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

WINDOWS = (30, 90, 180, 365)
HALF_LIFE = 90
PAUSE_SECONDS = 1800
PATH_DAYS, ASSIST_DAYS = 30, 7
VIEWS = ("event_page_view", "event_view_item", "event_view_item_list", "event_content_view", "event_view_cart")
STAGES = ("item", "cart", "checkout", "purchase")
PARTS_OF_DAY = ("morning", "afternoon", "evening", "night")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KEY = ["customer_id", "day"]
# silence of a customer means that there was nothing
COUNTS = (
    *("order_count", "revenue", "session_count", "search_count", "item_view_count", "promotion_view_count"),
    *("wishlist_count", "abandoned_cart_count", "login_count", "active_day_count", "step_kind_count"),
    *(
        f"{measure}_{window}"
        for measure in ("order_count", "revenue", "session_count")
        for window in (*(f"{days}d" for days in WINDOWS), "life", "decayed")
    ),
)


def features(
    customers: pd.DataFrame,
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    events: pd.DataFrame,
    snapshots: Sequence[date],
    window: int,
) -> pd.DataFrame:
    """Every feature of every customer known at each snapshot; index: customer_id and snapshot_date."""
    days = order_days(orders, lines)
    categories = lines.groupby(["customer_id", "order_day", "category"], as_index=False)["line_amount"].sum()
    visits = visits_of(events)
    steps = events.groupby(["customer_id", "occurred_day", "event_name"], as_index=False).size()
    path = path_of(orders, visits)
    contacts = contacts_of(orders, visits)
    first_order = orders.groupby("customer_id")["order_day"].min()
    known_since = pd.concat([customers.set_index("customer_id")["created_date"], first_order]).groupby(level=0).min()
    built = []
    for snapshot in map(pd.Timestamp, snapshots):
        known = known_since[known_since <= snapshot]

        def aged(frame: pd.DataFrame, day: str, snapshot: pd.Timestamp = snapshot) -> pd.DataFrame:
            seen = frame[frame[day] <= snapshot]
            return seen.assign(age=(snapshot - seen[day]).dt.days)

        ordered, visited = aged(days, "order_day"), aged(visits, "day")
        walked, labelled = aged(path, "day"), aged(contacts, "day")
        spent, stepped = aged(categories, "order_day"), aged(steps, "occurred_day")
        recent_visits = visited[visited["age"] < window]
        table = pd.concat(
            [
                (snapshot - known).dt.days.rename("tenure_days"),
                rfm(ordered, window),
                purchase(ordered[ordered["age"] < window]),
                category(spent[spent["age"] < window]),
                trend(ordered, visited, window),
                journey(visited, recent_visits, stepped[stepped["age"] < window], first_order[first_order <= snapshot]),
                channel(walked[walked["age"] < window]),
                contextual(labelled[labelled["age"] < window], recent_visits),
            ],
            axis=1,
        ).reindex(known.index)
        built.append(table.fillna(dict.fromkeys(COUNTS, 0.0)).assign(snapshot_date=snapshot.date()))
    return pd.concat(built).set_index("snapshot_date", append=True)


def order_days(orders: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """One row per customer and day with an order."""
    hour, gross = orders["ordered_local"].dt.hour, orders["gross_amount"]
    cheap = (orders["discount_amount"] > 0) | orders["coupon_used"]
    daily = (
        orders.assign(
            orders=1.0,
            discounted=cheap,
            discounted_gross=gross.where(cheap, 0),
            full_price_gross=gross.where(~cheap, 0),
            returned=(orders["refund_amount"] > 0) | orders["status"].isin(["returned", "refunded"]),
            weekend=orders["order_day"].dt.dayofweek >= 5,
            morning=hour < 12,
            evening=hour >= 18,
        )
        .drop(columns=["order_id", "ordered_local", "channel", "status"])
        .groupby(["customer_id", "order_day"])
        .sum()
    )
    amount = lines["line_amount"]
    of_lines = (
        lines.assign(
            lines=1.0,
            returned_lines=(amount < 0) | (lines["quantity"] < 0),
            units=lines["quantity"].clip(lower=0),
            unit_amount=amount.where(lines["quantity"] > 0, 0),
            branded=amount.where(lines["brand_type"].notna(), 0),
            private=amount.where(lines["brand_type"] == "private", 0),
        )
        .drop(columns=["order_id", "category", "brand_type", "quantity", "line_amount"])
        .groupby(["customer_id", "order_day"])
        .sum()
    )
    days = daily.join(of_lines).reset_index().sort_values(["customer_id", "order_day"])
    days["gap"] = days.groupby("customer_id")["order_day"].diff().dt.days
    return days


def visits_of(events: pd.DataFrame) -> pd.DataFrame:
    """One row per visit: events of a day without a long pause."""
    events = events.sort_values(["customer_id", "occurred_at", "event_id"])
    pause = events["occurred_at"].diff().dt.total_seconds()
    begins = (
        (events["customer_id"] != events["customer_id"].shift())
        | (events["occurred_day"] != events["occurred_day"].shift())
        | (pause > PAUSE_SECONDS)
    )
    visit, name = begins.cumsum(), events["event_name"]
    told = {
        "views": name.isin(VIEWS),
        "item": name == "event_view_item",
        "cart": name == "event_add_to_cart",
        "checkout": name.isin(["event_begin_checkout", "event_checkout_step"]),
        "purchase": name == "event_purchase",
        "search": name == "event_search",
        "login": name == "event_login",
        "promotion": name == "event_promotion",
        "wishlist": name == "event_add_to_wishlist",
    }
    counts = pd.DataFrame(told).groupby(visit).sum()
    by_visit = events.groupby(visit)
    visits = counts.assign(
        customer_id=by_visit["customer_id"].first(),
        day=by_visit["occurred_day"].first(),
        started_at=by_visit["occurred_at"].first(),
        started_local=by_visit["occurred_local"].first(),
        dwell=(by_visit["occurred_at"].last() - by_visit["occurred_at"].first()).dt.total_seconds(),
        acts=by_visit.size(),
        entry=by_visit["event_name"].first(),
        exit=by_visit["event_name"].last(),
        device=by_visit["device"].min(),
    )
    reached = [visits[stage] > 0 for stage in reversed(STAGES)]
    return visits.assign(stage=np.select(reached, [4, 3, 2, 1], 0))


def path_of(orders: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """One row per customer, day, kind and channel, with what came before it."""
    bought = orders.rename(columns={"order_day": "day"}).assign(place=3)
    seen = visits[KEY].assign(place=2, channel="web")
    path = pd.concat([bought[[*KEY, "place", "channel"]], seen])
    path = path.groupby([*KEY, "place", "channel"], as_index=False).size()
    by_customer = path.groupby("customer_id")
    visit_day = path["day"].where(path["place"] == 2).groupby(path["customer_id"]).ffill()
    last_visit = visit_day.groupby(path["customer_id"]).shift()
    near = (path["day"] - by_customer["day"].shift()).dt.days <= PATH_DAYS
    helped = ((path["day"] - last_visit).dt.days <= ASSIST_DAYS) & (path["channel"] != "web")
    return path.assign(
        switch=(path["channel"] != by_customer["channel"].shift()).astype(float).where(near),
        ordered=path["size"].where(path["place"] == 3, 0),
        assisted=path["size"].where((path["place"] == 3) & helped, 0),
    )


def contacts_of(orders: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """One row per order or visit: its day and hour."""
    bought = orders.rename(columns={"order_day": "day", "ordered_local": "at"})[[*KEY, "at"]]
    contacts = pd.concat([bought, visits.rename(columns={"started_local": "at"})[[*KEY, "at"]]])
    hour = contacts["at"].dt.hour
    part = np.select([hour < 6, hour < 12, hour < 18, hour < 22], [3, 0, 1, 2], 3)
    return contacts.assign(part=part, weekday=contacts["day"].dt.dayofweek)


def ratio(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Divide; a share of nothing is missing."""
    return numerator / denominator.where(denominator != 0)


def counted(frame: pd.DataFrame, label: str) -> pd.DataFrame:
    """How often a customer has each label, a column each."""
    return frame.groupby(["customer_id", label]).size().unstack(fill_value=0)


def rfm(days: pd.DataFrame, window: int) -> pd.DataFrame:
    """Recency, frequency, monetary value and regularity."""
    by_customer, recent = days.groupby("customer_id"), days[days["age"] < window]
    of_window = recent.groupby("customer_id")
    gaps = of_window["gap"]
    table = pd.DataFrame({"recency_days": by_customer["age"].min()})
    table["order_count"] = of_window["orders"].sum()
    # as exact as amounts are: equal sums must rank alike
    table["revenue"] = of_window["revenue"].sum().round(4)
    table = table.fillna({"order_count": 0.0, "revenue": 0.0})
    table["average_order_value"] = ratio(table["revenue"], table["order_count"])
    table["purchase_gap_days"] = gaps.mean()
    table["purchase_gap_variation"] = (gaps.std(ddof=0) / gaps.mean()).where(gaps.count() >= 3)
    for score, value, ascending in (
        ("recency_score", "recency_days", False),
        ("frequency_score", "order_count", True),
        ("monetary_score", "revenue", True),
    ):
        place = table[value].rank(method="min", ascending=ascending)
        table[score] = 1 + np.floor(5 * (place - 1) / len(table))
    return table


def purchase(recent: pd.DataFrame) -> pd.DataFrame:
    """Baskets, prices, discounts and returns in the window."""
    total = recent.drop(columns=["order_day", "age", "gap"]).groupby("customer_id").sum()
    orders = total["orders"]
    cheap = ratio(total["discounted_gross"], total["discounted"])
    full = ratio(total["full_price_gross"], orders - total["discounted"])
    paid = total["gross_amount"] - total["discount_amount"]
    return pd.DataFrame(
        {
            "basket_lines": total["lines"] / orders,
            "basket_units": total["units"] / orders,
            "unit_price": ratio(total["unit_amount"], total["units"]),
            "discount_share": ratio(total["discount_amount"], total["gross_amount"]),
            "discounted_order_share": total["discounted"] / orders,
            "discount_sensitivity": ratio(cheap - full, cheap + full),
            "coupon_order_share": total["coupon_used"] / orders,
            "refund_share": total["refund_amount"] / paid.where(paid > 0),
            "returned_order_share": total["returned"] / orders,
            "returned_line_share": ratio(total["returned_lines"], total["lines"]),
            "private_label_share": total["private"] / total["branded"].where(total["branded"] > 0),
            "weekend_share": total["weekend"] / orders,
            "morning_share": total["morning"] / orders,
            "evening_share": total["evening"] / orders,
        }
    )


def category(recent: pd.DataFrame) -> pd.DataFrame:
    """Breadth, concentration and the favourite."""
    spent = recent.groupby(["customer_id", "category"], as_index=False)["line_amount"].sum()
    spent = spent[spent["line_amount"] >= 0]
    by_customer = spent.groupby("customer_id")["line_amount"]
    share = spent["line_amount"] / by_customer.transform("sum")
    first = spent.sort_values(["line_amount", "category"], ascending=[False, True]).drop_duplicates("customer_id")
    return pd.DataFrame(
        {
            "category_count": by_customer.size(),
            "category_concentration": (share**2).groupby(spent["customer_id"]).sum(),
            "favourite_category": first.set_index("customer_id")["category"],
        }
    )


def trend(days: pd.DataFrame, visits: pd.DataFrame, window: int) -> pd.DataFrame:
    """Count over several windows and with a weight that fades, and tell the growth of spend."""
    table = {}
    visits = visits.assign(visits=1.0)
    for measure, frame, column in (
        ("order_count", days, "orders"),
        ("revenue", days, "revenue"),
        ("session_count", visits, "visits"),
    ):
        value = frame[column]
        for length in WINDOWS:
            table[f"{measure}_{length}d"] = value.where(frame["age"] < length, 0).groupby(frame["customer_id"]).sum()
        table[f"{measure}_life"] = value.groupby(frame["customer_id"]).sum()
        table[f"{measure}_decayed"] = (value * 0.5 ** (frame["age"] / HALF_LIFE)).groupby(frame["customer_id"]).sum()
    spent = [
        days["revenue"]
        .where((days["age"] >= low) & (days["age"] < low + window), 0)
        .groupby(days["customer_id"])
        .sum()
        .clip(lower=0)
        for low in (0, window)
    ]
    is_told = days.groupby("customer_id")["age"].max() >= 2 * window - 1
    table["spend_growth"] = ratio(spent[0] - spent[1], spent[0] + spent[1]).where(is_told)
    return pd.DataFrame(table)


def journey(known: pd.DataFrame, recent: pd.DataFrame, steps: pd.DataFrame, first_order: pd.Series) -> pd.DataFrame:
    """Visits, how far they went, what was wanted and how much of the site was used."""
    ever, of_window = known.groupby("customer_id"), recent.groupby("customer_id")
    count = of_window.size().astype(float)
    has = {stage: (recent[stage] > 0).groupby(recent["customer_id"]).sum() for stage in STAGES}
    at = {stage: (recent["stage"] == stage).groupby(recent["customer_id"]).sum() for stage in range(1, 5)}
    left = ((recent["cart"] > 0) & (recent["purchase"] == 0)).groupby(recent["customer_id"]).sum()
    furthest = of_window["stage"].max()
    in_order = recent.sort_values(["customer_id", "started_at"]).groupby("customer_id")
    taken = steps.groupby(["customer_id", "event_name"], as_index=False)["size"].sum()
    most = taken.sort_values(["size", "event_name"], ascending=[False, True]).drop_duplicates("customer_id")
    is_known = recent["device"].notna().groupby(recent["customer_id"]).sum()
    active_days = recent.drop_duplicates(KEY).groupby("customer_id").size()
    first_day = ever["day"].min()
    led = (first_order.reindex(first_day.index) - first_day).dt.days
    return pd.DataFrame(
        {
            "session_recency_days": ever["age"].min(),
            "session_count": count,
            "session_depth": of_window["views"].sum() / count,
            "session_dwell_seconds": of_window["dwell"].sum() / count,
            "bounce_share": (recent["acts"] <= 1).groupby(recent["customer_id"]).sum() / count,
            **{f"{stage}_session_share": has[stage] / count for stage in STAGES},
            "funnel_depth": of_window["stage"].sum() / count,
            **{
                f"{stage}_drop_share": ratio(at[place], sum(at[beyond] for beyond in range(place, 5)))
                for place, stage in enumerate(STAGES[:3], start=1)
            },
            "furthest_step": furthest.map(dict(enumerate(("visit", *STAGES)))),
            "first_step": in_order["entry"].first(),
            "last_step": in_order["exit"].last(),
            "most_used_step": most.set_index("customer_id")["event_name"],
            "mobile_session_share": ratio(
                recent["device"].isin(["mobile", "tablet"]).groupby(recent["customer_id"]).sum(), is_known
            ),
            "visit_to_order_days": led.where(led >= 0),
            "search_count": of_window["search"].sum(),
            "item_view_count": of_window["item"].sum(),
            "promotion_view_count": of_window["promotion"].sum(),
            "wishlist_count": of_window["wishlist"].sum(),
            "abandoned_cart_count": left,
            "cart_abandonment_share": ratio(left, np.maximum(has["cart"], left)),
            "login_count": of_window["login"].sum(),
            "active_day_count": active_days,
            "step_kind_count": taken.groupby("customer_id").size(),
            "acts_per_active_day": ratio(of_window["acts"].sum(), active_days),
            "usage_days": ever["age"].max(),
            "login_recency_days": known[known["login"] > 0].groupby("customer_id")["age"].min(),
        }
    )


def channel(recent: pd.DataFrame) -> pd.DataFrame:
    """Follow the path over channels in the window."""
    by_customer = recent.groupby("customer_id")
    in_store = recent["ordered"].where(recent["channel"] == "store", 0).groupby(recent["customer_id"]).sum()
    ordered = by_customer["ordered"].sum()
    return pd.DataFrame(
        {
            "channel_count": by_customer["channel"].nunique(),
            "channel_switch_share": by_customer["switch"].mean(),
            "store_order_share": ratio(in_store, ordered),
            "assisted_order_share": ratio(by_customer["assisted"].sum(), ordered),
            "first_channel": by_customer["channel"].first(),
            "last_channel": by_customer["channel"].last(),
        }
    )


def contextual(recent: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """When and on what device."""
    count = recent.groupby("customer_id").size()
    parts = counted(recent, "part").reindex(columns=range(4), fill_value=0)
    weekdays = counted(recent, "weekday").reindex(columns=range(7), fill_value=0)
    return pd.DataFrame(
        {
            "weekend_contact_share": (weekdays[5] + weekdays[6]) / count,
            "night_contact_share": parts[3] / count,
            "favourite_hours": parts.idxmax(axis=1).map(dict(enumerate(PARTS_OF_DAY))),
            "favourite_weekday": weekdays.idxmax(axis=1).map(dict(enumerate(WEEKDAYS))),
            "favourite_device": counted(visits, "device").idxmax(axis=1),
        }
    )
