from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import kurtosis, norm, skew, yeojohnson, yeojohnson_normmax
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from dbt_segmentation.arrays import weighted_quantile
from dbt_segmentation.errors import DataError
from dbt_segmentation.preprocessing import PreprocessingSettings, Preprocessor
from dbt_segmentation.preprocessing.features import likeliest_exponent, standardised_moment


def _oracle(column: pd.Series) -> np.ndarray:
    """The same steps by scikit-learn and pandas."""
    clipped = column.clip(column.quantile(0.01), column.quantile(0.99))
    curved = clipped / clipped[clipped > 0].median()
    known = curved.dropna()
    curve = None
    if abs(skew(known)) > 1.0:
        if abs(skew(np.log1p(known))) <= 1.0:
            curve = np.log1p
        else:
            curve = partial(yeojohnson, lmbda=round(yeojohnson_normmax(known), 3))
            assert abs(skew(curve(known.to_numpy()))) < 0.8 * min(abs(skew(known)), abs(skew(np.log1p(known))))
    steps = make_pipeline(
        FunctionTransformer(curve),
        SimpleImputer(strategy="median"),
        StandardScaler(),
    )
    return steps.fit_transform((clipped if curve is None else curved).to_numpy()[:, None])[:, 0]


def test_steps_equal_those_of_scikit_learn(retail):
    frame = retail()
    fitted = Preprocessor().fit(frame)
    points = fitted.transform(frame)
    assert [scaling.name for scaling in fitted.scalings_] == ["discount_share", "recency_days", "spend", "visits"]
    for i, scaling in enumerate(fitted.scalings_):
        np.testing.assert_allclose(points[:, i], _oracle(frame[scaling.name]), rtol=1e-9, atol=1e-12)
    assert {scaling.transform for scaling in fitted.scalings_} == {"none", "log1p", "yeo_johnson"}


def test_transforms_only_where_skewed_and_helpful():
    generator = np.random.default_rng(0)
    skewed = np.exp(generator.normal(0, 1, 500))
    frame = pd.DataFrame(
        {
            "skewed": skewed,
            "negative": skewed - 1.0,
            "symmetric": generator.normal(100, 1, 500),
        }
    )
    chosen = {
        scaling.name: scaling.transform
        for scaling in Preprocessor(PreprocessingSettings(max_correlation=1.1)).fit(frame).scalings_
    }
    assert chosen["skewed"] == "log1p"
    assert chosen["negative"] == "yeo_johnson"
    assert chosen["symmetric"] == "none"


def test_a_log_that_hardly_helps_gives_way_to_a_power_and_a_power_to_nothing():
    generator = np.random.default_rng(6)
    share = 1.0 - generator.beta(0.6, 9.0, 2000)
    log_of_log = np.exp(np.exp(generator.normal(0, 0.6, 2000)))
    nearly_all_zero = np.where(generator.random(2000) < 0.9, 0.0, generator.uniform(1.0, 1.2, 2000))
    frame = pd.DataFrame({"left": share, "resists_logs": log_of_log, "zeros": nearly_all_zero})
    fitted = Preprocessor(PreprocessingSettings(max_correlation=2.0)).fit(frame)
    scalings = {scaling.name: scaling for scaling in fitted.scalings_}
    assert {name: scaling.transform for name, scaling in scalings.items()} == {
        "left": "yeo_johnson",
        "resists_logs": "yeo_johnson",
        "zeros": "none",
    }
    for name in ("left", "resists_logs"):
        clipped = np.clip(frame[name], *frame[name].quantile([0.01, 0.99]))
        before = abs(skew(clipped))
        assert before > 1.5
        assert abs(skew(np.log1p(clipped / clipped.median()))) > 1.0
        after = abs(skew(scalings[name].moved(frame[name].to_numpy())))
        assert after < 0.7 * before
    # log1p would make the share more skewed, and leaves the zeros as they are
    clipped = np.clip(frame["zeros"], *frame["zeros"].quantile([0.01, 0.99]))
    assert 0.9 < skew(np.log1p(clipped)) / skew(clipped) <= 1.0


