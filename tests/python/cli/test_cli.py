"""The commands on a small consumer project: what they print, their exit codes, and what they never touch."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from click.testing import CliRunner, Result

from dbt_segmentation.cli import report, run
from dbt_segmentation.cli.main import main
from dbt_segmentation.cli.session import Session

pytestmark = pytest.mark.project

FAILING = "shop_customers: 61"


def plain_report(source: Path, directory: Path, language: str) -> Path:
    """Stands in for the report, which has its own tests on real marts."""
    (directory / "index.html").write_text(
        f"{language} {query(source, 'select distinct run_id from dim_seg__customers')}"
    )
    return directory / "index.html"


@pytest.fixture(autouse=True)
def _plain_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "write_report", plain_report)
    monkeypatch.setattr(report, "write_report", plain_report)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, make_consumer: Callable[[Path], Path]) -> Path:
    """A consumer project after its first run."""
    directory = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        project = make_consumer(directory)
        patch.chdir(project)
        patch.setattr(run, "write_report", plain_report)
        assert cli("run").exit_code == 0
    return project


@pytest.fixture
def shop(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, free to be changed."""
    shutil.copytree(finished.parent, tmp_path / "copy", symlinks=True)
    monkeypatch.chdir(tmp_path / "copy/shop")
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)
    return tmp_path / "copy/shop"


