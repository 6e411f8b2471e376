"""Components, factors, imputation, categories and selection, against scikit-learn or by their definition."""

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA, FactorAnalysis

from dbt_segmentation import SegmentModel
from dbt_segmentation.errors import ConfigError, DataError
from dbt_segmentation.fitting import fit_parameters
from dbt_segmentation.parameters import PARAMETER_SCHEMA
from dbt_segmentation.preprocessing import PreprocessingSettings, Preprocessor
from dbt_segmentation.preprocessing.components import fit_projection, principal_axis, rotate
from dbt_segmentation.preprocessing.features import yeo_johnson
from dbt_segmentation.preprocessing.relevance import relevance

SMALL = {"algorithm": "kmeans", "n_segments": 3, "min_segment_size": 20, "n_bootstraps": 2, "n_references": 3}


def factored(n_rows: int = 2000) -> pd.DataFrame:
    """Eight features that two hidden habits drive, four each."""
    generator = np.random.default_rng(0)
    hidden = generator.normal(size=(n_rows, 2))
    loads = np.zeros((2, 8))
    loads[0, :4] = loads[1, 4:] = [0.9, 0.8, 0.7, 0.8]
    points = hidden @ loads + generator.normal(scale=0.5, size=(n_rows, 8))
    return pd.DataFrame(points, columns=[f"f{j}" for j in range(8)])


def test_components_are_those_of_scikit_learn_up_to_sign():
    points = Preprocessor().fit(factored()).transform(factored())
    found = fit_projection(points, "pca", "none", 0.85, None)
    oracle = PCA(n_components=0.85, svd_solver="full").fit(points)
    assert len(found.names) == oracle.n_components_
    np.testing.assert_allclose(np.abs(found.apply(points)), np.abs(oracle.transform(points)), atol=1e-8)
    assert found.names[0] == "component_01"


def test_factors_find_the_hidden_habits():
    points = Preprocessor().fit(factored()).transform(factored())
    for rotation in ("varimax", "oblimin"):
        found = fit_projection(points, "factor", rotation, 0.85, None)
        assert found.names == ("factor_01", "factor_02")  # Kaiser's rule
        strong = np.abs(found.loadings) > 0.5
        assert sorted(map(tuple, strong.T.tolist())) == [(False,) * 4 + (True,) * 4, (True,) * 4 + (False,) * 4]
        np.testing.assert_allclose(found.apply(points).std(axis=0), 1.0, atol=1e-9)
        np.testing.assert_allclose(found.apply(points).mean(axis=0), 0.0, atol=1e-9)


def test_varimax_equals_scikit_learns_and_keeps_communalities():
    points = Preprocessor().fit(factored()).transform(factored())
    loadings = principal_axis(np.corrcoef(points.T), 2)
    turned, between = rotate(loadings, "varimax")
    np.testing.assert_allclose((turned**2).sum(axis=1), (loadings**2).sum(axis=1), atol=1e-9)
    np.testing.assert_array_equal(between, np.eye(2))
    oracle = FactorAnalysis(2, rotation="varimax", tol=1e-8, max_iter=5000).fit(points).components_.T
    order = [int(np.abs(oracle[:, j] @ turned).argmax()) for j in range(2)]
    np.testing.assert_allclose(np.abs(turned[:, order]), np.abs(oracle), atol=0.03)


def related_habits(n_rows: int = 4000) -> tuple[pd.DataFrame, np.ndarray]:
    """Ten features that two hidden habits drive, five each; the habits correlate by 0.6. And their loadings."""
    generator = np.random.default_rng(12)
    hidden = generator.multivariate_normal([0, 0], [[1.0, 0.6], [0.6, 1.0]], n_rows)
    loads = np.zeros((10, 2))
    loads[:5, 0], loads[5:, 1] = [0.9, 0.8, -0.7, 0.8, 0.6], [0.9, 0.8, 0.7, 0.6, 0.8]
    unique = np.sqrt(1.0 - (loads**2).sum(axis=1))
    points = hidden @ loads.T + generator.normal(size=(n_rows, 10)) * unique
    return pd.DataFrame(points, columns=[f"f{j}" for j in range(10)]), loads


