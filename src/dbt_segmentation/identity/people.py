"""The caller's records in the form that is compared, one row per distinct record."""

from dbt_segmentation.errors import DataError
from dbt_segmentation.identity.given_names import COMMON_LAST_NAMES, GIVEN_NAMES, VARIANTS
from dbt_segmentation.identity.workspace import Relation, Workspace

TEXTS = (
    "email",
    "phone",
    "first_name_key",
    "last_name_key",
    "company_name_key",
    "address_key",
    "postal_code",
    "city_key",
    "customer_type",
    "gender",
)

# what is read of a value: similarity costs length x length, and a name of a megabyte is no name
_LONGEST = {"email": 254, "address_key": 128}
_LONGEST_NAME = 64

# days that forms put in when they have none
_NO_BIRTH_DATES = ("0001-01-01", "1900-01-01", "1901-01-01", "1970-01-01", "9999-12-31")
_DAY = "^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$"

# what a company is called says nothing about its form
_LEGAL_FORMS = (
    "ag",
    "bv",
    "co",
    "company",
    "corp",
    "eirl",
    "ei",
    "et",
    "eurl",
    "gmbh",
    "inc",
    "kg",
    "llc",
    "ltd",
    "nv",
    "ohg",
    "plc",
    "sa",
    "sarl",
    "sas",
    "sasu",
    "sca",
    "sci",
    "scop",
    "scp",
    "snc",
    "sprl",
    "srl",
)


def read_people(work: Workspace, records: Relation) -> None:
    """Make the tables `records` (idx, record_key, person) and `people` (one per distinct record, idx of the first).

    Records with the same values in every field are one row of `people`, found by a hash of those values; `copies`
    counts them. idx follows the order of record_key, so that nothing depends on the order of rows.

    Raises
    ------
    DataError
        record_key is missing, null or repeated.
    """
    work.require("The relation of records", records, ["record_key"])
    known = work.columns(records)
    fields = [_text(known, name) for name in TEXTS] + [_birth_date(known)]
    key = _quoted(known["record_key"])
    work.load("raw", records, f"cast({key} as varchar) as record_key, {', '.join(fields)}")
    total, keys = work.connection.execute(
        f"select count(*), count(distinct record_key) from {work.name('raw')}"
    ).fetchone() or (0, 0)
    missing = work.scalar(f"select count(*) from {work.name('raw')} where record_key is null")
    if missing:
        raise DataError(f"record_key is null in {missing} records.")
    if total != keys:
        raise DataError(f"record_key must be unique: {total - keys} records repeat one.")
    names = ", ".join((*TEXTS, "birth_date"))
    work.create(
        "records",
        f"""
        with numbered as (
            select
                cast(row_number() over (order by record_key) - 1 as integer) as idx,
                record_key,
                md5(cast(to_json([{", ".join(TEXTS)}, birth_date]) as varchar)) as fingerprint
            from {work.name("raw")}
        )
        select idx, record_key, min(idx) over (partition by fingerprint) as person from numbered
        """,
    )
    work.create(
        "distinct_records",
        f"""
        with copies as (select person, count(*) as copies from {work.name("records")} group by person)
        select copies.person as idx, copies.copies, {names}
        from copies
        inner join {work.name("records")} as records on records.idx = copies.person
        inner join {work.name("raw")} as raw using (record_key)
        """,
    )
    work.drop("raw")
    _name_tables(work)
    work.create("people", _people_sql(work))
    work.drop("distinct_records", "first_names")


def _name_tables(work: Workspace) -> None:
    """Make `first_names`: what each first name stands for, and whether each of its words is a name."""
    rows = ", ".join(f"('{name}', '{VARIANTS.get(name, name)}')" for name in sorted(GIVEN_NAMES))
    work.create("given_names", f"select * from (values {rows}) as names (name, root)")
    work.create(
        "first_names",
        f"""
        with words as (
            select distinct first_name_key as name, unnest(string_split(first_name_key, ' ')) as word
            from {work.name("distinct_records")}
            where first_name_key is not null
        )
        select
            words.name,
            bool_and(given.name is not null) as is_given_name,
            coalesce(any_value(given.root) filter (where words.word = words.name), words.name) as root
        from words
        left join {work.name("given_names")} as given on words.word = given.name
        group by words.name
        """,
    )
    work.drop("given_names")


