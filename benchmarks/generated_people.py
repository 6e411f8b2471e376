"""Generated customer records with known truth: people and companies, households, and the usual kinds of duplicates.

Seeded, no clock. Values have the form that staging gives them (unaccented, lower case, E.164).
"""

from typing import Any

import numpy as np
import pandas as pd

DUPLICATE_KINDS = ("exact", "typo_name", "typo_email", "swapped", "moved", "missing", "birth_typo")


def _words(text: str) -> list[str]:
    return text.split()


_FEMALE = _words(
    """
marie nathalie isabelle sylvie catherine martine christine francoise valerie sandrine stephanie veronique sophie
celine chantal patricia anne brigitte julie monique aurelie nicole laurence annie emilie dominique virginie
corinne elodie camille caroline lea sarah manon emma chloe laura pauline mathilde marion louise jeanne alice
juliette charlotte lucie ines jade lina rose anna mila ambre julia agathe romane eva clara nina zoe
    """
)
_MALE = _words(
    """
jean pierre michel andre philippe rene louis alain jacques bernard marcel daniel roger robert paul claude
christian henri georges nicolas francois patrick gerard christophe joseph julien maurice laurent frederic eric
david stephane pascal sebastien alexandre thierry olivier thomas antoine raymond guy dominique charles didier
marc vincent yves guillaume hugo lucas leo gabriel raphael arthur jules adam maxime romain quentin clement
mathis
    """
)
_LAST = _words(
    """
martin bernard thomas petit robert richard durand dubois moreau laurent simon michel lefebvre leroy roux david
bertrand morel fournier girard bonnet dupont lambert fontaine rousseau vincent muller lefevre faure andre
mercier blanc guerin boyer garnier chevalier francois legrand gauthier garcia perrin robin clement morin nicolas
henry roussel mathieu gautier masson marchand duval denis dumont marie lemaire noel meyer dufour meunier brun
blanchard giraud joly riviere lucas brunet gaillard barbier arnaud martinez gerard roche renard schmitt roy
leroux colin vidal caron picard roger fabre aubert lemoine renaud dumas lacroix olivier philippe bourgeois
pierre benoit rey leclerc payet rolland leclercq guillaume
    """
)
_SYLLABLES = _words(
    "ba be bou bra char che cou de du fa fer fon gau gi gra hu jo la le lon ma mer mon ni pa pel pin ra ri ro sau ta vi"
)
_ENDINGS = _words("ard and eau el er et ier in on ot ois oux")
_STREETS = tuple(
    street.replace("_", " ")
    for street in _words(
        """
victor_hugo de_la_republique jean_jaures des_lilas pasteur du_moulin de_l_eglise gambetta des_ecoles voltaire
du_stade de_la_gare saint_martin des_acacias du_chateau emile_zola de_verdun des_roses carnot de_la_liberte
du_puits des_vignes
        """
    )
)
_WAYS = ("rue", "avenue", "boulevard", "place", "chemin", "allee", "impasse")
_DOMAINS = ("gmail.com", "orange.fr", "free.fr", "hotmail.fr", "yahoo.fr", "laposte.net", "wanadoo.fr", "sfr.fr")
_TRADES = (
    "boulangerie",
    "garage",
    "cabinet",
    "transports",
    "menuiserie",
    "librairie",
    "pharmacie",
    "domaine",
    "atelier",
)
_FORMS = ("sarl", "sas", "sa", "eurl", "")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def generate(n_records: int, seed: int = 0, duplicate_share: float = 0.2) -> pd.DataFrame:
    """Generate records.

    Three in ten live in households that share last name, address, phone and often the e-mail; among them are twins, and
    fathers and sons of one name. One in twenty is a company. Values are missing as in life: a tenth of the e-mails, a
    quarter of the phones, a third of the birth dates; who has neither e-mail, phone nor birth date is given one back.

    Parameters
    ----------
    n_records : int
        Rows.
    seed : int
        Same seed, same rows.
    duplicate_share : float
        Share of the rows that are another record of somebody.

    Returns
    -------
    DataFrame
        The columns that `dbt_segmentation.identity.resolve` reads, and the truth: person_id, household_id, kind
        (original, or one of `DUPLICATE_KINDS`). In random order.
    """
    rng = np.random.default_rng(seed)
    n_duplicates = round(n_records * duplicate_share)
    originals = _originals(n_records - n_duplicates, rng)
    duplicates = _duplicates(originals, n_duplicates, rng)
    records = pd.concat([originals, duplicates], ignore_index=True)
    records = records.iloc[rng.permutation(len(records))].reset_index(drop=True)
    # keys are pseudonyms: they say nothing of the order
    keys = rng.permutation(len(records))
    records.insert(0, "record_key", [f"{key * 2654435761 % 2**32:08x}{key:08x}" for key in keys.tolist()])
    days = rng.integers(0, 2000, len(records))
    records["created_at"] = pd.Timestamp("2020-01-01") + pd.to_timedelta(days, unit="D")
    return records


