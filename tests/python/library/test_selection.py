from dataclasses import replace

import numpy as np
import pytest

from dbt_segmentation import SegmentModel
from dbt_segmentation.algorithms import Partition
from dbt_segmentation.candidates import Candidate, canonical_order
from dbt_segmentation.indices import Comparison, Indices
from dbt_segmentation.selection import SelectionPolicy, judge, structure_objection


def _candidate(count: int, excess: float = 0.1, jaccard: float = 0.9, smallest: float = 100.0, structure: float = 9.0):
    partition = Partition(np.zeros((count, 2)), np.zeros(10, dtype=np.int64), 1.0)
    return Candidate(
        name=f"kmeans_k{count:02d}",
        algorithm="kmeans",
        partition=partition,
        silhouette=0.2,
        calinski_harabasz=10.0,
        davies_bouldin=1.0,
        gap=0.1,
        comparison=Comparison(Indices(excess, excess, excess, excess), structure),
        jaccard=np.full(count, jaccard),
        smallest_segment=smallest,
        n_used=10,
    )


def test_each_candidate_says_why_it_won_or_lost():
    candidates = [
        _candidate(2, excess=0.1),
        _candidate(3, excess=0.3),
        _candidate(4, excess=0.9, smallest=31),
        _candidate(5, excess=0.8, jaccard=0.48),
        _candidate(6, excess=0.8, jaccard=0.5996, smallest=49.7),
    ]
    judged = judge(candidates, SelectionPolicy(), 50, None)
    assert [candidate.is_winner for candidate in judged] == [False, True, False, False, False]
    assert [candidate.is_eligible for candidate in judged] == [True, True, False, False, False]
    assert judged[0].reason.startswith("lower score 0.18 < 0.38")
    assert [candidate.reason for candidate in judged[1:]] == [
        "winner",
        "smallest segment 31 < 50",
        "unstable: 0.48 < 0.60",
        "smallest segment 49.7 < 50.0; unstable: 0.5996 < 0.6000",
    ]


def test_equal_scores_go_to_fewer_segments():
    judged = judge([_candidate(4), _candidate(3), _candidate(5)], SelectionPolicy(), 50, None)
    assert [candidate.is_winner for candidate in judged] == [False, True, False]
    assert judged[0].reason == "equal score, more segments"


def test_without_structure_nobody_is_eligible():
    candidates = [_candidate(2, structure=0.4), _candidate(3, structure=2.6)]
    unclear = structure_objection(candidates, SelectionPolicy())
    assert unclear == "no clear structure: at best (kmeans_k03) 2.6 < 4.0 standard deviations tighter than one group"
    judged = judge(candidates, SelectionPolicy(), 50, unclear)
    assert not any(candidate.is_eligible or candidate.is_winner for candidate in judged)
    assert structure_objection([*candidates, _candidate(4, structure=4.0)], SelectionPolicy()) is None


def test_weights_of_the_policy_decide():
    steady, clear = _candidate(2, excess=0.1, jaccard=1.0), _candidate(3, excess=0.2, jaccard=0.7)
    only_stability = SelectionPolicy(weights={"stability": 1.0})
    assert judge([steady, clear], only_stability, 50, None)[0].is_winner
    assert judge([steady, clear], SelectionPolicy(), 50, None)[1].is_winner


def test_canonical_order_is_by_size_then_by_coordinates():
    prototypes = np.array([[3.0, 0.0], [1.0, 5.0], [1.0, 4.0], [9.0, 9.0]])
    labels = np.array([0, 1, 2, 3, 3, 3])
    ordered = canonical_order(Partition(prototypes, labels, 1.0))
    np.testing.assert_array_equal(ordered.prototypes, prototypes[[3, 2, 1, 0]])
    np.testing.assert_array_equal(ordered.labels, [3, 2, 1, 0, 0, 0])


@pytest.mark.parametrize(("kind", "seed"), [("normal", 1), ("uniform", 2), ("lognormal", 3), ("correlated", 4)])
def test_noise_is_one_segment(noise, kind, seed):
    model = SegmentModel(random_state=seed, k_max=7, n_bootstraps=5).fit(noise(kind, seed))
    assert model.verdict_ == "one_segment"
    assert model.segment_keys_ == ["seg_001"]
    assert set(model.labels_) == {0}
    assert model.reason_.startswith("no clear structure")
    assert len(model.candidates_) == 6
    assert not model.candidates_["is_eligible"].any()


@pytest.mark.parametrize(("groups", "seed"), [(3, 1), (4, 2), (6, 3), (8, 4)])
def test_separated_groups_are_found(blobs, groups, seed):
    frame = blobs(groups, seed, n_rows=1000)
    model = SegmentModel(random_state=seed, min_segment_size=30, n_bootstraps=10, n_references=10).fit(frame)
    assert model.verdict_ == "segments"
    assert len(model.segment_keys_) == groups
    winner = model.candidates_[model.candidates_["is_winner"]].iloc[0]
    assert (winner["n_segments"], winner["reason"], winner["is_eligible"]) == (groups, "winner", True)
    losers = model.candidates_[~model.candidates_["is_winner"]]
    assert losers["reason"].str.match(r"lower score|smallest segment|unstable").all()


def test_a_candidate_too_small_is_refused_but_recorded(blobs):
    frame = blobs(3, n_rows=300)
    model = SegmentModel(k_max=4, min_segment_size=140, n_bootstraps=5, n_references=5).fit(frame)
    assert model.verdict_ == "one_segment"
    assert model.candidates_["reason"].str.contains("smallest segment").all()


def test_an_own_policy_is_obeyed(blobs):
    strict = replace(SelectionPolicy(), structure_min=1e6)
    model = SegmentModel(k_max=4, n_bootstraps=5, n_references=5, policy=strict).fit(blobs(3, n_rows=300))
    assert model.verdict_ == "one_segment"
