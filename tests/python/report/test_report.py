"""The report page: what it says, what it leaves alone, and what it survives."""

import json
import re
from collections.abc import Callable
from datetime import date
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from string import Formatter

import duckdb
import numpy as np
import plotly.graph_objects as go
import pytest

from dbt_segmentation.errors import DataError
from dbt_segmentation.report import build, build_report
from dbt_segmentation.report.language import Language
from dbt_segmentation.report.palette import SEGMENT_COLOURS, diverging, ink_on, luminance, segment_colours

HOSTILE = "<img src=x onerror=alert(1)>\"'</script><script>alert(2)</script> %{x} {n} $a$ &amp;"
NONE = "\u2013"
WriteMarts = Callable[..., Path]


class Page(HTMLParser):
    """Elements, attributes and text of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.scripts: list[str] = []
        self._inside = ""
        self.html = path.read_text(encoding="utf-8")
        self.feed(self.html)
        self.words = re.sub("[ \n]+", " ", " ".join(self.text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts.append(data)
        elif self._inside != "style":
            self.text.append(data)

    def figures(self) -> list[dict]:
        return json.loads(self.scripts[0])

    def table(self, heading: str) -> list[list[str]]:
        """Texts of the cells of the table under a heading, without its head."""
        body = self.html.split(f'aria-labelledby="{heading}"')[1].split("<tbody>")[1].split("</tbody>")[0]
        rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in body.split("</tr>") if "<tr" in row]
        return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in rows]


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory, write_marts: WriteMarts) -> Path:
    return write_marts(tmp_path_factory.mktemp("marts") / "marts.duckdb")


@pytest.fixture(scope="module")
def page(marts: Path, tmp_path_factory: pytest.TempPathFactory) -> Page:
    return Page(build_report(marts, tmp_path_factory.mktemp("report")))


def test_headline_counts_customers_and_segments_of_the_marts(page: Page, marts: Path) -> None:
    with duckdb.connect(str(marts), read_only=True) as connection:
        customers, segments = connection.sql(
            "select count(*), count(distinct segment_key) from fct_seg__customer_segments"
        ).fetchone()
    assert f"{customers:,} customers in {segments} segments" in page.words
    assert "As of 31 December 2017" in page.words


def test_moves_equal_the_transitions_of_the_last_snapshot(page: Page, marts: Path) -> None:
    with duckdb.connect(str(marts), read_only=True) as connection:
        moved = connection.sql(
            "select sum(customers)::int from fct_seg__segment_transitions "
            "where snapshot_date = date '2017-12-31' and from_segment_key not in ('new', to_segment_key)"
        ).fetchone()[0]
    assert f"{moved} customers (" in page.words
    flows = next(figure for figure in page.figures() if figure["id"] == "chart-flows")
    link = flows["data"][0]["link"]
    labels = flows["data"][0]["node"]["label"]
    drawn = zip(link["source"], link["target"], link["value"], strict=True)
    assert moved == sum(n for s, t, n in drawn if labels[s] not in (labels[t], "New customers"))


def test_every_figure_is_valid_for_plotly(page: Page) -> None:
    figures = page.figures()
    whole = {"chart-tree", "chart-sizes", "chart-flows", "chart-drift", "chart-index-silhouette"}
    assert whole <= {f["id"] for f in figures}
    assert len(figures) == len({f["id"] for f in figures}) == 11
    for figure in figures:
        go.Figure({"data": figure["data"], "layout": figure["layout"]})


def test_the_dendrogram_joins_the_nodes_of_the_mart_at_their_heights(page: Page, marts: Path) -> None:
    with duckdb.connect(str(marts), read_only=True) as connection:
        tree = connection.sql("select * from fct_seg__segment_tree").df().set_index("node")
    parts = tree.groupby("parent_node").groups
    figure = next(figure for figure in page.figures() if figure["id"] == "chart-tree")
    labels, axis = figure["layout"]["yaxis"]["ticktext"], figure["layout"]["yaxis"]["tickvals"]

    # a leaf for each micro-segment, told by its customers
    leaves = tree[tree["level"] == "micro_segment"]
    assert leaves["customers_at_fit"].is_unique
    drawn = {
        int(re.search(r"\(([\d,]+)\)$", label)[1].replace(",", "")): y for label, y in zip(labels, axis, strict=True)
    }
    assert drawn.keys() == set(leaves["customers_at_fit"])
    assert len(labels) == len(leaves)

    def under(node: str) -> list[float]:
        """Places of the leaves under a node."""
        if node not in parts:
            return [drawn[tree.loc[node, "customers_at_fit"]]]
        return sorted(place for part in parts[node] for place in under(part))

    def place(node: str) -> float:
        """A leaf's place, else half way between the parts."""
        return float(np.mean([place(part) for part in parts[node]])) if node in parts else under(node)[0]

    expected = []
    for node in parts:
        # no branch crosses another
        assert np.diff(under(node)).tolist() == [1] * (len(under(node)) - 1)
        height, own = tree.loc[node, "height"], [place(part) for part in parts[node]]
        expected += [(tree.loc[part, "height"], height, y, y) for part, y in zip(parts[node], own, strict=True)]
        expected.append((height, height, min(own), max(own)))
    lines = []
    for trace in figure["data"]:
        x, y = trace["x"], trace["y"]
        assert set(x[2::3]) == set(y[2::3]) == {None}
        lines += zip(x[0::3], x[1::3], y[0::3], y[1::3], strict=True)
    assert sorted(lines) == sorted(expected)
    assert len({height for height, other, *_ in lines if height == other}) > 5


