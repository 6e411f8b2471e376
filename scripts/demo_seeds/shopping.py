"""Orders and their lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from . import lexicon
from .people import Person, Record
from .personas import PERSONAS, Persona
from .tools import FIRST_DAY, LAST_DAY, Draw, Row, money, stamp, to_utc


@dataclass
class Order:
    """An order with its lines, before anything goes wrong with its row."""

    person: Person
    record: Record
    moment: datetime  # UTC
    channel: str
    lines: list[Row]
    coupon: bool
    status: str = "paid"
    refund: float = 0.0
    currency: str = "EUR"
    order_id: str = ""

    @property
    def gross(self) -> float:
        """Price of everything before discounts."""
        return round(sum(line["line_amount"] + line["discount_amount"] for line in self.lines), 2)

    @property
    def discount(self) -> float:
        """What was taken off."""
        return round(sum(line["discount_amount"] for line in self.lines), 2)


def order_days(draw: Draw, person: Person, chances: np.ndarray) -> list[date]:
    """Draw the days on which a person buys; who joins within the two years buys within three weeks."""
    first = (person.first_day - FIRST_DAY).days
    last = (person.stops - FIRST_DAY).days
    chosen = set(first + draw.days(chances[first : last + 1] * person.zeal))
    if person.joined.date() >= FIRST_DAY:
        chosen.add(min(first + draw.whole(0, 20), max(first, last)))
    return [FIRST_DAY + timedelta(days=int(n)) for n in sorted(chosen)]


def _chances(persona: Persona) -> np.ndarray:
    """Chance of an order on each of the days, shape (days,)."""

    def chance(day: date) -> float:
        now = persona.at(day)
        season = now.season[day.month - 1] / (sum(now.season) / 12)
        weekday = now.weekdays[day.weekday()] / (sum(now.weekdays) / 7)
        return now.order_rate * season * weekday / 30.4

    return np.array([chance(FIRST_DAY + timedelta(days=n)) for n in range((LAST_DAY - FIRST_DAY).days + 1)])


def make_orders(people: list[Person]) -> list[Order]:
    """Draw all orders, by moment; ids come later, when the campaign has added its own."""
    draw = Draw("orders")
    chances = {persona.name: _chances(persona) for persona in PERSONAS}
    return [
        new_order(draw, person, day)
        for person in people
        for day in order_days(draw, person, chances[person.persona.name])
    ]


def new_order(draw: Draw, person: Person, day: date) -> Order:
    """Draw one order of a person on a day."""
    persona = person.persona.at(day)
    channel = "web" if draw.chance(persona.web_share) else "shop"
    if channel == "shop" and person.company and draw.chance(0.6):
        channel = "phone"
    hour = draw.whole(*persona.hours)
    moment = to_utc(datetime(day.year, day.month, day.day, hour, draw.whole(0, 59), draw.whole(0, 59)))
    record = _known_as(draw, person, channel, moment)
    discounted = draw.chance(persona.discount_chance)
    lines = [_line(draw, persona, discounted) for _ in range(1 + draw.poisson(persona.lines - 1))]
    order = Order(person, record, moment, channel, lines, discounted and draw.chance(persona.coupon_chance))
    if person.place[2] == "CH":
        order.currency = "CHF"
    if draw.chance(0.015):
        order.status = "cancelled"
    elif draw.chance(persona.refund_chance):
        order.status = "returned"
        order.refund = round((order.gross - order.discount) * draw.pick([1.0, 0.5]), 2)
    return order


def _known_as(draw: Draw, person: Person, channel: str, moment: datetime) -> Record:
    """Choose the record that an order carries: the channel's own, or another one that there was by then."""
    there = [r for r in person.records if r.created <= moment] or person.records[:1]
    fitting = [r for r in there if r.system == channel or (channel == "shop" and r.system == "loyalty")]
    return draw.pick(fitting or there)


def _line(draw: Draw, persona: Persona, discounted: bool) -> Row:
    category = draw.weighted(persona.categories)
    code, price = lexicon.CATEGORIES[category]
    product = draw.whole(1, 24)
    quantity = draw.weighted({1: 8, 2: 2, 3: 0.6} if category != "professional" else {1: 3, 2: 3, 5: 2, 10: 1})
    # every product has its own place in the range of prices
    amount = round(price * (0.6 + product / 24 * 0.8) * persona.price * draw.uniform(0.9, 1.15) * quantity, 2)
    saved = round(amount * persona.discount * draw.uniform(0.8, 1.2), 2) if discounted else 0.0
    return {
        "product_id": f"{code}{product:02d}",
        "category": category,
        "brand_type": "private" if draw.chance(persona.private_share) else "national",
        "quantity": quantity,
        "line_amount": round(amount - saved, 2),
        "discount_amount": saved,
    }


def number_orders(orders: list[Order]) -> None:
    """Give orders their ids by moment, as a till does."""
    orders.sort(key=lambda order: (order.moment, order.person.person_id))
    for number, order in enumerate(orders, 10001):
        order.order_id = str(number)


def order_rows(orders: list[Order]) -> tuple[list[Row], list[Row]]:
    """Give orders and their lines as rows of the inputs."""
    draw = Draw("order rows")
    shops = {shop: float(weight) for shop, _, weight in lexicon.SHOPS}
    towns = {town: shop for shop, town, _ in lexicon.SHOPS}
    rows, lines = [], []
    for order in orders:
        nearest = towns.get(order.person.place[1]) or draw.weighted(shops)
        row = {
            "order_id": order.order_id,
            **order.record.key,
            "ordered_at": stamp(order.moment),
            "status": order.status,
            "channel": order.channel,
            "store_id": nearest if order.channel == "shop" else None,
            "currency": order.currency,
            "gross_amount": money(order.gross),
            "discount_amount": money(order.discount) if order.discount else None,
            "refund_amount": money(order.refund) if order.refund else None,
            "coupon_used": "true" if order.coupon else "false",
        }
        rows.append(row)
        for place, line in enumerate(order.lines, 1):
            amounts = {name: money(line[name]) if line[name] else None for name in ("line_amount", "discount_amount")}
            lines.append({"order_line_id": f"{order.order_id}-{place}", "order_id": order.order_id} | line | amounts)
    return rows, lines