def _pick(rng: np.random.Generator, values: Any, n: int, skew: float = 0.0) -> np.ndarray:
    """Values drawn with a weight that falls with their rank."""
    weights = 1 / (np.arange(len(values)) + 5.0) ** skew
    return np.array(values, dtype=object)[rng.choice(len(values), n, p=weights / weights.sum())]


def _originals(n: int, rng: np.random.Generator) -> pd.DataFrame:
    made = sorted({f"{a}{b}{c}" for a in _SYLLABLES for b in _SYLLABLES for c in _ENDINGS})
    last = np.where(rng.random(n) < 0.35, _pick(rng, _LAST, n, 0.7), _pick(rng, made, n, 0.3))
    female = rng.random(n) < 0.5
    first = np.where(female, _pick(rng, _FEMALE, n, 0.5), _pick(rng, _MALE, n, 0.5))
    frame = pd.DataFrame({"first_name_key": first, "last_name_key": last})
    frame["gender"] = np.where(female, "female", "male")
    streets = [f"{way} {street}" for way in _WAYS for street in _STREETS]
    numbers = rng.integers(1, 140, n)
    frame["address_key"] = [f"{a} {b}" for a, b in zip(numbers.tolist(), _pick(rng, streets, n, 0.3), strict=True)]
    towns = np.sort(rng.choice(np.arange(1000, 95999), 4000, replace=False))
    town = rng.choice(towns, n)
    frame["postal_code"] = [f"{code:05d}" for code in town.tolist()]
    frame["city_key"] = [f"ville {code}" for code in town.tolist()]
    day = np.datetime64("1940-01-01") + rng.integers(0, 24000, n).astype("timedelta64[D]")
    frame["birth_date"] = pd.Series(day).dt.date
    frame["phone"] = [f"+33{number}" for number in rng.integers(600_000_000, 799_999_999, n).tolist()]
    tails = rng.integers(1, 10000, n).tolist()
    domains = _pick(rng, _DOMAINS, n, 0.7)
    frame["email"] = [f"{a}.{b}{tail}@{domain}" for a, b, tail, domain in zip(first, last, tails, domains, strict=True)]
    frame["customer_type"] = "person"
    frame["company_name_key"] = None
    frame["person_id"] = np.arange(n)
    frame["household_id"] = np.arange(n)
    frame["kind"] = "original"
    _households(frame, rng)
    _companies(frame, rng)
    _forget(frame, rng)
    return frame


def _households(frame: pd.DataFrame, rng: np.random.Generator) -> None:
    """Let some rows share what those of a household share with the row before."""
    n = len(frame)
    joins = np.flatnonzero((np.arange(n) % 10 < 3) & (np.arange(n) % 10 > 0))
    for column in ("last_name_key", "address_key", "postal_code", "city_key", "phone", "household_id"):
        values = frame[column].to_numpy(dtype=object, copy=True)
        # two passes, because the second of two joiners takes from the first
        for _ in range(2):
            values[joins] = values[joins - 1]
        frame[column] = values
    first, email, birth = (
        frame[c].to_numpy(dtype=object, copy=True) for c in ("first_name_key", "email", "birth_date")
    )
    shares = rng.random(joins.size)
    for row, share in zip(joins.tolist(), shares.tolist(), strict=True):
        if share < 0.6:
            email[row] = email[row - 1]
        if share < 0.1:  # twins
            birth[row] = birth[row - 1]
        if first[row] == first[row - 1]:
            if share < 0.9:
                pool = _MALE if frame["gender"].iat[row] == "male" else _FEMALE
                first[row] = pool[(pool.index(first[row]) + 7) % len(pool)]
            else:  # father and son of one name, whose birth dates are known
                birth[row] = birth[row - 1].replace(year=birth[row - 1].year + 27, month=5, day=17)
    # two in a row must not end up with one name and no way to tell them apart
    frame["first_name_key"], frame["email"], frame["birth_date"] = first, email, birth


def _companies(frame: pd.DataFrame, rng: np.random.Generator) -> None:
    rows = np.flatnonzero(np.arange(len(frame)) % 20 == 19)
    names = [
        f"{trade} {last} {form}".strip()
        for trade, last, form in zip(
            _pick(rng, _TRADES, rows.size),
            frame["last_name_key"].to_numpy()[rows],
            _pick(rng, _FORMS, rows.size),
            strict=True,
        )
    ]
    frame.loc[rows, "company_name_key"] = names
    frame.loc[rows, "customer_type"] = "company"
    frame.loc[rows, ["birth_date", "gender"]] = None