def test_candidates_are_told_with_every_index_and_what_practice_asks_for(page: Page, marts: Path) -> None:
    for index, told in {"Dunn": "0.125", "Prediction strength": "0.91", "BIC": "12,347"}.items():
        assert index in page.words
        assert told in page.words
    assert "Practice asks for" in page.words
    assert page.words.count("\u2265 0.75") == 2  # of the weakest segment, and of the stability curve
    assert "\u2265 0.60" in page.words
    assert "\u2265 0.80" in page.words
    figures = {figure["id"]: figure["layout"] for figure in page.figures()}
    lines = {name: [shape["y0"] for shape in layout.get("shapes", [])] for name, layout in figures.items()}
    assert lines["chart-index-silhouette"] == [0.6]
    assert lines["chart-index-stability_min"] == lines["chart-index-stability_curve"] == [0.6, 0.75]
    low, high = figures["chart-index-silhouette"]["yaxis"]["range"]
    assert low < 0.1 < 0.6 < high
    assert not any(lines[f"chart-index-{name}"] for name in ("score", "gap", "calinski_harabasz", "davies_bouldin"))
    with duckdb.connect(str(marts), read_only=True) as connection:
        reached = connection.sql(
            "select count(*) filter (silhouette >= 0.6) + count(*) filter (prediction_strength >= 0.8) "
            "+ count(*) filter (stability_min >= 0.75) + count(*) filter (stability_curve >= 0.75) "
            "from fct_seg__model_candidates"
        ).fetchone()[0]
    assert [attributes.get("class") for _, attributes in page.tags].count("reached") == reached > 0


