"""Show how far a command is: a live bar on a terminal, plain lines elsewhere."""

import resource
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from dbt_segmentation.cli.options import console

# In a log, say at least this often what is being waited for.
HEARTBEAT_SECONDS = 10.0
SLOWEST = 8
TESTS = ("test", "unit_test")


class Stages:
    """Names the stages of a command and measures them."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Announce a stage, and add its time even if it fails."""
        console.print(f"[bold]{escape(name)}[/]")
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(time.perf_counter() - start, 2)

    def table(self, nodes: dict[str, float]) -> Table:
        """Lay out where the time went: stages, then the slowest nodes of the build."""
        table = Table(title="Where the time went", title_justify="left", box=None, pad_edge=False)
        table.add_column("stage or node")
        table.add_column("seconds", justify="right")
        for name, seconds in self.seconds.items():
            table.add_row(name, f"{seconds:.1f}")
        for name, seconds in sorted(nodes.items(), key=lambda item: -item[1])[:SLOWEST]:
            table.add_row(f"  {escape(name)}", f"{seconds:.1f}", style="dim")
        table.add_row("all", f"{sum(self.seconds.values()):.1f}", style="bold")
        return table


def peak_memory_mb() -> int:
    """Give the most memory that this process has held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak / (1024 if sys.platform != "darwin" else 1024 * 1024))


def say(text: str) -> None:
    """Print a line of progress."""
    console.print(f"  {escape(text)}", style="dim", soft_wrap=True)


def _bar() -> Progress:
    """Make a bar on the terminal that goes away when it is done."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


class FitProgress:
    """Follows a fit. Use as a context, and pass `show` to the library as `progress`."""

    def __init__(self) -> None:
        self._bar = _bar() if console.is_terminal else None
        self._task = None if self._bar is None else self._bar.add_task("reading the sample", total=None)
        self._what, self._last_line = "", 0.0

    def __enter__(self) -> Self:
        """Start showing."""
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop showing."""
        if self._bar is not None:
            self._bar.stop()

    def show(self, what: str, done: int, of: int) -> None:
        """Say what is done, how much of it, and of how much; in a log at each new thing and every ten seconds."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=escape(what), completed=done, total=of)
            return
        now = time.monotonic()
        if what != self._what or now - self._last_line >= HEARTBEAT_SECONDS:
            say(f"{what}: {done} of {of}")
            self._what, self._last_line = what, now


class BuildProgress:
    """Follows the nodes of a dbt build. Use as a context, and pass `on_event` to dbt as a callback."""

    def __init__(self) -> None:
        self.node_seconds: dict[str, float] = {}
        self.total: int | None = None
        self._done = 0
        self._running: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._last_line = time.monotonic()
        self._bar: Progress | None = None
        self._heart = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        """Start showing."""
        if console.is_terminal:
            self._bar = _bar()
            self._task = self._bar.add_task("reading the project", total=None)
            self._bar.start()
        else:
            self._heart.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop showing."""
        self._stop.set()
        if self._bar is not None:
            self._bar.stop()

    def on_event(self, event: Any) -> None:
        """Take one event of dbt. Called from dbt's threads."""
        name = event.info.name
        if name == "LogStartLine":
            self.total = int(event.data.total)
        elif name in ("NodeStart", "NodeFinished"):
            with self._lock:
                self._node(name, event.data.node_info)

    def _node(self, event: str, node: Any) -> None:
        label = str(node.node_name)
        if event == "NodeStart":
            self._running[node.unique_id] = (label, time.monotonic())
            self._show(label)
            return
        self._done += 1
        _, started = self._running.pop(node.unique_id, (label, time.monotonic()))
        seconds = time.monotonic() - started
        if node.resource_type not in TESTS:
            self.node_seconds[label] = round(seconds, 2)
        self._show(next(iter(self._running.values()), (label, 0.0))[0])
        is_news = node.resource_type not in TESTS or node.node_status not in ("success", "pass")
        # what is skipped after a failure is many lines and says nothing: the failure does
        if self._bar is None and is_news and node.node_status != "skipped":
            self._line(f"{self._done:>4} of {self.total or '?'}  {node.node_status:<8} {label}  {seconds:.1f} s")

    def _show(self, label: str) -> None:
        if self._bar is not None:
            self._bar.update(self._task, description=escape(label[:48]), completed=self._done, total=self.total)

    def _line(self, text: str) -> None:
        self._last_line = time.monotonic()
        say(text)

    def _beat(self) -> None:
        while not self._stop.wait(1.0):
            with self._lock:
                if time.monotonic() - self._last_line < HEARTBEAT_SECONDS:
                    continue
                now = time.monotonic()
                waiting = ", ".join(f"{name} ({now - start:.0f} s)" for name, start in self._running.values())
                self._line(f"{self._done:>4} of {self.total or '?'}  running  {waiting or 'reading the project'}")
