"""Hashes that say whether two fits saw the same thing."""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version

import numpy as np
import pandas as pd

from dbt_segmentation import __version__
from dbt_segmentation.arrays import Array


def sample_hash(frame: pd.DataFrame, weights: Array | None = None) -> str:
    """SHA-256 of a cleaned frame: ids, names, values, weights."""
    digest = hashlib.sha256()
    digest.update(json.dumps([str(name) for name in frame.columns]).encode())
    digest.update(json.dumps([str(key) for key in frame.index]).encode())
    numbers = frame.select_dtypes("number")
    # every NaN has the same bits here, and -0.0 is 0.0
    values = np.where(np.isnan(numbers.to_numpy()), np.nan, numbers.to_numpy() + 0.0)
    digest.update(np.ascontiguousarray(values, dtype="<f8").tobytes())
    for name in frame.columns.difference(numbers.columns):
        digest.update(json.dumps([None if text is None else str(text) for text in frame[name]]).encode())
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


def describe(frame: pd.DataFrame, weights: Array | None, config: Mapping[str, object]) -> dict[str, str]:
    """Collect what a model version is made of, as rows of the stage `run`."""
    text = canonical_json(config)
    return {
        "sample_hash": sample_hash(frame, weights),
        "config_hash": text_hash(text),
        "config_json": text,
        "library_versions": library_versions(),
    }


def version_of(run: Mapping[str, str], more: str = "") -> str:
    """Model version of a run; `more` stands for settings that are not in its config."""
    return model_version(run["sample_hash"], run["config_json"] + more, run["library_versions"])
