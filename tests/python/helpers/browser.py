"""A page in a headless Chromium without network: what it drew, asked for and complained about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def open_page(browser: Any, path: Path, width: int) -> None:
    browser.get("data:,")
    browser.get_log("browser")
    browser.get_log("performance")
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.get(path.as_uri())


def wait(browser: Any, condition: str) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(browser, 60).until(lambda opened: opened.execute_script(f"return Boolean({condition})"))


def outside_requests(browser: Any) -> list[str]:
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    sent = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return [url for url in sent if not url.startswith(("file:", "data:", "blob:", "chrome:"))]


def complaints(browser: Any) -> list[str]:
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


def check_report(browser: Any, report: Path, width: int, charts_expected: int = 11) -> None:
    """Fail unless every chart drew, the page fits, nothing was asked for outside and nothing was complained about."""
    open_page(browser, report, width)
    wait(browser, "document.documentElement.getAttribute('data-charts') === 'drawn'")
    charts = browser.execute_script(
        "return [...document.querySelectorAll('.chart')].map(chart => {"
        "  const box = (chart.querySelector('svg.main-svg') || chart).getBoundingClientRect();"
        "  const marks = chart.querySelectorAll('svg path').length;"
        "  return [chart.id, box.width, box.height, chart.clientWidth, marks]; })"
    )
    assert len(charts) == charts_expected
    for name, drawn_width, height, box_width, marks in charts:
        assert height > 100, name
        assert marks > 2, name
        assert 0 < drawn_width <= box_width + 1, name
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert complaints(browser) == []
    assert outside_requests(browser) == []
