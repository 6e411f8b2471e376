"""Sub-segments and micro-segments: what is cut, what is not, and what stays the same from fit to fit."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import linkage

from dbt_segmentation import SegmentModel
from dbt_segmentation.algorithms.base import weighted_rows
from dbt_segmentation.arrays import subsample
from dbt_segmentation.errors import ConfigError
from dbt_segmentation.levels import LEVELS, Cut, CutPolicy, Levels, cut_levels, segment_tree
from dbt_segmentation.levels.cutting import MOST_ROWS, cut_group
from dbt_segmentation.levels.keys import Parts, match_parts
from dbt_segmentation.levels.levels import _without_small

STRICT = CutPolicy("distinct", n_bootstraps=5)


def two_clouds(seed: int, n_features: int = 4, distance: float = 7.0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    points = generator.normal(size=(500, n_features))
    points[:200, 0] += distance
    return points


@pytest.mark.parametrize("seed", range(5))
def test_two_clouds_in_one_segment_are_its_parts(seed):
    cut, means = cut_group(two_clouds(seed), 50, STRICT)
    assert cut.n_parts == 2
    assert cut.reason == "stable parts, clearer than by chance"
    assert cut.silhouette > cut.by_chance
    assert cut.stability > 0.95
    # the larger one first
    assert means[0][0] == pytest.approx(0, abs=0.3)
    assert means[1][0] == pytest.approx(7, abs=0.3)


def test_slices_of_one_cloud_are_told_as_such():
    generator = np.random.default_rng(0)
    flat = generator.normal(size=(500, 3)) * [6, 1, 1]
    assert cut_group(flat, 50, STRICT)[0].n_parts == 1
    lenient, _ = cut_group(flat, 50, CutPolicy())
    assert lenient.n_parts > 1
    assert lenient.reason == "stable slices of one group"


def test_one_cloud_is_hardly_ever_called_two():
    cuts = [cut_group(np.random.default_rng(seed).normal(size=(300, 4)), 30, STRICT)[0] for seed in range(20)]
    # of 20 references chance passes one in 21
    assert sum(cut.n_parts > 1 for cut in cuts) <= 3


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        (np.zeros((99, 2)), "too few for two parts"),
        (np.zeros((200, 2)), "all alike"),
        (np.r_[np.zeros((190, 1)), np.full((10, 1), 9.0)], "a part would be too small"),
    ],
)
def test_what_cannot_be_cut_says_why(points, reason):
    cut, means = cut_group(points, 50, STRICT)
    assert cut == Cut(1, reason)
    np.testing.assert_array_equal(means, points.mean(axis=0, keepdims=True))


@pytest.mark.filterwarnings("ignore:The symmetric non-negative")  # two rows of two features look like distances
@pytest.mark.parametrize("seed", range(60))
def test_flags_of_few_people_give_figures_that_can_be_stored(seed):
    # samples of one group may then be all alike, and their trees have ties
    generator = np.random.default_rng(seed)
    points = generator.integers(0, 2, size=(int(generator.integers(2, 40)), 2)).astype(float)
    cut, means = cut_group(points, 1, CutPolicy(n_bootstraps=3, n_references=5, seed=seed))
    figures = [cut.jump, cut.stability, cut.silhouette, cut.by_chance]
    assert all(figure is None or np.isfinite(figure) for figure in figures)
    assert cut.n_parts == len(means)
    assert cut.reason.startswith("stable") == (cut.n_parts > 1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(5, 60), st.integers(5, 60), st.booleans())
def test_parts_are_nested_large_enough_and_hold_everybody(seed, k, least_sub, least_micro, is_weighted):
    generator = np.random.default_rng(seed)
    n_rows = int(generator.integers(40, 400))
    segments = generator.integers(k, size=n_rows)
    points = generator.normal(size=(n_rows, 3)) * [4, 1, 1] + generator.integers(3, size=(n_rows, 1)) * 5
    weights = generator.random(n_rows) + 0.1 if is_weighted else None
    centers = np.stack([points[segments == j].mean(axis=0) if (segments == j).any() else np.zeros(3) for j in range(k)])
    policy = CutPolicy(n_bootstraps=3, n_references=2, seed=seed)
    levels = cut_levels(points, segments, centers, weights=weights, least=(least_sub, least_micro), policy=policy)
    micro = levels.assign(points, segments)
    np.testing.assert_array_equal(levels.segment_of_micro[micro], segments)
    np.testing.assert_array_equal(np.bincount(micro, minlength=len(levels.centers)), levels.micro_sizes)
    assert levels.sub_sizes.sum() == levels.micro_sizes.sum() == n_rows
    for owners, sizes, least in (
        (levels.segment_of_sub, levels.sub_sizes, least_sub),
        (levels.sub_of_micro, levels.micro_sizes, least_micro),
    ):
        brothers = np.bincount(owners)[owners]
        assert (sizes[brothers > 1] >= least).all()
        assert (np.diff(owners) >= 0).all()
    assert [cut.n_parts for cut in levels.segment_cuts] == np.bincount(levels.segment_of_sub).tolist()
    assert [cut.n_parts for cut in levels.sub_cuts] == np.bincount(levels.sub_of_micro).tolist()


@pytest.mark.parametrize("is_weighted", [False, True])
def test_no_part_is_the_mean_of_a_few_whatever_share_of_the_rows_was_drawn(is_weighted):
    generator = np.random.default_rng(4)
    # 150 people far away are enough for a part, but only a few of them are among the rows that the tree is built on
    points = np.concatenate([generator.normal(size=(20_000, 3)), generator.normal(50, 5, size=(150, 3))])
    weights = None
    if is_weighted:  # a part large enough, but for a person in it who stands for a hundred others
        points = points[18_000:20_060]
        weights = np.where(np.arange(2_060) == 2_059, 100.0, 1.0)
    whole = np.zeros(len(points), dtype=np.int64)
    policy = CutPolicy(n_bootstraps=3, n_references=2)
    levels = cut_levels(points, whole, points.mean(axis=0)[None], weights=weights, least=(40, 40), policy=policy)
    rows = np.arange(len(points)) if weights is None else weighted_rows(weights, 0)
    drawn = rows[subsample(len(rows), MOST_ROWS, np.random.default_rng([0, 37]))]
    parts = levels.assign(points[drawn], whole[drawn])
    copies = [np.unique(drawn[parts == part], return_counts=True)[1] for part in range(len(levels.centers))]
    people = [count.sum() ** 2 / (count**2).sum() for count in copies]
    assert len(levels.centers) == 1 or min(people) >= 10


def test_parts_that_turn_out_too_small_go_to_the_nearest():
    # two micro-segments of one sub-segment, and one of another: of 100 customers 70, 6 and 24 are nearest
    points = np.repeat([[0.0], [3.0], [10.0]], [70, 6, 24], axis=0)
    centers, owners = np.array([[0.0], [3.0], [10.0]]), np.array([0, 0, 1])
    cuts = (Cut(2, "given"), [Cut(2, "given"), Cut(1, "whole")])

    def left(least: tuple[int, int]) -> tuple[list[float], list[int], list[int], list[str]]:
        branch = _without_small(points, centers, owners, least, *cuts)
        reasons = [branch.cut.reason, *(cut.reason for cut in branch.sub_cuts)]
        return branch.centers[:, 0].tolist(), branch.owners.tolist(), branch.sizes.tolist(), reasons

    assert left((20, 5)) == ([0, 3, 10], [0, 0, 1], [70, 6, 24], ["given", "given", "whole"])
    assert left((20, 7)) == ([0, 10], [0, 1], [76, 24], ["given", "given; 1 too small", "whole"])
    assert left((25, 5)) == ([0, 3], [0, 0], [70, 30], ["given; 1 too small", "given"])


def test_the_tree_has_the_heights_of_scipy_where_sizes_are_equal():
    centers = np.random.default_rng(3).normal(size=(7, 3))
    ones = np.ones(7, dtype=np.int64)
    everybody = np.zeros(7, dtype=np.int64)
    cut = (Cut(7, "given"),)
    nodes = segment_tree(Levels(centers, everybody, everybody[:1], ones, cut, cut))
    merged = sorted(node.height for node in nodes if len(node.parts) == 2)
    np.testing.assert_allclose(merged, linkage(centers, "ward")[:, 2])
    assert nodes[-1].size == 7


def test_the_tree_joins_each_level_before_the_next():
    levels = cut_levels(two_clouds(1), np.zeros(500, dtype=np.int64), np.zeros((1, 4)), policy=STRICT)
    nodes = segment_tree(levels)
    parts = [part for node in nodes for part in node.parts]
    # everybody but the root is a part of one node
    assert sorted(parts) == list(range(len(nodes) - 1))
    for number, node in enumerate(nodes):
        assert all(part < number and nodes[part].height <= node.height for part in node.parts)
        assert node.size == (sum(nodes[part].size for part in node.parts) or node.size)
    told = [(node.level, node.position) for node in nodes if node.level]
    assert sorted(told) == sorted(
        [(LEVELS[0], 0), *((LEVELS[1], j) for j in range(2)), *((LEVELS[2], j) for j in range(len(levels.centers)))]
    )


def test_parts_keep_their_keys_within_segments_that_live():
    labels = np.repeat([0, 1, 2, 3], 50)
    old = Parts(
        ["seg_001.01", "seg_001.02", "seg_002.01", "seg_003.01"], ["seg_001"] * 2 + ["seg_002", "seg_003"], labels
    )
    # the first segment's parts change places; the second is cut in two; the third ends and its customers join the first
    now = np.repeat([1, 0, 2, 3, 1], [50, 50, 40, 10, 50])
    new = Parts(["a", "b", "c", "d"], ["seg_001"] * 2 + ["seg_002"] * 2, now)
    found = match_parts(old, new, ["seg_002.02", "seg_001.07.01"])
    assert found.keys == ["seg_001.02", "seg_001.01", "seg_002.01", "seg_002.03"]
    assert [fate.event for fate in found.fates] == ["survived", "survived", "survived", "born"]
    assert {key: fate.event for key, fate in found.gone.items()} == {"seg_002.02": "gone", "seg_003.01": "died"}


@pytest.fixture(scope="module")
def fitted(nightly):
    frame = nightly
    model = SegmentModel(algorithm="kmeans", n_segments=3, n_bootstraps=4, n_references=4).fit(frame)
    assert len(model.micro_segment_keys_) > len(model.segment_keys_)
    return frame, model


def test_keys_tell_where_a_part_belongs(fitted):
    frame, model = fitted
    told = model.predict_levels(frame)
    assert (told["segment_key"] == np.array(model.segment_keys_)[model.labels_]).all()
    assert (told["sub_segment_key"].str.rpartition(".")[0] == told["segment_key"]).all()
    assert (told["micro_segment_key"].str.rpartition(".")[0] == told["sub_segment_key"]).all()
    assert set(told["micro_segment_key"]) == set(model.micro_segment_keys_)


def test_levels_come_back_from_rows(fitted):
    frame, model = fitted
    again = SegmentModel.from_parameters(model.to_parameters())
    pd.testing.assert_frame_equal(again.predict_levels(frame), model.predict_levels(frame))
    assert again.levels_.segment_cuts == model.levels_.segment_cuts
    assert again.levels_.sub_cuts == model.levels_.sub_cuts


def test_a_model_of_a_time_without_levels_has_one_part_a_segment(fitted):
    frame, model = fitted
    rows = model.to_parameters().to_pandas()
    old = rows[~rows["stage"].isin(["sub_segment", "micro_segment", "micro_prototype", "tree"])]
    again = SegmentModel.from_parameters(old[~old["component"].str.startswith("cut_")])
    assert again.micro_segment_keys_ == [f"{key}.01.01" for key in model.segment_keys_]
    assert (again.predict_levels(frame)["segment_key"] == model.predict_levels(frame)["segment_key"]).all()


def test_fewer_levels_are_a_setting(fitted):
    frame, model = fitted
    settings_ = {"algorithm": "kmeans", "n_segments": 3, "n_bootstraps": 4, "n_references": 4}
    two = SegmentModel(n_levels=2, **settings_).fit(frame)
    assert two.sub_segment_keys_ == model.sub_segment_keys_
    assert two.micro_segment_keys_ == [f"{key}.01" for key in two.sub_segment_keys_]
    one = SegmentModel(n_levels=1, **settings_).fit(frame)
    assert one.micro_segment_keys_ == [f"{key}.01.01" for key in one.segment_keys_]
    large = SegmentModel(min_sub_segment_size=2000, min_micro_segment_size=60, **settings_).fit(frame)
    assert len(large.sub_segment_keys_) == 3
    assert large.levels_.micro_sizes.min() >= 60
    with pytest.raises(ConfigError, match="n_levels must be 1, 2 or 3"):
        SegmentModel(n_levels=4).fit(frame)
    with pytest.raises(ConfigError, match="level_rule must be one of stable, distinct"):
        SegmentModel(level_rule="clear").fit(frame)


def test_without_structure_nothing_is_cut(noise):
    model = SegmentModel(algorithm="kmeans", k_max=4, n_bootstraps=4, n_references=4).fit(noise("normal"))
    assert model.verdict_ == "one_segment"
    assert model.micro_segment_keys_ == ["seg_001.01.01"]
    assert model.levels_.segment_cuts[0].reason == "no clear structure"
