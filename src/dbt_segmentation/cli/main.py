"""dbt-segmentation: build, test, report and publish customer segments of a dbt project.

Exit codes: 0 ok, 1 tests or the build failed and nothing was published, 2 configuration, 3 locked.
"""

from datetime import datetime
from typing import Any

import click
from rich.console import Console

from dbt_segmentation import __version__
from dbt_segmentation.cli.options import Settings, command_options, console

DAY = click.DateTime(["%Y-%m-%d"])

# Commands import dbt, DuckDB and plotly only when they run: `--help` answers at once.


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=(__doc__ or "").splitlines()[-1])
@click.version_option(__version__, prog_name="dbt-segmentation")
def main() -> None:
    """Build, test, report and publish the customer segments of a dbt project."""


@main.command("run")
@click.option("--full-refresh", is_flag=True, help="Rebuild incremental tables; what is remembered stays.")
@click.option("--reconcile", is_flag=True, help="Look for changed rows on every day, not only on the last ones.")
@click.option("--as-of", type=DAY, help="Last day that the run knows about: the var seg_as_of_date.")
@click.option("--until", type=DAY, help="With --as-of: then a run for each period end up to this day.")
@click.option(
    "--known-after",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help="With --as-of: leave out rows that arrived (loaded_at) later than so many days after; 0 unless given.",
)
@click.option("--as-known-now", is_flag=True, help="With --as-of: with everything that has arrived since.")
@command_options
def run_command(
    settings: Settings,
    full_refresh: bool,
    reconcile: bool,
    as_of: datetime | None,
    until: datetime | None,
    known_after: int | None,
    as_known_now: bool,
) -> dict[str, Any]:
    """Build and test a copy of the build file, write the report, publish. On Spark: build features, fit, score."""
    from dbt_segmentation.cli.backfill import Range, backfill

    if reconcile:
        settings = settings.with_var("seg_reconcile", True)
    if (as_of, until, known_after, as_known_now) == (None, None, None, False):
        return _run(settings, full_refresh)
    return backfill(
        settings,
        Range(as_of, until, known_after, as_known_now),
        lambda each, is_first: _run(each, full_refresh and is_first),
    )


def _run(settings: Settings, full_refresh: bool) -> dict[str, Any]:
    from dbt_segmentation.cli.engine import is_duckdb, open_engine
    from dbt_segmentation.cli.run import run
    from dbt_segmentation.cli.session import open_session
    from dbt_segmentation.cli.warehouse import run_in_warehouse

    if not is_duckdb(settings):
        result = run_in_warehouse(open_engine(settings), full_refresh=full_refresh)
        _echo(settings, result, "decision", "model_version", "sample_rows")
        return result
    result = run(open_session(settings), full_refresh=full_refresh)
    _echo(settings, result, "report", "marts", "parquet")
    return result


@main.command("fit")
@command_options
def fit_command(settings: Settings) -> dict[str, Any]:
    """Fit where no Python models run (Spark): read the sample, fit here, write the parameters.

    Comes after a build of what it reads, and before a build of the rest; `run` does all three.
    """
    from dbt_segmentation.cli.engine import open_engine
    from dbt_segmentation.cli.fit import fit

    result = fit(open_engine(settings))
    _echo(settings, result, "decision", "model_version", "sample_rows", "parameter_rows")
    return result


