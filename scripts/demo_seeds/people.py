"""Who the people are, what they said about profiling, and the records that the systems hold of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher

from . import lexicon
from .personas import PERSONAS, Persona
from .tools import FIRST_DAY, LAST_DAY, Draw, Row, plain, stamp

# what a person said about profiling, how many did, and whether they may be profiled
CONSENTS = {
    "denied": (100, False),
    "withdrawn": (55, False),
    "objected": (35, False),
    "silent": (60, False),
    "denied_on_duplicate": (25, False),
    "denied_at_the_same_time": (3, False),
    "undated_refusal": (3, False),
    "unreadable_statement": (3, False),
    "denied_in_household": (5, False),
    "erased": (10, False),
    "erased_on_duplicate": (4, False),
    "denied_then_granted": (20, True),
    "granted_on_duplicate": (20, True),
}
ON_DUPLICATE = {"denied_on_duplicate", "erased_on_duplicate", "granted_on_duplicate"}
# how a second record differs from the first, and how often
COPIES = {
    "exact": 170,
    "formatting": 140,
    "typo_name": 130,
    "typo_email": 75,
    "swapped_names": 70,
    "moved_house": 90,
    "missing_fields": 65,
}
# these keep the name as it is, so that planted people can be found in every record
FAITHFUL_COPIES = ["exact", "formatting", "swapped_names", "moved_house", "missing_fields"]
IDENTITY = ("email", "phone", "first_name", "last_name", "birth_date", "address", "postal_code", "city", "country_code")
LETTERS = {"crm": "C", "shop": "S", "web": "W", "loyalty": "L", "b2b": "B"}


@dataclass
class Record:
    """What one system knows of a person."""

    system: str
    fields: Row
    kind: str
    created: datetime
    record_id: str = ""

    @property
    def key(self) -> Row:
        """How other inputs name this record."""
        return {"source_system": self.system, "source_record_id": self.record_id}


@dataclass
class Person:
    """A person or a company."""

    person_id: str
    persona: Persona
    consent: str
    gender: str
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    birth: date
    town: lexicon.Town | None
    place: tuple[str, str, str]  # postal code, city, country
    address: str
    joined: datetime
    circumstance: str = "alone"
    house: int | None = None
    company: Row = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    stops: date = LAST_DAY
    zeal: float = 1.0

    @property
    def is_allowed(self) -> bool:
        """Whether this person may be profiled."""
        return self.consent == "granted" or CONSENTS[self.consent][1]

    @property
    def first_day(self) -> date:
        """The first day of the two years on which this person can buy."""
        return max(self.joined.date() + timedelta(days=1), FIRST_DAY)

    def record(self, system: str | None = None) -> Record:
        """Give the record that a system knows this person by, or else the first one."""
        return next((record for record in self.records if record.system == system), self.records[0])


def make_people() -> list[Person]:
    """Draw everybody, with households, homonyms and the people whose refusal is planted."""
    draw = Draw("people")
    consents = [kind for kind, (count, _) in CONSENTS.items() for _ in range(count)]
    total = sum(persona.count for persona in PERSONAS)
    consents = draw.shuffled(consents + ["granted"] * (total - len(consents)))
    personas = draw.shuffled(persona for persona in PERSONAS for _ in range(persona.count))
    people: list[Person] = []
    names: set[tuple[str, str]] = set()
    for number, (persona, consent) in enumerate(zip(personas, consents, strict=True)):
        people.append(_person(draw, number, persona, consent, names))
    _households(draw, people)
    _namesakes(draw, people)
    _mails_and_phones(draw, people)
    return people


def _person(draw: Draw, number: int, persona: Persona, consent: str, names: set[tuple[str, str]]) -> Person:
    gender = "female" if draw.chance(persona.female_share) else "male"
    while True:
        name = (draw.pick(lexicon.FIRST_NAMES[gender]), draw.pick(lexicon.LAST_NAMES))
        if name not in names and plain(name[0]) != plain(name[1]):
            break
    if consent != "granted" and not CONSENTS[consent][1]:
        name = (name[0], _planted_name(number))
    names.add(name)
    joined = _joined(draw, persona)
    born = date(joined.year - draw.whole(*persona.ages), draw.whole(1, 12), draw.whole(1, 28))
    town: lexicon.Town | None = draw.pick(lexicon.TOWNS)
    if number % 50 == 7:
        country = draw.pick(list(lexicon.FOREIGN_TOWNS))
        city, postal_code = draw.pick(lexicon.FOREIGN_TOWNS[country])
        town, place = None, (postal_code, city, country)
    else:
        place = (town.postal_code, town.name, "FR")
    return Person(
        f"P{number:04d}",
        persona,
        consent,
        gender,
        *name,
        None,
        None,
        born,
        town,
        place,
        f"{draw.whole(1, 120)}{draw.weighted({'': 9, ' bis': 1})} {draw.pick(lexicon.STREETS)}",
        joined,
        zeal=draw.uniform(0.7, 1.3),
        stops=draw.day(date(2025, 1, 1), LAST_DAY) if draw.chance(0.05) else LAST_DAY,
        company=_company(draw) if persona.name == "professionals" else {},
    )


def _planted_name(number: int) -> str:
    """Give a name like no other, to look for in every table: Zwq and three syllables of the number."""
    syllables = [c + v for c in "bdfglmnprt" for v in "aeiou"]
    return "Zwq" + "".join(syllables[number // 50**power % 50] for power in range(3))


def _joined(draw: Draw, persona: Persona) -> datetime:
    if persona.born:
        day = draw.day(persona.born, date(2026, 4, 30))
    elif persona.name == "occasional_tasters" or draw.chance(0.3):
        day = draw.day(FIRST_DAY, date(2026, 5, 31))
    else:
        day = draw.day(date(2018, 1, 1), FIRST_DAY - timedelta(days=1))
    return draw.moment(day)


def _company(draw: Draw) -> Row:
    sector = draw.pick(lexicon.SECTORS)
    return {
        "company_name": f"{draw.pick(lexicon.COMPANY_FORMS[sector])} {draw.pick(lexicon.LAST_NAMES)}",
        "company_size": draw.weighted({"1-9": 6, "10-49": 3, "50-249": 1}),
        "sector": sector,
    }


def _households(draw: Draw, people: list[Person]) -> None:
    """Let some live together: one e-mail, phone and address, one last name, first names that no typo could join."""
    free = [p for p in people if p.is_allowed and not p.company and p.place[2] == "FR" and p.circumstance == "alone"]
    free = draw.shuffled(free)
    planted = [p for p in people if p.consent == "denied_in_household"]
    for number in range(130):
        head = free.pop()
        twins = number < 12
        size = 2 if twins or number < 17 else draw.weighted({2: 6, 3: 3, 4: 2})
        members = [head]
        if 12 <= number < 17:
            members.append(planted[number - 12])
        while len(members) < size:
            other = free.pop()
            other.first_name = _unlike(draw, [m.first_name for m in members], other.gender)
            other.last_name = head.last_name
            members.append(other)
            if twins:
                other.birth = head.birth
            elif abs((other.birth - head.birth).days) < 400:
                other.birth = date(other.birth.year - 3, (other.birth.month + 4) % 12 + 1, other.birth.day)
        for member in members:
            member.circumstance = "twin" if twins else "household"
            member.address, member.place, member.town = head.address, head.place, head.town
            member.house = number


def _unlike(draw: Draw, taken: list[str], gender: str) -> str:
    while True:
        name = draw.pick(lexicon.FIRST_NAMES[gender])
        if all(SequenceMatcher(None, plain(name), plain(other)).ratio() < 0.45 for other in taken):
            return name


def _namesakes(draw: Draw, people: list[Person]) -> None:
    """Give the same name to people who never met, and to fathers and sons of one house."""
    free = [p for p in people if p.is_allowed and not p.company and p.circumstance == "alone" and p.place[2] == "FR"]
    free = draw.shuffled(free)
    for number in range(60):
        one, other = free.pop(), free.pop()
        other.first_name, other.last_name, other.gender = one.first_name, one.last_name, one.gender
        one.circumstance = other.circumstance = "homonym" if number < 40 else "father_and_son"
        years = 9 if number < 40 else 27
        other.birth = date(one.birth.year - years, (one.birth.month + 5) % 12 + 1, (one.birth.day + 11) % 28 + 1)
        if number >= 40:
            other.address, other.place, other.town = one.address, one.place, one.town


def _mails_and_phones(draw: Draw, people: list[Person]) -> None:
    mails: set[str] = set()
    phones = iter(draw.shuffled(range(len(lexicon.PHONE_PREFIXES) * 10000)))
    houses: dict[int, tuple[str, str]] = {}
    # the shared e-mail of a house is not that of a member whose name is planted
    for person in sorted(people, key=lambda p: not p.is_allowed):
        first, last = (plain(n).replace(" ", "").replace("'", "") for n in (person.first_name, person.last_name))
        if person.company:
            local = "contact"
            domain = plain(str(person.company["company_name"])).replace("'", "").replace(" ", "-")
            mail = f"{local}@{domain}.example"
        else:
            domain = draw.pick(lexicon.MAIL_DOMAINS)
            mail = f"{draw.pick([f'{first}.{last}', f'{first[0]}.{last}', f'{last}.{first}'])}@{domain}"
        while mail in mails:
            mail = mail.replace("@", f"{draw.whole(1, 99)}@", 1)
        mails.add(mail)
        number = next(phones)
        phone = f"{lexicon.PHONE_PREFIXES[number // 10000]}{number % 10000:04d}"
        if person.house is not None:
            mail, phone = houses.setdefault(person.house, (mail, phone))
        person.email, person.phone = mail, phone if person.place[2] == "FR" else None


def make_records(people: list[Person]) -> None:
    """Write everybody's first record, and a second or third for about one in five."""
    draw = Draw("records")
    for person in people:
        person.records.append(_first_record(draw, person))
    needy = [p for p in people if p.consent in ON_DUPLICATE]
    others = draw.shuffled(p for p in people if p.consent not in ON_DUPLICATE and not p.company)
    kinds = draw.shuffled(kind for kind, count in COPIES.items() for _ in range(count))
    # the last 60 are second copies
    chosen = (needy + others)[: len(kinds) - 60]
    plans: dict[str, tuple[Person, list[str]]] = {}
    for person, kind in zip(chosen + chosen[-60:], kinds, strict=True):
        if person.company:
            kind = "company_variant"
        elif not person.is_allowed and kind not in FAITHFUL_COPIES:
            kind = draw.pick(FAITHFUL_COPIES)
        plans.setdefault(person.person_id, (person, []))[1].append(kind)
    for person, planned in plans.values():
        _make_sure(person, planned)
        for kind in planned:
            person.records.append(_copy(draw, person, kind))
    for person in draw.some([p for p in people if p.company and len(p.records) == 1], 25):
        person.records.append(_copy(draw, person, "company_variant"))
    numbers = {system: iter(draw.shuffled(range(1000, 6000))) for system in LETTERS}
    for person in people:
        for record in person.records:
            record.record_id = f"{LETTERS[record.system]}{next(numbers[record.system])}"