def test_the_exponent_is_scipys_and_that_of_repeated_rows():
    generator = np.random.default_rng(7)
    for values in (np.exp(generator.normal(size=400)), generator.normal(size=400) ** 3, -generator.gamma(2, size=400)):
        assert likeliest_exponent(values, None) == pytest.approx(yeojohnson_normmax(values), abs=6e-4)
        weights = generator.integers(1, 4, 400)
        repeated = np.repeat(values, weights)
        assert likeliest_exponent(values, weights.astype(float)) == likeliest_exponent(repeated, None)
        for order, oracle in ((3, skew), (4, lambda rows: kurtosis(rows, fisher=False))):
            assert standardised_moment(values, order, weights) == pytest.approx(oracle(repeated))


def _rows(fitted: Preprocessor) -> dict[tuple[str, str], object]:
    """Every number and word that was learned, by feature and name."""
    told = {(name, "dropped"): reason for name, reason in fitted.dropped_.items()}
    for scaling in fitted.profile_scalings_.values():
        told |= {(scaling.name, part): value for part, value in vars(scaling).items() if part != "knots"}
        for number, knot in enumerate(scaling.knots):
            told |= {(scaling.name, f"knot {number}"): knot[0], (scaling.name, f"rank {number}"): knot[1]}
    told |= {(first, second): round(value, 9) for (first, second), value in fitted.correlations_.items()}
    return told


@pytest.mark.parametrize("changes", [{}, {"imputation": "mean", "scaling": "robust"}, {"transform": "rank"}])
def test_a_weight_of_two_is_a_row_twice(retail, changes):
    frame = retail(n_rows=300)
    generator = np.random.default_rng(8)
    frame["debt"] = generator.normal(0.3, 1, 300) ** 3
    frame["city"] = generator.choice(["a", "b", "c"], 300, p=[0.6, 0.3, 0.1])
    frame["rare"] = np.where(generator.random(300) < 0.06, 1.0, np.nan) * generator.normal(size=300)
    weights = generator.integers(1, 4, 300)
    # one-sided, so that a fit without weights would learn something else
    weights[frame["spend"] > frame["spend"].median()] = 1
    twice = frame.loc[np.repeat(frame.index, weights)].reset_index(drop=True)
    settings_ = PreprocessingSettings(**changes)
    weighted = _rows(Preprocessor(settings_).fit(frame, weights.astype(float)))
    repeated = _rows(Preprocessor(settings_).fit(twice, np.ones(len(twice))))
    assert weighted.keys() == repeated.keys()
    for part, value in weighted.items():
        assert repeated[part] == (pytest.approx(value, rel=1e-9, abs=1e-12) if isinstance(value, float) else value), (
            part
        )
    unweighted = _rows(Preprocessor(settings_).fit(frame))
    assert unweighted["spend", "winsor_upper"] != pytest.approx(weighted["spend", "winsor_upper"], rel=1e-4)


def test_coverage_and_frequency_of_categories_are_weighted():
    generator = np.random.default_rng(9)
    frame = pd.DataFrame(
        {"seldom": generator.normal(size=400), "n": generator.normal(size=400), "city": ["a"] * 380 + ["b"] * 20}
    )
    frame.loc[:389, "seldom"] = np.nan
    heavy, light = np.ones(400), np.ones(400)
    heavy[390:], light[380:] = 5.0, 0.1
    assert Preprocessor().fit(frame).dropped_["seldom"] == "near_empty"
    assert "seldom" not in Preprocessor().fit(frame, heavy).dropped_
    names = [scaling.categories for scaling in Preprocessor().fit(frame).scalings_]
    assert ("b",) in names
    assert ("b",) not in [scaling.categories for scaling in Preprocessor().fit(frame, light).scalings_]
    # nine people are not protected by how much they weigh
    frame["city"] = ["a"] * 391 + ["b"] * 9
    heavy[391:] = 100.0
    assert ("b",) not in [scaling.categories for scaling in Preprocessor().fit(frame, heavy).scalings_]


