"""How two records compare: the outcome of each field, what they are worth together, and the name of the rule."""

from dbt_segmentation.identity.weights import COMPANY, PERSON, score_sql, weight_sql
from dbt_segmentation.identity.workspace import Workspace

# a new name is as far as this many words of the longer one (Jaccard 1901)
_SIMILAR_ADDRESS = 0.6
_SIMILAR_COMPANY = 0.66
# Winkler (1990); under six letters one letter already is a fifth of the name
_SIMILAR_NAME = 0.93

# the strength of a link, by which a group that is held back is tried again
WEAK, NAMED, EXACT = 1, 2, 3


def comparison_sql(work: Workspace, pairs: str) -> str:
    """Give the SQL that compares pairs.

    Parameters
    ----------
    work : Workspace
        Holds `people`.
    pairs : str
        Name of a relation with columns a and b, both idx of `people`.

    Returns
    -------
    str
        Query with a row per pair: a, b, score (0 to 1), rule, strength, contradiction (a field, or null). The score is
        0 where what agrees would not tell two members of a household apart.
    """
    return f"""
    with
    outcomes as ({_outcomes(work, pairs)}),
    weighed as (
        select
            *,
            case when is_company then {weight_sql(COMPANY)} else {weight_sql(PERSON)} end as weight,
            coalesce(first in ('exact', 'variant', 'close', 'swapped'), false) as first_agrees,
            coalesce(last in ('exact', 'common', 'close', 'alike', 'part', 'swapped'), false) as last_agrees,
            coalesce(birth in ('exact', 'swapped', 'near', 'part', 'year'), false) as birth_agrees,
            coalesce(company in ('exact', 'close'), false) as company_agrees
        from outcomes
    )
    select
        a,
        b,
        case when {_enough()} then {score_sql("weight")} else 0 end as score,
        {_rule()} as rule,
        case
            when {_rule()} like 'exact%' then {EXACT}
            when first_agrees or (is_company and company_agrees) then {NAMED}
            else {WEAK}
        end as strength,
        {_contradiction()} as contradiction
    from weighed
    """


def _outcomes(work: Workspace, pairs: str) -> str:
    """Give the SQL of the outcome of each field, null where one of the two has no value."""
    return f"""
        select
            pairs.a,
            pairs.b,
            coalesce(a.kind = 'company' and b.kind = 'company', false) as is_company,
            a.kind <> b.kind as kinds_differ,
            -- two errors in one name are no contradiction in a group, but no link either
            not (a.is_given_name and b.is_given_name) and least(length(a.first), length(b.first)) >= 4
            and {_at_most(2, "a.first", "b.first")} as firsts_alike,
            {_first()} as first,
            {_last()} as last,
            {_birth()} as birth,
            case
                when a.email is null or b.email is null then null
                when a.email = b.email then 'exact'
                -- jean.martin1 and jean.martin2 are two people who found the address taken
                when regexp_replace(a.email_local, '[0-9]', '', 'g') = regexp_replace(b.email_local, '[0-9]', '', 'g')
                    and a.email_local <> b.email_local then 'different'
                when a.email_domain = b.email_domain and least(length(a.email_local), length(b.email_local)) >= 5
                    and {_at_most(1, "a.email_local", "b.email_local")} then 'close'
                when a.email_local = b.email_local and length(a.email_local) >= 6
                    and {_at_most(2, "a.email_domain", "b.email_domain")} then 'close'
                else 'different'
            end as email,
            case
                when a.phone is null or b.phone is null then null
                when a.phone = b.phone then 'exact'
                when length(a.phone) >= 8 and {_at_most(1, "a.phone", "b.phone")} then 'close'
                else 'different'
            end as phone,
            case
                when a.address is null or b.address is null then null
                when a.address = b.address then case when a.postal <> b.postal then 'close' else 'exact' end
                when a.address_number <> b.address_number then 'different'
                when a.postal <> b.postal then 'different'
                when length(a.address) >= 8 and {_at_most(2, "a.address", "b.address")} then 'close'
                when {_jaccard("a.address_words", "b.address_words")} >= {_SIMILAR_ADDRESS} then 'close'
                else 'different'
            end as address,
            case
                when a.postal is null or b.postal is null then case when a.city = b.city then 'exact' end
                when a.postal = b.postal then 'exact'
                else 'different'
            end as place,
            case when a.gender = b.gender then 'exact' when a.gender <> b.gender then 'different' end as gender,
            case
                when a.company is null or b.company is null then null
                when a.company = b.company or replace(a.company, ' ', '') = replace(b.company, ' ', '') then 'exact'
                when {_typing_error("a.company", "b.company")} then 'close'
                when {_jaccard("string_split(a.company, ' ')", "string_split(b.company, ' ')")} >= {_SIMILAR_COMPANY}
                    then 'close'
                else 'different'
            end as company
        from {pairs} as pairs
        inner join {work.name("people")} as a on pairs.a = a.idx
        inner join {work.name("people")} as b on pairs.b = b.idx
    """


