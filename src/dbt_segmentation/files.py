"""DuckDB files as wholes: who holds one, a safe copy, durable writes, locks between runs."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import filelock

from dbt_segmentation.errors import DataError, LockedError

_HOLDER = re.compile(r"Conflicting lock is held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")

# What a file was when we looked: inode, size, time of the last change in nanoseconds, size of its write-ahead log.
Signature = tuple[int, int, int, int]


def quote(name: str) -> str:
    """Quote an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def write_ahead_log(file: Path) -> Path:
    """Name the log that DuckDB keeps beside a file while it is being written."""
    return file.with_name(file.name + ".wal")


def open_file(file: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file that exists.

    Raises
    ------
    LockedError
        If another process holds it; the message names the process.
    DataError
        If it is not a DuckDB file, or damaged.
    """
    if not file.is_file():
        raise DataError(f"{file} does not exist.")
    try:
        return duckdb.connect(str(file), read_only=read_only)
    except duckdb.Error as error:
        raise explain(error, file) from error


def explain(error: Exception, file: Path) -> DataError | LockedError:
    """Turn DuckDB's failure to open a file into one message that says what to do."""
    text = str(error)
    holder = _HOLDER.search(text)
    if holder:
        return LockedError(
            f"{file} is held by process {holder['pid']} ({holder['program']}). Close it there, or wait until it ends."
        )
    if "Could not set lock" in text:
        return LockedError(f"{file} is held by another process. Close it there, or wait until it ends.")
    if "different configuration" in text:
        return LockedError(f"{file} is open elsewhere in this process. Close that connection first.")
    return DataError(f"{file} can't be opened: {text.splitlines()[0]}")


def signature(file: Path) -> Signature | None:
    """Describe a file so that a change by somebody else is noticed; None if there is no such file."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    log = write_ahead_log(file)
    return (status.st_ino, status.st_size, status.st_mtime_ns, log.stat().st_size if log.exists() else 0)


def copy_database(source: Path, target: Path) -> Signature | None:
    """Copy a DuckDB file whole, with nothing left behind in its log.

    The source is held open while it is copied, so that nobody writes meanwhile. A second process makes the copy:
    POSIX drops all locks that a process has on a file as soon as that process closes any handle of it.

    Returns
    -------
    tuple
        The source's signature at the time of the copy.

    Raises
    ------
    LockedError, DataError
        As `open_file`; DataError too if the copy can't be written.
    """
    with open_file(source, read_only=False) as connection:
        connection.execute("checkpoint")
        command = [sys.executable, "-c", "import shutil, sys; shutil.copyfile(*sys.argv[1:])", str(source), str(target)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            raise DataError(f"{source} could not be copied to {target}: {result.stderr.strip().splitlines()[-1]}")
        return signature(source)


def sync_tree(directory: Path) -> None:
    """Force every file below a directory, and the directories, to disk."""
    for folder, _, names in os.walk(directory):
        for name in names:
            sync(Path(folder) / name)
        sync(Path(folder))


def sync(path: Path) -> None:
    """Force one file or directory to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_symlink(link: Path, target: str) -> None:
    """Point a symlink elsewhere in one step: readers see the old target or the new one, never none."""
    scratch = link.with_name(f".{link.name}.{os.getpid()}")
    scratch.unlink(missing_ok=True)
    scratch.symlink_to(target)
    os.replace(scratch, link)
    sync(link.parent)


@contextmanager
def fresh_directory(directory: Path) -> Iterator[Path]:
    """Make an empty directory, whatever a killed run left there, and remove it in the end."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def replace_directory(new: Path, target: Path) -> None:
    """Put a finished directory where another one is, keeping the old one until the new one is in place."""
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        os.rename(target, old)
    os.rename(new, target)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def exclusive(lock: Path, what: str) -> Iterator[None]:
    """Hold a lock between runs of this program, or say at once who holds it.

    Raises
    ------
    LockedError
        If another run holds it. A killed run holds nothing: the lock is the operating system's.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    holder = lock.with_name(lock.name + ".pid")
    try:
        with filelock.FileLock(lock, timeout=0):
            holder.write_text(str(os.getpid()), encoding="ascii")
            try:
                yield
            finally:
                holder.unlink(missing_ok=True)
    except filelock.Timeout as error:
        pid = holder.read_text(encoding="ascii") if holder.is_file() else "unknown"
        raise LockedError(
            f"another dbt-segmentation (process {pid}) is working on {what}. Wait until it ends."
        ) from error
