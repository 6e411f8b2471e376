"""The nine kinds of customers, and what makes each of them different."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from .tools import BIRTH_DAY, DRIFT_DAY

EVEN = (1.0,) * 12
WORKDAYS, WEEKEND = (1.2, 1.2, 1.2, 1.2, 1.2, 0.8, 0.2), (0.4, 0.4, 0.5, 0.5, 0.9, 3.0, 1.3)
ALL_WEEK = (1.0,) * 7


@dataclass(frozen=True)
class Persona:
    """One kind of customer. Rates are per month, weights per month of the year or weekday (Monday first)."""

    name: str
    count: int
    order_rate: float
    categories: dict[str, float]
    hours: tuple[int, int]  # of the day, by the clock of Paris
    web_share: float
    systems: dict[str, float]  # where the first record of a person lies
    ages: tuple[int, int]
    price: float = 1.0
    lines: float = 1.6
    discount_chance: float = 0.08
    discount: float = 0.15
    coupon_chance: float = 0.0
    private_share: float = 0.3
    refund_chance: float = 0.02
    season: tuple[float, ...] = EVEN
    weekdays: tuple[float, ...] = ALL_WEEK
    female_share: float = 0.6
    sessions: float = 0.0  # visits to the site without a purchase
    device: dict[str, float] = field(default_factory=lambda: {"mobile": 0.6, "desktop": 0.35, "tablet": 0.05})
    open_rate: float = 0.3
    ticket_rate: float = 0.15  # tickets a person over the two years
    nps: float = 8.0
    # psychographic scales, 1 to 5: price sensitivity, novelty, ecology, attachment to the brand
    scales: tuple[float, float, float, float] = (3.0, 3.0, 3.0, 3.0)
    base_conversion: float = 0.05
    lift: float = 0.0
    born: date | None = None
    drifted: Persona | None = None

    def at(self, day: date) -> Persona:
        """Give this kind of customer as it is on a day."""
        return self.drifted if self.drifted is not None and day >= DRIFT_DAY else self


_evening = Persona(
    name="evening_skincare",
    count=330,
    order_rate=0.34,
    categories={"skincare": 8, "fragrance": 1.5, "linen": 0.3},
    hours=(19, 23),
    web_share=0.97,
    systems={"web": 1},
    ages=(22, 40),
    price=1.5,
    discount_chance=0.03,
    lines=1.3,
    private_share=0.05,
    female_share=0.8,
    sessions=0.10,
    open_rate=0.4,
    ticket_rate=0.25,
    nps=8.2,
    scales=(2.4, 4.2, 3.6, 3.1),
    base_conversion=0.06,
    lift=0.08,
)

PERSONAS = [
    Persona(
        name="loyal_regulars",
        count=230,
        order_rate=0.52,
        categories={"grocery": 7, "skincare": 1.5, "fragrance": 1, "tableware": 0.5},
        hours=(9, 12),
        web_share=0.04,
        systems={"loyalty": 0.75, "shop": 0.25},
        ages=(50, 82),
        lines=2.6,
        private_share=0.75,
        weekdays=WORKDAYS,
        female_share=0.65,
        open_rate=0.35,
        ticket_rate=0.12,
        nps=9.3,
        scales=(3.0, 2.2, 3.9, 4.6),
        base_conversion=0.2,
    ),
    # more often, cheaper and discounted, at midday in the shop, with groceries
    replace(
        _evening,
        drifted=replace(
            _evening,
            order_rate=0.5,
            categories={"skincare": 5, "grocery": 4, "linen": 1},
            hours=(12, 16),
            web_share=0.35,
            price=0.9,
            discount_chance=0.45,
            discount=0.2,
            private_share=0.4,
            sessions=0.04,
        ),
    ),
    Persona(
        name="bargain_hunters",
        count=470,
        order_rate=0.25,
        categories={"linen": 6, "fragrance": 1, "skincare": 1, "garden": 0.7},
        hours=(11, 18),
        web_share=0.55,
        systems={"web": 0.5, "loyalty": 0.3, "shop": 0.2},
        ages=(25, 60),
        price=0.85,
        lines=1.7,
        discount_chance=0.95,
        discount=0.35,
        coupon_chance=0.7,
        private_share=0.92,
        refund_chance=0.06,
        season=(2.6, 1.6, 0.6, 0.6, 0.6, 1.4, 2.2, 0.5, 0.5, 0.6, 1.3, 0.6),
        sessions=0.05,
        open_rate=0.5,
        ticket_rate=0.25,
        nps=6.4,
        scales=(4.7, 3.0, 2.6, 2.0),
        base_conversion=0.05,
        lift=0.2,
    ),
    Persona(
        name="gift_givers",
        count=550,
        order_rate=0.12,
        categories={"fragrance": 9, "tableware": 0.7, "children": 0.3},
        hours=(14, 19),
        web_share=0.35,
        systems={"shop": 0.5, "web": 0.3, "crm": 0.2},
        discount_chance=0.03,
        ages=(28, 70),
        price=1.1,
        lines=2.6,
        private_share=0.05,
        season=(0.3, 1.6, 0.3, 0.3, 3.2, 1.6, 0.2, 0.2, 0.3, 0.4, 2.2, 4.0),
        female_share=0.45,
        sessions=0.015,
        nps=8.0,
        scales=(3.0, 3.2, 3.0, 2.8),
        base_conversion=0.03,
        lift=0.03,
    ),
    Persona(
        name="garden_weekenders",
        count=340,
        order_rate=0.2,
        categories={"garden": 9, "tableware": 0.5},
        hours=(10, 18),
        web_share=0.05,
        systems={"shop": 0.6, "loyalty": 0.4},
        discount_chance=0.03,
        ages=(38, 72),
        price=1.15,
        lines=2.0,
        private_share=0.45,
        season=(0.2, 0.4, 1.5, 2.4, 2.4, 1.9, 1.0, 0.6, 0.9, 0.5, 0.2, 0.2),
        weekdays=WEEKEND,
        female_share=0.45,
        nps=8.4,
        scales=(2.8, 2.6, 4.5, 3.4),
        base_conversion=0.04,
        lift=0.02,
    ),
    Persona(
        name="premium_collectors",
        count=190,
        order_rate=0.27,
        categories={"tableware": 6, "linen": 3, "fragrance": 1},
        hours=(15, 19),
        web_share=0.12,
        systems={"crm": 0.7, "shop": 0.3},
        ages=(40, 75),
        price=4.5,
        lines=2.4,
        discount_chance=0.01,
        private_share=0.02,
        weekdays=(0.9, 1, 1, 1, 1.2, 1.6, 0.3),
        open_rate=0.45,
        ticket_rate=0.3,
        nps=8.9,
        scales=(1.5, 3.8, 3.4, 4.2),
        base_conversion=0.06,
    ),
    Persona(
        name="occasional_tasters",
        count=500,
        order_rate=0.012,
        categories={"grocery": 9, "skincare": 0.4, "fragrance": 0.3, "children": 0.3},
        hours=(10, 20),
        web_share=0.5,
        systems={"web": 0.5, "shop": 0.4, "loyalty": 0.1},
        ages=(18, 65),
        price=0.8,
        lines=1.1,
        discount_chance=0.1,
        discount=0.1,
        sessions=0.005,
        open_rate=0.12,
        ticket_rate=0.05,
        nps=7.0,
        scales=(3.4, 3.4, 3.0, 1.8),
        base_conversion=0.01,
        lift=0.01,
    ),
    Persona(
        name="professionals",
        count=120,
        order_rate=0.42,
        categories={"professional": 8, "linen": 2, "tableware": 1.5},
        hours=(8, 17),
        web_share=0.4,
        systems={"b2b": 1},
        ages=(28, 62),
        price=2.2,
        lines=2.6,
        discount_chance=0.6,
        discount=0.12,
        private_share=0.9,
        weekdays=(1.5, 1.4, 1.4, 1.3, 1.2, 0.1, 0.0),
        sessions=0.03,
        device={"desktop": 0.92, "mobile": 0.08},
        ticket_rate=0.9,
        nps=7.8,
        scales=(3.5, 2.6, 3.2, 3.6),
    ),
    Persona(
        name="new_parents",
        count=270,
        order_rate=0.5,
        categories={"children": 8, "skincare": 1.5, "linen": 0.7},
        hours=(20, 23),
        web_share=0.9,
        systems={"web": 1},
        ages=(25, 39),
        price=0.95,
        lines=1.9,
        discount_chance=0.1,
        discount=0.15,
        coupon_chance=0.1,
        private_share=0.3,
        female_share=0.7,
        sessions=0.3,
        device={"mobile": 0.92, "tablet": 0.08},
        open_rate=0.55,
        ticket_rate=0.3,
        nps=8.6,
        scales=(3.6, 3.9, 4.6, 3.0),
        base_conversion=0.08,
        lift=0.12,
        born=BIRTH_DAY,
    ),
]
BY_NAME = {persona.name: persona for persona in PERSONAS}