def plausible_sql(work: Workspace, pairs: str) -> str:
    """Give the SQL of the pairs whose names leave a chance (see `_enough`): most do not, and it shows fast."""
    return f"""
        select pairs.a, pairs.b
        from {pairs} as pairs
        inner join {work.name("people")} as a on pairs.a = a.idx
        inner join {work.name("people")} as b on pairs.b = b.idx
        where (a.kind = 'company' and b.kind = 'company')
            or (
                ({_first()}) is distinct from 'different'
                and (
                    a.email = b.email or a.phone = b.phone or a.address = b.address
                    or ({_last()}) is distinct from 'different'
                )
            )
    """


def _crossed() -> str:
    """Give the SQL of: each one's first name is the other's last name. One of the two may be mistyped."""
    return (
        "a.first <> b.first and (a.first = b.last or a.last = b.first)"
        f" and {_typing_error('a.first', 'b.last')} and {_typing_error('a.last', 'b.first')}"
    )


def _first() -> str:
    """Give the SQL of: how two first names compare."""
    return f"""
        case
            when a.first is null or b.first is null then null
            when {_crossed()} then 'swapped'
            when a.first_joined = b.first_joined then 'exact'
            when a.first_root = b.first_root then 'variant'
            when length(a.first) = 1 or length(b.first) = 1
                then case when left(a.first, 1) = left(b.first, 1) then 'initial' else 'different' end
            when {_part("a.first", "b.first")} then 'part'
            when a.is_given_name and b.is_given_name then 'different'
            when {_female_form("a", "b")} or {_female_form("b", "a")} then 'different'
            when {_typing_error("a.first", "b.first")} then 'close'
            else 'different'
        end
    """


def _last() -> str:
    """Give the SQL of: how two last names compare."""
    return f"""
        case
            when a.last is null or b.last is null then null
            when {_crossed()} then 'swapped'
            when a.last_joined = b.last_joined
                then case when a.is_common_last then 'common' else 'exact' end
            -- schmidt and schmitt may be one person's, but are two names
            when {_typing_error("a.last", "b.last")}
                then case when a.is_common_last and b.is_common_last then 'alike' else 'close' end
            when {_part("a.last", "b.last")} then 'part'
            else 'different'
        end
    """


def _birth() -> str:
    """Give the SQL of: how two birth dates compare.

    A typing error changes one digit; two digits are rarely one person's.
    """
    same = {part: f"a.birth_{part} = b.birth_{part}" for part in ("year", "month", "day")}
    possible = "a.is_possible_birth and b.is_possible_birth"
    return f"""
        case
            when a.birth_year is null or b.birth_year is null then null
            when {same["year"]} and {same["month"]} and {same["day"]}
                then case when {possible} then 'exact' else 'near' end
            when {same["year"]} and a.birth_month = b.birth_day and a.birth_day = b.birth_month then 'swapped'
            when {same["month"]} and {same["day"]}
                then case when {_one_digit("a.birth_year", "b.birth_year", 4)} then 'near' else 'year' end
            when {same["year"]} and {same["month"]}
                then case when {_one_digit("a.birth_day", "b.birth_day", 2)} then 'near' else 'part' end
            when {same["year"]} and {same["day"]}
                then case when {_one_digit("a.birth_month", "b.birth_month", 2)} then 'near' else 'part' end
            when {possible} then 'different'
        end
    """


def _one_digit(a: str, b: str, digits: int) -> str:
    """Give the SQL of: two numbers differ in one digit, or two neighbouring digits changed places."""
    plain = [f"cast({number} as varchar)" for number in (a, b)]
    padded = [f"lpad({number}, {digits}, '0')" for number in plain]
    return f"(damerau_levenshtein({', '.join(plain)}) <= 1 or damerau_levenshtein({', '.join(padded)}) <= 1)"