@main.command("dbt", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": True})
@click.argument("arguments", nargs=-1, required=True, type=click.UNPROCESSED)
@command_options
def dbt_command(settings: Settings, arguments: tuple[str, ...]) -> dict[str, Any]:
    """Run dbt with this package's functions registered in the Spark session: `dbt-segmentation dbt build`."""
    from dbt_segmentation.cli.engine import run_dbt

    return run_dbt(settings, arguments)


@main.command("report")
@click.option("--published", is_flag=True, help="From what is published, not from the build file.")
@command_options
def report_command(settings: Settings, published: bool) -> dict[str, Any]:
    """Write the report anew from the last build."""
    from dbt_segmentation.cli.report import report
    from dbt_segmentation.cli.session import open_session

    result = report(open_session(settings), published=published)
    _echo(settings, result, "report")
    return result


@main.command("publish")
@command_options
def publish_command(settings: Settings) -> dict[str, Any]:
    """Run all tests on the build file, and publish it if they pass."""
    from dbt_segmentation.cli.publish import publish
    from dbt_segmentation.cli.session import open_session

    result = publish(open_session(settings))
    _echo(settings, result, "marts", "parquet")
    return result


@main.command("rollback")
@click.option("--to", help="Name of a kept version. By default the one before.")
@command_options
def rollback_command(settings: Settings, to: str | None) -> dict[str, Any]:
    """Point readers back to the version published before."""
    from dbt_segmentation.cli.publish import rollback
    from dbt_segmentation.cli.session import open_session

    result = rollback(open_session(settings), to)
    _echo(settings, result, "version", "marts")
    return result


@main.group("models")
def models_group() -> None:
    """List and compare models, and say which of them is the champion. A verdict counts from the next run on."""


def _verdict_options(function: Any) -> Any:
    function = click.option("--by", "decided_by", required=True, help="Who decides; it is recorded.")(function)
    return click.option("--reason", required=True, help="Why; it is recorded.")(function)


@models_group.command("list")
@command_options
def models_list_command(settings: Settings) -> dict[str, Any]:
    """Every model ever fitted: champion, challenger, former or rejected, and why."""
    from dbt_segmentation.cli.models import list_models

    result = list_models(settings)
    _show(settings, result["models"])
    return result


@models_group.command("compare")
@command_options
def models_compare_command(settings: Settings) -> dict[str, Any]:
    """Champion and challenger: their figures, and how many customers each pair of their segments shares."""
    from dbt_segmentation.cli.models import compare

    result = compare(settings)
    _show(settings, result["models"])
    _show(settings, result["moves"])
    return result


@models_group.command("promote")
@click.argument("model", required=False)
@_verdict_options
@command_options
def models_promote_command(settings: Settings, model: str | None, decided_by: str, reason: str) -> dict[str, Any]:
    """Make MODEL the champion; by default the challenger that waits."""
    return _decide(settings, "promoted", model, decided_by, reason)


@models_group.command("reject")
@click.argument("model", required=False)
@_verdict_options
@command_options
def models_reject_command(settings: Settings, model: str | None, decided_by: str, reason: str) -> dict[str, Any]:
    """Turn MODEL down; by default the challenger that waits."""
    return _decide(settings, "rejected", model, decided_by, reason)


def _decide(settings: Settings, verdict: str, model: str | None, decided_by: str, reason: str) -> dict[str, Any]:
    from dbt_segmentation.cli.models import decide

    result = decide(settings, verdict, model, decided_by, reason)
    _echo(settings, result, "model_version", "verdict", "counts")
    return result


@models_group.command("rollback")
@click.option("--to", help="A former champion. By default the one before.")
@_verdict_options
@command_options
def models_rollback_command(settings: Settings, to: str | None, decided_by: str, reason: str) -> dict[str, Any]:
    """Go back to a former champion; the present one is rejected."""
    from dbt_segmentation.cli.models import rollback

    result = rollback(settings, to, decided_by, reason)
    _echo(settings, result, "model_version", "rejected", "counts")
    return result


@main.command("check")
@command_options
def check_command(settings: Settings) -> dict[str, Any]:
    """Check the names and values of all seg_ vars. Opens no data."""
    from dbt_segmentation.cli.check import check
    from dbt_segmentation.cli.session import open_session

    result = check(open_session(settings))
    if not settings.json:
        console.print(f"{result['vars']} vars checked: all right")
    return result


@main.command("doctor")
@command_options
def doctor_command(settings: Settings) -> dict[str, Any]:
    """Look at everything a run needs, and say what to do about what is missing."""
    from dbt_segmentation.cli.doctor import doctor

    return doctor(settings)


def _show(settings: Settings, records: list[dict[str, Any]]) -> None:
    if not settings.json:
        from dbt_segmentation.cli.models import table

        Console().print(table(records))


def _echo(settings: Settings, result: dict[str, Any], *names: str) -> None:
    if not settings.json:
        for name in names:
            click.echo(f"{name}: {result[name]}")
