"""Data with known answers, shared by the tests of the library."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

FrameMaker = Callable[..., pd.DataFrame]


def _frame(points: np.ndarray) -> pd.DataFrame:
    index = pd.Index([f"c{i:05d}" for i in range(len(points))], name="customer_id")
    return pd.DataFrame(points, index=index, columns=[f"f{j}" for j in range(points.shape[1])])


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Limit numeric work as `SegmentModel` does: on busy machines, many threads wait for each other."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(scope="session")
def blobs() -> FrameMaker:
    """Make round groups whose centres are at least `distance` standard deviations apart."""

    def make(
        n_groups: int, seed: int = 0, n_rows: int = 600, n_features: int = 4, distance: float = 6.0
    ) -> pd.DataFrame:
        generator = np.random.default_rng([seed, n_groups])
        while True:
            centres = generator.normal(size=(n_groups, n_features)) * distance
            apart = np.sqrt(((centres[:, None] - centres[None]) ** 2).sum(axis=-1)) + np.eye(n_groups) * 1e9
            if apart.min() > distance:
                break
        group = generator.integers(n_groups, size=n_rows)
        return _frame(centres[group] + generator.normal(size=(n_rows, n_features)))

    return make


@pytest.fixture(scope="session")
def noise() -> FrameMaker:
    """Make data without groups."""

    def make(kind: str, seed: int = 0, n_rows: int = 600, n_features: int = 4) -> pd.DataFrame:
        generator = np.random.default_rng([seed, 99])
        normal = generator.normal(size=(n_rows, n_features))
        shapes = {
            "normal": normal,
            "correlated": normal @ generator.normal(size=(n_features, n_features)),
            "uniform": generator.uniform(size=(n_rows, n_features)),
            "lognormal": np.exp(normal),
            "counts": generator.poisson(1.0, size=(n_rows, n_features)).astype(float),
        }
        return _frame(shapes[kind])

    return make


@pytest.fixture(scope="session")
def retail() -> FrameMaker:
    """Make something like a shop: skewed spend, shares, missing values, in four habits of very different size."""

    def make(seed: int = 0, n_rows: int = 900) -> pd.DataFrame:
        generator = np.random.default_rng([seed, 5])
        habit = generator.choice(4, size=n_rows, p=[0.4, 0.3, 0.2, 0.1])
        spend = np.exp(np.array([2.0, 4.0, 6.0, 8.0])[habit] + generator.normal(0, 0.3, n_rows))
        recency = np.exp(np.array([4.5, 3.0, 3.0, 1.0])[habit] + generator.normal(0, 0.3, n_rows))
        visits = generator.poisson(np.array([2.0, 5.0, 12.0, 30.0])[habit]).astype(float)
        discount = np.clip(np.array([0.6, 0.1, 0.5, 0.05])[habit] + generator.normal(0, 0.05, n_rows), 0, 1)
        frame = pd.DataFrame(
            {
                "spend": spend,
                "recency_days": recency,
                "discount_share": discount,
                "visits": visits,
            },
            index=pd.Index([f"c{i:05d}" for i in range(n_rows)], name="customer_id"),
        )
        frame.loc[generator.random(n_rows) < 0.05, "discount_share"] = np.nan
        return frame

    return make


@pytest.fixture(scope="session")
def nightly(retail: FrameMaker) -> pd.DataFrame:
    """Make customers who fall into parts: of each habit some buy at night."""
    frame = retail(n_rows=1200)
    generator = np.random.default_rng(0)
    frame["night_share"] = np.where(generator.random(1200) < 0.4, 0.8, 0.1) + generator.normal(0, 0.03, 1200)
    return frame
