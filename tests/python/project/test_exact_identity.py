"""Identity by exact keys, in SQL, against a union-find in Python."""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from helpers.projects import Project, pseudonym, write_consumer

COLUMNS = (
    "source_record_id",
    "first_name",
    "last_name",
    "email",
    "phone",
    "birth_date",
    "address",
    "postal_code",
    "customer_type",
    "company_name",
)
RULES: tuple[tuple[str, ...], ...] = (("email",), ("birth_date",), ("phone",), ("address", "postal_code"))
COMPANY_RULES: tuple[tuple[str, ...], ...] = (("email",), ("phone",), ("address", "postal_code"))
PLACEHOLDERS = ("1900-01-01", "1970-01-01")
Record = dict[str, str | None]


def project_of(
    folder: Path, repository: Path, records: list[Record], consents: list[dict[str, str]], erased: list[str]
) -> Project:
    """A consumer project with these records, all of one system."""
    tables = {
        "customers": pd.DataFrame(records, columns=list(COLUMNS)).assign(source_system="crm"),
        "consents": pd.DataFrame(consents, columns=["source_record_id", "status", "recorded_at"]).assign(
            source_system="crm", purpose="profiling"
        ),
        "erasure_requests": pd.DataFrame({"source_record_id": erased}).assign(
            source_system="crm", request_id=erased, requested_at="2026-01-01"
        ),
        "orders": pd.DataFrame(
            [{"order_id": "1", "source_system": "crm", "source_record_id": "0", "ordered_at": "2026-01-31"}]
        ),
    }
    folder.mkdir(parents=True, exist_ok=True)
    statements = []
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
        statements.append(
            f"create table raw.{name} as from read_csv('{folder / f'{name}.csv'}', all_varchar=true, header=true)"
        )
    variables = {
        **{f"seg_{name}_relation": f"raw.{name}" for name in tables},
        "seg_identity_rules": "exact",
        "seg_default_country": "FR",
    }
    return write_consumer(folder / "consumer", repository, variables, statements)


