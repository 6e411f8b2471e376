"""The ledger of consents, and requests to be forgotten."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from .people import CONSENTS, Person, Record
from .tools import BIRTH_DAY, Draw, Row, stamp

LATEST = datetime(2026, 6, 20, 12, 0, 0)


def make_consents(people: list[Person]) -> tuple[list[Row], list[Row], list[Row]]:
    """Give the ledger, the erasure requests, and the truth: who may be profiled."""
    draw = Draw("consents")
    ledger: list[Row] = []
    erasures: list[Row] = []
    for person in people:
        for record, status, moment in _profiling(draw, person, erasures):
            ledger.append(_statement(draw, record, "profiling", status, moment))
        if person.consent == "silent":
            continue
        first = person.records[0]
        if draw.chance(0.45):
            ledger.append(_statement(draw, first, "email", draw.weighted({"granted": 8, "denied": 2}), _when(first)))
        if first.system == "web" and draw.chance(0.3):
            ledger.append(_statement(draw, first, "analytics", "granted", _when(first)))
        if draw.chance(0.08):
            ledger.append(_statement(draw, first, "ads", draw.pick(["granted", "denied", "withdrawn"]), _when(first)))
    # a request of somebody whom no system knows
    erasures.append({"source_system": "web", "source_record_id": "W0001", "requested_at": "2026-02-02 09:00:00"})
    erasures = [{"request_id": f"E{number}"} | row for number, row in enumerate(draw.shuffled(erasures), 1)]
    truth = [{"person_id": p.person_id, "kind": p.consent, "is_allowed": str(p.is_allowed).lower()} for p in people]
    return draw.shuffled(ledger), erasures, truth


def _when(record: Record, days: int = 0) -> datetime:
    return min(record.created + timedelta(minutes=1, days=days), LATEST)


def _profiling(draw: Draw, person: Person, erasures: list[Row]) -> list[tuple[Record, str, datetime | None]]:
    """Draw what a person said about profiling, on which record and when."""
    first, last = person.records[0], person.records[-1]
    begin, kind = _when(first), person.consent
    later = draw.moment(draw.day(max(last.created.date() + timedelta(days=1), date(2024, 8, 1)), LATEST.date()))
    granted = [(first, "granted", begin)]
    if kind.startswith("erased"):
        erased = last if kind == "erased_on_duplicate" else first
        erasures.append(erased.key | {"requested_at": stamp(later)})
        return granted
    if kind == "granted" and len(person.records) > 1 and draw.chance(0.15):
        # said again on the other record, after a refusal there: the latest statement of any record counts
        return [*granted, (last, "denied", _when(last)), (first, "granted", max(later, _when(last, 1)))]
    # a new statement on another record of a household's member is no business of the others
    plans: dict[str, list[tuple[Record, str, datetime | None]]] = {
        "granted": granted,
        "denied": [(first, "denied", begin)],
        "denied_in_household": [(first, "denied", begin)],
        "withdrawn": [*granted, (first, "withdrawn", later)],
        "objected": [*granted, (first, "objected", later)],
        "silent": [],
        "denied_on_duplicate": [*granted, (last, "denied", later)],
        "denied_at_the_same_time": [*granted, (last, "denied", begin)],
        "undated_refusal": [*granted, (first, "denied", None)],
        "unreadable_statement": [(first, "peut-être", begin)],
        "denied_then_granted": [(first, "denied", begin), (first, "granted", later)],
        "granted_on_duplicate": [(last, "granted", later)],
    }
    assert set(plans) | {"erased", "erased_on_duplicate"} == {"granted", *CONSENTS}
    return plans[kind]


def _statement(draw: Draw, record: Record, purpose: str, status: str, moment: datetime | None) -> Row:
    version = "v1" if moment is None or moment.date() < BIRTH_DAY else "v2"
    return record.key | {
        "purpose": purpose,
        "status": status,
        "recorded_at": stamp(moment),
        "legal_basis": "consent" if purpose == "profiling" and draw.chance(0.3) else None,
        "policy_version": version,
        "origin": {"web": "site", "b2b": "contract"}.get(record.system, "till"),
    }