def _enough() -> str:
    """Give the SQL of: something agrees that is the person's own, and more than first name and birth date.

    Without a first name, or with one that is only part of the other, last name, address and phone fit a whole
    household.
    """
    return """
        case
            when is_company then company_agrees or (company is null and email = 'exact')
            else
                case
                    when first_agrees then true
                    when first = 'part' then birth_agrees
                    else birth_agrees or coalesce(email in ('exact', 'close'), false)
                end
                and (
                    last_agrees
                    or coalesce(email = 'exact', false) or coalesce(phone = 'exact', false)
                    or coalesce(address = 'exact', false)
                )
        end
    """


def _rule() -> str:
    """Give the SQL of: name of what carries the link."""
    return """
        case
            when is_company then
                case when company = 'exact' then 'exact' else 'fuzzy' end
                || case
                    when email = 'exact' then '_company_email'
                    when phone = 'exact' then '_company_phone'
                    when address = 'exact' then '_company_address'
                    else '_company'
                end
            when first = 'exact' and last in ('exact', 'common') and email = 'exact' then 'exact_email_name'
            when first = 'exact' and last in ('exact', 'common') and birth = 'exact' then 'exact_name_birth_date'
            when first = 'exact' and last in ('exact', 'common') and phone = 'exact' then 'exact_phone_name'
            when first = 'exact' and last in ('exact', 'common') and address = 'exact' then 'exact_name_address'
            when first = 'swapped' then 'swapped_names'
            when not first_agrees or not last_agrees then
                case when email = 'exact' then 'fuzzy_email' else 'fuzzy_partial_name' end
            when birth_agrees then 'fuzzy_name_birth_date'
            when email in ('exact', 'close') then 'fuzzy_name_email'
            when phone = 'exact' then 'fuzzy_name_phone'
            when address in ('exact', 'close') then 'fuzzy_name_address'
            else 'fuzzy_name'
        end
    """


def _contradiction() -> str:
    """Give the SQL of: the strong key on which two records can't be one person, or null.

    People have several e-mails, phones and addresses, and change their last name: none of these is strong.
    """
    return """
        case
            when kinds_differ then 'customer_type'
            when is_company then case when company = 'different' then 'company_name' end
            when birth = 'different' then 'birth_date'
            when first = 'different' and not coalesce(firsts_alike, false) then 'first_name'
        end
    """


def _at_most(edits: int, a: str, b: str) -> str:
    """Give the SQL of: not more than so many letters inserted, left out, replaced or exchanged with their neighbour.

    Damerau (1964): four in five misspellings are one of these. Lengths are compared first, being cheaper.
    """
    return f"(abs(length({a}) - length({b})) <= {edits} and damerau_levenshtein({a}, {b}) <= {edits})"


def _typing_error(a: str, b: str) -> str:
    """Give the SQL of: one name may be the other, mistyped. The shorter a name, the less it may differ."""
    return f"""(
        {a} = {b}
        or (greatest(length({a}), length({b})) >= 4 and least(length({a}), length({b})) >= 3 and {_at_most(1, a, b)})
        or (least(length({a}), length({b})) >= 8 and {_at_most(2, a, b)})
        or (least(length({a}), length({b})) >= 6 and jaro_winkler_similarity({a}, {b}) >= {_SIMILAR_NAME})
    )"""


def _part(a: str, b: str) -> str:
    """Give the SQL of: the words of one name are all in the other."""
    words_a, words_b = f"string_split({a}, ' ')", f"string_split({b}, ' ')"
    return (
        f"((contains({a}, ' ') or contains({b}, ' '))"
        f" and (list_has_all({words_a}, {words_b}) or list_has_all({words_b}, {words_a})))"
    )


def _female_form(a: str, b: str) -> str:
    """Give the SQL of: the second first name is the first one's female form (Louis and Louise, Michel and Michelle).

    Where one of them is a known name and the other is not, the other may be the known one mistyped: Nathali is
    Nathalie, and Heinza is Heinz. But the female form of a known name need not be known: Wilfride is not Wilfrid.
    """
    return f"""(
        starts_with({b}.first, {a}.first)
        and (
            (
                ({a}.is_given_name or not {b}.is_given_name)
                and substr({b}.first, length({a}.first) + 1) in ('e', 'ne', 'le', 'te', 'ette', 'ine', 'ie')
            )
            or (
                not {a}.is_given_name and not {b}.is_given_name
                and substr({b}.first, length({a}.first) + 1) in ('a', 'ina', 'ia')
            )
        )
    )"""


def _jaccard(a: str, b: str) -> str:
    """Give the SQL of: share of words that two lists have in common (Jaccard 1901)."""
    return f"(len(list_intersect({a}, {b})) / len(list_distinct(list_concat({a}, {b}))))"