def _first_record(draw: Draw, person: Person) -> Record:
    system = draw.weighted(person.persona.systems)
    fields: Row = {
        "email": person.email,
        "phone": _spelled(draw, person.phone),
        "first_name": person.first_name,
        "last_name": person.last_name,
        "birth_date": person.birth.isoformat(),
        "address": person.address,
        "postal_code": person.place[0],
        "city": person.place[1],
        "country_code": person.place[2],
        **person.company,
        "customer_type": "company" if person.company else "person",
    }
    if person.company:
        fields["birth_date"] = None
    else:
        fields |= _surroundings(draw, person, system)
        gone = {"email": 0.3 if system in ("shop", "loyalty") else 0.0, "phone": 0.4, "birth_date": 0.2, "address": 0.2}
        # who might be taken for somebody else keeps the birth date; who is planted keeps the e-mail
        if person.circumstance != "alone":
            gone["birth_date"] = 0.0
        if not person.is_allowed and person.consent != "denied_in_household":
            gone["email"] = 0.0
        for name, probability in gone.items():
            if draw.chance(probability):
                fields[name] = None
        # no record without anything to know a person by
        if not any(fields[name] for name in ("email", "phone", "birth_date")):
            fields["email"] = person.email
    return Record(system, fields, "first", person.joined)