def test_those_who_weigh_nothing_settle_no_transform_and_no_scaling():
    values = np.concatenate([np.random.default_rng(14).normal(10, 1, 990), np.full(10, 60.0)])
    weights = np.where(values > 50, 1e-6, 1.0)
    frame = pd.DataFrame({"a": values})
    everybody = PreprocessingSettings(winsor_limits=(0.0, 1.0))
    assert Preprocessor(everybody).fit(frame).scalings_[0].transform != "none"
    assert Preprocessor(everybody).fit(frame, weights).scalings_[0].transform == "none"
    as_they_are = PreprocessingSettings(winsor_limits=(0.0, 1.0), transform="none")
    assert Preprocessor(as_they_are).fit(frame).scalings_[0].scaling == "robust"
    assert Preprocessor(as_they_are).fit(frame, weights).scalings_[0].scaling == "zscore"


def test_flags_are_scaled_by_their_range_and_tails_by_the_middle_half():
    generator = np.random.default_rng(10)
    flag = (generator.random(3000) < 0.05).astype(float)
    tails = generator.standard_t(1.2, 3000)
    frame = pd.DataFrame({"flag": flag * 7 + 2, "tails": tails, "normal": generator.normal(5, 2, 3000)})
    fitted = Preprocessor(PreprocessingSettings(winsor_limits=(0.0, 1.0), transform="none")).fit(frame)
    points = dict(zip(fitted.names_, fitted.transform(frame).T, strict=True))
    assert [scaling.scaling for scaling in fitted.scalings_] == ["minmax", "zscore", "robust"]
    np.testing.assert_allclose(points["flag"], flag)
    low, middle, high = np.quantile(tails, [0.25, 0.5, 0.75])
    assert kurtosis(tails) > 30
    np.testing.assert_allclose(points["tails"], (tails - middle) / ((high - low) / (2 * norm.ppf(0.75))))
    np.testing.assert_allclose(
        points["normal"], (frame["normal"] - frame["normal"].mean()) / frame["normal"].std(ddof=0)
    )
    # a deviation is what it is up to a kurtosis of 30
    milder = np.where(generator.random(3000) < 0.05, 5.0, 1.0) * generator.normal(size=3000)
    assert 3 < kurtosis(milder) < 30
    settled = Preprocessor(PreprocessingSettings(winsor_limits=(0.0, 1.0))).fit(pd.DataFrame({"milder": milder}))
    assert settled.scalings_[0].scaling == "zscore"


@pytest.mark.parametrize("factor", [1e-90, 1e-6, 0.001, 2.54, 1000.0, 1e6, 1e80])
def test_another_unit_gives_the_same_coordinates(retail, factor):
    frame = retail()
    frame["debt"] = np.random.default_rng(11).normal(0.5, 1, 900) ** 3
    plain, scaled = Preprocessor().fit(frame), Preprocessor().fit(frame * factor)
    assert {scaling.transform for scaling in plain.scalings_} == {"none", "log1p", "yeo_johnson"}
    np.testing.assert_allclose(scaled.transform(frame * factor), plain.transform(frame), atol=1e-9)
    assert scaled.dropped_ == plain.dropped_


@pytest.mark.parametrize("size", [1e-60, 1.0, 1e60])
def test_noise_of_the_arithmetic_is_no_spread_in_any_unit(size):
    base = np.tile([1.0, 1.0 + 1e-14], 100)
    spread = np.tile([1.0, 1.0 + 1e-6], 100)
    fitted = Preprocessor().fit(pd.DataFrame({"rounding": base * size, "spread": spread * size}))
    assert fitted.dropped_ == {"rounding": "constant"}
    assert np.isfinite(fitted.transform(pd.DataFrame({"spread": [0.0, size, np.nan, 1e90]}))).all()


