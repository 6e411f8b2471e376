import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from dbt_segmentation.arrays import weighted_quantile
from dbt_segmentation.errors import DataError
from dbt_segmentation.preprocessing import PreprocessingSettings, Preprocessor


def _oracle(column: pd.Series) -> np.ndarray:
    """The same steps by scikit-learn and pandas."""
    clipped = column.clip(column.quantile(0.01), column.quantile(0.99))
    logged = clipped.min() >= 0 and clipped.skew() > 1.0 and abs(np.log1p(clipped).skew()) < clipped.skew()
    steps = make_pipeline(
        FunctionTransformer(np.log1p if logged else None), SimpleImputer(strategy="median"), StandardScaler()
    )
    return steps.fit_transform(clipped.to_frame())[:, 0]


def test_steps_equal_those_of_scikit_learn(retail):
    frame = retail()
    fitted = Preprocessor().fit(frame)
    points = fitted.transform(frame)
    assert [scaling.name for scaling in fitted.scalings_] == ["discount_share", "recency_days", "spend", "visits"]
    for i, scaling in enumerate(fitted.scalings_):
        np.testing.assert_allclose(points[:, i], _oracle(frame[scaling.name]), rtol=1e-9, atol=1e-12)
    assert {scaling.transform for scaling in fitted.scalings_} == {"none", "log1p"}


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