def _people_sql(work: Workspace) -> str:
    legal_forms = ", ".join(f"'{form}'" for form in _LEGAL_FORMS)
    common = ", ".join(f"'{name}'" for name in sorted(COMMON_LAST_NAMES))
    return f"""
    with
    judged as (
        select
            *,
            case
                when lower(customer_type) in ('person', 'company') then lower(customer_type)
                when company_name_key is not null and first_name_key is null and last_name_key is null then 'company'
            end as kind,
            case
                when lower(gender) in ('f', 'female', 'femme', 'w', 'woman', 'mme', 'mrs', 'ms') then 'f'
                when lower(gender) in ('m', 'male', 'homme', 'h', 'man', 'mr') then 'm'
            end as gender_letter,
            case
                when birth_date not in ({", ".join(f"'{day}'" for day in _NO_BIRTH_DATES)})
                    then regexp_extract(birth_date, '{_DAY}', ['year', 'month', 'day'])
            end as birth,
            array_to_string(
                list_filter(string_split(company_name_key, ' '), lambda word: word not in ({legal_forms})), ' '
            ) as company_core
        from {work.name("distinct_records")}
    ),
    cleaned as (
        select
            *,
            try_cast(birth.year as integer) as birth_year,
            try_cast(birth.month as integer) as birth_month,
            try_cast(birth.day as integer) as birth_day
        from judged
    )
    select
        cleaned.idx,
        cleaned.copies,
        cleaned.kind,
        cleaned.gender_letter as gender,
        cleaned.first_name_key as first,
        first_names.root as first_root,
        replace(cleaned.first_name_key, ' ', '') as first_joined,
        coalesce(first_names.is_given_name, false) as is_given_name,
        cleaned.last_name_key as last,
        replace(cleaned.last_name_key, ' ', '') as last_joined,
        cleaned.last_name_key in ({common}) as is_common_last,
        coalesce(nullif(cleaned.company_core, ''), cleaned.company_name_key) as company,
        cleaned.email,
        split_part(cleaned.email, '@', 1) as email_local,
        split_part(cleaned.email, '@', 2) as email_domain,
        cleaned.phone,
        cleaned.address_key as address,
        string_split(cleaned.address_key, ' ') as address_words,
        regexp_extract(cleaned.address_key, '[0-9]+') as address_number,
        upper(cleaned.postal_code) as postal,
        cleaned.city_key as city,
        cleaned.birth_year,
        cleaned.birth_month,
        cleaned.birth_day,
        -- the 33rd of a month still tells month and year, but is no day to contradict another
        cleaned.birth_year between 1880 and 2100 and cleaned.birth_month between 1 and 12
        and cleaned.birth_day between 1 and 31 as is_possible_birth,
        least(cleaned.first_name_key, cleaned.last_name_key)
        || chr(31) || greatest(cleaned.first_name_key, cleaned.last_name_key)
        || left(cleaned.first_name_key || cleaned.last_name_key, 0) as names
    from cleaned
    left join first_names_table as first_names on cleaned.first_name_key = first_names.name
    """.replace("first_names_table", work.name("first_names"))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(known: dict[str, str], name: str) -> str:
    """Give the SQL of a text column: cut to what is read, trimmed, null where empty or absent."""
    if name not in known:
        return f"cast(null as varchar) as {name}"
    longest = _LONGEST.get(name, _LONGEST_NAME)
    return f"nullif(trim(left(cast({_quoted(known[name])} as varchar), {longest})), '') as {name}"


def _birth_date(known: dict[str, str]) -> str:
    """Give the SQL of the birth date as text: a day that is none, the 33rd, can still be compared part by part."""
    if "birth_date" not in known:
        return "cast(null as varchar) as birth_date"
    text = f"cast({_quoted(known['birth_date'])} as varchar)"
    return f"regexp_extract({text}, '^([0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}})( 00:00:00)?$', 1) as birth_date"
