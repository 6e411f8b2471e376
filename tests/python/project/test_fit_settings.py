"""The settings of a fit, on their way through dbt: from a var to the model, and from the model to every customer's scores."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from helpers.projects import ROOT, Project
from helpers.scores import assert_scores_are_those_of_python
from sklearn.metrics import adjusted_rand_score

from dbt_segmentation import SegmentModel
from dbt_segmentation.decisions import read_decision
from dbt_segmentation.fitting import fit_parameters

# what lies between the features and the scores
FIT_TO_SCORES = "int_seg__fit_sample+,+int_seg__segment_scores"
# sixty customers show no structure of their own, and every model counts
ANYWAY = {
    "seg_refit": "always",
    "seg_promotion": "always",
    "seg_structure_min": 0,
    "seg_stability_min": 0,
    "seg_agreement_min": 0,
    "seg_bootstraps": 2,
    "seg_references": 2,
}
BY_DENSITY = {
    "seg_n_segments": None,
    "seg_noise": "segment",
    "seg_min_segment_size": 3,
    "seg_clustering_features": ["share_bakery", "share_beauty", "share_garden", "share_grocery"],
}
MODELS: dict[str, dict[str, Any]] = {
    "kmeans": {"seg_algorithm": "kmeans"},
    "minibatch": {"seg_algorithm": "minibatch"},
    "mixture": {"seg_algorithm": "mixture"},
    "agglomerative": {"seg_algorithm": "agglomerative"},
    "dbscan": {"seg_algorithm": "dbscan", **BY_DENSITY},
    "hdbscan": {"seg_algorithm": "hdbscan", **BY_DENSITY},
    "principal components": {"seg_algorithm": "kmeans", "seg_reduction": "pca"},
    "factors of ranks": {"seg_algorithm": "mixture", "seg_reduction": "factor", "seg_transformation": "rank"},
    "gaps by regression": {"seg_algorithm": "kmeans", "seg_imputation": "iterative"},
    "gaps by prototypes": {"seg_algorithm": "agglomerative", "seg_imputation": "prototype", "seg_scaling": "robust"},
    "categories": {
        "seg_algorithm": "kmeans",
        "seg_clustering_features": ["recency_days", "revenue", "discount_share", "favourite_category"],
        "seg_transformation": "yeo_johnson",
    },
}
# var -> where it arrives, and a value that is not the default
ARRIVES: dict[str, tuple[str, Any]] = {
    "seg_algorithm": ("algorithm", "mixture"),
    "seg_n_segments": ("n_segments", 4),
    "seg_k_min": ("k_min", 3),
    "seg_k_max": ("k_max", 7),
    "seg_min_segment_size": ("min_segment_size", 11),
    "seg_levels": ("n_levels", 2),
    "seg_level_rule": ("level_rule", "distinct"),
    "seg_min_sub_segment_size": ("min_sub_segment_size", 9),
    "seg_min_micro_segment_size": ("min_micro_segment_size", 6),
    "seg_random_state": ("random_state", 5),
    "seg_feature_overrides": ("overrides", {"revenue": {"transform": "rank", "scaling": "robust", "weight": 2}}),
    "seg_winsor_limits": ("winsor_limits", [0.02, 0.97]),
    "seg_min_coverage": ("min_coverage", 0.07),
    "seg_max_correlation": ("max_correlation", 0.83),
    "seg_skew_limit": ("skew_limit", 1.7),
    "seg_transformation": ("transformation", "rank"),
    "seg_scaling": ("scaling", "robust"),
    "seg_imputation": ("imputation", "iterative"),
    "seg_reduction": ("reduction", "factor"),
    "seg_pca_variance": ("variance", 0.66),
    "seg_rotation": ("rotation", "oblimin"),
    "seg_feature_selection": ("feature_selection", "forest"),
    "seg_noise": ("noise", "segment"),
    "seg_merge_segments": ("merge", "dunn"),
    "seg_bootstraps": ("n_bootstraps", 13),
    "seg_references": ("n_references", 17),
    "seg_stability_min": ("policy.stability_min", 0.51),
    "seg_structure_min": ("policy.structure_min", 2.5),
    "seg_agreement_min": ("policy.agreement_min", 0.81),
    "seg_choice_weights": ("policy.weights.dunn", {"dunn": 0.25}),
    "seg_clustering_features": ("features", ["basket_units", "favourite_category", "revenue"]),
    "seg_fit_sample_size": ("rows", 40),
    "seg_response": ("response", "spend_growth"),
    "seg_known_label": ("known_labels", "favourite_category"),
}
# vars of the same group that decide whether a model is fitted or used, not how, or what a customer stands for in it
NOT_OF_THE_MODEL = {
    "seg_refit",
    "seg_refit_after_days",
    "seg_require_approval",
    "seg_promotion",
    "seg_max_renamed_share",
    "seg_max_quality_loss",
    "seg_max_weight",
    "seg_allow_full_refresh",
}


def build(select: str, **changes: Any) -> list[str]:
    quiet = ("--exclude-resource-type=test", "--exclude-resource-type=unit_test")
    return ["build", "--select", select, *quiet, "--vars", json.dumps({**ANYWAY, **changes})]


def fit(
    project: Project, changes: list[dict[str, Any]], select: str = FIT_TO_SCORES, statements: Sequence[str] = ()
) -> list[Project]:
    """Fit and score with each change of vars, from the same start after some SQL; give the project after each."""
    start = project.folder / "start.duckdb"
    project.execute("checkpoint")  # what is still in the log would stay behind
    project.build.rename(start)
    kept = [project.folder / f"fitted_{number}.duckdb" for number in range(len(changes))]
    project.steps(
        [
            {
                "start": str(start),
                "sql": statements,
                "arguments": build(select, **change),
                "keep": str(file),
            }
            for change, file in zip(changes, kept, strict=True)
        ]
    )
    return [project.at(file) for file in kept]


def of_current_model(project: Project) -> pd.DataFrame:
    return project.query(
        "select p.* from ml_seg__model_parameters as p join int_seg__current_model as c using (model_version)"
    )


def test_every_method_and_preparation_scores_in_dbt_as_in_python(own_sample: Project) -> None:
    for (name, change), project in zip(MODELS.items(), fit(own_sample, list(MODELS.values())), strict=True):
        rows = of_current_model(project)
        model = assert_scores_are_those_of_python(
            rows, project.table("int_seg__customer_features"), project.table("int_seg__segment_scores")
        )
        assert len(model.segment_keys_) > 1, name
        # a run that kept its model would compare the model of another change
        config = rows.loc[rows["component"] == "config_json", "text_value"].item()
        assert json.loads(config)["algorithm"] == change["seg_algorithm"], name


class Arrived(Exception):  # noqa: N818
    """Ends a fit at the moment when its settings have arrived."""


def test_every_var_of_a_fit_arrives_at_its_argument(own_sample: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = (ROOT / "dbt_project.yml").read_text(encoding="utf-8")
    group = settings.split("# --- fit ---")[1].split("# ---")[0]
    names = {line.split(":")[0].strip() for line in group.splitlines() if line.startswith("    seg_")}
    assert names == set(ARRIVES) | NOT_OF_THE_MODEL
    defaults = yaml.safe_load(settings)["vars"]["dbt_segmentation"]
    assert all(value != defaults[name] for name, (_, value) in ARRIVES.items())
    assert len({place for place, _ in ARRIVES.values()}) == len(ARRIVES)
    told: dict[str, Any] = {}

    def record(self: SegmentModel, frame: pd.DataFrame, **arguments: Any) -> None:
        told.update({**self.get_params(), **arguments, "features": sorted(frame.columns), "rows": len(frame)})
        raise Arrived

    given = {name: value for name, (_, value) in ARRIVES.items()}
    (project,) = fit(own_sample, [given], "int_seg__fit_sample+,+int_seg__refit_decision")
    sample = project.table("int_seg__fit_sample")
    monkeypatch.setattr(SegmentModel, "fit", record)
    with pytest.raises(Arrived):
        fit_parameters(
            sample,
            project.table("int_seg__champion_parameters"),
            read_decision(project.table("int_seg__refit_decision")),
            project.table("seg_archetype_patterns"),
        )

    policy = told.pop("policy")
    told |= {f"policy.{name}": getattr(policy, name) for name in ("stability_min", "structure_min", "agreement_min")}
    told["policy.weights.dunn"] = {"dunn": policy.weights["dunn"]}
    by_customer = sample.set_index("customer_id").sort_index()
    expected = {
        "response": by_customer["spend_growth"].fillna(0.0).tolist(),
        "known_labels": by_customer["favourite_category"].tolist(),
    }
    assert len(set(expected["response"])) > 2
    for name, (place, value) in ARRIVES.items():
        arrived = told[place]
        if isinstance(arrived, pd.Series):
            arrived, value = arrived.sort_index().tolist(), expected[place]
        assert arrived == value, name
    reached = {place for place, _ in ARRIVES.values()} | {"sample_weight", "current_labels", "progress"}
    assert set(told) <= reached, "an argument that no var reaches"


# what a panel would tell of the customers: their favourite category, and before that something else
PANEL = """
    create or replace view int_seg__customer_attributes as
    with told as (
        select customer_id, snapshot_date, favourite_category from int_seg__customer_features
        where is_as_of and favourite_category is not null
    )
    select
        customer_id, snapshot_date as observed_day, snapshot_date::timestamp as observed_at, 'Panel class' as attribute,
        favourite_category as value, 'panel' as provider
    from told
    union all
    select customer_id, snapshot_date - 1, (snapshot_date - 1)::timestamp, 'Panel class', 'before', 'panel' from told
    union all
    select customer_id, snapshot_date, snapshot_date::timestamp, 'another', 'x', 'panel' from told
