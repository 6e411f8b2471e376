"""Hashes that say whether two fits saw the same thing."""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version

import numpy as np
import pandas as pd

from dbt_segmentation import __version__
from dbt_segmentation.preprocessing import Array


def sample_hash(frame: pd.DataFrame, weights: Array | None = None) -> str:
    """SHA-256 of a cleaned frame: ids, names, values, weights."""
    digest = hashlib.sha256()
    digest.update(json.dumps([str(name) for name in frame.columns]).encode())
    digest.update(json.dumps([str(key) for key in frame.index]).encode())
    # every NaN has the same bits here, and -0.0 is 0.0
    values = np.where(np.isnan(frame.to_numpy()), np.nan, frame.to_numpy() + 0.0)
    digest.update(np.ascontiguousarray(values, dtype="<f8").tobytes())
    if weights is not None:
        digest.update(np.ascontiguousarray(weights, dtype="<f8").tobytes())
    return digest.hexdigest()


def canonical_json(config: Mapping[str, object]) -> str:
    """JSON with sorted keys and no spaces."""
    return json.dumps(config, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def text_hash(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def library_versions() -> str:
    """Versions of everything whose change may change numbers, as JSON."""
    versions = {name: version(name) for name in ("numpy", "scipy", "scikit-learn")}
    return canonical_json({**versions, "dbt_segmentation": __version__})


def model_version(sample: str, config: str, versions: str) -> str:
    """Name of a model: same sample, config and versions, same name."""
    return "m_" + text_hash("\n".join([sample, config, versions]))[:16]