def test_candidates_without_references_have_no_lines(tmp_path: Path, write_marts: WriteMarts) -> None:
    path = write_marts(tmp_path / "marts.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute("alter table fct_seg__model_candidates drop column silhouette_reference")
        connection.execute("update fct_seg__model_candidates set stability_reference = null")
    page = Page(build_report(path, tmp_path / "out"))
    figures = {figure["id"]: figure["layout"] for figure in page.figures()}
    assert figures["chart-index-silhouette"]["shapes"] == []
    assert [shape["y0"] for shape in figures["chart-index-stability_min"]["shapes"]] == [0.6]
    assert "\u2265 0.80" in page.words


def test_page_is_self_contained(page: Page) -> None:
    addresses = [value for _, attributes in page.tags for name, value in attributes.items() if name in ("src", "href")]
    assert not [address for address in addresses if re.match(r"(https?:)?//", address or "")]
    assert "@import" not in build._resource("style.css")
    assert "url(" not in build._resource("style.css")
    libraries = [script for script in page.scripts if "plotly.js v" in script[:300]]
    assert len(libraries) == 1


def test_hostile_texts_stay_texts(tmp_path: Path, write_marts: WriteMarts) -> None:
    names = {f"seg_{number:03d}": (f"{HOSTILE}{number}", HOSTILE) for number in (1, 2, 3)}
    path = write_marts(tmp_path / "hostile.duckdb", segments=names)
    columns = {
        "dim_seg__segments": ["description_en", "recommended_action_en"],
        "fct_seg__segment_profiles": ["label_en", "unit", "family"],
        "fct_seg__model_runs": ["model_version", "reason", "algorithm", "library_versions", "decision_reason"],
        "fct_seg__model_candidates": ["reason", "algorithm", "model_version"],
        "fct_seg__rejected_rows": ["reason", "input"],
        "int_seg__input_reconciliation": ["input"],
        "fct_seg__segment_drift": ["verdict"],
    }
    with duckdb.connect(str(path)) as connection:
        for table, hostile in columns.items():
            for column in hostile:
                connection.execute(f"update {table} set {column} = ?", [HOSTILE])
        connection.execute("update fct_seg__segment_drift set feature = feature || ?", [HOSTILE])
        connection.execute("update fct_seg__customer_segments set run_id = ?", [HOSTILE])
    page = Page(build_report(path, tmp_path / "out"))
    assert "img" not in [tag for tag, _ in page.tags]
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert len(page.scripts) == 3
    assert HOSTILE in " ".join(page.text)
    for figure in page.figures():
        for trace in figure["data"]:
            labels = [trace.get("name", ""), *trace.get("node", {}).get("label", [])]
            assert not [label for label in labels if "<" in label]


def test_policy_allows_exactly_the_scripts_of_the_page(page: Page) -> None:
    policy = next(a["content"] for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert build._policy(page.scripts[1:]) == policy


def test_empty_file_gives_a_page_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "empty.duckdb"
    duckdb.connect(str(path)).close()
    page = Page(build_report(path, tmp_path / "out"))
    for sentence in ("No customer has a segment yet", "no profiles", "No drift has been measured", "No model"):
        assert sentence in page.words
    assert page.figures() == []


@pytest.mark.parametrize("empty", ["fct_seg__segment_drift", "fct_seg__segment_kpis", "fct_seg__segment_profiles"])
def test_each_mart_may_be_empty(tmp_path: Path, write_marts: WriteMarts, empty: str) -> None:
    path = write_marts(tmp_path / "marts.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"delete from {empty}")
    assert "2,469 customers" in Page(build_report(path, tmp_path / "out")).words


@pytest.mark.parametrize("gone", ["dim_seg__segments", "fct_seg__model_runs", "fct_seg__segment_transitions"])
def test_each_mart_may_be_missing(tmp_path: Path, write_marts: WriteMarts, gone: str) -> None:
    path = write_marts(tmp_path / "marts.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"drop table {gone}")
    assert "2,469 customers" in Page(build_report(path, tmp_path / "out")).words


def test_one_segment_and_one_snapshot(tmp_path: Path, write_marts: WriteMarts) -> None:
    path = write_marts(tmp_path / "one.duckdb", snapshots=1, segments={"seg_001": ("Everybody", "Tous")})
    page = Page(build_report(path, tmp_path / "out"))
    assert "in one segment" in page.words
    assert "one segment for everybody is the honest answer" in page.words
    assert "There is one snapshot so far" in page.words


def test_first_fit_does_not_call_every_segment_new(tmp_path: Path, write_marts: WriteMarts) -> None:
    path = write_marts(tmp_path / "marts.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute("update fct_seg__model_runs set fitted_as_of_date = as_of_date")
    page = Page(build_report(path, tmp_path / "out"))
    assert "Weekend stock-up is new" in page.words
    assert "The model was fitted on this snapshot" in page.words
    with duckdb.connect(str(path)) as connection:
        connection.execute("update dim_seg__segments set event = 'born'")
    assert "is new" not in Page(build_report(path, tmp_path / "out")).words


def test_joiners_are_no_segment(page: Page) -> None:
    flows = next(figure for figure in page.figures() if figure["id"] == "chart-flows")
    assert flows["data"][0]["node"]["label"].count("New customers") == 1
    assert page.words.count("New customers") == 0


def test_what_people_decided_is_shown_as_such(page: Page) -> None:
    assert (
        "Decided by people (Ada, Ben): label_en, label_fr. Took in Small baskets: people merged them. Approved by Ada."
        in page.words
    )
    assert page.words.count("Took in") == 1
    assert page.words.count("1 customer is pinned here by people.") == 1


def test_a_part_that_people_named_carries_the_mark_and_no_other_part_does(marts: Path, page: Page) -> None:
    rows = page.table("h-parts")
    marked = {row[1]: row[0] for row in rows if "Decided by people" in row[0]}
    assert marked.keys() == {"seg_001", "seg_001.02"}
    assert marked["seg_001.02"] == "Occasional shoppers: ↑ Visits & <more>Decided by people (Cy): label_en."
    assert len(rows) > 12


def test_a_table_tells_who_decided_what_when_and_why(page: Page) -> None:
    first = next(row[5] for row in page.table("h-decisions") if row[1] == "Approved")
    part = "Occasional shoppers: ↑ Visits & <more>"
    assert page.table("h-decisions") == [
        ["seg_099", "Name (French): Fin", "Dan", "5 January 2017", "reason", NONE, "stale: the segment has ended"],
        ["1 customer", "Pinned to: Weekend stock-up", "Ada", "6 March 2017", "reason", "1", "in force"],
        ["2 customers", "Pinned to: Weekend stock-up", "Ada", "5 March 2017", "reason", "1", "in force"],
        ["Occasional shoppers", "Approved", "Ada", "4 March 2017", "reason 4", first, "in force"],
        ["Small baskets", "Merged into: Occasional shoppers", "Ben", "3 March 2017", "reason 3", "61", "in force"],
        [part, "Name (English): Part & <more>", "Cy", "2 March 2017", "reason 2", NONE, "in force"],
        [
            "Occasional shoppers",
            "Name (English): Occasional shoppers",
            "Ada",
            "1 March 2017",
            "reason 0",
            first,
            "in force",
        ],
    ]
    assert "c_pinned" not in page.words


def test_decisions_are_told_in_french(tmp_path: Path, marts: Path) -> None:
    page = Page(build_report(marts, tmp_path, language="fr"))
    assert page.table("h-decisions")[0][3:] == ["5 janvier 2017", "reason", NONE, "périmée : le segment a pris fin"]
    assert "A absorbé Petits paniers : fusion décidée par des personnes." in page.words
    assert "1 client épinglé ici par des personnes." in page.words


def test_every_reason_why_a_decision_does_not_count_has_french_words() -> None:
    told = (
        files("dbt_segmentation.report")
        .joinpath("../../../models/scoring/int_seg__segment_overrides.sql")
        .read_text("utf-8")
    )
    problems = set(re.findall(r"then '([^']+ [^']+)'", told.split("as may_be_told")[0]))
    problems |= set(re.findall(r"then '(the segment that it is merged into[^']+)'", told))
    for code in ("en", "fr"):
        texts = json.loads(files("dbt_segmentation.report").joinpath(f"templates/{code}.json").read_text("utf-8"))
        assert texts["decision_problems"].keys() == problems


def test_suppressed_kpis_are_told(tmp_path: Path, write_marts: WriteMarts) -> None:
    path = write_marts(tmp_path / "marts.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update fct_seg__segment_kpis set customers = null, customer_share = null, revenue = null, "
            "revenue_share = null, revenue_per_customer = null, is_suppressed = true where segment_key = 'seg_005'"
        )
    words = Page(build_report(path, tmp_path / "out")).words
    assert "Too few customers: figures are withheld." in words
    assert "Figures of 12 small cells are withheld" in words


def test_nan_and_infinite_values_do_not_reach_the_page(tmp_path: Path, write_marts: WriteMarts) -> None:
    path = write_marts(tmp_path / "marts.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute("update fct_seg__segment_profiles set z_score = 'nan', mean_value = 'inf'")
        connection.execute("update fct_seg__model_candidates set silhouette = 'nan', gap = '-inf'")
        connection.execute("update fct_seg__segment_drift set value = 'nan' where feature = 'revenue'")
        connection.execute("update fct_seg__segment_kpis set revenue = 'nan', revenue_share = 'nan'")
    words = Page(build_report(path, tmp_path / "out")).words
    assert not re.search(r"\b(nan|inf|None)\b", words)


def test_french_page_is_french(tmp_path: Path, marts: Path) -> None:
    page = Page(build_report(marts, tmp_path, language="fr", currency="€"))
    assert "2\u202f469 clients dans 6 segments" in page.words
    assert "Situation au 31 décembre 2017" in page.words
    assert "Fidèles aux gros paniers" in page.words
    assert "vs" not in page.words.split()


def test_both_languages_have_the_same_texts_and_placeholders() -> None:
    english, french = (
        json.loads(files("dbt_segmentation.report").joinpath(f"templates/{code}.json").read_text("utf-8"))
        for code in ("en", "fr")
    )
    assert english.keys() == french.keys()
    for key, text in english.items():
        if isinstance(text, str):
            names = [{field for _, field, _, _ in Formatter().parse(t) if field} for t in (text, french[key])]
            assert names[0] - {"n"} == names[1] - {"n"}, key


def test_unknown_language_is_refused(tmp_path: Path, marts: Path) -> None:
    with pytest.raises(ValueError, match="en or fr"):
        build_report(marts, tmp_path, language="de")


def test_missing_and_broken_files_give_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        build_report(tmp_path / "none.duckdb", tmp_path / "out")
    broken = tmp_path / "broken.duckdb"
    broken.write_text("this is no database")
    with pytest.raises(DataError, match="Can't read"):
        build_report(broken, tmp_path / "out")
    assert not (tmp_path / "out" / "index.html").exists()


def test_a_crash_leaves_the_report_before_untouched(
    tmp_path: Path, marts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = build_report(marts, tmp_path)
    index.write_text("the report before")

    def crash(*_: object) -> str:
        raise RuntimeError("crash")

    monkeypatch.setattr(build, "render_page", crash)
    with pytest.raises(RuntimeError, match="crash"):
        build_report(marts, tmp_path)
    assert index.read_text() == "the report before"
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_same_marts_give_the_same_bytes_and_left_overs_are_removed(tmp_path: Path, marts: Path) -> None:
    first = build_report(marts, tmp_path).read_bytes()
    (tmp_path / ".seg-report-killed").mkdir()
    (tmp_path / "notes.txt").write_text("mine")
    assert build_report(marts, tmp_path).read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.html", "notes.txt"]


def test_evidently_pages_are_linked_and_copied_in(tmp_path: Path, marts: Path) -> None:
    (tmp_path / "out" / "drift").mkdir(parents=True)
    inside, outside = tmp_path / "out" / "drift" / "a.html", tmp_path / "b.html"
    entries = []
    for day, path in ((1, inside), (2, outside)):
        path.write_text("a page")
        entry = {"snapshot_date": date(2017, 12, day), "path": path, "drifted": day, "tested": 9}
        entries.append(entry | {"not_tested": [{"feature": "gender", "detail": "constant"}]})
    page = Page(build_report(marts, tmp_path / "out", evidently_pages=entries))
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert {"drift/a.html", "evidently/b.html"} <= set(links)
    assert (tmp_path / "out" / "evidently" / "b.html").read_text() == "a page"
    assert "2 of 9 features drifted" in page.words
    assert "not tested: gender" in page.words


def test_progress_is_told(tmp_path: Path, marts: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    build_report(marts, tmp_path, progress=lambda *step: steps.append(step))
    assert [done for done, _, _ in steps] == [0, 1, 2, 3]


def test_colours_follow_the_key_not_the_rank() -> None:
    before = segment_colours(["seg_001", "seg_002", "seg_003"])
    after = segment_colours(["seg_003", "seg_009", "seg_001"])
    assert {key: after[key] for key in ("seg_001", "seg_003")} == {key: before[key] for key in ("seg_001", "seg_003")}
    many = segment_colours(["seg_001", "seg_011", "seg_002"])
    assert len(set(many.values())) == 3


def test_segment_colours_differ_for_every_kind_of_colour_vision() -> None:
    """Machado, Oliveira and Fernandes (2009), severity 1; CIE76 distance."""
    views = {
        "normal": np.eye(3),
        "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
        "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
    }
    for name, matrix in views.items():
        seen = [_lab(np.asarray(matrix) @ _linear(colour)) for colour in SEGMENT_COLOURS]
        nearest = min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2))
        assert nearest > 23, name


def test_text_on_every_heat_cell_is_readable() -> None:
    for value in np.linspace(-2, 2, 41):
        background = diverging(float(value), 1.5)
        light, ink = luminance(background), luminance(ink_on(background))
        assert (max(light, ink) + 0.05) / (min(light, ink) + 0.05) >= 4.5


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [(1234567.0, "1,234,567", "1\u202f234\u202f567"), (-0.001, "0.00", "0,00"), (12.34, "12.3", "12,3")],
)
def test_numbers_are_written_as_the_language_does(value: float, english: str, french: str) -> None:
    assert Language("en").number(value) == english
    assert Language("fr").number(value) == french


def _linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _lab(linear: np.ndarray) -> np.ndarray:
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
    xyz = np.asarray(to_xyz) @ np.clip(linear, 0, 1) / np.array([0.95047, 1, 1.08883])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])