"""


def test_known_classes_are_compared_with_and_change_nothing_unless_a_weight_says_so(own_sample: Project) -> None:
    by_purity = dict.fromkeys(("silhouette", "shape", "stability", "prediction_strength"), 0) | {"purity": 1}
    known = {"seg_known_label": "favourite_category"}
    projects = fit(
        own_sample,
        [
            {"seg_n_segments": None, **change}
            for change in (
                {},
                known,
                {"seg_known_label": "panel-class", "seg_customer_attributes_relation": "raw.attributes"},
                {**known, "seg_choice_weights": by_purity},
            )
        ],
        f"int_seg__customer_attribute_history {FIT_TO_SCORES} fct_seg__model_candidates",
        [PANEL],
    )
    without, candidates, of_panel, weighted = (
        project.query(
            "select c.* from fct_seg__model_candidates as c join int_seg__current_model using (model_version) "
            "order by candidate"
        )
        for project in projects
    )
    assert without[["purity", "adjusted_rand"]].isna().all().all()
    measured = ["candidate", "silhouette", "score", "is_winner"]
    pd.testing.assert_frame_equal(candidates[measured], without[measured])
    agreement = ["candidate", "purity", "adjusted_rand"]
    pd.testing.assert_frame_equal(of_panel[agreement], candidates[agreement])

    model = SegmentModel.from_parameters(of_current_model(projects[1]))
    sample = projects[1].table("int_seg__fit_sample").set_index("customer_id")
    is_known = sample["known_label"].notna().to_numpy()
    labels, classes = model.predict(sample)[is_known], sample["known_label"][is_known]
    winner = candidates[candidates["is_winner"]].iloc[0]
    assert winner["purity"] == pytest.approx(pd.crosstab(labels, classes).max(axis=1).sum() / len(classes))
    assert winner["adjusted_rand"] == pytest.approx(adjusted_rand_score(classes, labels))

    best = weighted[weighted["stage"] == "finalist"]
    assert best["purity"].nunique() > 1
    np.testing.assert_allclose(best["score"], best["purity"])
    assert best.loc[best["is_winner"], "purity"].item() == best["purity"].max()


def test_a_known_label_of_nobody_ends_the_fit_with_words(own_sample: Project) -> None:
    change = {"seg_known_label": "panel", "seg_customer_attributes_relation": "raw.attributes"}
    answer = own_sample.answers([{"arguments": build(FIT_TO_SCORES, **change)}])[0]
    assert "Nobody in the sample has the known label 'panel'" in answer["error"]
    assert "attribute of customer_attributes" in answer["error"]