def test_useless_columns_are_dropped_with_a_reason():
    generator = np.random.default_rng(1)
    base = generator.normal(size=400)
    twin = base + generator.normal(scale=0.01, size=400)
    holey = twin.copy()
    holey[:50] = np.nan
    rare = np.full(400, np.nan)
    rare[:10] = generator.normal(size=10)
    spike = np.zeros(400)
    spike[0] = 1000.0  # nothing is left of it after winsorising
    frame = pd.DataFrame(
        {
            "a_twin": holey,
            "base": base,
            "constant": 0.1,
            "empty": np.nan,
            "rare": rare,
            "spike": spike,
            "z_twin": twin,
        }
    )
    expected = {
        "a_twin": "correlated with base",
        "constant": "constant",
        "empty": "near_empty",
        "rare": "near_empty",
        "spike": "constant",
        "z_twin": "correlated with base",
    }
    for columns in (list(frame.columns), list(reversed(frame.columns))):
        fitted = Preprocessor().fit(frame[columns])
        assert fitted.dropped_ == expected
        assert [scaling.name for scaling in fitted.scalings_] == ["base"]


def test_a_tie_between_twins_goes_to_the_first_name():
    base = np.random.default_rng(2).normal(size=100)
    for columns in (["b", "a"], ["a", "b"]):
        fitted = Preprocessor().fit(pd.DataFrame({"a": base, "b": -base})[columns])
        assert fitted.dropped_ == {"b": "correlated with a"}


def test_a_missing_column_is_named_with_its_nearest():
    frame = pd.DataFrame({"spend": [1.0, 2.0, 5.0], "other": [3.0, 1.0, 2.0]})
    fitted = Preprocessor().fit(frame)
    with pytest.raises(DataError, match=r"spend.*Did you mean 'spent'"):
        fitted.transform(frame.rename(columns={"spend": "spent"}))


@given(
    hnp.arrays(np.float64, st.integers(1, 30), elements=st.floats(-1e6, 1e6)),
    st.data(),
    st.sampled_from([0.01, 0.25, 0.5, 0.99]),
)
def test_weighted_quantile_is_that_of_repeated_rows(values, data, q):
    weights = data.draw(hnp.arrays(np.int64, values.shape, elements=st.integers(1, 5)))
    expected = np.quantile(np.repeat(values, weights), q, method="inverted_cdf")
    assert weighted_quantile(values, q, weights.astype(float)) == expected


def test_weights_shift_centre_and_spread(retail):
    frame = retail()
    weights = np.random.default_rng(3).integers(1, 6, len(frame)).astype(float)
    fitted = Preprocessor().fit(frame, weights)
    points = fitted.transform(frame)
    np.testing.assert_allclose(np.average(points, axis=0, weights=weights), 0.0, atol=1e-9)
    np.testing.assert_allclose(np.average(points**2, axis=0, weights=weights), 1.0, atol=1e-9)
    assert np.abs(points.mean(axis=0)).max() > 1e-3


@settings(max_examples=60, deadline=None)
@given(
    hnp.arrays(
        np.float64,
        st.tuples(st.integers(1, 25), st.integers(1, 4)),
        elements=st.one_of(st.floats(-1e9, 1e9), st.just(np.nan), st.sampled_from([0.0, 1.0])),
    ),
    st.floats(allow_infinity=False),
)
def test_whatever_comes_in_finite_numbers_come_out(values, stranger):
    frame = pd.DataFrame(values, columns=[f"f{j}" for j in range(values.shape[1])])
    fitted = Preprocessor().fit(frame)
    assert {scaling.name for scaling in fitted.scalings_} | set(fitted.dropped_) == set(frame.columns)
    assert np.isfinite(fitted.transform(frame)).all()
    assert np.isfinite(fitted.transform(pd.DataFrame(stranger, index=[0], columns=frame.columns))).all()