def _surroundings(draw: Draw, person: Person, system: str) -> Row:
    """Draw what some systems ask for besides: household, work, income, language."""
    spelled = {
        "crm": {"female": "F", "male": "M"},
        "shop": {"female": "Mme", "male": "M."},
        "loyalty": {"female": "femme", "male": "homme"},
        "web": {"female": "female", "male": "male"},
    }
    fields: Row = {"gender": spelled[system][person.gender] if draw.chance(0.8) else None}
    age = LAST_DAY.year - person.birth.year
    if system in ("crm", "loyalty") and draw.chance(0.6):
        parent = person.persona.name == "new_parents" or (30 < age < 55 and draw.chance(0.6))
        children = draw.whole(1, 3) if parent else 0
        couple = draw.chance(0.6)
        fields |= {
            "occupation": "retired" if age > 64 else draw.pick([o for o in lexicon.OCCUPATIONS if o != "retired"]),
            "education": draw.pick(lexicon.EDUCATIONS),
            "marital_status": draw.pick(["married", "cohabiting"]) if couple else draw.pick(["single", "divorced"]),
            "household_size": 1 + couple + children,
            "children_count": children,
            "income_band": draw.pick(["60k+", "40-60k"] if person.persona.price > 2 else ["<20k", "20-40k", "40-60k"]),
        }
    if system == "web":
        fields["language"] = draw.weighted({"fr": 85, "FR": 8, "en": 5, "de": 2})
    if system == "loyalty":
        fields["age_band"] = next((f"{a}-{a + 9}" for a in range(15, 65, 10) if age < a + 10), "65+")
    if system == "crm" and person.town and draw.chance(0.3):
        fields["latitude"] = f"{person.town.latitude + draw.uniform(-0.02, 0.02):.4f}"
        fields["longitude"] = f"{person.town.longitude + draw.uniform(-0.02, 0.02):.4f}"
    return fields


