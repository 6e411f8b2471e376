"""Campaigns and their messages, social engagements, surveys, support tickets and facts bought from others."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from . import lexicon
from .people import Person
from .shopping import Order, new_order
from .tools import LAST_DAY, Draw, Row, money, plain, stamp

EXPERIMENT, EXPERIMENT_DAY = "spring-test", date(2026, 3, 10)
# id, kind, channel, day, people reached
CAMPAIGNS = [
    ("rentree-24", "news", "email", date(2024, 9, 5), 330),
    ("noel-24", "gift", "email", date(2024, 11, 28), 430),
    ("soldes-25h", "sale", "email", date(2025, 1, 8), 400),
    ("jardin-25", "news", "email", date(2025, 3, 20), 330),
    ("meres-25", "gift", "sms", date(2025, 5, 15), 250),
    ("soldes-25e", "sale", "email", date(2025, 6, 25), 400),
    ("rentree-25", "news", "email", date(2025, 9, 4), 400),
    ("avis-25", "loyalty", "post", date(2025, 10, 2), 180),
    ("noel-25", "gift", "email", date(2025, 11, 27), 480),
    ("soldes-26h", "sale", "email", date(2026, 1, 7), 450),
    ("jardin-26", "news", "email", date(2026, 4, 16), 380),
    ("meres-26", "gift", "sms", date(2026, 5, 21), 250),
]
SCALES = ("price_sensitivity", "novelty", "ecology", "brand_attachment")
SCALE_ENDS = (1, 5)


def make_touches(people: list[Person], orders: list[Order]) -> tuple[list[Row], list[Row]]:
    """Send ordinary campaigns and the experiment. Gives the touches, and the experiment's true lift per persona.

    A conversion in the experiment is an order as well, so that lift can be measured either way.
    """
    draw = Draw("touches")
    touches: list[Row] = []
    for campaign, kind, channel, day, reach in CAMPAIGNS:
        there = [p for p in people if p.joined.date() < day and not p.company]
        for person in draw.some(there, reach):
            touches.append(_touch(draw, person, campaign, kind, channel, day))
            touches[-1] |= _answer(draw, person, day)
    counts: dict[tuple[str, str], list[int]] = {}
    for person in people:
        persona = person.persona
        if person.company or person.joined.date() >= EXPERIMENT_DAY:
            continue
        variant = draw.pick(["treatment", "control"])
        touch = _touch(draw, person, EXPERIMENT, "sale", "email", EXPERIMENT_DAY) | {"variant": variant}
        converts = draw.chance(persona.base_conversion + (persona.lift if variant == "treatment" else 0))
        if variant == "treatment" and (converts or draw.chance(persona.open_rate)):
            opened = datetime(2026, 3, 10, 8) + timedelta(minutes=draw.whole(3, 2000))
            touch["opened_at"] = stamp(opened)
            touch["clicked_at"] = stamp(opened + timedelta(minutes=1)) if converts or draw.chance(0.2) else None
        if converts:
            order = new_order(draw, person, EXPERIMENT_DAY + timedelta(days=draw.whole(2, 21)))
            order.status, order.refund = "paid", 0.0
            orders.append(order)
            touch |= {"converted_at": stamp(order.moment), "revenue": money(order.gross - order.discount)}
        touches.append(touch)
        if person.is_allowed:
            tally = counts.setdefault((persona.name, variant), [0, 0])
            tally[0] += 1
            tally[1] += converts
    touches = sorted(touches, key=lambda touch: (str(touch["sent_at"]), str(touch["source_record_id"])))
    for number, touch in enumerate(touches, 1):
        touch["touch_id"] = f"T{number}"
    truth = [
        {
            "campaign_id": EXPERIMENT,
            "persona": persona.name,
            "true_control_rate": persona.base_conversion,
            "true_lift": persona.lift,
            **{
                f"{variant}_{what}": counts[persona.name, variant][i]
                for variant in ("treatment", "control")
                for i, what in enumerate(("sent", "converted"))
            },
        }
        for persona in sorted({p.persona.name: p.persona for p in people}.values(), key=lambda p: p.name)
        if (persona.name, "control") in counts
    ]
    return touches, truth


def _touch(draw: Draw, person: Person, campaign: str, kind: str, channel: str, day: date) -> Row:
    sent = datetime(day.year, day.month, day.day, draw.whole(6, 8), draw.whole(0, 59))
    return {
        "touch_id": "",
        "campaign_id": campaign,
        **draw.pick([r for r in person.records if r.created < sent] or person.records[:1]).key,
        "sent_at": stamp(sent),
        "channel": channel,
        "variant": None,
        "campaign_type": kind,
        "opened_at": None,
        "clicked_at": None,
        "converted_at": None,
        "unsubscribed_at": None,
        "revenue": None,
    }


def _answer(draw: Draw, person: Person, day: date) -> Row:
    persona = person.persona
    if not draw.chance(persona.open_rate):
        return {}
    opened = draw.moment(day + timedelta(days=draw.whole(0, 3)), 9, 22)
    answer: Row = {"opened_at": stamp(opened)}
    if draw.chance(0.25):
        answer["clicked_at"] = stamp(opened + timedelta(minutes=draw.whole(1, 5)))
        if draw.chance(min(0.6, persona.base_conversion * 4)):
            bought = opened + timedelta(hours=draw.whole(1, 90))
            answer |= {"converted_at": stamp(bought), "revenue": money(draw.uniform(15, 60) * persona.price)}
    elif draw.chance(0.02):
        answer["unsubscribed_at"] = stamp(opened + timedelta(minutes=2))
    return answer


def handle(person: Person) -> str:
    """Name that a person goes by on social networks."""
    return f"@{plain(person.first_name)[:3]}_{plain(person.last_name).replace(' ', '')}"


def make_social(people: list[Person]) -> list[Row]:
    """Draw what known handles did, and some of nobody whom we know."""
    draw = Draw("social")
    keen = {"new_parents": 4, "evening_skincare": 4, "garden_weekenders": 1, "gift_givers": 1, "bargain_hunters": 1}
    persons = [p for p in people if not p.company and draw.chance(0.06 * keen.get(p.persona.name, 0.3))]
    topics = {
        "new_parents": "bébé",
        "evening_skincare": "soin du visage",
        "garden_weekenders": "jardin",
        "bargain_hunters": "soldes",
    }
    rows = []
    for person in persons:
        network = draw.weighted({"instagram": 6, "facebook": 3, "pinterest": 1})
        for _ in range(1 + draw.poisson(1.6)):
            unknown = draw.chance(0.1)
            rows.append(
                {
                    "engagement_id": "",
                    "network": network,
                    "kind": draw.weighted({"like": 6, "comment": 2, "share": 1, "follow": 0.6}),
                    "occurred_at": stamp(draw.moment(draw.day(person.first_day, LAST_DAY), 8, 22)),
                    **(person.record("web").key if not unknown else {"source_system": None, "source_record_id": None}),
                    "handle": handle(person) if not unknown else f"@visiteur{draw.whole(100, 999)}",
                    "topic": topics.get(person.persona.name, "cadeaux")
                    if draw.chance(0.75)
                    else draw.pick(["ecology", "livraison"]),
                    "sentiment": draw.weighted({"positive": 6, "neutral": 3, "negative": 1}),
                }
            )
    rows.sort(key=lambda row: str(row["occurred_at"]))
    return [row | {"engagement_id": f"G{number}"} for number, row in enumerate(rows, 1)]


def make_surveys(people: list[Person]) -> list[Row]:
    """Draw answers to a psychographic questionnaire (four scales of three items, the third reversed) and an NPS."""
    draw = Draw("surveys")
    rows: list[Row] = []
    for person in draw.some([p for p in people if p.joined.date() < date(2025, 10, 1)], 190):
        answered = draw.moment(draw.day(date(2025, 10, 6), date(2025, 10, 26)), 9, 22)
        for scale, mean in zip(SCALES, person.persona.scales, strict=True):
            level = draw.normal(mean, 0.5)
            for item in (1, 2, 3):
                score = min(max(round(draw.normal(level, 0.5)), SCALE_ENDS[0]), SCALE_ENDS[1])
                rows.append(
                    _answer_row(person, "psy25", f"{scale[:3]}{item}", answered)
                    | {
                        "score": sum(SCALE_ENDS) - score if item == 3 else score,
                        "reversed": "true" if item == 3 else "false",
                    }
                    | {"scale_min": SCALE_ENDS[0], "scale_max": SCALE_ENDS[1], "scale_name": scale}
                )
    for person in draw.some([p for p in people if p.joined.date() < date(2026, 4, 1)], 420):
        answered = draw.moment(draw.day(max(person.first_day, date(2025, 1, 6)), LAST_DAY), 9, 22)
        score = min(max(round(draw.normal(person.persona.nps, 1.3)), 0), 10)
        tone = "high" if score >= 9 else "middle" if score >= 7 else "low"
        rows.append(
            _answer_row(person, "nps", "recommend", answered)
            | {"score": score, "scale_min": 0, "scale_max": 10, "scale_name": "nps"}
            | {"answer_text": draw.pick(lexicon.NPS_TEXTS[tone]) if draw.chance(0.45) else None}
        )
    return [row | {"response_id": f"A{number}"} for number, row in enumerate(rows, 1)]


def _answer_row(person: Person, survey: str, question: str, answered: datetime) -> Row:
    return {
        "response_id": "",
        "survey_id": survey,
        "question_id": question,
        **person.record("web").key,
        "answered_at": stamp(answered),
        "score": None,
        "scale_min": None,
        "scale_max": None,
        "reversed": "false",
        "scale_name": None,
        "answer_text": None,
    }


def make_tickets(people: list[Person]) -> list[Row]:
    """Draw support tickets; people whose refusal is planted sign theirs with their name."""
    draw = Draw("tickets")
    leaning = {
        "bargain_hunters": {"price": 5, "refund": 3, "delivery": 2, "quality": 1},
        "professionals": {"invoice": 6, "delivery": 2, "quality": 1},
        "premium_collectors": {"quality": 3, "advice": 4},
    }
    usual = {"delivery": 3, "refund": 1, "quality": 2, "advice": 2, "price": 1}
    rows = []
    for person in people:
        for _ in range(draw.poisson(person.persona.ticket_rate)):
            topic = draw.weighted(leaning.get(person.persona.name, usual))
            mean, texts = lexicon.TICKETS[topic]
            opened = draw.moment(draw.day(person.first_day, LAST_DAY))
            closed = opened + timedelta(hours=draw.whole(2, 200))
            text = draw.pick(texts)
            if not person.is_allowed:
                text += f" {person.first_name} {person.last_name}, {person.email}"
            rows.append(
                {
                    "ticket_id": "",
                    **draw.pick(person.records).key,
                    "opened_at": stamp(opened),
                    "closed_at": stamp(closed) if closed.date() <= LAST_DAY and draw.chance(0.95) else None,
                    "topic": topic if draw.chance(0.85) else None,
                    "satisfaction": min(max(round(draw.normal(mean, 0.8)), 1), 5) if draw.chance(0.6) else None,
                    "text": text,
                }
            )
    rows.sort(key=lambda row: str(row["opened_at"]))
    return [row | {"ticket_id": f"K{number}"} for number, row in enumerate(rows, 1)]


def make_attributes(people: list[Person]) -> list[Row]:
    """Draw what two providers say about some people; observed more than once, and not always agreeing."""
    draw = Draw("attributes")
    rows = []
    for person in draw.some([p for p in people if not p.company and p.place[2] == "FR"], 1000):
        key = person.record("crm").key
        early, late = date(2024, 9, 1), date(2025, 11, 1)
        if person.persona.born:
            early = late
        affinity = min(max(draw.normal(70 if person.persona.web_share > 0.5 else 35, 12), 0), 100)
        housing = "house" if person.town and person.town.urban_class != "dense" else "flat"
        facts = [
            ("homestat", "housing", housing, early),
            ("homestat", "tenure", "owner" if LAST_DAY.year - person.birth.year > 42 else "tenant", early),
            ("panelplus", "digital_affinity", f"{affinity:.0f}", late),
        ]
        if draw.chance(0.2):
            facts.append(("panelplus", "housing", draw.pick(["house", "flat"]), late))
        for provider, attribute, value, day in facts:
            if draw.chance(0.7):
                rows.append(
                    key
                    | {
                        "attribute": attribute,
                        "value": value,
                        "observed_at": draw.day(day, day + timedelta(days=60)).isoformat(),
                        "provider": provider,
                    }
                )
    return rows
