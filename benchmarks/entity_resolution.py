"""Compare ways to find the records of one person, on data with known truth.

    python benchmarks/entity_resolution.py            # everything: some ten minutes on two cores
    python benchmarks/entity_resolution.py --quick    # small data sets, and fails under the promised figures
    python benchmarks/entity_resolution.py --demo build.duckdb --truth tests/fixtures/truth/records.csv

Each way runs in a process of its own, so that seconds and peak memory are its own. Settings are the same for every data
set, the library's defaults. Needs the extra `bench`; prints Markdown tables.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from generated_people import generate

from dbt_segmentation.identity import connected_groups, resolve

THRESHOLD = 0.85
THREADS = 2
MEMORY_LIMIT = "3GB"
# pairwise F1 that was promised, by data set
LEAST_F1 = {"RLdata10000": 0.97, "generated": 0.98, "demo": 0.98}
NAMES = ["first_name_key", "last_name_key"]
FIELDS = [*NAMES, "email", "phone", "address_key", "postal_code", "birth_date", "company_name_key"]


def main() -> int:
    """Run what was asked for and print the tables."""
    options = arguments()
    if options.child:
        print(json.dumps(child(*options.child)))
        return 0
    broken = []
    with tempfile.TemporaryDirectory(prefix="dbt_segmentation_bench_") as directory:
        paths = data_sets(Path(directory), options)
        methods = ["own", "splink", "rapidfuzz", "dbscan"]
        missing = [extra for extra in ("splink", "rapidfuzz") if importlib.util.find_spec(extra) is None]
        if missing:
            print(f"bench: without {', '.join(missing)}: pip install 'dbt-segmentation[bench]'", file=sys.stderr)
        rows = []
        for name, path in paths.items():
            for method in methods:
                if method in missing or (method in ("rapidfuzz", "dbscan") and name == "million"):
                    continue
                row = {"data": name, "method": method} | measure(method, str(path))
                rows.append(row)
                if method == "own" and row["f1"] < LEAST_F1.get(name, 0):
                    broken.append(f"{name}: F1 {row['f1']:.4f} is under {LEAST_F1[name]}")
        if not options.only_quality:
            rows.append({"data": "10 M records, 16 M edges", "method": "closure"} | measure("closure", ""))
    print_table(rows)
    for sentence in broken:
        print(f"bench: {sentence}", file=sys.stderr)
    return 1 if broken else 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="leave out the million and the closure of ten million")
    parser.add_argument("--demo", type=Path, help="built DuckDB file that holds stg_seg__customers")
    parser.add_argument("--truth", type=Path, help="csv: source_system, source_record_id, person_id")
    parser.add_argument("--million", type=int, default=1_000_000, help="records of the large generated set")
    parser.add_argument("--child", nargs=2, metavar=("METHOD", "PATH"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.only_quality = options.quick
    return options


def data_sets(directory: Path, options: argparse.Namespace) -> dict[str, Path]:
    """Write each data set as Parquet, with its truth in person_id and, where known, household_id."""
    frames: dict[str, Callable[[], pd.DataFrame]] = {}
    for name in ("RLdata500", "RLdata10000"):
        if rldata_path(name) is not None:
            frames[name] = lambda name=name: rldata(name)
        else:
            print(f"bench: without {name}: pip install 'dbt-segmentation[bench]'", file=sys.stderr)
    if importlib.util.find_spec("pseudopeople") and not options.quick:
        frames["pseudopeople"] = pseudopeople_records
    if options.demo:
        frames["demo"] = lambda: demo_records(options.demo, options.truth)
    frames["generated"] = lambda: generate(5_000 if options.quick else 20_000, seed=1)
    if not options.quick:
        frames["million"] = lambda: generate(options.million, seed=2)
    paths = {}
    for name, make in frames.items():
        frame = make()
        paths[name] = directory / f"{name}.parquet"
        with duckdb.connect() as connection:
            connection.register("frame", frame)
            connection.execute(f"copy (select * from frame) to '{paths[name]}' (format parquet)")
    return paths


def rldata_path(name: str) -> Path | None:
    """Find the file inside mismo, without importing it."""
    spec = importlib.util.find_spec("mismo")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "_data" / "_datasets" / "rldata" / f"{name}.csv"


def rldata(name: str) -> pd.DataFrame:
    """Read RLdata (Sariyar and Borg 2010): names and birth dates, one error in each duplicate.

    Some errors give days that are none, such as the 33rd; birth dates therefore stay text.
    """
    raw = pd.read_csv(rldata_path(name), dtype=str, keep_default_na=False)
    joined = {
        new: (raw[f"{old}_c1"] + " " + raw[f"{old}_c2"]) for new, old in zip(NAMES, ("fname", "lname"), strict=True)
    }
    return pd.DataFrame(
        {
            "record_key": raw["record_id"].str.zfill(6),
            **{column: values.str.strip().str.lower() for column, values in joined.items()},
            "birth_date": raw["by"].str.zfill(4) + "-" + raw["bm"].str.zfill(2) + "-" + raw["bd"].str.zfill(2),
            "person_id": raw["label_true"],
        }
    )


def pseudopeople_records() -> pd.DataFrame:
    """Generate two sources of pseudopeople's small population, with its default noise."""
    import pseudopeople

    census = pseudopeople.generate_decennial_census(year=2020, seed=0)
    social = pseudopeople.generate_social_security(year=2020, seed=0).drop_duplicates("simulant_id")
    census["birth_date"] = pd.to_datetime(census["date_of_birth"], format="%m/%d/%Y", errors="coerce")
    social["birth_date"] = pd.to_datetime(social["date_of_birth"], format="%Y%m%d", errors="coerce")
    both = pd.concat([census.assign(source="census"), social.assign(source="social")], ignore_index=True)
    text = {
        new: both[old].astype("string").str.lower() for new, old in zip(NAMES, ("first_name", "last_name"), strict=True)
    }
    address = both[["street_number", "street_name", "unit_number"]].astype("string").fillna("").agg(" ".join, axis=1)
    return pd.DataFrame(
        {
            "record_key": [f"{number:06d}" for number in range(len(both))],
            **text,
            "birth_date": both["birth_date"].dt.date,
            "address_key": address.str.split().str.join(" ").str.lower().replace("", None),
            "postal_code": both["zipcode"].astype("string"),
            "gender": both["sex"].astype("string").str.lower(),
            "person_id": both["simulant_id"].astype("string"),
        }
    )