def _make_sure(person: Person, kinds: list[str]) -> None:
    """Fill the first record where the copies would otherwise share nothing with it that proves anything."""
    fields = person.records[0].fields
    if {"moved_house", "missing_fields"} & set(kinds) or not fields["email"]:
        fields["email"] = person.email
        fields["birth_date"] = None if person.company else person.birth.isoformat()
    if "typo_email" in kinds:
        fields["birth_date"] = person.birth.isoformat()


def _copy(draw: Draw, person: Person, kind: str) -> Record:
    """Write another record of a person; it always shares with the first one enough to know that they are the same."""
    first = person.records[0]
    systems = [s for s in LETTERS if s not in {r.system for r in person.records} and (s != "b2b" or person.company)]
    fields = dict(first.fields)
    if kind == "formatting":
        fields = _reformatted(draw, person, fields)
    elif kind == "typo_name":
        name = draw.pick(["first_name", "last_name"])
        fields[name] = _typo(draw, str(fields[name]))
    elif kind == "typo_email":
        local, _, domain = str(fields["email"]).partition("@")
        fields["email"] = f"{_typo(draw, local).lower()}@{domain}"
    elif kind == "swapped_names":
        fields["first_name"], fields["last_name"] = fields["last_name"], fields["first_name"]
    elif kind == "moved_house":
        town = draw.pick([t for t in lexicon.TOWNS if t.postal_code != fields["postal_code"]])
        fields |= {"address": f"{draw.whole(1, 90)} {draw.pick(lexicon.STREETS)}", "country_code": "FR"}
        fields |= {"postal_code": town.postal_code, "city": town.name}
        fields |= {"latitude": None, "longitude": None}
    elif kind == "missing_fields":
        kept = draw.pick([("email",), ("birth_date", "postal_code", "city"), ("email", "postal_code")])
        fields = {name: fields[name] for name in ("first_name", "last_name", "customer_type", *kept)}
    elif kind == "company_variant":
        name = str(fields["company_name"])
        fields["company_name"] = draw.pick(
            [name.upper(), f"{name} {draw.pick(lexicon.LEGAL_FORMS)}", plain(name), _typo(draw, name)]
        )
        fields["first_name"] = draw.pick([fields["first_name"], None])
    created = first.created + timedelta(days=draw.whole(1, 400), seconds=draw.whole(0, 40000))
    latest = datetime(2026, 6, 15, 12, 0, 0)
    return Record(draw.pick(systems), fields, kind, min(created, latest))


