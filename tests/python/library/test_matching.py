from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dbt_segmentation.choosing.stability import jaccard_matrix
from dbt_segmentation.matching import SURVIVAL_OVERLAP, match_segments

labellings = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=4, max_size=60)


@given(st.lists(st.integers(0, 4), min_size=5, max_size=60), st.permutations(range(5)))
def test_renumbered_segments_keep_their_keys(labels, renumbered):
    old = np.array([0, 1, 2, 3, 4, *labels])
    keys = [f"seg_{7 + j:03d}" for j in range(5)]
    matching = match_segments(old, keys, np.array(renumbered)[old], 5)
    assert [matching.keys[renumbered[j]] for j in range(5)] == keys
    assert set(matching.events) == {"survived"}
    assert matching.overlaps == [1.0] * 5
    assert matching.died == []


@given(labellings)
def test_the_pairing_has_the_largest_total_overlap(pairs):
    old, new = (np.array(side) for side in zip(*pairs, strict=True))
    matching = match_segments(old, ["seg_001", "seg_002", "seg_003", "seg_004"], new, 4)
    overlap = jaccard_matrix(old, new, 4, 4)
    # pairs under the threshold count nothing for survival, but the pairing is made before it applies
    best = max(sum(overlap[order[j], j] for j in range(4)) for order in permutations(range(4)))
    kept = sum(overlap[int(key[-1]) - 1, j] for j, key in enumerate(matching.keys) if matching.events[j] == "survived")
    assert best - 4 * SURVIVAL_OVERLAP <= kept <= best + 1e-9
    for j, event in enumerate(matching.events):
        if event == "survived":
            assert overlap[int(matching.keys[j][-1]) - 1, j] >= SURVIVAL_OVERLAP


@given(labellings, st.integers(1, 4), st.integers(0, 30))
def test_a_key_is_never_used_twice(pairs, n_segments, retired):
    old, new = (np.array(side) for side in zip(*pairs, strict=True))
    gone = [f"seg_{retired:03d}"] if retired > 4 else []
    old_keys = ["seg_001", "seg_002", "seg_003", "seg_004"]
    matching = match_segments(old, old_keys, new % n_segments, n_segments, gone)
    assert len(set(matching.keys)) == n_segments
    born = [key for key, event in zip(matching.keys, matching.events, strict=True) if event == "born"]
    assert not set(born) & {*old_keys, *gone}
    assert all(int(key[4:]) > max(4, retired if gone else 0) for key in born)
    assert set(matching.keys) | set(matching.died) >= {*old_keys, *gone}
    assert not set(matching.keys) & set(matching.died)


def test_a_segment_that_dissolves_dies_and_its_heirs_are_born():
    old = np.repeat([0, 1], [40, 60])
    new = np.concatenate([np.arange(40) % 4 + 1, np.zeros(60, dtype=int)])
    matching = match_segments(old, ["seg_001", "seg_004"], new, 5)
    assert matching.keys == ["seg_004", "seg_005", "seg_006", "seg_007", "seg_008"]
    assert matching.events == ["survived", "born", "born", "born", "born"]
    assert matching.died == ["seg_001"]
    assert matching.overlaps[1] == 0.25


def test_the_first_fit_numbers_from_one():
    nobody = np.zeros(0, dtype=np.int64)
    matching = match_segments(nobody, [], nobody, 2)
    assert matching.keys == ["seg_001", "seg_002"]
    assert (matching.events, matching.overlaps, matching.died) == (["born", "born"], [0.0, 0.0], [])


def test_more_than_999_segments_still_count_on():
    labels = np.zeros(5, dtype=np.int64)
    matching = match_segments(labels, ["seg_999"], np.array([0, 1, 2, 3, 4]), 5, ["seg_1200"])
    assert set(matching.keys) == {f"seg_{number}" for number in range(1201, 1206)}