def demo_records(build: Path, truth: Path) -> pd.DataFrame:
    """Read the staged customers of a built demo, with the planted truth."""
    from dbt_segmentation.phones import phone_e164

    with duckdb.connect(str(build), read_only=True) as connection:
        # what the plugin registers for dbt; the pseudonyms are read by nobody here
        texts = {"type": "arrow", "null_handling": "special"}
        connection.create_function("seg_phone_e164", phone_e164, ["VARCHAR", "VARCHAR"], "VARCHAR", **texts)
        connection.create_function("seg_hmac", lambda text: text, ["VARCHAR"], "VARCHAR", **texts)
        schema = connection.execute(
            "select table_schema from information_schema.tables where table_name = 'stg_seg__customers'"
        ).fetchone()
        if schema is None:
            sys.exit(f"bench: {build} has no stg_seg__customers; run dbt build first")
        known = {row[0] for row in connection.execute(f'describe "{schema[0]}".stg_seg__customers').fetchall()}
        wanted = [*FIELDS, "city_key", "customer_type", "gender"]
        columns = ", ".join(f"customers.{name}" for name in wanted if name in known)
        return connection.execute(
            f"""
            select source_system || ':' || source_record_id as record_key, {columns}, truth.person_id, truth.kind
            from "{schema[0]}".stg_seg__customers as customers
            inner join read_csv('{truth}', all_varchar = true) as truth using (source_system, source_record_id)
            qualify row_number() over (partition by source_system, source_record_id) = 1
            """
        ).df()


def measure(method: str, path: str) -> dict[str, Any]:
    """Run one way in a process of its own."""
    print(f"bench: {method} {Path(path).stem}", file=sys.stderr)
    command = [sys.executable, __file__, "--child", method, path]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return {"seconds": float("nan"), "f1": float("nan"), "note": "failed"}
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    # told as it comes, because the whole takes long
    print(f"bench: {json.dumps(result)}", file=sys.stderr)
    return result