def test_oblimin_finds_related_factors_where_varimax_mixes_them():
    frame, truth = related_habits()
    loadings = principal_axis(np.corrcoef(frame.to_numpy().T), 2)
    found = {rotation: rotate(loadings, rotation) for rotation in ("varimax", "oblimin")}
    np.testing.assert_array_equal(found["varimax"][1], np.eye(2))
    pattern, between = found["oblimin"]
    assert abs(between[0, 1]) == pytest.approx(0.6, abs=0.08)
    order = [int(np.abs(truth[:, j] @ pattern).argmax()) for j in range(2)]
    np.testing.assert_allclose(np.abs(pattern[:, order]), np.abs(truth), atol=0.08)
    # a simple structure: each feature belongs to one factor
    weak = {rotation: np.sort(np.abs(turned), axis=1)[:, 0].max() for rotation, (turned, _) in found.items()}
    assert weak["oblimin"] < 0.1 < 0.2 < weak["varimax"]
    # the criterion of quartimin, which no small turn makes lower
    least = (pattern[:, 0] ** 2 @ pattern[:, 1] ** 2) / 4
    assert least < (found["varimax"][0][:, 0] ** 2 @ found["varimax"][0][:, 1] ** 2) / 4


@pytest.mark.usefixtures("one_thread")
def test_stored_rows_tell_scree_loadings_and_names_of_factors():
    frame, _ = related_habits(600)
    settings = {**SMALL, "winsor_limits": (0.0, 1.0), "skew_limit": 100.0}
    model = SegmentModel(reduction="factor", rotation="oblimin", **settings).fit(frame)
    rows = model.to_parameters().to_pandas()
    scree = rows[rows["stage"] == "scree"].set_index("feature")["value"]
    np.testing.assert_allclose(scree.sort_index(), np.linalg.eigvalsh(np.corrcoef(frame.to_numpy().T))[::-1])
    loading = rows[rows["stage"] == "loading"].pivot(index="component", columns="feature", values="value")
    scores = pd.DataFrame(model.transform(frame), frame.index, loading.columns)
    structure = pd.concat([frame, scores], axis=1).corr().loc[frame.columns, loading.columns]
    # each feature correlates most with the scores of the factor that it loads on, and in that direction
    assert (loading.abs().idxmax(axis=1) == structure.abs().idxmax(axis=1)).all()
    assert (np.sign(loading) == np.sign(structure)).where(loading.abs() > 0.5, True).all(axis=None)
    labels = rows[(rows["stage"] == "component") & (rows["component"] == "(label)")].set_index("feature")["text_value"]
    for factor, label in labels.items():
        strongest = loading[factor].abs().sort_values(ascending=False).index[:4]
        told = [f"{name} (-)" if loading.loc[name, factor] < 0 else name for name in strongest]
        assert label.split(", ") == told
        assert loading.loc[strongest, factor].abs().min() > 0.5
    again = SegmentModel.from_parameters(rows)
    np.testing.assert_array_equal(again.transform(frame), model.transform(frame))
    assert again.preprocessor_.projection_.labels(list(frame.columns)) == tuple(labels)


def test_every_pair_of_features_has_its_correlation_stored(one_thread):
    generator = np.random.default_rng(13)
    frame = pd.DataFrame(generator.normal(size=(120, 70)), columns=[f"f{j:02d}" for j in range(70)])
    frame["f70"] = frame["f00"] * 0.4 + generator.normal(size=120)
    settings = {**SMALL, "winsor_limits": (0.0, 1.0), "skew_limit": 100.0, "n_segments": 2}
    rows = SegmentModel(**settings).fit(frame).to_parameters().to_pandas()
    told = rows[rows["stage"] == "correlation"]
    assert len(told) == 71 * 70 // 2
    expected = frame.corr().to_numpy()[told["feature"].str[1:].astype(int), told["component"].str[1:].astype(int)]
    np.testing.assert_allclose(told["value"], expected, atol=1e-9)
    assert (told["value"].abs() < 0.5).any()


