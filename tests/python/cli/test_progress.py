"""What a fit shows on the command line: a bar on a terminal, lines in a log."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from dbt_segmentation.cli import fit as fitting
from dbt_segmentation.cli import progress


@pytest.fixture
def shown(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    out = io.StringIO()
    monkeypatch.setattr(progress, "console", Console(file=out, force_terminal=request.param, width=100))
    return out


@pytest.mark.parametrize("shown", [False], indirect=True)
def test_a_log_has_a_line_for_each_new_thing_and_one_now_and_then(
    shown: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([100.0, 101.0, 102.0, 103.0, 114.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    with progress.FitProgress() as told:
        for what, done in (("trying", 0), ("trying", 1), ("testing", 0), ("testing", 1), ("testing", 2)):
            told.show(what, done, 3)
    lines = [line.strip() for line in shown.getvalue().splitlines()]
    assert lines == ["trying: 0 of 3", "testing: 0 of 3", "testing: 2 of 3"]


@pytest.mark.parametrize("shown", [True], indirect=True)
def test_a_terminal_has_a_bar(shown: io.StringIO) -> None:
    with progress.FitProgress() as told:
        told.show("testing stability", 2, 6)
        told._bar.refresh()
    assert "testing stability" in shown.getvalue()
    assert "2/6" in shown.getvalue()


@pytest.mark.parametrize("shown", [False], indirect=True)
def test_the_command_fit_shows_what_the_library_tells(shown: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    class ReachedError(Exception):
        """The library was called."""

    def library(sample: object, champion: object, decision: object, patterns: object, told: object) -> None:
        told("trying candidates", 3, 7)
        raise ReachedError

    monkeypatch.setattr(fitting, "read_tables", lambda engine, names, advice: dict.fromkeys(names, ()))
    monkeypatch.setattr(fitting, "read_decision", lambda rows: {"decision": "fit"})
    monkeypatch.setattr(fitting, "fit_parameters", library)
    with pytest.raises(ReachedError):
        fitting.fit(None)
    assert "trying candidates: 3 of 7" in shown.getvalue()
