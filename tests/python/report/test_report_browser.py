"""The report in a real browser without network: it asks nobody, complains about nothing, and every chart draws."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from dbt_segmentation.drift import evidently_adapter
from dbt_segmentation.report import build_report

pytestmark = pytest.mark.browser
WIDTHS = [1440, 768, 390]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        message = "no Chromium with chromedriver here: apt-get install chromium chromium-driver"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    switches = [
        "headless",
        "no-sandbox",
        "disable-gpu",
        "disable-quic",
        "no-first-run",
        "disable-background-networking",
    ]
    switches += ["disable-component-update", "disable-sync", "host-resolver-rules=MAP * ~NOTFOUND"]
    switches += [f"user-data-dir={tmp_path_factory.mktemp('profile')}"]
    for switch in switches:
        options.add_argument(f"--{switch}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    opened = webdriver.Chrome(options=options, service=Service(driver))
    opened.set_page_load_timeout(60)
    yield opened
    opened.quit()


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


def _open(browser: Any, path: Path, width: int) -> None:
    browser.get("data:,")
    browser.get_log("browser")
    browser.get_log("performance")
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.get(path.as_uri())


def _wait(browser: Any, condition: str) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(browser, 60).until(lambda opened: opened.execute_script(f"return Boolean({condition})"))


def _outside_requests(browser: Any) -> list[str]:
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    sent = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return [url for url in sent if not url.startswith(("file:", "data:", "blob:", "chrome:"))]


def _complaints(browser: Any) -> list[str]:
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


@pytest.mark.parametrize("width", WIDTHS)
def test_report_draws_asks_nothing_and_does_not_complain(browser: Any, report: Path, width: int) -> None:
    _open(browser, report, width)
    _wait(browser, "document.documentElement.getAttribute('data-charts') === 'drawn'")
    charts = browser.execute_script(
        "return [...document.querySelectorAll('.chart')].map(chart => {"
        "  const box = (chart.querySelector('svg.main-svg') || chart).getBoundingClientRect();"
        "  const marks = chart.querySelectorAll('svg path').length;"
        "  return [chart.id, box.width, box.height, chart.clientWidth, marks]; })"
    )
    assert len(charts) == 9
    for name, drawn_width, height, box_width, marks in charts:
        assert height > 100, name
        assert marks > 2, name
        assert 0 < drawn_width <= box_width + 1, name
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert _complaints(browser) == []
    assert _outside_requests(browser) == []


def test_charts_follow_the_window(browser: Any, report: Path) -> None:
    _open(browser, report, 1440)
    _wait(browser, "document.documentElement.getAttribute('data-charts') === 'drawn'")
    narrow = {"width": 390, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", narrow)
    _wait(browser, "document.querySelector('#chart-sizes svg.main-svg').getBoundingClientRect().width < 390")
    assert _complaints(browser) == []


def test_every_anchor_and_link_leads_somewhere(browser: Any, report: Path) -> None:
    _open(browser, report, 1440)
    hrefs = browser.execute_script("return [...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    ids = browser.execute_script("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    for href in hrefs:
        assert href[1:] in ids if href.startswith("#") else (report.parent / href).is_file()


def test_headings_do_not_skip_a_level(browser: Any, report: Path) -> None:
    _open(browser, report, 1440)
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
    _open(browser, build_report(marts, tmp_path), 1440)
    _wait(browser, "document.documentElement.getAttribute('data-charts') === 'drawn'")
    assert browser.title.startswith("Customer segments")
    assert browser.execute_script("return document.images.length") == 0
    assert _complaints(browser) == []


def test_empty_report_does_not_complain(browser: Any, tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    _open(browser, build_report(tmp_path / "empty.duckdb", tmp_path), 390)
    _wait(browser, "document.documentElement.getAttribute('data-charts') === 'drawn'")
    assert _complaints(browser) == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 390


def test_evidently_pages_draw_and_ask_nothing(browser: Any, report: Path) -> None:
    pages = sorted((report.parent / "evidently").glob("*.html"))
    if not pages:
        pytest.skip("the extra `drift` is not installed: pip install -e '.[drift]'")
    _open(browser, pages[-1], 1440)
    _wait(browser, "document.querySelectorAll('svg.main-svg').length > 0")
    assert [message for message in _complaints(browser) if "Content Security" in message] == []
    assert _outside_requests(browser) == []