def some_records(n: int, seed: int) -> list[Record]:
    """Records that share values by chance: a few names, and few of everything else."""
    rng = random.Random(seed)

    def maybe(values: list[str], missing: float) -> str | None:
        return None if rng.random() < missing else rng.choice(values)

    records: list[Record] = []
    for number in range(n):
        is_company = rng.random() < 0.15
        records.append(
            {
                "source_record_id": str(number),
                "first_name": maybe(["ana", "bob", "carla maria", "carlamaria"], 0.1),
                "last_name": maybe(["alpha", "beta", "gamma", "delta", "epsilon"], 0.05),
                "email": maybe([f"mail{i}@example.org" for i in range(n // 10)], 0.4),
                "phone": maybe([f"+3314268{i:04d}" for i in range(5300, 5300 + n // 10)], 0.5),
                "birth_date": maybe(
                    [f"19{50 + i}-{1 + i % 12:02d}-{1 + i % 28:02d}" for i in range(40)] + list(PLACEHOLDERS), 0.6
                ),
                "address": maybe([f"{i} rue verte" for i in range(1, n // 10)], 0.5),
                "postal_code": maybe(["75001", "69001"], 0.2),
                "customer_type": "company" if is_company else rng.choice([None, "person"]),
                "company_name": rng.choice(["acme", "zenith"]) if is_company else None,
            }
        )
    return records


def keys_of(record: Record) -> list[tuple[Any, ...]]:
    """The keys of a record, from the documentation."""
    found = []
    if record["customer_type"] == "company":
        who, rules = (record["company_name"],), COMPANY_RULES
    else:
        who, rules = (record["first_name"], record["last_name"]), RULES
    for rule in rules:
        values = [record[column] for column in rule]
        if None in who or None in values or (rule == ("birth_date",) and values[0] in PLACEHOLDERS):
            continue
        found.append((rule, *(str(name).replace(" ", "") for name in who), *values))
    if record["email"] is not None:
        found.append(("copy", *(record[column] for column in COLUMNS[1:])))
    return found


def groups_of(records: list[Record]) -> dict[str, list[Record]]:
    """Group number of each record, by union-find over keys."""
    parent: dict[Any, Any] = {}

    def find(node: Any) -> Any:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for record in records:
        for key in [("record", record["source_record_id"]), *keys_of(record)]:
            parent[find(key)] = find(("record", record["source_record_id"]))
    groups = defaultdict(list)
    for record in records:
        groups[find(("record", record["source_record_id"]))].append(record)
    return dict(groups)


def is_held_back(group: list[Record]) -> bool:
    """Too large, two types, or dates of birth that differ in two parts."""
    types = {record["customer_type"] for record in group if record["customer_type"]}
    dates = [str(record["birth_date"]).split("-") for record in group if record["birth_date"]]
    differing = sum(len(set(part)) > 1 for part in zip(*dates, strict=True)) if dates else 0
    return len(group) > 20 or len(types) > 1 or differing >= 2


def suppressed_of(
    groups: dict[Any, list[Record]], said: dict[str, list[tuple[str, str]]], erased: list[str]
) -> set[str]:
    """Who may not be profiled: the latest statement of a part, of one time the refusal; refusals take the whole."""
    gone = set(erased)
    for group in groups.values():
        parts = [[record] for record in group] if is_held_back(group) else [group]
        verdicts = []
        for part in parts:
            ids = [str(record["source_record_id"]) for record in part]
            statements = sorted((when, status != "granted") for name in ids for status, when in said.get(name, []))
            verdicts.append((ids, None if not statements else "refused" if statements[-1][1] else "granted"))
        takes_all = any(verdict == "refused" for _, verdict in verdicts) or any(
            str(record["source_record_id"]) in erased for record in group
        )
        for ids, verdict in verdicts:
            if takes_all or verdict is None:
                gone.update(ids)
    return gone


@pytest.mark.parametrize("seed", [1, 2])
def test_groups_and_refusals_are_those_of_a_union_find(tmp_path: Path, repository: Path, seed: int) -> None:
    records, rng = some_records(400, seed), random.Random(seed)
    said: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for record in records:
        for _ in range(rng.choice([0, 1, 1, 1, 2])):
            status = rng.choices(["granted", "withdrawn"], [12, 1])[0]
            said[str(record["source_record_id"])].append((status, f"2025-0{rng.randint(1, 9)}-01"))
    consents = [
        {"source_record_id": name, "status": status, "recorded_at": when}
        for name, statements in said.items()
        for status, when in statements
    ]
    erased = [str(number) for number in rng.sample(range(400), 4)]
    project = project_of(tmp_path, repository, records, consents, erased)
    arguments = ["build", "--select", "+int_seg__customer_records", "--indirect-selection", "buildable"]
    project.steps([{"arguments": [*arguments, "--exclude-resource-type=unit_test"]}])

    everybody = groups_of(records)
    gone = suppressed_of(everybody, said, erased)
    found = set(project.table("int_seg__suppressed_records")["record_key"])
    assert found == {pseudonym("crm", name) for name in gone}
    assert 0 < len(gone) < 300
    assert sum(len(group) > 2 for group in everybody.values()) > 5

    # links are found anew among those who stay
    expected = set()
    for group in groups_of([record for record in records if str(record["source_record_id"]) not in gone]).values():
        if not is_held_back(group):
            keys = sorted(pseudonym("crm", str(record["source_record_id"])) for record in group)
            expected.update(combinations(keys, 2))
    customers = project.table("int_seg__customer_records").groupby("customer_id")["record_key"]
    assert {pair for _, keys in customers for pair in combinations(sorted(keys), 2)} == expected
    assert len(expected) > 20


def test_the_run_stops_where_one_more_round_of_closure_would_change_a_group(tmp_path: Path, repository: Path) -> None:
    """Sixty records of one person, each of which shares a phone with the one before and an e-mail with the one after."""
    blank: Record = dict.fromkeys(COLUMNS)
    records: list[Record] = [
        {
            **blank,
            "source_record_id": str(number),
            "first_name": "ana",
            "last_name": "alpha",
            "email": f"mail{number // 2}@example.org",
            "phone": f"+331426853{(number + 1) // 2:02d}",
        }
        for number in range(60)
    ]
    consents = [{"source_record_id": str(n), "status": "granted", "recorded_at": "2025-01-01"} for n in range(60)]
    project = project_of(tmp_path, repository, records, consents, [])

    result = project.run(
        "dbt",
        "--no-use-colors",
        "build",
        "--select",
        "+int_seg__customer_records",
        "--indirect-selection",
        "buildable",
        "--exclude-resource-type",
        "unit_test",
    )

    assert result.returncode == 1
    assert "assert_exact_identity_is_closed" in result.stdout
    assert (
        "customer_records"
        not in project.query("select string_agg(table_name) as names from duckdb_tables()")["names"][0]
    )


def test_with_exact_rules_no_python_model_of_identity_is_there(tmp_path: Path, repository: Path) -> None:
    project = project_of(tmp_path, repository, some_records(60, 3), [], [])
    listed = project.dbt("ls", "--resource-type", "model", "--output", "name")
    assert "int_seg__record_links" in listed
    assert "ml_seg__record_links" not in listed
    assert "ml_seg__suppressed_records" not in listed