def cli(*arguments: str) -> Result:
    result = CliRunner().invoke(main, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return result


def query(file: Path, statement: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(statement).fetchall()


def run_id(directory: Path) -> str:
    return str(query(directory / "published/marts.duckdb", "select distinct run_id from dim_seg__customers")[0][0])


def everything_readable(project: Path) -> dict[str, Any]:
    """What a reader of this project could see."""
    published = project / "published"
    return {
        "build": query(project / "data/shop.duckdb", "from int_seg__run"),
        "current": os.readlink(published / "current"),
        "versions": sorted(path.name for path in (published / "versions").iterdir()),
        "report": (project / "reports/out/index.html").read_text(),
        "data": sorted(path.name for path in (project / "data").iterdir() if not path.name.endswith(".lock")),
    }


def test_run_ends_with_three_paths_that_exist(consumer: Path) -> None:
    result = cli("run")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines == [
        f"report: {consumer}/reports/out/index.html",
        f"marts: {consumer}/published/marts.duckdb",
        f"parquet: {consumer}/published/parquet",
    ]
    assert all(Path(line.partition(": ")[2]).exists() for line in lines)
    assert query(consumer / "data/shop.duckdb", "from shop_sizes") == [(60,)]
    assert "dim_seg__customers" in result.stderr
    assert "Where the time went" in result.stderr


def test_run_says_the_same_as_json(consumer: Path) -> None:
    document = json.loads(cli("run", "--json").stdout)
    assert document["ok"] is True
    assert document["run_id"] == run_id(consumer)
    assert Path(document["marts"]).is_file()
    assert set(document["seconds"]) == {"Prepare", "Build and test", "Report", "Publish"}


@pytest.fixture
def asked(consumer: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Vars that dbt would be given, run by run, and whether it would build anew; dbt itself does not run."""
    told: list[dict[str, Any]] = []
    real = run.run

    class DryRunError(Exception):
        """Where dbt would build."""

    def stand_in(arguments: list[str], callbacks: object = ()) -> None:
        variables = json.loads(arguments[arguments.index("--vars") + 1]) if "--vars" in arguments else {}
        told.append({**variables, "full_refresh": "--full-refresh" in arguments})
        raise DryRunError

    def dry(session: Session, *, full_refresh: bool = False) -> dict[str, Any]:
        with pytest.raises(DryRunError):
            real(session, full_refresh=full_refresh)
        return dict.fromkeys(("report", "marts", "parquet"), "-")

    monkeypatch.setattr(run, "invoke", stand_in)
    monkeypatch.setattr(run, "run", dry)
    return told


def days_of(asked: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [(each["seg_as_of_date"], each.get("seg_known_on")) for each in asked]


def test_one_day_that_has_passed_is_run_as_it_was_known_then(asked: list[dict[str, Any]]) -> None:
    result = cli("run", "--as-of", "2025-02-28", "--vars", "{seg_k_max: 7}", "--json")
    assert json.loads(result.stdout)["days"] == ["2025-02-28"]
    expected = {"seg_as_of_date": "2025-02-28", "seg_known_on": "2025-02-28", "seg_k_max": 7, "full_refresh": False}
    assert asked == [expected]


def test_a_range_is_run_day_by_day_and_rebuilt_once(asked: list[dict[str, Any]]) -> None:
    days = ("--as-of", "2025-01-15", "--until", "2025-03-30", "--known-after", "3")
    assert cli("run", *days, "--full-refresh", "--reconcile").exit_code == 0
    assert days_of(asked) == [("2025-01-15", "2025-01-18"), ("2025-01-31", "2025-02-03"), ("2025-02-28", "2025-03-03")]
    assert [each["full_refresh"] for each in asked] == [True, False, False]
    assert all(each["seg_reconcile"] for each in asked)

    asked.clear()
    days = ("--as-of", "2025-01-05", "--until", "2025-01-19", "--as-known-now")
    assert cli("run", *days, "--vars", "{seg_snapshot_period: week}").exit_code == 0
    assert days_of(asked) == [("2025-01-05", None), ("2025-01-12", None), ("2025-01-19", None)]


def test_a_run_for_today_names_no_day(asked: list[dict[str, Any]]) -> None:
    assert cli("run").exit_code == 0
    assert asked == [{"full_refresh": False}]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--until", "2025-01-31"), "need --as-of"),
        (("--known-after", "0"), "need --as-of"),
        (("--as-known-now",), "need --as-of"),
        (("--as-of", "2025-02-01", "--until", "2025-01-31"), "lies after --until"),
        (("--as-of", "2025-02-01", "--known-after", "0", "--as-known-now"), "exclude each other"),
        (("--as-of", "2025-02-01", "--known-after", "-1"), "--known-after"),
        (("--as-of", "28/02/2025"), "--as-of"),
    ],
)
def test_days_that_make_no_sense_are_answered_and_nothing_is_run(
    asked: list[dict[str, Any]], options: tuple[str, ...], words: str
) -> None:
    result = cli("run", *options)
    assert result.exit_code == 2
    assert words in " ".join(result.output.split())
    assert asked == []


def test_reconcile_is_a_var_beside_the_others(consumer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("dbt_segmentation.cli.run.run", lambda session, **_: asked.append(session.vars) or {})
    monkeypatch.setattr("dbt_segmentation.cli.main._echo", lambda *_: None)
    assert cli("run", "--reconcile", "--vars", "{seg_k_max: 7}").exit_code == 0
    assert (asked[0]["seg_reconcile"], asked[0]["seg_k_max"]) == (True, 7)
    wrong = cli("run", "--reconcile", "--vars", "seg_n_segments")
    assert wrong.exit_code == 2
    assert "mapping" in wrong.stderr


def test_second_run_keeps_the_state_of_the_first(shop: Path) -> None:
    first = run_id(shop)
    assert cli("run").exit_code == 0
    assert run_id(shop) != first
    assert query(shop / "data/shop.duckdb", "from int_seg__segment_memberships") == [(first,)]


def test_lost_build_file_is_restored_from_what_is_published(shop: Path) -> None:
    first = run_id(shop)
    (shop / "data/shop.duckdb").unlink()
    result = cli("run")
    assert result.exit_code == 0
    assert "restored" in result.stderr
    assert query(shop / "data/shop.duckdb", "from ml_seg__model_parameters") == [(first,)]


def test_failed_test_changes_nothing_and_says_what_to_do(shop: Path) -> None:
    before = everything_readable(shop)
    result = cli("run", "--vars", FAILING)
    assert result.exit_code == 1
    assert "accepted_values_shop_sizes_n" in result.stderr
    assert "Got 1 result" in result.stderr
    assert "Count the customers again." in result.stderr
    assert result.stdout == ""
    assert everything_readable(shop) == before


def test_failed_first_run_leaves_nothing(consumer: Path) -> None:
    result = cli("run", "--vars", FAILING, "--json")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["exit_code"], document["ok"]) == (1, 1, False)
    assert document["failures"][0]["help"] == "Count the customers again."
    assert not (consumer / "published").exists()
    assert not (consumer / "data/shop.duckdb").exists()
    assert not list((consumer / "data").glob(".*"))


def test_failing_model_shows_our_words_only(consumer: Path) -> None:
    stop = "{{ exceptions.raise_compiler_error('seg: orders has no column ordered_at') }}"
    (consumer / "models/broken.sql").write_text("{% if execute %}" + stop + "{% endif %} select 1 as x")
    result = cli("run")
    assert result.exit_code == 1
    assert "orders has no column ordered_at" in result.stderr
    assert "seg:" not in result.stderr
    assert "Compilation Error" not in result.stderr


def test_wrong_setting_found_by_a_macro_is_a_matter_of_configuration(consumer: Path) -> None:
    for command in ("run", "check"):
        result = cli(command, "--vars", "seg_k_max: 1")
        assert result.exit_code == 2
        assert result.stderr.splitlines()[-1] == "Configuration: seg_k_min is larger than seg_k_max. Swap them."


@pytest.mark.parametrize("command", ["run", "check", "report", "publish", "rollback", "doctor"])
def test_mistyped_var_stops_every_command(consumer: Path, command: str) -> None:
    result = cli(command, "--vars", "seg_kmax: 1")
    assert result.exit_code == 2
    assert "'seg_k_max'" in " ".join(result.stderr.split())
    assert not (consumer / "published").exists()


def test_check_touches_no_data(consumer: Path) -> None:
    assert cli("check").exit_code == 0
    assert not list((consumer / "data").iterdir())


def test_unreadable_sql_is_one_message(consumer: Path) -> None:
    (consumer / "models/broken.sql").write_text("select {{ ref('nothing') }}")
    result = cli("run")
    assert result.exit_code == 2
    assert "'nothing'" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--target", "prod"], "prod"),
        (["--profile", "other"], "other"),
        (["--profiles-dir", "/nowhere"], "--profiles-dir"),
        (["--project-dir", "/nowhere"], "dbt_project.yml"),
        (["--vars", "[1]"], "--vars"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_wrong_options_are_configuration(consumer: Path, arguments: list[str], words: str) -> None:
    result = cli("run", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_build_file_held_by_another_process(shop: Path) -> None:
    before = everything_readable(shop)
    script = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('ready', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", script, str(shop / "data/shop.duckdb")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        for name in ("run", "publish", "report"):
            result = cli(name)
            assert result.exit_code == 3
            assert str(holder.pid) in result.stderr
        holder.kill()
    assert everything_readable(shop) == before


def test_build_file_changed_during_the_run(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything_readable(shop)
    original = run.write_report

    def meddle(source: Path, directory: Path, language: str) -> Path:
        with duckdb.connect(str(shop / "data/shop.duckdb")) as connection:
            connection.execute("create table precious as select 1 as x")
        return original(source, directory, language)

    monkeypatch.setattr(run, "write_report", meddle)
    result = cli("run")
    assert result.exit_code == 3
    assert "changed by another program" in result.stderr
    assert query(shop / "data/shop.duckdb", "from precious") == [(1,)]
    assert everything_readable(shop) == before


def test_two_runs_at_once(consumer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = []

    def start_another(source: Path, directory: Path, language: str) -> Path:
        child = subprocess.run(
            [sys.executable, "-m", "dbt_segmentation.cli", "run"],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        codes.append((child.returncode, str(os.getpid()) in child.stderr))
        return plain_report(source, directory, language)

    monkeypatch.setattr(run, "write_report", start_another)
    assert cli("run").exit_code == 0
    assert codes == [(3, True)]


@pytest.mark.parametrize(
    "where", ["invoke", "write_report", "_publish", "_keep_copy", "publishing.activate", "replace_report"]
)
def test_killed_run_leaves_whole_files_and_the_next_run_works(shop: Path, where: str) -> None:
    first = run_id(shop)
    script = f"""
        import os, signal
        from pathlib import Path
        from dbt_segmentation import publishing
        from dbt_segmentation.cli import run
        from dbt_segmentation.cli.main import main
        run.write_report = lambda source, directory, language: None
        run.{where} = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
        main(["run"])
    """
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, check=False, timeout=120
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    seen = run_id(shop)
    assert (seen == first) == (where != "replace_report")
    assert query(shop / "data/shop.duckdb", "from int_seg__segment_memberships") == [(first,)]
    assert cli("run").exit_code == 0
    assert run_id(shop) not in (first, seen)
    assert [path.name for path in shop.glob("data/.*")] == []
    assert [path.name for path in shop.glob("reports/.*")] == []


def test_publish_runs_the_tests_first(shop: Path) -> None:
    before = everything_readable(shop)
    result = cli("publish", "--vars", FAILING)
    assert result.exit_code == 1
    assert "accepted_values" in result.stderr
    assert everything_readable(shop) == before
    result = cli("publish")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == f"parquet: {shop}/published/parquet"
    assert len(list((shop / "published/versions").iterdir())) == 2


@pytest.mark.parametrize("command", ["publish", "report"])
def test_without_a_build_file_there_is_nothing_to_show(consumer: Path, command: str) -> None:
    result = cli(command)
    assert result.exit_code == 1
    assert "Run `dbt-segmentation run` first" in result.stderr


def test_publish_refuses_tables_of_two_runs(shop: Path) -> None:
    with duckdb.connect(str(shop / "data/shop.duckdb")) as connection:
        connection.execute("update int_seg__run set run_id = 'later'")
    result = cli("publish")
    assert result.exit_code == 1
    assert "left from an earlier run" in result.stderr


def test_rollback_and_forth(shop: Path) -> None:
    first = run_id(shop)
    cli("run")
    latest = json.loads((shop / "published/manifest.json").read_text())
    assert cli("rollback").exit_code == 0
    assert run_id(shop) == first
    again = cli("rollback")
    assert again.exit_code == 1
    version = next((shop / "published/versions").glob(f"*{latest['run_id']}")).name
    assert cli("rollback", "--to", version).exit_code == 0
    assert run_id(shop) == latest["run_id"]


def test_report_from_the_build_file_or_from_what_is_published(shop: Path) -> None:
    result = cli("report", "--json", "--vars", "seg_language: fr")
    assert json.loads(result.stdout)["source"] == str(shop / "data/shop.duckdb")
    assert (shop / "reports/out/index.html").read_text().startswith("fr")
    assert json.loads(cli("report", "--json", "--published").stdout)["source"] == str(shop / "published/marts.duckdb")
    (shop / "data/shop.duckdb").rename(shop / "data/lost.duckdb")
    assert json.loads(cli("report", "--json").stdout)["source"] == str(shop / "published/marts.duckdb")


def test_versions_of_dbt_package_and_python_package_must_agree(consumer: Path) -> None:
    project = consumer.parent / "package/dbt_project.yml"
    project.write_text(project.read_text().replace("version: 0.1.0", "version: 9.9.9"))
    for command in ("run", "publish", "check", "doctor"):
        result = cli(command)
        assert result.exit_code == 2
        assert "9.9.9" in " ".join(result.stderr.split())


def test_packages_that_need_a_network_are_left_to_the_user(consumer: Path) -> None:
    (consumer / "packages.yml").write_text("packages: [{package: dbt-labs/dbt_utils, version: 1.3.0}]")
    result = cli("run")
    assert result.exit_code == 2
    assert "Run `dbt deps`" in result.stderr


def test_doctor_tells_each_check(consumer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "does not name the plugin" in cli("doctor", "--json").stdout
    profiles = yaml.safe_load((consumer / "profiles.yml").read_text(encoding="utf-8"))
    for profile in profiles.values():
        for output in profile["outputs"].values():
            output["plugins"] = [{"module": "dbt_segmentation.duckdb_plugin"}]
    (consumer / "profiles.yml").write_text(yaml.safe_dump(profiles), encoding="utf-8")
    assert "there is none" in cli("doctor", "--json").stdout
    monkeypatch.setenv("SEG_HMAC_KEY", "a key of 32 characters, or of more")
    result = cli("doctor", "--json")
    document = json.loads(result.stdout)
    verdicts = {check["name"]: check["verdict"] for check in document["checks"]}
    assert result.exit_code == 0
    assert verdicts["DuckDB memory_limit"] == "note"
    assert {verdicts[name] for name in ("python", "dbt-core", "package versions", "build file", "free disk")} == {"ok"}
    (consumer / "data/shop.duckdb").write_text("not a database")
    assert cli("doctor").exit_code == 2


@pytest.mark.parametrize(
    ("build", "publish_dir", "word"),
    [
        ("data/shop.duckdb", "data", "seg_publish_dir"),
        ("published/deeper/shop.duckdb", "published", "seg_publish_dir"),
        ("marts.duckdb", ".", "name of a published file"),
    ],
)
def test_a_build_file_where_readers_look_is_refused(
    shop: Path, monkeypatch: pytest.MonkeyPatch, build: str, publish_dir: str, word: str
) -> None:
    file = shop / build
    file.parent.mkdir(parents=True, exist_ok=True)
    if file != shop / "data/shop.duckdb":
        shutil.copyfile(shop / "data/shop.duckdb", file)
    before = file.read_bytes()
    monkeypatch.setenv("SHOP_DB", str(file))

    result = cli("run", "--vars", f"seg_publish_dir: {publish_dir}")

    assert result.exit_code == 2, result.output
    assert word in result.output
    assert not file.is_symlink()
    assert file.read_bytes() == before


def test_paths_come_from_vars_and_environment(consumer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path in a profile is relative to the project, also when the command is started elsewhere."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("SHOP_DB", "other.duckdb")
    vars_ = f"{{seg_publish_dir: out/published, seg_reports_dir: {tmp_path}/reports}}"
    result = cli("run", "--project-dir", str(consumer), "--vars", vars_)
    assert result.exit_code == 0, result.output
    assert (consumer / "other.duckdb").is_file()
    assert (consumer / "out/published/marts.duckdb").is_file()
    assert (tmp_path / "reports/index.html").is_file()
    assert list((tmp_path / "elsewhere").iterdir()) == []
