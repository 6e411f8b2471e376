"""Measure the demo: a first run from nothing, then a second one on what the first remembers.

Prints Markdown tables for docs/performance.md. Everything is written to a temporary directory.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).parents[1] / "examples" / "complete_journey"
SLOWEST = 12
RUNS = ("first run", "second run")


def main() -> int:
    """Run twice and print the tables."""
    with tempfile.TemporaryDirectory(prefix="dbt_segmentation_bench_") as directory:
        results = [run(Path(directory), name) for name in RUNS]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}\n")
    print_table("stage", [result["seconds"] for result in results], list(results[0]["seconds"]))
    slowest = sorted(results[0]["node_seconds"], key=lambda node: -results[0]["node_seconds"][node])[:SLOWEST]
    print_table("slowest nodes", [result["node_seconds"] for result in results], slowest)
    return 0


def run(directory: Path, name: str) -> dict[str, Any]:
    """Run the example once in a process of its own, and give what it says about itself.

    Peak memory is that process's own word; the whole time includes its start.
    """
    print(f"bench: {name}", file=sys.stderr)
    settings = {"seg_publish_dir": str(directory / "published"), "seg_reports_dir": str(directory / "reports")}
    command = [sys.executable, "-m", "dbt_segmentation.cli", "run", "--json", "--vars", json.dumps(settings)]
    environment = {**os.environ, "SEG_DUCKDB_PATH": str(directory / "bench.duckdb")}
    environment |= {"DBT_TARGET_PATH": str(directory / "target"), "DBT_LOG_PATH": str(directory / "logs")}
    start = time.perf_counter()
    done = subprocess.run(command, cwd=EXAMPLE, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    result: dict[str, Any] = json.loads(done.stdout)
    whole = round(time.perf_counter() - start, 1)
    result["seconds"] |= {"whole command": whole, "peak memory (MB)": result["peak_memory_mb"]}
    return result


def print_table(title: str, columns: list[dict[str, float]], rows: list[str]) -> None:
    """Print one Markdown table, a column for each run."""
    print(f"| {title} | {' | '.join(RUNS)} |\n|---|{'---:|' * len(RUNS)}")
    for row in rows:
        print(f"| {row} | {' | '.join(f'{column.get(row, 0):g}' for column in columns)} |")
    print()


if __name__ == "__main__":
    sys.exit(main())