def child(method: str, path: str) -> dict[str, Any]:
    """Run one way here, and tell its figures."""
    if method == "closure":
        rng = np.random.default_rng(0)
        a, b = (rng.integers(0, 10_000_000, 16_000_000) for _ in range(2))
        start = time.perf_counter()
        groups = connected_groups(10_000_000, a, b)
        return {"seconds": time.perf_counter() - start, "note": f"{groups.max() + 1:,} groups"} | memory()
    connection = duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY_LIMIT})
    connection.execute(f"create table records as from '{path}'")
    start = time.perf_counter()
    groups_of = METHODS[method](connection)
    seconds = time.perf_counter() - start
    return {"seconds": seconds} | memory() | quality(connection, groups_of)


def memory() -> dict[str, float]:
    """Tell the peak memory of this process in MB; Linux, because elsewhere a child starts with its parent's peak."""
    status = Path("/proc/self/status").read_text()
    return {"memory_mb": int(status.split("VmHWM:")[1].split()[0]) / 1024}


def own(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Group by this library."""
    links = resolve(connection, "records")
    connection.register("links", links)
    return connection.execute(
        """
        select distinct key as record_key, group_key from (
            select unnest([record_key_a, record_key_b]) as key, group_key from links where not is_held_back
        )
        """
    ).df()


def splink(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Group by Splink with its ready-made comparisons, trained as its tutorial does."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    present = filled(connection)
    comparisons: list[Any] = []
    made = {
        "first_name_key": lambda name: cl.NameComparison(name),
        "last_name_key": lambda name: cl.NameComparison(name).configure(term_frequency_adjustments=True),
        "birth_text": lambda name: cl.DateOfBirthComparison(name, input_is_string=True),
        "email": lambda name: cl.EmailComparison(name),
        "phone": lambda name: cl.LevenshteinAtThresholds(name, [1]),
        "address_key": lambda name: cl.JaroWinklerAtThresholds(name, [0.9]),
        "postal_code": lambda name: cl.ExactMatch(name),
    }
    connection.execute(
        "create view for_splink as select record_key as unique_id, left(cast(birth_date as varchar), 10) as birth_text,"
        f" {', '.join(column for column in present if column != 'birth_date')} from records"
    )
    columns = [column if column != "birth_date" else "birth_text" for column in present if column != "company_name_key"]
    comparisons = [made[column](column) for column in columns]
    rules = [[*NAMES], ["last_name_key", "birth_text"], ["first_name_key", "birth_text"], ["email"], ["phone"]]
    if "postal_code" in columns:
        # both names alone are too many pairs in a million
        rules[0] = [*NAMES, "postal_code"]
        rules.append([*NAMES, "birth_text"])
    rules = [rule for rule in rules if set(rule) <= set(columns)]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
    )
    api = DuckDBAPI(connection)
    linker = Linker(api.register(connection.table("for_splink"), table_name="splink_input"), settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on(*rule) for rule in rules if len(rule) > 1], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6)
    # a block must not fix what it trains, nor all but one: in RLdata each duplicate has its error just there
    training = (
        [["email"], ["birth_text", "last_name_key"]] if "email" in columns else [["birth_text"], ["last_name_key"]]
    )
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    pairs = linker.inference.predict(threshold_match_probability=THRESHOLD)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, THRESHOLD)
    return clusters.as_pandas_dataframe()[["unique_id", "cluster_id"]].set_axis(["record_key", "group_key"], axis=1)


def rapidfuzz(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Group by the mean Jaro-Winkler similarity of what both have, on the pairs that this library's blocking gives."""
    from rapidfuzz.distance import JaroWinkler

    pairs = blocked_pairs(connection)
    frame = connection.execute("from records order by record_key").df()
    values = {column: frame[column].astype("string").tolist() for column in filled(connection)}
    keep = []
    for a, b in pairs.tolist():
        scores = [
            JaroWinkler.similarity(texts[a], texts[b])
            for texts in values.values()
            if not (pd.isna(texts[a]) or pd.isna(texts[b]))
        ]
        # a birth date alone is no evidence: at least three values must be there on both sides
        if len(scores) >= 3 and sum(scores) / len(scores) >= 0.95:
            keep.append((a, b))
    edges = np.array(keep, dtype=np.int64).reshape(-1, 2)
    labels = connected_groups(len(frame), edges[:, 0], edges[:, 1])
    return pd.DataFrame({"record_key": frame["record_key"], "group_key": labels.astype(str)})


def blocked_pairs(connection: duckdb.DuckDBPyConnection) -> np.ndarray:
    """Pairs of positions, in the order of record_key, that share a blocking key of this library."""
    from dbt_segmentation.identity.blocking import make_pairs
    from dbt_segmentation.identity.people import read_people
    from dbt_segmentation.identity.workspace import Workspace

    with Workspace(connection) as work:
        read_people(work, "records")
        work.create("candidates", f"from {work.name('people')}")
        make_pairs(work)
        found = work.numbers(
            f"""
            select a, b from {work.name("pairs")}
            union all
            select person, idx from {work.name("records")} where idx <> person
            """
        )
        return np.column_stack([np.asarray(found["a"]), np.asarray(found["b"])])


def dbscan(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Group by density: DBSCAN on the cosine distance of character trigrams of the whole record."""
    from sklearn.cluster import DBSCAN
    from sklearn.feature_extraction.text import TfidfVectorizer

    frame = connection.execute("from records order by record_key").df()
    text = frame[filled(connection)].astype("string").fillna("").agg(" ".join, axis=1)
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3)).fit_transform(text)
    labels = DBSCAN(eps=0.3, min_samples=2, metric="cosine", n_jobs=THREADS).fit_predict(vectors)
    # noise: everybody alone
    groups = np.where(labels < 0, -1 - np.arange(len(labels)), labels)
    return pd.DataFrame({"record_key": frame["record_key"], "group_key": groups.astype(str)})


METHODS: dict[str, Callable[[duckdb.DuckDBPyConnection], pd.DataFrame]] = {
    "own": own,
    "splink": splink,
    "rapidfuzz": rapidfuzz,
    "dbscan": dbscan,
}


def filled(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Columns of `records` that hold something."""
    known = {row[0] for row in connection.execute("describe records").fetchall()}
    present = [column for column in FIELDS if column in known]
    counts = connection.execute(f"select {', '.join(f'count({column})' for column in present)} from records").fetchone()
    return [column for column, count in zip(present, counts or (), strict=True) if count]


def quality(connection: duckdb.DuckDBPyConnection, groups_of: pd.DataFrame) -> dict[str, float]:
    """Pairwise precision, recall and F1; and the pairs that join two members of a household."""
    connection.register("groups_of", groups_of)
    connection.execute(
        "create table grouped as select records.*, coalesce(groups_of.group_key, 'alone ' || records.record_key) as grp"
        " from records left join groups_of using (record_key)"
    )

    def pairs(by: str) -> float:
        query = f"select coalesce(sum(n * (n - 1) / 2), 0) from (select count(*) as n from grouped group by {by})"
        return float((connection.execute(query).fetchone() or (0,))[0])

    both, found, true = pairs("grp, person_id"), pairs("grp"), pairs("person_id")
    known = {row[0] for row in connection.execute("describe grouped").fetchall()}
    result = {
        "precision": both / found if found else 1.0,
        "recall": both / true if true else 1.0,
        "f1": 2 * both / (found + true) if found + true else 1.0,
    }
    if "household_id" in known:
        result["household_pairs"] = pairs("grp, household_id") - pairs("grp, household_id, person_id")
    return result


def print_table(rows: list[dict[str, Any]]) -> None:
    """Print one Markdown table."""
    versions = f"Python {sys.version.split()[0]}, DuckDB {duckdb.__version__}"
    print(f"{versions}, {THREADS} threads, {time.strftime('%Y-%m-%d')}\n")
    print("| data | method | precision | recall | F1 | household pairs joined | seconds | peak MB |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    formats = {
        "precision": ".4f",
        "recall": ".4f",
        "f1": ".4f",
        "household_pairs": ".0f",
        "seconds": ".1f",
        "memory_mb": ".0f",
    }
    for row in rows:
        cells = [format(row[name], spec) if name in row else "" for name, spec in formats.items()]
        print(f"| {row['data']} | {row['method']} | {' | '.join(cells)} |")


if __name__ == "__main__":
    sys.exit(main())