def test_oblimin_reproduces_the_same_correlations():
    loadings = principal_axis(np.corrcoef(factored().to_numpy().T), 2)
    pattern, between = rotate(loadings, "oblimin")
    np.testing.assert_allclose(pattern @ between @ pattern.T, loadings @ loadings.T, atol=1e-6)
    np.testing.assert_allclose(np.diag(between), 1.0)


def test_better_imputation_is_nearer_to_what_was_hidden():
    frame = factored()
    holes = frame.mask(np.random.default_rng(1).random(frame.shape) < 0.15)
    truth = Preprocessor().fit(frame)
    errors = {}
    for method in ("median", "mean", "iterative", "prototype"):
        fitted = Preprocessor(PreprocessingSettings(imputation=method)).fit(holes)
        assert np.isfinite(fitted.transform(holes)).all()
        errors[method] = np.abs(fitted.transform(holes) - truth.transform(frame))[holes.isna().to_numpy()].mean()
    assert errors["iterative"] < 0.75 * errors["median"]
    assert errors["prototype"] < 0.9 * errors["median"]
    assert errors["mean"] == pytest.approx(errors["median"], rel=0.1)


def test_yeo_johnson_equals_scipys():
    from scipy.stats import yeojohnson

    values = np.random.default_rng(2).normal(size=200) ** 3
    for exponent in (-1.0, 0.0, 0.7, 2.0, 3.0):
        np.testing.assert_allclose(yeo_johnson(values, exponent), yeojohnson(values, exponent), rtol=1e-8)


def test_categories_weigh_as_much_as_a_number():
    generator = np.random.default_rng(3)
    frame = pd.DataFrame(
        {"city": generator.choice(["a", "b", "c"], 3000, p=[0.6, 0.3, 0.1]), "n": generator.normal(size=3000)}
    )
    frame.loc[:4, "city"] = "rare"
    fitted = Preprocessor(PreprocessingSettings(winsor_limits=(0.0, 1.0))).fit(frame)
    assert [scaling.name for scaling in fitted.scalings_] == ["city__01", "city__02", "city__03", "n"]
    points = fitted.transform(frame)
    pairs = points[generator.integers(3000, size=20_000)] - points[generator.integers(3000, size=20_000)]
    assert (pairs[:, :3] ** 2).sum(axis=1).mean() == pytest.approx((pairs[:, 3] ** 2).mean(), rel=0.05)
    assert "rare" not in {name for scaling in fitted.scalings_ for name in scaling.categories}
    ordered = Preprocessor(PreprocessingSettings(overrides={"city": {"order": ["c", "b", "a"], "weight": 2.0}})).fit(
        frame
    )
    assert ordered.transform(frame[:0]).shape == (0, 2)
    assert ordered.scalings_[0].categories == ("c", "b", "a")


def test_only_features_with_an_effect_are_kept():
    generator = np.random.default_rng(4)
    points = generator.normal(size=(800, 6))
    target = (points[:, 0] + points[:, 1] > 0).astype(np.int64)
    for method in ("forest", "elimination"):
        judged = relevance(points, target, method, 0)
        assert judged.kept[:2].all()
        assert judged.kept[2:].sum() <= 1
        assert judged.importance[:2].sum() > 0.7
    amount = points[:, 2] * 10 + generator.normal(size=800)
    assert relevance(points, amount, "elimination", 0).kept.tolist() == [False, False, True, False, False, False]


