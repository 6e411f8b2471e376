"""Each guide's mapping, on a sample export in the tool's own schema, cell by cell against an own reading."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from helpers.projects import CONSUMER_VARS, ROOT, Project, write_consumer

pytestmark = pytest.mark.project

EXPORTS = ROOT / "tests/fixtures/exports"
GUIDES = ROOT / "docs/guides"
Rows = list[dict[str, Any]]

# raw table: file, and how its fields are separated (none: JSON lines)
TABLES = {
    "ga4_events": ("ga4/events_20260302.jsonl", None),
    **{f"matomo_{name}": (f"matomo/{name}.csv", ",") for name in ("log_visit", "log_action", "log_conversion", "goal")},
    "matomo_log_link_visit_action": ("matomo/log_link_visit_action.csv", ","),
    **{
        name: (f"crm/{name}.csv", ",")
        for name in (
            "hubspot_contacts",
            "hubspot_tickets",
            "salesforce_contact",
            "salesforce_account",
            "salesforce_case",
        )
    },
    "brevo_events": ("email/brevo_events.jsonl", None),
    "brevo_contacts": ("email/brevo_contacts.csv", ","),
    **{
        f"mailchimp_{name}": (f"email/mailchimp_{name}.csv", ",")
        for name in ("campaigns", "sent_to", "email_activity", "unsubscribes", "members")
    },
    **{f"{name}_comments": (f"social/{name}_comments.jsonl", None) for name in ("instagram", "facebook", "linkedin")},
    "social_handles": ("social/handles.csv", ","),
    "limesurvey": ("survey/limesurvey.csv", ","),
    "google_forms": ("survey/google_forms.csv", ","),
    "insee_income": ("insee/cc_filosofi_2021_DEP.csv", ";"),
    "insee_income_long": ("insee/DS_FILOSOFI_CC_data.csv", ";"),
    "insee_population": ("insee/comparateur_DEP.csv", ";"),
    "insee_unemployment": ("insee/sl_etc_DEP.csv", ";"),
    "insee_zones": ("insee/chomage_zone.csv", ";"),
}

LIME_QUESTIONS = (
    "{'SAT': {'id': 'satisfaction', 'min': 1, 'max': 5, 'codes': {'A1': 1, 'A2': 2, 'A3': 3, 'A4': 4, 'A5': 5}}, "
    "'EFFORT[SQ001]': {'id': 'effort', 'min': 1, 'max': 7, 'reversed': true, 'scale': 'effort'}, "
    "'NPS': {'min': 0, 'max': 10}, 'COMMENT': {}}"
)
FLAGS = (
    "[{'column': 'Newsletter opt-in', 'purpose': 'email', 'date': 'Newsletter opt-in date', 'origin': 'newsletter'}, "
    "{'column': 'Profiling opt-in', 'purpose': 'profiling', 'legal_basis': 'consent'}, "
    "{'column': 'Unsubscribed from all email', 'purpose': 'email', 'is_opt_out': true}]"
)
MATOMO = "raw('matomo_log_link_visit_action'), raw('matomo_log_visit'), raw('matomo_log_action')"
MAILCHIMP = "raw('mailchimp_sent_to'), raw('mailchimp_email_activity'), raw('mailchimp_campaigns')"
LIME = "survey_id='csat_2026', response_id='id', record_id='token', answered_at='submitdate', timezone='Europe/Paris'"
FORMS = (
    "raw('google_forms'), survey_id='forms', "
    "questions={'Êtes-vous satisfait ? (1 à 5)': {'id': 'q1', 'min': 1, 'max': 5}, 'Un commentaire ?': {'id': 'q2'}}, "
    "response_id=['Timestamp', 'Votre numéro client'], record_id='Votre numéro client', answered_at='Timestamp', "
    "answered_format='%d/%m/%Y %H:%M:%S', timezone='Europe/Paris'"
)
DEPARTMENTS = "income=raw('insee_income'), population=raw('insee_population'), unemployment=raw('insee_unemployment')"

# model: its input, and the one line that it is made of
MODELS = {
    "ga4": ("events", "ga4_events(raw('ga4_events'))"),
    "ga4_typed": ("events", "ga4_events(raw('ga4_typed'))"),
    "ga4_bare": ("events", "ga4_events(raw('ga4_bare'), source_system='shop', properties=[])"),
    "ga4_empty": ("events", "ga4_events(raw('ga4_empty'))"),
    "matomo": (
        "events",
        f"matomo_events({MATOMO}, conversions=raw('matomo_log_conversion'), goals=raw('matomo_goal'))",
    ),
    "matomo_bytes": (
        "events",
        "matomo_events(raw('matomo_few_columns'), raw('matomo_bytes'), raw('matomo_log_action'), "
        "device_types={'99': 'fridge'})",
    ),
    "matomo_empty": (
        "events",
        "matomo_events(raw('matomo_empty'), raw('matomo_log_visit'), raw('matomo_log_action'))",
    ),
    "matomo_no_goals": ("events", f"matomo_events({MATOMO}, conversions=raw('matomo_log_conversion'))"),
    "hubspot": ("customers", "hubspot_contacts(raw('hubspot_contacts'))"),
    "hubspot_loader": ("customers", "hubspot_contacts(raw('hubspot_loader'))"),
    "hubspot_tickets": ("support_tickets", "hubspot_tickets(raw('hubspot_tickets'))"),
    "hubspot_ticket_loader": (
        "support_tickets",
        "hubspot_tickets(raw('hubspot_ticket_loader'), associations=raw('hubspot_ticket_contact'))",
    ),
    "salesforce": ("customers", "salesforce_contacts(raw('salesforce_contact'), raw('salesforce_account'))"),
    "salesforce_cases": ("support_tickets", "salesforce_cases(raw('salesforce_case'), satisfaction='CSAT__c')"),
    "opt_ins": (
        "consents",
        f"opt_in_columns(raw('hubspot_contacts'), 'Record ID', 'hubspot', {FLAGS}, fallback_date='Last Modified Date')",
    ),
    "brevo": ("campaign_touches", "brevo_touches(raw('brevo_events'))"),
    "brevo_consents": ("consents", "brevo_consents(raw('brevo_events'))"),
    "brevo_contacts": ("customers", "email_contacts(raw('brevo_contacts'), 'brevo')"),
    "mailchimp": ("campaign_touches", f"mailchimp_touches({MAILCHIMP}, unsubscribes=raw('mailchimp_unsubscribes'))"),
    "mailchimp_short": ("campaign_touches", f"mailchimp_touches({MAILCHIMP})"),
    "mailchimp_consents": ("consents", "mailchimp_consents(raw('mailchimp_unsubscribes'))"),
    "mailchimp_members": ("customers", "email_contacts(raw('mailchimp_members'), 'mailchimp')"),
    "instagram": (
        "social_engagements",
        "social_comments(raw('instagram_comments'), 'instagram', handles=raw('social_handles'), topic='post_subject')",
    ),
    "instagram_all": ("social_engagements", "social_comments(raw('instagram_comments'), 'instagram')"),
    "facebook": ("social_engagements", "social_comments(raw('facebook_comments'), 'facebook')"),
    "linkedin": (
        "social_engagements",
        "social_comments(raw('linkedin_comments'), 'linkedin', handles=raw('social_handles'))",
    ),
    "lime": ("survey_responses", f"survey_wide(raw('limesurvey'), questions={LIME_QUESTIONS}, {LIME})"),
    "forms": ("survey_responses", f"survey_wide({FORMS})"),
    "departments": ("areas", f"insee_areas('department', {DEPARTMENTS})"),
    "communes": ("areas", "insee_areas('commune', income=raw('insee_income_long'))"),
    "zones": ("areas", "insee_areas('employment_zone', unemployment=raw('insee_zones'))"),
}

# The same tables as other loaders would leave them: typed, with bytes, without optional columns, empty.
VARIANTS = (
    """
    create table raw.ga4_typed as
    select * exclude (event_params, items) replace (
        cast(event_timestamp as bigint) as event_timestamp,
        cast(event_bundle_sequence_id as bigint) as event_bundle_sequence_id,
        cast(event_server_timestamp_offset as bigint) as event_server_timestamp_offset,
        cast(batch_page_id as bigint) as batch_page_id,
        cast(batch_ordering_id as bigint) as batch_ordering_id, cast(batch_event_index as bigint) as batch_event_index
    ),
        cast(event_params as struct(key varchar, value struct(
            string_value varchar, int_value bigint, float_value double, double_value double))[]) as event_params,
        cast(items as struct(item_id varchar, item_name varchar, price double, quantity bigint)[]) as items
    from raw.ga4_events
    """,
    "create table raw.ga4_bare as select event_timestamp, event_name, event_params, user_pseudo_id from raw.ga4_events",
    "create table raw.ga4_empty as from raw.ga4_typed limit 0",
    "create table raw.matomo_bytes as select * replace (unhex(idvisitor) as idvisitor) from raw.matomo_log_visit",
    "create table raw.matomo_few_columns as "
    "select idlink_va::bigint as idlink_va, idsite, idvisit, idaction_url, idaction_name, server_time "
    "from raw.matomo_log_link_visit_action",
    "create table raw.matomo_empty as from raw.matomo_log_link_visit_action limit 0",
    'create table raw.hubspot_loader as select \'a\' || "Record ID" as id, "Email" as property_email, '
    "timestamptz '2024-03-01 11:00:00+01' as property_createdate from raw.hubspot_contacts limit 1",
    "create table raw.hubspot_ticket_loader as select 7 as id, timestamp '2026-02-01 09:00:00' as property_createdate, "
    "'Livraison' as property_hs_ticket_category",
    "create table raw.hubspot_ticket_contact as from (values (7, 502), (7, 501), (8, 9)) as t (ticket_id, contact_id)",
)


def read(table: str) -> Rows:
    """The sample file behind a raw table, read without DuckDB; an empty CSV cell is None, as a loader makes it."""
    name, separator = TABLES[table]
    lines = (EXPORTS / name).read_text(encoding="utf-8").splitlines()
    if separator is None:
        return [json.loads(line) for line in lines]
    return [{k: v or None for k, v in row.items()} for row in csv.DictReader(lines, delimiter=separator)]


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Project:
    """A consumer project that consists of mapping models, run once."""
    project = write_consumer(tmp_path_factory.mktemp("guides") / "consumer", repository, CONSUMER_VARS)
    loads = []
    for table, (name, separator) in TABLES.items():
        file = EXPORTS / name
        reader = (
            f"read_csv('{file}', all_varchar=true, delim='{separator}', header=true, quote='\"')"
            if separator
            else f"read_json_auto('{file}', format='newline_delimited')"
        )
        loads.append(f"create table raw.{table} as from {reader}")
    project.execute(*loads, *VARIANTS)
    models = project.folder / "models"
    models.mkdir()
    tables = re.findall(r"create table raw\.(\w+)", " ".join([*loads, *VARIANTS]))
    sources = ", ".join(f"{{name: {table}}}" for table in tables)
    (models / "sources.yml").write_text(f"sources: [{{name: raw, tables: [{sources}]}}]\n", encoding="utf-8")
    for name, (_, call) in MODELS.items():
        line = re.sub(r"raw\('(\w+)'\)", r"source('raw', '\1')", call)
        (models / f"map_{name}.sql").write_text("{{ dbt_segmentation.seg_from_" + line + " }}\n", encoding="utf-8")
    project.dbt("run", "--select", "consumer")
    return project


def rows(project: Project, model: str, key: str) -> dict[Any, dict[str, Any]]:
    """What a mapping model gives, by key; null is None, and times are plain."""
    import duckdb

    with duckdb.connect(str(project.build), read_only=True) as connection:
        relation = connection.sql(f"select * from map_{model}")
        found = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    by_key = {row[key]: row for row in found}
    assert len(by_key) == len(found), "the key is not unique"
    return by_key


def same(found: dict[Any, dict[str, Any]], expected: dict[Any, dict[str, Any]]) -> None:
    """Cell by cell, for each column that one of the two sides has."""
    assert sorted(map(str, found)) == sorted(map(str, expected))
    for key, row in expected.items():
        cells = {name: value for name, value in found[key].items() if value is not None}
        assert cells == {name: value for name, value in row.items() if value is not None}, key


def utc(text: str | None) -> dt.datetime | None:
    """An ISO 8601 time as a plain one in UTC."""
    if not text:
        return None
    time = dt.datetime.fromisoformat(text)
    return time.astimezone(dt.UTC).replace(tzinfo=None) if time.tzinfo else time


def epoch(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(0, dt.UTC).replace(tzinfo=None) + dt.timedelta(microseconds=round(seconds * 1e6))


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def key_of(*values: Any) -> str:
    return md5("|-|".join("" if value is None else str(value).replace("|", "||") for value in values))


@pytest.mark.parametrize("model", MODELS)
def test_every_column_is_in_the_contract_and_casts_to_its_type(mapped: Project, model: str) -> None:
    table, _ = MODELS[model]
    contract = (ROOT / "macros/inputs/seg_input_columns.sql").read_text(encoding="utf-8")
    block = re.search(rf"^    '{table}': {{\n(.*?)^    }},", contract, re.MULTILINE | re.DOTALL)
    assert block is not None, table
    types = dict(re.findall(r"'(\w+)': \('(\w+)'", block.group(1)))
    must = set(re.findall(r"'(\w+)': \('\w+', must\)", block.group(1)))
    sql = {
        "string": "varchar",
        "timestamp": "timestamp",
        "double": "double",
        "integer": "integer",
        "date": "date",
        "boolean": "boolean",
        "amount": "decimal(18, 4)",
    }
    columns = mapped.query(f"describe map_{model}")["column_name"].tolist()
    assert set(columns) <= set(types)
    assert must <= set(columns)
    lost = ", ".join(
        f"count(*) filter (trim({name}::varchar) <> '' and try_cast({name} as {sql[types[name]]}) is null) as {name}"
        for name in columns
    )
    assert not mapped.query(f"select {lost} from map_{model}").iloc[0].any()


def ga4_expected(source_system: str = "crm") -> dict[str, dict[str, Any]]:
    expected = {}
    for event in read("ga4_events"):
        parameters: dict[str, Any] = {}
        for parameter in event["event_params"]:
            parameters.setdefault(parameter["key"], next(str(v) for v in parameter["value"].values() if v is not None))
        items = [item["item_id"] for item in event["items"]]
        item = items[0] if len(items) == 1 else None
        collected = event["collected_traffic_source"] or {}
        if collected.get("manual_source"):
            source = f"{collected['manual_source']} / {collected['manual_medium']}"
        elif collected.get("gclid"):
            source = "google / cpc"
        else:
            source = (
                f"{parameters['source']} / {parameters.get('medium', '(none)')}" if "source" in parameters else None
            )
        session = parameters.get("ga_session_id")
        location = parameters.get("page_location")
        kept = {name: parameters.get(name) for name in ("value", "currency", "transaction_id")}
        moment = int(event["event_timestamp"]) / 1e6
        offset = event["event_server_timestamp_offset"]
        event_id = key_of(
            event["event_timestamp"],
            event["event_name"],
            event["user_pseudo_id"],
            session,
            event["event_bundle_sequence_id"],
            event["batch_page_id"],
            event["batch_ordering_id"],
            event["batch_event_index"],
            location,
            item,
        )
        expected[event_id] = {
            "event_id": event_id,
            "occurred_at": epoch(moment),
            "event_name": event["event_name"],
            "source_system": source_system if event["user_id"] else None,
            "source_record_id": event["user_id"],
            "visitor_id": event["user_pseudo_id"],
            "session_id": f"{event['user_pseudo_id']}.{session}" if session else None,
            "page": location.split("?")[0].split("#")[0] if location else None,
            "search_term": parameters.get("search_term"),
            "item_id": None if item == "(not set)" else item,
            "duration": float(parameters["engagement_time_msec"]) if "engagement_time_msec" in parameters else None,
            "duration_unit": "ms" if "engagement_time_msec" in parameters else None,
            "device": event["device"]["category"],
            "traffic_source": source,
            "country_code": event["geo"]["country"],
            "received_at": epoch(moment + int(offset) / 1e6) if offset else None,
            "properties": json.dumps(kept, separators=(",", ":")) if any(kept.values()) else None,
        }
    return expected


def test_ga4_events_whatever_way_they_were_loaded(mapped: Project) -> None:
    expected = ga4_expected()
    assert len(expected) == 9
    assert {row["traffic_source"] for row in expected.values()} == {
        "newsletter / email",
        "google / cpc",
        "bing / (none)",
        None,
    }
    same(rows(mapped, "ga4", "event_id"), expected)
    same(rows(mapped, "ga4_typed", "event_id"), expected)
    assert rows(mapped, "ga4_empty", "event_id") == {}


def test_ga4_without_optional_columns_gives_what_is_left(mapped: Project) -> None:
    found = rows(mapped, "ga4_bare", "event_id")
    assert len(found) == 9
    for column in ("source_record_id", "device", "country_code", "item_id", "properties", "received_at"):
        assert {row[column] for row in found.values()} == {None}, column
    assert {row["page"] for row in found.values()} == {row["page"] for row in ga4_expected().values()}


def matomo_expected() -> dict[str, dict[str, Any]]:
    names = {row["idaction"]: row for row in read("matomo_log_action")}
    visits = {row["idvisit"]: row for row in read("matomo_log_visit")}
    goals = {(row["idsite"], row["idgoal"]): row["name"] for row in read("matomo_goal")}
    devices = {"0": "desktop", "1": "smartphone"}
    referrers = {"1": "direct", "2": "search", "6": "campaign"}
    prefixes = {"0": "http://", "1": "http://www.", "2": "https://", "3": "https://www."}

    def of_visit(idvisit: str) -> dict[str, Any]:
        visit = visits[idvisit]
        referrer = referrers[visit["referer_type"]] + (f" / {visit['referer_name']}" if visit["referer_name"] else "")
        return {
            "source_system": "crm" if visit["user_id"] else None,
            "source_record_id": visit["user_id"],
            "visitor_id": visit["idvisitor"],
            "session_id": idvisit,
            "device": devices.get(visit["config_device_type"]),
            "network": visit["location_provider"],
            "traffic_source": referrer,
            "country_code": None if visit["location_country"] == "xx" else visit["location_country"].upper(),
        }

    def object_of(values: dict[str, Any]) -> str | None:
        return (
            json.dumps(values, separators=(",", ":"), ensure_ascii=False)
            if any(v is not None for v in values.values())
            else None
        )

    expected = {}
    actions = read("matomo_log_link_visit_action")
    for action in actions:
        url = names.get(action["idaction_url"] or "")
        title = names.get(action["idaction_name"] or "")
        event = names.get(action["idaction_event_action"] or "")
        name = "pageview"
        if action["idaction_product_cat"]:
            name = "category_view"
        if action["idaction_product_sku"]:
            name = "product_view"
        if action["idaction_content_name"]:
            name = "content_interaction" if action["idaction_content_interaction"] else "content_impression"
        if url and url["type"] in ("2", "3"):
            name = {"2": "outlink", "3": "download"}[url["type"]]
        if title and title["type"] == "8":
            name = "site_search"
        if event:
            name = event["name"]
        later = [
            a for a in actions if a["idvisit"] == action["idvisit"] and int(a["idlink_va"]) > int(action["idlink_va"])
        ]
        spent = float(later[0]["time_spent_ref_action"]) if later else None
        expected[f"action-{action['idlink_va']}"] = {
            "event_id": f"action-{action['idlink_va']}",
            "occurred_at": utc(action["server_time"]),
            "event_name": name,
            "page": prefixes[url["url_prefix"]] + url["name"].split("?")[0].split("#")[0] if url else None,
            "search_term": title["name"] if title and title["type"] == "8" else None,
            "item_id": names[action["idaction_product_sku"]]["name"] if action["idaction_product_sku"] else None,
            "duration": spent,
            "duration_unit": "s" if spent is not None else None,
            "properties": object_of(
                {
                    "category": names[action["idaction_event_category"]]["name"] if event else None,
                    "name": title["name"] if title and title["type"] == "12" else None,
                    "value": float(action["custom_float"]) if action["custom_float"] else None,
                    "search_category": action["search_cat"],
                }
            ),
            **of_visit(action["idvisit"]),
        }
    for conversion in read("matomo_log_conversion"):
        identifier = f"conversion-{conversion['idvisit']}-{conversion['idgoal']}-{conversion['buster']}"
        goal = goals.get((conversion["idsite"], conversion["idgoal"]), "goal")
        expected[identifier] = {
            "event_id": identifier,
            "occurred_at": utc(conversion["server_time"]),
            "event_name": {"0": "ecommerce_order", "-1": "ecommerce_abandoned_cart"}.get(conversion["idgoal"], goal),
            "page": conversion["url"].split("?")[0],
            "properties": object_of(
                {
                    "goal": conversion["idgoal"],
                    "order": conversion["idorder"],
                    "revenue": conversion["revenue"],
                    "items": conversion["items"],
                }
            ),
            **of_visit(conversion["idvisit"]),
        }
    return expected


def test_matomo_actions_and_conversions(mapped: Project) -> None:
    expected = matomo_expected()
    found = rows(mapped, "matomo", "event_id")
    for side in (expected, found):
        for row in side.values():
            row["occurred_at"] = utc(str(row["occurred_at"]))
            row["properties"] = json.loads(row["properties"]) if row["properties"] else None
            if row["properties"] and row["properties"].get("value") is not None:
                row["properties"]["value"] = float(row["properties"]["value"])
    same(found, expected)
    names = {row["event_name"] for row in found.values()}
    assert {"Play", "Demande de devis", "goal", "ecommerce_order", "content_impression", "download"} <= names
    # the search of 25 s after the first page, and the page before the video that was watched for 240 s
    assert found["action-101"]["duration"] == 25
    assert found["action-103"]["duration"] == 240
    assert found["action-106"]["duration"] is None


def test_matomo_without_optional_tables_and_columns(mapped: Project) -> None:
    expected = matomo_expected()
    found = rows(mapped, "matomo_bytes", "event_id")
    actions = {key: row for key, row in expected.items() if key.startswith("action-")}
    assert set(found) == set(actions)
    assert {k: r["visitor_id"] for k, r in found.items()} == {k: r["visitor_id"] for k, r in actions.items()}
    assert found["action-301"]["device"] == "fridge"
    assert found["action-102"]["event_name"] == "site_search"
    assert {row["duration"] for row in found.values()} == {None}
    assert rows(mapped, "matomo_empty", "event_id") == {}
    no_goals = rows(mapped, "matomo_no_goals", "event_id")
    assert no_goals["conversion-1-3-0"]["event_name"] == "goal"
    assert len(no_goals) == len(expected)


def test_event_names_of_the_tools_are_in_the_taxonomy_unless_they_are_somebodys_own(mapped: Project) -> None:
    with (ROOT / "seeds/reference/seg_event_taxonomy.csv").open(encoding="utf-8") as file:
        taxonomy = list(csv.DictReader(file))
    known = {row["event_name"]: row["category"] for row in taxonomy}
    assert len(known) == len(taxonomy)
    assert all(name == name.strip().lower() for name in known)
    # each category is also a name, so that data which already speaks our language needs no mapping
    assert {known.get(category) for category in known.values()} == set(known.values())
    assert all(category.startswith("event_") and re.fullmatch(r"[a-z_]+", category) for category in known.values())
    assert all(row["source_name"] and row["description"] for row in taxonomy)
    names = {
        row["event_name"].strip().lower()
        for model in ("ga4", "matomo")
        for row in rows(mapped, model, "event_id").values()
    }
    assert names - set(known) == {"simulateur_pret", "play", "demande de devis"}


def test_crm_contacts(mapped: Project) -> None:
    labels = {
        "Record ID": "source_record_id",
        "First Name": "first_name",
        "Last Name": "last_name",
        "Email": "email",
        "Street Address": "address",
        "Postal Code": "postal_code",
        "City": "city",
        "Job Title": "occupation",
        "Preferred language": "language",
        "Company Name": "company_name",
        "Create Date": "created_at",
        "Last Modified Date": "updated_at",
    }
    same(
        rows(mapped, "hubspot", "source_record_id"),
        {
            row["Record ID"]: {
                "source_system": "hubspot",
                "phone": row["Mobile Phone Number"] or row["Phone Number"],
                **{ours: row[label] for label, ours in labels.items()},
            }
            for row in read("hubspot_contacts")
        },
    )
    loader = rows(mapped, "hubspot_loader", "source_record_id")["a501"]
    assert loader["created_at"].astimezone(dt.UTC) == dt.datetime(2024, 3, 1, 10, tzinfo=dt.UTC)
    assert set(loader) == {"source_system", "source_record_id", "email", "phone", "created_at"}

    fields = {
        "Id": "source_record_id",
        "FirstName": "first_name",
        "LastName": "last_name",
        "Email": "email",
        "Birthdate": "birth_date",
        "MailingStreet": "address",
        "MailingCity": "city",
        "MailingPostalCode": "postal_code",
        "MailingCountryCode": "country_code",
        "Title": "occupation",
        "CreatedDate": "created_at",
        "LastModifiedDate": "updated_at",
    }
    accounts = {row["Id"]: row for row in read("salesforce_account")}
    expected = {}
    for row in read("salesforce_contact"):
        if row["IsDeleted"] == "false":
            account = accounts.get(row["AccountId"], {})
            expected[row["Id"]] = {
                "source_system": "salesforce",
                "phone": row["MobilePhone"] or row["Phone"],
                **{ours: row[field] for field, ours in fields.items()},
                "company_name": account.get("Name"),
                "company_size": account.get("NumberOfEmployees"),
                "sector": account.get("Industry"),
            }
    assert len(expected) == 2
    same(rows(mapped, "salesforce", "source_record_id"), expected)


def test_crm_tickets(mapped: Project) -> None:
    same(
        rows(mapped, "hubspot_tickets", "ticket_id"),
        {
            row["Ticket ID"]: {
                "ticket_id": row["Ticket ID"],
                "source_system": "hubspot",
                "source_record_id": row["Associated Contact IDs"].split(";")[0],
                "opened_at": row["Create date"],
                "closed_at": row["Close date"],
                "topic": row["Category"],
                "text": row["Ticket description"],
            }
            for row in read("hubspot_tickets")
        },
    )
    assert [row["source_record_id"] for row in rows(mapped, "hubspot_ticket_loader", "ticket_id").values()] == [501]
    same(
        rows(mapped, "salesforce_cases", "ticket_id"),
        {
            row["Id"]: {
                "ticket_id": row["Id"],
                "source_system": "salesforce",
                "source_record_id": row["ContactId"],
                "opened_at": row["CreatedDate"],
                "closed_at": row["ClosedDate"],
                "topic": row["Reason"],
                "satisfaction": row["CSAT__c"],
                "text": row["Description"],
            }
            for row in read("salesforce_case")
            if row["ContactId"] and row["IsDeleted"] == "false"
        },
    )


def test_opt_in_columns_become_a_ledger_and_doubt_is_a_refusal(mapped: Project) -> None:
    found = mapped.query(
        "select concat_ws(' ', source_record_id, purpose, status, recorded_at) as said, origin, legal_basis "
        "from map_opt_ins"
    )
    expected = set()
    for row in read("hubspot_contacts"):
        changed = row["Last Modified Date"]
        if row["Newsletter opt-in"]:
            status = "granted" if row["Newsletter opt-in"] == "Yes" else "denied"
            expected.add(f"{row['Record ID']} email {status} {row['Newsletter opt-in date'] or changed}")
        if row["Profiling opt-in"]:
            expected.add(f"{row['Record ID']} profiling granted {changed}")
        if row["Unsubscribed from all email"] == "true":
            expected.add(f"{row['Record ID']} email withdrawn {changed}")
    assert set(found["said"]) == expected
    assert len(found) == len(expected) == 5
    assert "503 email denied 2025-02-01T00:00:00Z" in expected
    assert set(found["origin"].dropna()) == {"newsletter"}
    assert set(found["legal_basis"].dropna()) == {"consent"}


def test_brevo_messages_withdrawals_and_contacts(mapped: Project) -> None:
    events = [event for event in read("brevo_events") if event["camp_id"]]
    expected: dict[str, dict[str, Any]] = {}
    for campaign, email in {(event["camp_id"], event["email"].lower()) for event in events}:
        mine = [e for e in events if (e["camp_id"], e["email"].lower()) == (campaign, email)]

        def first(*acts: str, mine: Rows = mine) -> dt.datetime | None:
            return min((epoch(e["ts_event"]) for e in mine if e["event"] in acts), default=None)

        if first("hard_bounce"):
            continue
        expected[key_of(campaign, md5(email))] = {
            "touch_id": key_of(campaign, md5(email)),
            "campaign_id": str(campaign),
            "source_system": "brevo",
            "source_record_id": md5(email),
            "sent_at": epoch(mine[0]["ts_sent"]),
            "channel": "email",
            "opened_at": first("opened"),
            "clicked_at": first("click"),
            "unsubscribed_at": first("unsubscribe", "spam"),
        }
    assert len(expected) == 4
    same(rows(mapped, "brevo", "touch_id"), expected)
    same(
        rows(mapped, "brevo_consents", "source_record_id"),
        {
            md5(event["email"]): {
                "source_system": "brevo",
                "source_record_id": md5(event["email"]),
                "purpose": "email",
                "status": "withdrawn",
                "recorded_at": epoch(event["ts_event"]),
                "origin": "brevo",
            }
            for event in events
            if event["event"] in ("unsubscribe", "spam")
        },
    )
    contacts = rows(mapped, "brevo_contacts", "source_record_id")
    assert set(contacts) == {md5("zoe.legoff@example.org"), md5("marc@example.org")}
    assert contacts[md5("marc@example.org")]["last_name"] == "O'Neill"
    # who was written to is somebody that the contacts know
    assert set(contacts) & {row["source_record_id"] for row in expected.values()} == set(contacts)


def test_mailchimp_messages_withdrawals_and_members(mapped: Project) -> None:
    campaign = read("mailchimp_campaigns")[0]
    expected = {}
    for row in read("mailchimp_sent_to"):
        if row["status"] == "hard":
            continue
        acts = [act for act in read("mailchimp_email_activity") if act["email_id"] == row["email_id"]]
        left = [out for out in read("mailchimp_unsubscribes") if out["email_id"] == row["email_id"]]
        key = key_of(row["campaign_id"], row["email_id"])
        expected[key] = {
            "touch_id": key,
            "campaign_id": row["campaign_id"],
            "source_system": "mailchimp",
            "source_record_id": row["email_id"],
            "sent_at": campaign["send_time"],
            "channel": "email",
            "campaign_type": campaign["type"],
            "opened_at": min((utc(act["timestamp"]) for act in acts if act["action"] == "open"), default=None),
            "clicked_at": min((utc(act["timestamp"]) for act in acts if act["action"] == "click"), default=None),
            "unsubscribed_at": utc(left[0]["timestamp"]) if left else None,
        }
    assert len(expected) == 2
    same(rows(mapped, "mailchimp", "touch_id"), expected)
    short = rows(mapped, "mailchimp_short", "touch_id")
    same(short, {key: {**row, "unsubscribed_at": None} for key, row in expected.items()})
    assert set(rows(mapped, "mailchimp_consents", "source_record_id")) == {
        row["email_id"] for row in read("mailchimp_unsubscribes")
    }
    for row in read("mailchimp_members"):
        assert md5(row["Email Address"]) in rows(mapped, "mailchimp_members", "source_record_id")


def test_social_comments_keep_known_handles_and_no_text(mapped: Project) -> None:
    comments = read("instagram_comments")
    everybody = {
        f"instagram-{row['id']}": {
            "engagement_id": f"instagram-{row['id']}",
            "network": "instagram",
            "kind": "comment",
            "occurred_at": row["timestamp"],
            "handle": row["username"],
        }
        for row in comments
    }
    same(rows(mapped, "instagram_all", "engagement_id"), everybody)
    # shared.account is claimed by two customers, someone_else by nobody
    known = {**everybody["instagram-17890001"], "source_system": "crm", "source_record_id": "C001", "topic": "étagère"}
    same(rows(mapped, "instagram", "engagement_id"), {"instagram-17890001": known})
    facebook = rows(mapped, "facebook", "engagement_id")
    assert {row["handle"] for row in facebook.values()} == {"990001", None}
    linkedin = read("linkedin_comments")[0]
    same(
        rows(mapped, "linkedin", "engagement_id"),
        {
            f"linkedin-{linkedin['commentUrn']}": {
                "engagement_id": f"linkedin-{linkedin['commentUrn']}",
                "network": "linkedin",
                "kind": "comment",
                "occurred_at": epoch(linkedin["created__time"] / 1e3),
                "source_system": "crm",
                "source_record_id": "C001",
                "handle": linkedin["actor"],
            }
        },
    )


def test_survey_answers_one_row_each(mapped: Project) -> None:
    paris = ZoneInfo("Europe/Paris")
    questions: dict[str, tuple[str, dict[str, Any]]] = {
        "SAT": ("satisfaction", {"scale_min": 1.0, "scale_max": 5.0}),
        "EFFORT[SQ001]": ("effort", {"scale_min": 1.0, "scale_max": 7.0, "reversed": True, "scale_name": "effort"}),
        "NPS": ("NPS", {"scale_min": 0.0, "scale_max": 10.0}),
        "COMMENT": ("COMMENT", {}),
    }
    expected = {}
    for row in read("limesurvey"):
        for column, (question, scale) in questions.items():
            answer = (row[column] or "").strip()
            if not answer:
                continue
            local = dt.datetime.fromisoformat(row["submitdate"]).replace(tzinfo=paris) if row["submitdate"] else None
            key = key_of("csat_2026", row["id"], question)
            code = re.fullmatch("A([1-5])", answer)
            expected[key] = {
                "response_id": key,
                "survey_id": "csat_2026",
                "question_id": question,
                "source_system": "crm",
                "source_record_id": row["token"],
                "answered_at": local.astimezone(dt.UTC).replace(tzinfo=None) if local else None,
                "score": (float(code.group(1)) if code else None)
                if column == "SAT"
                else float(answer)
                if scale
                else None,
                "reversed": False,
                "answer_text": None if scale else answer,
                **scale,
            }
    assert len(expected) == 8
    found = rows(mapped, "lime", "response_id")
    same(found, expected)
    summer, winter = (
        {r["answered_at"] for r in found.values() if r["source_record_id"] == c}.pop() for c in ("C001", "C002")
    )
    assert (summer.hour, winter.hour) == (8, 9)

    forms = {
        (row["source_record_id"], row["question_id"]): row for row in rows(mapped, "forms", "response_id").values()
    }
    assert set(forms) == {("C001", "q1"), ("C001", "q2"), ("C002", "q1")}
    # 5 March, not 3 May; and what is no number has no score
    assert forms["C001", "q1"]["answered_at"] == dt.datetime(2026, 3, 5, 17, 4, 9)
    assert (forms["C001", "q1"]["score"], forms["C002", "q1"]["score"]) == (5.0, None)
    assert forms["C001", "q2"]["answer_text"] == "Parfait"


def number(text: str | None) -> float | None:
    return float(text.replace(" ", "").replace(",", ".")) if text and re.fullmatch(r"[\d ,.]+", text) else None


def test_insee_files_become_areas(mapped: Project) -> None:
    income = {row["CODGEO"]: row for row in read("insee_income")}
    people = {row["CODGEO"]: row for row in read("insee_population")}
    rates = {row["Code"]: row for row in read("insee_unemployment")}
    expected: dict[str, dict[str, Any]] = {}
    for code in {*income, *people, *rates}:
        population = number(people.get(code, {}).get("P22_POP"))
        surface = number(people.get(code, {}).get("SUPERF"))
        expected[code] = {
            "area_code": code,
            "area_level": "department",
            "name": people.get(code, {}).get("LIBGEO") or rates.get(code, {}).get("Libellé"),
            "population": population,
            "density": population / surface if population and surface else None,
            "median_income": number(income.get(code, {}).get("MED21")),
            # T3_2025 is the latest, wherever it stands
            "unemployment_rate": number(rates.get(code, {}).get("T3_2025")),
        }
    assert len(expected) == 4
    assert expected["2A"]["median_income"] is None
    same(rows(mapped, "departments", "area_code"), expected)
    communes = rows(mapped, "communes", "area_code")
    assert {code: row["median_income"] for code, row in communes.items()} == {"01001": 25310.0, "01002": None}
    zones = rows(mapped, "zones", "area_code")
    assert {code: row["unemployment_rate"] for code, row in zones.items()} == {"0051": 7.2, "5301": 6.0}
    assert zones["0051"]["name"] == "Alençon"


def test_every_macro_has_a_guide_that_calls_it_as_it_is() -> None:
    signatures = {}
    for file in sorted((ROOT / "macros/sources").glob("seg_from_*.sql")):
        match = re.search(r"{% macro (\w+)\((.*)\) -%}", file.read_text(encoding="utf-8"))
        assert match is not None, file
        signatures[match.group(1)] = {argument.split("=")[0].strip() for argument in match.group(2).split(",")}
    pages = {page.name: page.read_text(encoding="utf-8") for page in GUIDES.glob("*.md")}
    called = set()
    for block in re.findall(r"```sql\n(.*?)```", "\n".join(pages.values()), re.DOTALL):
        for name, body in re.findall(r"dbt_segmentation\.(seg_from_\w+)\((.*?)\) }}", block, re.DOTALL):
            called.add(name)
            assert set(re.findall(r"(?<![\w'])(\w+)=", body)) <= signatures[name], name
    assert called == set(signatures)
    assert all(f"({name})" in pages["README.md"] for name in pages if name != "README.md")
    specs = (ROOT / "macros/config/seg_var_specs.sql").read_text(encoding="utf-8")
    known = set(re.findall(r"'(seg_\w+)':", specs))
    assert set(re.findall(r"\bseg_\w+_relation\b", "\n".join(pages.values()))) <= known