def _reformatted(draw: Draw, person: Person, fields: Row) -> Row:
    """Write the same things in another manner: case, accents, spaces, the phone's prefix, the date's order."""
    fields = dict(fields)
    manner = draw.pick([str.upper, str.lower, plain])
    for name in ("first_name", "last_name", "city", "address"):
        fields[name] = manner(str(fields[name])) if fields.get(name) else None
    if draw.chance(0.3):
        fields["last_name"] = f"  {fields['last_name']} "
    if fields["email"] and draw.chance(0.5):
        fields["email"] = str(fields["email"]).upper() if draw.chance(0.5) else f" {fields['email']} "
    if fields["phone"]:
        fields["phone"] = _spelled(draw, person.phone)
    return fields


def _spelled(draw: Draw, phone: str | None) -> str | None:
    """Write a French phone number in one of the manners that people use."""
    if phone is None:
        return None
    pairs = [phone[i : i + 2] for i in range(0, 10, 2)]
    return draw.pick(
        [
            " ".join(pairs),
            phone,
            ".".join(pairs),
            "-".join(pairs),
            "+33" + phone[1:],
            f"+33 {phone[1]} {' '.join(pairs[1:])}",
            f"+33 (0){phone[1]} {' '.join(pairs[1:])}",
            "0033" + phone[1:],
        ]
    )


def _typo(draw: Draw, text: str) -> str:
    """Make one slip of a hand: two letters swapped, one left out, doubled, or the neighbour on the keyboard."""
    rows = ("azertyuiop", "qsdfghjklm", "wxcvbn")
    places = [i for i in range(1, len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()]
    while places:
        i = draw.pick(places)
        row = next((row for row in rows if text[i].lower() in row), "")
        near = row[(row.index(text[i].lower()) + 1) % len(row)] if row else "e"
        slipped = draw.pick(
            [
                text[:i] + text[i + 1] + text[i] + text[i + 2 :],
                text[:i] + text[i + 1 :],
                text[:i] + text[i] + text[i:],
                text[:i] + near + text[i + 1 :],
            ]
        )
        if plain(slipped) != plain(text):
            return slipped
    return text + "e"


def customer_rows(people: list[Person]) -> list[Row]:
    """Give all records as rows of the customers input, in an order that tells nothing."""
    draw = Draw("customer rows")
    names = [
        *("source_system", "source_record_id", *IDENTITY, "age_band", "gender", "occupation", "education"),
        *("marital_status", "household_size", "children_count", "income_band", "language", "latitude", "longitude"),
        *("customer_type", "company_name", "company_size", "sector", "created_at", "updated_at"),
    ]
    rows = []
    for record in (record for person in people for record in person.records):
        changed = record.created + timedelta(days=draw.whole(1, 500)) if draw.chance(0.4) else None
        times = {
            "created_at": stamp(record.created),
            "updated_at": stamp(changed) if changed and changed.date() <= LAST_DAY else None,
        }
        rows.append({name: (record.fields | record.key | times).get(name) for name in names})
    return draw.shuffled(rows)
