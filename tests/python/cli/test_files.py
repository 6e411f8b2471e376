"""Whole files: locks with the holder's name, copies that lose nothing, swaps that are never half done."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from dbt_segmentation.errors import DataError, LockedError
from dbt_segmentation.files import (
    copy_database,
    exclusive,
    open_file,
    replace_directory,
    replace_symlink,
    signature,
    write_ahead_log,
)


@contextmanager
def other_process(script: str, *arguments: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


HOLD = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('ready', flush=True); sys.stdin.read()"
# Leaves a committed row in the log only, as a killed build does.
LEAVE_LOG = (
    "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute('create table t as select 1 as x; checkpoint');"
    "c.execute('insert into t values (2)'); print('ready', flush=True); os.kill(os.getpid(), 9)"
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    file = tmp_path / "build.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table t as select 1 as x")
    return file


@pytest.mark.parametrize("read_only", [True, False])
def test_holder_of_a_file_is_named(database: Path, read_only: bool) -> None:
    with other_process(HOLD, database) as holder, pytest.raises(LockedError, match=str(holder.pid)):
        open_file(database, read_only=read_only)


def test_copy_has_rows_that_were_only_in_the_log(tmp_path: Path) -> None:
    source, target = tmp_path / "killed.duckdb", tmp_path / "run" / "killed.duckdb"
    target.parent.mkdir()
    with other_process(LEAVE_LOG, source) as killed:
        killed.wait()
    assert write_ahead_log(source).exists()
    assert copy_database(source, target) == signature(source)
    with duckdb.connect(str(target), read_only=True) as connection:
        assert connection.execute("select sum(x) from t").fetchone() == (3,)


def test_nobody_can_write_while_a_copy_is_made(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    original = subprocess.run

    def copy_and_try(command: list[str], **options: object) -> object:
        result = original(command, **options)  # type: ignore[call-overload]
        probe = f"import duckdb; duckdb.connect({str(database)!r})"
        tried.append(original([sys.executable, "-c", probe], capture_output=True, text=True, check=False))
        return result

    monkeypatch.setattr(subprocess, "run", copy_and_try)
    copy_database(database, database.with_name("copy.duckdb"))
    assert "Could not set lock" in tried[0].stderr


def test_signature_sees_a_change_and_a_log(database: Path) -> None:
    before = signature(database)
    open_file(database, read_only=True).close()
    assert signature(database) == before
    with duckdb.connect(str(database)) as connection:
        connection.execute("insert into t values (5)")
        assert signature(database) != before
    assert signature(database) != before
    assert signature(database.with_name("absent")) is None


def test_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    (tmp_path / "text.duckdb").write_text("hello")
    with pytest.raises(DataError, match=r"text\.duckdb can't be opened"):
        open_file(tmp_path / "text.duckdb", read_only=True)


def test_lock_names_the_process_and_dies_with_it(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from dbt_segmentation.files import exclusive\n"
        "with exclusive(Path(sys.argv[1]), 'x'): print('ready', flush=True); sys.stdin.read()"
    )
    lock = tmp_path / "build.lock"
    with other_process(script, lock) as holder:
        with pytest.raises(LockedError, match=f"process {holder.pid}.*the build"), exclusive(lock, "the build"):
            pass
        holder.kill()
        holder.wait()
        with exclusive(lock, "the build"):
            assert lock.with_name("build.lock.pid").read_text() == str(os.getpid())


def test_symlink_swap_replaces_and_creates(tmp_path: Path) -> None:
    link = tmp_path / "current"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        replace_symlink(link, name)
        assert link.resolve() == tmp_path / name
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "one", "two"]


def test_directory_swap_leaves_nothing_of_the_old(tmp_path: Path) -> None:
    for text in ("old", "new"):
        (tmp_path / "fresh").mkdir()
        (tmp_path / "fresh" / f"{text}.html").write_text(text)
        replace_directory(tmp_path / "fresh", tmp_path / "reports/out")
    assert [path.name for path in (tmp_path / "reports").rglob("*")] == ["out", "new.html"]