@pytest.mark.usefixtures("one_thread")
def test_a_model_drops_what_has_no_effect_on_the_response(blobs):
    frame = blobs(3, n_rows=300).assign(idle=np.random.default_rng(5).normal(size=300))
    settings = {"algorithm": "kmeans", "n_segments": 3, "min_segment_size": 20, "n_bootstraps": 2, "n_references": 3}
    model = SegmentModel(feature_selection="forest", **settings).fit(frame)
    assert model.preprocessor_.dropped_["idle"] == "no effect (forest)"
    assert model.importances_["f0", "segments_forest"] > model.importances_["idle", "segments_forest"]
    response = frame["f1"] * 3 + np.random.default_rng(6).normal(size=300)
    chosen = SegmentModel(feature_selection="elimination", **settings).fit(frame, response=response)
    assert [scaling.name for scaling in chosen.preprocessor_.scalings_] == ["f1"]
    rows = chosen.to_parameters().to_pandas()
    assert set(rows.loc[rows["stage"] == "importance", "component"]) == {"response_forest", "response_rank"}


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("method", ["forest", "elimination"])
def test_the_response_is_no_feature_and_nothing_gives_it_away(retail, method):
    frame = retail(n_rows=400)
    frame["in_cents"] = frame["spend"] * 100
    frame["log_spend"] = np.log(frame["spend"])
    frame["luck"] = np.random.default_rng(7).normal(size=400)
    config = {**SMALL, "feature_selection": method, "response": "spend"}
    decision = {"decision": "fit", "decision_key": "d", "as_of_date": "2026-01-31", "config": config}
    archetypes = pd.DataFrame(columns=["archetype", "feature", "direction", "weight"])
    rows = fit_parameters(frame.reset_index(), PARAMETER_SCHEMA.empty_table(), decision, archetypes).to_pandas()
    dropped = rows[(rows["stage"] == "preprocess") & (rows["component"] == "dropped")]
    reasons = dropped.set_index("feature")["text_value"].to_dict()
    assert reasons["spend"] == "it is the response"
    assert reasons["in_cents"] == reasons["log_spend"] == "it orders customers as the response does"
    kept = set(rows.loc[(rows["stage"] == "preprocess") & (rows["component"] == "scale"), "feature"])
    # three of the habits' features tell spend; luck does not
    assert kept
    assert kept <= {"visits", "recency_days", "discount_share"}
    assert set(rows.loc[rows["stage"] == "importance", "feature"]) == {*kept, "luck"} | (
        {"visits", "recency_days", "discount_share"}
    )
    # nobody selects features: then a response is of no use, and a feature like any other
    plain = SegmentModel(**SMALL).fit(frame, response=frame["spend"])
    assert "luck" in plain.preprocessor_.names_
    assert "it is the response" not in plain.preprocessor_.dropped_.values()
    with pytest.raises(DataError, match="No feature is left beside the response"):
        SegmentModel(**SMALL, feature_selection=method).fit(frame[["spend"]], response=frame["spend"])


@pytest.mark.usefixtures("one_thread")
def test_forests_count_customers_by_weight():
    generator = np.random.default_rng(8)
    points = generator.normal(size=(1000, 3))
    is_first_half = np.arange(1000) < 500
    # in one half of the sample the first feature tells the target, in the other the second
    target = (np.where(is_first_half, points[:, 0], points[:, 1]) > 0).astype(np.int64)
    heavy = np.where(is_first_half, 1.0, 0.001)
    for weights, told in ((heavy, [True, False, False]), (heavy[::-1], [False, True, False])):
        judged = relevance(points, target, "elimination", 0, weights)
        assert judged.kept.tolist() == told
        assert judged.importance.argmax() == int(np.argmax(told))
    amount = np.where(is_first_half, points[:, 0], points[:, 1])
    assert relevance(points, amount, "elimination", 0, heavy).kept.tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"transformation": "log"}, "transform must be one of auto"),
        ({"imputation": "knn"}, "imputation must be one of median"),
        ({"overrides": {"a": {"wieght": 2}}}, "Did you mean 'weight'"),
        ({"overrides": {"a": {"weight": 0}}}, "weight of a must be a positive number"),
        ({"merge": "gap"}, "merge must be one of none"),
        ({"noise": "drop"}, "noise must be one of nearest"),
        ({"feature_selection": "lasso"}, "feature_selection must be one of none"),
    ],
)
def test_wrong_settings_are_refused_in_words(settings, message):
    with pytest.raises(ConfigError, match=message):
        SegmentModel(**settings).fit(pd.DataFrame({"a": [1.0, 2.0]}))
