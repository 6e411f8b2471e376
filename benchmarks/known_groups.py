"""Data whose groups are known: four of scikit-learn, the personas that jafgen hides, and those of the demo."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import datasets

ROOT = Path(__file__).resolve().parents[1]
RECORD = ["source_system", "source_record_id"]
CATEGORIES = ["children", "fragrance", "garden", "grocery", "linen", "professional", "skincare", "tableware"]


@dataclass(frozen=True)
class Known:
    """A frame and its groups, rows in the same order."""

    name: str
    frame: pd.DataFrame
    groups: np.ndarray


def all_known() -> Iterator[Known]:
    """Every data set that is installed."""
    for name in ("wine", "breast_cancer", "iris", "digits"):
        bunch = getattr(datasets, f"load_{name}")()
        columns = [f"f{j:02d}" for j in range(bunch.data.shape[1])]
        yield _known(name, pd.DataFrame(bunch.data, columns=columns), bunch.target)
    try:
        yield jaffle_personas()
    except ImportError:
        print("jafgen is not installed: pip install -e '.[bench]'")
    yield demo_personas()


def _known(name: str, frame: pd.DataFrame, groups: np.ndarray | pd.Series) -> Known:
    frame = frame.set_axis([f"c{i:05d}" for i in range(len(frame))])
    return Known(name, frame, pd.factorize(np.asarray(groups), sort=True)[0])


def jaffle_personas(seed: int = 0, days: int = 365) -> Known:
    """Simulate a year of jafgen's coffee shops, and describe what each customer does.

    jafgen has no seed, so this drives its simulation with all three of its generators seeded. Customers with fewer than
    ten orders are left out: nobody can tell a persona from a handful of cups.
    """
    from faker import Faker
    from jafgen.curves import Day
    from jafgen.simulation import Simulation

    random.seed(seed)
    np.random.seed(seed)
    Faker.seed(seed)
    simulation = Simulation(1, "raw")
    rows, told = [], set()
    for number in range(days):
        day = Day(number)
        for market in simulation.markets:
            for order, tweet in market.sim_day(day):
                if tweet is not None:
                    told.add(id(tweet.order))
                if order is not None:
                    rows.append((order, number))
    orders = pd.DataFrame([_cup(order, day, id(order) in told) for order, day in rows])
    by_customer = orders.groupby("customer", sort=False)
    frame = pd.DataFrame(
        {
            "hour": by_customer["hour"].mean(),
            "hour_spread": by_customer["hour"].std(),
            "weekend_share": by_customer["is_weekend"].mean(),
            "summer_share": by_customer["is_summer"].mean(),
            "drinks": by_customer["drinks"].mean(),
            "food": by_customer["food"].mean(),
            "food_share": by_customer["has_food"].mean(),
            "tweet_share": by_customer["is_tweeted"].mean(),
            "spend": by_customer["spend"].mean(),
            "orders_a_day": by_customer.size() / (by_customer["day"].max() - by_customer["day"].min() + 1),
        }
    )
    enough = by_customer.size() >= 10
    return _known("jafgen", frame[enough], by_customer["persona"].first()[enough])


def _cup(order, day: int, is_tweeted: bool) -> dict[str, object]:
    drinks = sum(item.item.type != "jaffle" for item in order.items)
    moment = order.order_time
    return {
        "customer": id(order.customer),
        "persona": type(order.customer).__name__,
        "day": day,
        "is_weekend": moment.is_weekend,
        "is_summer": moment.season == "summer",
        "hour": moment.date.hour + moment.date.minute / 60,
        "drinks": drinks,
        "food": len(order.items) - drinks,
        "has_food": len(order.items) > drinks,
        "spend": order.subtotal,
        "is_tweeted": is_tweeted,
    }


def demo_personas() -> Known:
    """Tell what the demo's people bought, when and where, next to the persona that drew it."""
    people = _read("tests/fixtures/truth/records.csv").merge(_read("tests/fixtures/truth/people.csv"), on="person_id")
    orders = _read("seeds/demo/seg_demo_orders.csv").drop_duplicates("order_id", keep=False)
    orders["source_system"] = orders["source_system"].str.strip().str.lower()
    orders = orders.merge(people, on=RECORD)
    orders = orders[orders["ordered_at"].str.fullmatch(r"202[4-6]-(0\d|1[0-2])-\d\d [\d:]{8}")]
    for name in ("gross_amount", "discount_amount"):
        orders[name] = pd.to_numeric(orders[name].replace("", "0"), errors="coerce")
    orders = orders[np.isfinite(orders["gross_amount"]) & (orders["gross_amount"] > 0)]
    lines = _read("seeds/demo/seg_demo_order_lines.csv").drop_duplicates("order_line_id")
    lines["amount"] = pd.to_numeric(lines["line_amount"], errors="coerce")
    lines["category"] = lines["category"].str.strip().str.lower()
    lines = lines[np.isfinite(lines["amount"])].merge(orders[["order_id", "person_id"]], on="order_id")
    spent = lines.pivot_table(index="person_id", columns="category", values="amount", aggfunc="sum", fill_value=0)
    own = lines.assign(is_own=lines["brand_type"] == "private").groupby("person_id")["is_own"].mean()
    person = orders.groupby("person_id").agg(
        persona=("persona", "first"),
        orders=("order_id", "size"),
        gross=("gross_amount", "sum"),
        discount=("discount_amount", "sum"),
        web=("channel", lambda channel: (channel == "web").mean()),
        evening=("ordered_at", lambda moment: (moment.str[11:13] >= "17").mean()),
    )
    person = person.join(spent[CATEGORIES].div(spent[CATEGORIES].sum(axis=1), axis=0), how="inner")
    frame = person[[*CATEGORIES, "web", "evening", "orders"]].assign(
        amount=person["gross"] / person["orders"], discount=person["discount"] / person["gross"], own_brand=own
    )
    return _known("demo", frame, person["persona"])


def _read(path: str) -> pd.DataFrame:
    return pd.read_csv(ROOT / path, dtype=str, keep_default_na=False)


def noise(kind: str, seed: int, n_rows: int = 1000, n_features: int = 6) -> pd.DataFrame:
    """Draw customers without groups: normal, uniform, or one skewed blob."""
    generator = np.random.default_rng([seed, 101])
    normal = generator.normal(size=(n_rows, n_features))
    drawn = {
        "normal": normal,
        "uniform": generator.uniform(size=(n_rows, n_features)),
        "skewed": np.exp(normal @ np.linalg.cholesky(0.4 * np.eye(n_features) + 0.6)),
    }[kind]
    return _known(kind, pd.DataFrame(drawn, columns=[f"f{j}" for j in range(n_features)]), np.zeros(n_rows)).frame


def blobs(n_groups: int, seed: int, n_rows: int = 1000, n_features: int = 5, distance: float = 7.0) -> pd.DataFrame:
    """Round groups whose centres are at least `distance` standard deviations apart."""
    generator = np.random.default_rng([seed, n_groups, 103])
    while True:
        centers = generator.normal(size=(n_groups, n_features)) * distance
        apart = np.sqrt(((centers[:, None] - centers[None]) ** 2).sum(axis=-1)) + np.eye(n_groups) * 1e9
        if apart.min() > distance:
            break
    group = generator.integers(n_groups, size=n_rows)
    points = centers[group] + generator.normal(size=(n_rows, n_features))
    return _known("blobs", pd.DataFrame(points, columns=[f"f{j}" for j in range(n_features)]), group).frame
