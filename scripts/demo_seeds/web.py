"""Visits to the site: known people, unknown ones, and devices that a household shares."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from . import lexicon
from .people import Person
from .shopping import Order
from .tools import FIRST_DAY, LAST_DAY, Draw, Row, stamp, to_utc

OWN_NAMES = {"view_item": "produit_vu", "add_to_cart": "panier_ajout", "page_view": "PageVue"}
UNMAPPED = ["essai_parfum_3d", "coeur_ajoute", "carte_fidelite_scan", "quiz_peau"]


class Visits:
    """All events, and who is behind each visitor."""

    def __init__(self, people: list[Person], orders: list[Order]) -> None:
        self.draw = Draw("events")
        self.rows: list[Row] = []
        self.sessions = 0
        # visitor: person: first login
        self.logins: dict[str, dict[str, datetime]] = {}
        tracked = [p for p in people if p.persona.sessions > 0 and p.persona.web_share > 0.3 and self.draw.chance(0.37)]
        ids = iter(self.draw.shuffled(range(1000, 9999)))
        houses: dict[int, str] = {}
        devices: dict[str, list[tuple[str, str]]] = {}
        for person in tracked:
            mine = [(f"v{next(ids)}", person.persona.device) for _ in range(self.draw.weighted({1: 7, 2: 3}))]
            if person.house is not None:
                mine[0] = (houses.setdefault(person.house, mine[0][0]), person.persona.device)
            devices[person.person_id] = [(visitor, self.draw.weighted(device)) for visitor, device in mine]
        bought: dict[str, list[Order]] = {}
        for order in orders:
            if order.channel == "web":
                bought.setdefault(order.person.person_id, []).append(order)
        for person in tracked:
            mine_too = devices[person.person_id]
            for order in self.draw.some(bought.get(person.person_id, []), 3):
                self._visit(person, *self.draw.pick(mine_too), order.moment - timedelta(minutes=9), order)
            for day in self._days(person):
                start = datetime(day.year, day.month, day.day, self.draw.whole(*person.persona.at(day).hours))
                moment = to_utc(start + timedelta(seconds=self.draw.whole(0, 3000)))
                self._visit(person, *self.draw.pick(mine_too), moment, None)
        for _ in range(260):
            moment = self.draw.moment(self.draw.day(FIRST_DAY, LAST_DAY), 8, 22)
            self._visit(None, f"v{next(ids)}", self.draw.pick(["mobile", "desktop"]), moment, None)
        self.rows.sort(key=lambda row: (str(row["occurred_at"]), str(row["session_id"])))
        for number, row in enumerate(self.rows, 1):
            row["event_id"] = f"e{number}"

    def _days(self, person: Person) -> list[date]:
        first, days = person.first_day, []
        for month in range(24):
            day = FIRST_DAY + timedelta(days=month * 30 + self.draw.whole(0, 29))
            if day >= first and day <= LAST_DAY and self.draw.chance(person.persona.at(day).sessions * 1.6):
                days.append(day)
        return days

    def _visit(self, person: Person | None, visitor: str, device: str, start: datetime, order: Order | None) -> None:
        """Draw one session: some pages, perhaps a search, a login, a purchase."""
        draw = self.draw
        self.sessions += 1
        session, clock = f"s{self.sessions}", start
        self.logins.setdefault(visitor, {})
        liked = person.persona.at(start.date()).categories if person else {"fragrance": 2, "linen": 1, "garden": 1}
        category = draw.weighted(liked)
        known = False
        steps = ["session_start"]
        if person and (order or draw.chance(0.45)) and person.record("web").created < start:
            # most log in after they have looked around
            steps += ["login", "view_item"] if draw.chance(0.3) else ["view_item", "login"]
        else:
            steps += ["page_view", "view_item"] if draw.chance(0.75) else ["page_view"]
        if draw.chance(0.3):
            steps.insert(2, "view_search_results")
        if draw.chance(0.06):
            steps.append(draw.pick(UNMAPPED))
        if order:
            steps += ["add_to_cart", "begin_checkout", "purchase"]
        elif draw.chance(0.2):
            steps.append("add_to_cart")
        source = draw.weighted(
            {"google / organic": 4, "google / cpc": 2, "newsletter": 2, "(direct)": 3, "instagram": 1.5}
        )
        unit = draw.weighted({"s": 6, "ms": 3, "min": 1})
        for step in steps:
            if step == "login":
                known = True
                self._known(visitor, person, clock)
            name = OWN_NAMES[step] if step in OWN_NAMES and draw.chance(0.15) else step
            seconds = draw.whole(3, 180) if step not in ("session_start", "login", "purchase") else None
            record = person.record("web").key if person and known else {}
            item = f"{lexicon.CATEGORIES[category][0]}{draw.whole(1, 24):02d}"
            self.rows.append(
                {
                    "event_id": "",
                    "occurred_at": stamp(clock),
                    "event_name": name,
                    "source_system": record.get("source_system"),
                    "source_record_id": record.get("source_record_id"),
                    "visitor_id": visitor,
                    "session_id": session,
                    "page": f"/{category}" if step in ("page_view", "view_search_results") else None,
                    "search_term": draw.pick(lexicon.SEARCH_TERMS[category]) if step == "view_search_results" else None,
                    "item_id": item if step in ("view_item", "add_to_cart") else None,
                    "duration": _in_unit(seconds, unit),
                    "duration_unit": unit if seconds else None,
                    "device": device,
                    "network": draw.pick(["wifi", "4g", "5g"]) if step == "session_start" else None,
                    "traffic_source": source if step == "session_start" else None,
                    "country_code": (person.place[2] if person else "FR") if step == "session_start" else None,
                    "received_at": None,
                    "properties": f'{{"value":{order.gross - order.discount:.2f}}}'
                    if order and step == "purchase"
                    else None,
                }
            )
            clock += timedelta(seconds=(seconds or 5) + draw.whole(1, 20))

    def _known(self, visitor: str, person: Person | None, moment: datetime) -> None:
        assert person is not None
        logins = self.logins[visitor]
        logins[person.person_id] = min(moment, logins.get(person.person_id, moment))

    def truth(self) -> list[Row]:
        """Give a row per visitor and person who logged in there: since when, and whether the device is shared."""
        rows: list[Row] = []
        for visitor, logins in sorted(self.logins.items()):
            kind = {0: "anonymous", 1: "own"}.get(len(logins), "shared")
            for person_id, moment in sorted(logins.items()) or [(None, None)]:
                rows.append({"visitor_id": visitor, "kind": kind, "person_id": person_id, "known_from": stamp(moment)})
        return rows


def _in_unit(seconds: int | None, unit: str) -> str | None:
    if seconds is None:
        return None
    return {"s": str(seconds), "ms": str(seconds * 1000), "min": f"{seconds / 60:.2f}"}[unit]
