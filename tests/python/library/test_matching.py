from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dbt_segmentation.choosing.stability import jaccard_matrix
from dbt_segmentation.matching import SURVIVAL_OVERLAP, Fate, match_segments

labellings = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=4, max_size=60)


@given(st.lists(st.integers(0, 4), min_size=5, max_size=60), st.permutations(range(5)))
def test_renumbered_segments_keep_their_keys(labels, renumbered):
    old = np.array([0, 1, 2, 3, 4, *labels])
    keys = [f"seg_{7 + j:03d}" for j in range(5)]
    matching = match_segments(old, keys, np.array(renumbered)[old], 5)
    assert [matching.keys[renumbered[j]] for j in range(5)] == keys
    assert {(fate.event, fate.overlap) for fate in matching.fates} == {("survived", 1.0)}
    assert [fate.related for fate in matching.fates] == [(key,) for key in matching.keys]
    assert matching.gone == {}


@given(labellings)
def test_the_pairing_has_the_largest_total_overlap(pairs):
    old, new = (np.array(side) for side in zip(*pairs, strict=True))
    matching = match_segments(old, ["seg_001", "seg_002", "seg_003", "seg_004"], new, 4)
    overlap = jaccard_matrix(old, new, 4, 4)
    # pairs under the threshold count nothing for survival, but the pairing is made before it applies
    best = max(sum(overlap[order[j], j] for j in range(4)) for order in permutations(range(4)))
    heirs = {j: int(key[-1]) - 1 for j, key in enumerate(matching.keys) if int(key[-1]) <= 4}
    kept = sum(overlap[old, new] for new, old in heirs.items())
    assert best - 4 * SURVIVAL_OVERLAP <= kept <= best + 1e-9
    assert all(overlap[old, new] >= SURVIVAL_OVERLAP for new, old in heirs.items())


@given(labellings, st.integers(1, 4), st.integers(0, 30))
def test_a_key_is_never_used_twice(pairs, n_segments, retired):
    old, new = (np.array(side) for side in zip(*pairs, strict=True))
    gone = [f"seg_{retired:03d}"] if retired > 4 else []
    old_keys = ["seg_001", "seg_002", "seg_003", "seg_004"]
    matching = match_segments(old, old_keys, new % n_segments, n_segments, gone)
    assert len(set(matching.keys)) == n_segments
    fresh = set(matching.keys) - {*old_keys}
    assert not fresh & {*gone}
    assert all(int(key[4:]) > max(4, retired if gone else 0) for key in fresh)
    assert set(matching.keys) | set(matching.gone) == fresh | {*old_keys, *gone}
    assert not set(matching.keys) & set(matching.gone)


@given(labellings)
def test_events_are_those_of_their_definition(pairs):
    old, new = (np.array(side) for side in zip(*pairs, strict=True))
    old_keys = ["seg_001", "seg_002", "seg_003", "seg_004"]
    matching = match_segments(old, old_keys, new, 4)
    keys_of = [{old_keys[label] for label in old}, {matching.keys[label] for label in new}]
    members = {key: {i for i, label in enumerate(old) if old_keys[label] == key} for key in old_keys}
    joined = {key: {i for i, label in enumerate(new) if matching.keys[label] == key} for key in matching.keys}

    def part(of: set[int], other: set[int]) -> float:
        return len(of & other) / len(of) if of else 0.0

    for key, fate in zip(matching.keys, matching.fates, strict=True):
        swallowed = {one for one in matching.gone if part(members[one], joined[key]) >= 0.5}
        if key in old_keys:
            assert fate.event == ("merged" if swallowed else "survived")
            assert set(fate.related) == {key, *swallowed}
        elif fate.event == "merged":
            assert set(fate.related) == swallowed
            assert len(swallowed) > 1
        else:
            parents = [
                one
                for one in old_keys
                if part(joined[key], members[one]) >= 0.5 and part(members[one], joined[key]) >= 0.25
            ]
            assert fate.event == ("split" if parents else "born")
            assert set(fate.related) == set(parents[:1])
    for key, fate in matching.gone.items():
        shares = {one: part(members[key], joined[one]) for one in matching.keys}
        parts = {one for one, share in shares.items() if share >= 0.25}
        holders = {one for one, share in shares.items() if share >= 0.5}
        is_split = len(parts) > 1 and sum(shares[one] for one in parts) >= 0.5
        assert fate.event == ("split" if is_split else "merged" if holders else "died")
        assert set(fate.related) == (parts if is_split else holders)
    told = sum(pair.customers for pair in matching.shared)
    assert told == len(old)
    assert {pair.old_key for pair in matching.shared} == keys_of[0]
    assert {pair.new_key for pair in matching.shared} == keys_of[1]


def test_a_segment_that_dissolves_dies_and_what_came_of_it_is_born():
    old = np.repeat([0, 1], [50, 60])
    new = np.concatenate([np.arange(50) % 5 + 1, np.zeros(60, dtype=int)])
    matching = match_segments(old, ["seg_001", "seg_004"], new, 6)
    assert matching.keys == ["seg_004", "seg_005", "seg_006", "seg_007", "seg_008", "seg_009"]
    assert [fate.event for fate in matching.fates] == ["survived", *["born"] * 5]
    assert matching.gone == {"seg_001": Fate("died", (), 0.2)}
    assert matching.fates[1].overlap == 0.2


def test_a_segment_in_three_parts_is_split_and_two_that_join_are_merged():
    old = np.repeat([0, 1, 2], [60, 30, 40])
    new = np.concatenate([np.arange(60) % 3, np.full(70, 3)])
    matching = match_segments(old, ["seg_001", "seg_002", "seg_003"], new, 4)
    heir = matching.keys.index("seg_001")
    parts = [matching.fates[part] for part in range(3) if part != heir]
    assert {(fate.event, fate.related) for fate in parts} == {("split", ("seg_001",))}
    assert matching.fates[heir].event == "survived"
    assert matching.keys[3] == "seg_003"
    assert matching.fates[3] == Fate("merged", ("seg_003", "seg_002"), 40 / 70)
    assert matching.gone == {"seg_002": Fate("merged", ("seg_003",), 30 / 70)}


def test_of_two_equal_heirs_the_one_with_the_nearer_prototype_inherits():
    old, new = np.zeros(40, dtype=int), np.repeat([0, 1], 20)
    for near in (0, 1):
        distances = np.array([[1.0, 1.0]])
        distances[0, near] = 0.1
        matching = match_segments(old, ["seg_007"], new, 2, distances=distances)
        assert matching.keys.index("seg_007") == near


def test_the_first_fit_numbers_from_one():
    nobody = np.zeros(0, dtype=np.int64)
    matching = match_segments(nobody, [], nobody, 2)
    assert matching.keys == ["seg_001", "seg_002"]
    assert (matching.fates, matching.gone, matching.shared) == ([Fate("born")] * 2, {}, [])


def test_more_than_999_segments_still_count_on():
    labels = np.zeros(5, dtype=np.int64)
    matching = match_segments(labels, ["seg_999"], np.array([0, 1, 2, 3, 4]), 5, ["seg_1200"])
    assert set(matching.keys) == {f"seg_{number}" for number in range(1201, 1206)}
