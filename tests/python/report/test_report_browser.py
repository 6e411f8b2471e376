"""The report in a real browser without network: it asks nobody, complains about nothing, and every chart draws."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from helpers.browser import check_report, complaints, open_page, outside_requests, wait

from dbt_segmentation.drift import evidently_adapter
from dbt_segmentation.report import build_report

pytestmark = pytest.mark.browser
WIDTHS = [1440, 768, 390]


@pytest.fixture(scope="module")
def report(
    tmp_path_factory: pytest.TempPathFactory,
    write_marts: Callable[..., Path],
    drift_sample: Callable[..., pd.DataFrame],
) -> Path:
    folder = tmp_path_factory.mktemp("report")
    pages = []
    if evidently_adapter.is_available():
        pages = evidently_adapter.render_pages(drift_sample(2), folder / "evidently", {"run_id": "run-1"})
    return build_report(write_marts(folder / "marts.duckdb"), folder, evidently_pages=pages)


@pytest.mark.parametrize("width", WIDTHS)
def test_report_draws_asks_nothing_and_does_not_complain(browser: Any, report: Path, width: int) -> None:
    check_report(browser, report, width)


def test_charts_follow_the_window(browser: Any, report: Path) -> None:
    open_page(browser, report, 1440)
    wait(browser, "document.documentElement.getAttribute('data-charts') === 'drawn'")
    narrow = {"width": 390, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", narrow)
    wait(browser, "document.querySelector('#chart-sizes svg.main-svg').getBoundingClientRect().width < 390")
    assert complaints(browser) == []


def test_every_anchor_and_link_leads_somewhere(browser: Any, report: Path) -> None:
    open_page(browser, report, 1440)
    hrefs = browser.execute_script("return [...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    ids = browser.execute_script("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    for href in hrefs:
        assert href[1:] in ids if href.startswith("#") else (report.parent / href).is_file()


def test_headings_do_not_skip_a_level(browser: Any, report: Path) -> None:
    open_page(browser, report, 1440)
    levels = browser.execute_script("return [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_hostile_labels_run_nothing(browser: Any, tmp_path: Path, write_marts: Callable[..., Path]) -> None:
    hostile = "<img src=x onerror=\"document.title='owned'\"></script><script>document.title='owned'</script>"
    names = {f"seg_{number:03d}": (f"{hostile}{number}", hostile) for number in (1, 2, 3)}
    marts = write_marts(tmp_path / "marts.duckdb", segments=names)
    with duckdb.connect(str(marts)) as connection:
        connection.execute("update fct_seg__segment_profiles set label_en = ?", [hostile])
    open_page(browser, build_report(marts, tmp_path), 1440)
    wait(browser, "document.documentElement.getAttribute('data-charts') === 'drawn'")
    assert browser.title.startswith("Customer segments")
    assert browser.execute_script("return document.images.length") == 0
    assert complaints(browser) == []


def test_empty_report_does_not_complain(browser: Any, tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    open_page(browser, build_report(tmp_path / "empty.duckdb", tmp_path), 390)
    wait(browser, "document.documentElement.getAttribute('data-charts') === 'drawn'")
    assert complaints(browser) == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 390


def test_evidently_pages_draw_and_ask_nothing(browser: Any, report: Path) -> None:
    pages = sorted((report.parent / "evidently").glob("*.html"))
    if not pages:
        pytest.skip("the extra `drift` is not installed: pip install -e '.[drift]'")
    open_page(browser, pages[-1], 1440)
    wait(browser, "document.querySelectorAll('svg.main-svg').length > 0")
    assert [message for message in complaints(browser) if "Content Security" in message] == []
    assert outside_requests(browser) == []