def _forget(frame: pd.DataFrame, rng: np.random.Generator) -> None:
    n = len(frame)
    household = frame["household_id"].duplicated(keep=False).to_numpy()
    email = frame["email"].where(rng.random(n) >= 0.1, None)
    phone = frame["phone"].where(rng.random(n) >= 0.25, None)
    # those who share a household keep the birth date: without it nobody could tell a father from a son of his name
    birth = frame["birth_date"].where((rng.random(n) >= 0.33) | household, None)
    bare = email.isna() & phone.isna() & birth.isna()
    frame["email"] = email.where(~bare, frame["email"])
    frame["phone"], frame["birth_date"] = phone, birth


def _duplicates(originals: pd.DataFrame, n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Other records of some people, a kind of error each."""
    frame = originals.iloc[rng.integers(0, len(originals), n)].reset_index(drop=True)
    kinds = _pick(rng, DUPLICATE_KINDS, n)
    # an error in what is not there changes nothing
    kinds[(kinds == "typo_email") & frame["email"].isna()] = "exact"
    kinds[(kinds == "birth_typo") & (frame["birth_date"].isna() | frame["email"].isna())] = "exact"
    kinds[(kinds == "swapped") & (frame["customer_type"] == "company")] = "exact"
    # who moved keeps an e-mail or a birth date
    kinds[(kinds == "moved") & frame["email"].isna() & frame["birth_date"].isna()] = "exact"
    frame["kind"] = kinds
    columns = {name: frame[name].to_numpy(dtype=object, copy=True) for name in frame.columns}
    draws = rng.random((n, 4))
    moved = _originals_addresses(n, rng)
    for row, kind in enumerate(kinds.tolist()):
        draw = draws[row]
        if kind == "typo_name":
            company = columns["company_name_key"][row]
            name = "company_name_key" if company else "first_name_key" if draw[0] < 0.4 else "last_name_key"
            columns[name][row] = _typo(columns[name][row], draw)
        elif kind == "typo_email":
            local, domain = columns["email"][row].split("@")
            columns["email"][row] = (
                f"{_typo(local.rstrip('0123456789'), draw)}{local[len(local.rstrip('0123456789')) :]}@{domain}"
            )
        elif kind == "swapped":
            columns["first_name_key"][row], columns["last_name_key"][row] = (
                columns["last_name_key"][row],
                columns["first_name_key"][row],
            )
        elif kind == "moved":
            columns["address_key"][row], columns["postal_code"][row], columns["city_key"][row] = moved[row]
            if draw[0] < 0.5 and pd.notna(columns["birth_date"][row]):
                columns["phone"][row] = f"+336{int(draw[1] * 1e8):08d}"
        elif kind == "missing":
            _drop_some(columns, row, draw)
        elif kind == "birth_typo":
            born = columns["birth_date"][row]
            columns["birth_date"][row] = born.replace(day=min(28, born.day % 10 + 10 * int(draw[0] * 3)) or 1)
    return pd.DataFrame(columns)


def _originals_addresses(n: int, rng: np.random.Generator) -> list[tuple[str, str, str]]:
    codes, numbers = rng.integers(1000, 95999, n).tolist(), rng.integers(1, 140, n).tolist()
    streets = _pick(rng, _STREETS, n)
    return [(f"{a} rue {b}", f"{c:05d}", f"ville {c}") for a, b, c in zip(numbers, streets, codes, strict=True)]


def _typo(text: str, draw: np.ndarray) -> str:
    """One letter replaced, left out, put in, or exchanged with the next; never the first letter."""
    at = 1 + int(draw[1] * (len(text) - 1))
    letter = _LETTERS[int(draw[2] * 26)]
    edit = int(draw[3] * 4)
    if edit == 0 and len(text) > 4:
        return text[:at] + text[at + 1 :]
    if edit == 1:
        return text[:at] + letter + text[at:]
    if edit == 2 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + letter + text[at + 1 :]


def _drop_some(columns: dict[str, np.ndarray], row: int, draw: np.ndarray) -> None:
    """Forget address and one more, but leave one thing of e-mail, phone and birth date."""
    columns["address_key"][row] = columns["postal_code"][row] = columns["city_key"][row] = None
    present = [name for name in ("email", "phone", "birth_date") if pd.notna(columns[name][row])]
    for name in present[: int(draw[0] * len(present))]:
        columns[name][row] = None
