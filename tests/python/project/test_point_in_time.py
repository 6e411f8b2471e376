"""No behavioural feature sees a later row."""

from __future__ import annotations

import pandas as pd
import pytest
from helpers.projects import Project

CUT = "2025-10-31"


def test_a_later_copy_of_an_order_does_not_reach_back(own_sample: Project) -> None:
    until_january = (
        "select * from int_seg__customer_features where snapshot_date <= '2026-01-31' "
        "order by customer_id, snapshot_date"
    )
    before = own_sample.query(until_january)
    orders = own_sample.folder / "seeds/demo/seg_sample_orders.csv"
    rows = pd.read_csv(orders, dtype=str)
    copies = rows[rows["ordered_at"].str[:7] == "2025-12"].assign(ordered_at="2026-02-10 10:00:00", gross_amount="9999")
    assert len(copies) > 10
    pd.concat([rows, copies]).to_csv(orders, index=False)

    own_sample.make("--select", "+int_seg__customer_features")

    after = own_sample.query(until_january)
    pd.testing.assert_frame_equal(before, after, check_exact=True)


@pytest.mark.parametrize("told", [False, True], ids=["as_of_from_the_data", "as_of_given"])
def test_deleting_everything_after_a_snapshot_leaves_earlier_features_as_they_were(
    own_sample: Project, told: bool
) -> None:
    before = own_sample.table("int_seg__customer_features")
    seeds = own_sample.folder / "seeds/demo"
    orders = pd.read_csv(seeds / "seg_sample_orders.csv", dtype=str)
    kept = orders[orders["ordered_at"].str[:10] <= CUT]
    assert 0 < len(kept) < len(orders)
    kept.to_csv(seeds / "seg_sample_orders.csv", index=False)
    lines = pd.read_csv(seeds / "seg_sample_order_lines.csv", dtype=str)
    lines[lines["order_id"].isin(kept["order_id"])].to_csv(seeds / "seg_sample_order_lines.csv", index=False)
    touches = pd.read_csv(seeds / "seg_sample_campaign_touches.csv", dtype=str)
    touches = touches[touches["sent_at"].str[:10] <= CUT]
    # an answer that came later is not known either
    touches.loc[touches["converted_at"].str[:10] > CUT, "converted_at"] = None
    touches.to_csv(seeds / "seg_sample_campaign_touches.csv", index=False)

    as_of = ["--vars", "{seg_as_of_date: '2026-02-28'}"] if told else []
    build = ["build", "--select", "+int_seg__customer_features", "--exclude-resource-type=unit_test"]
    own_sample.steps([{"arguments": [*build, *as_of]}])

    after = own_sample.table("int_seg__customer_features")
    key = ["customer_id", "snapshot_date"]
    shared = sorted(set(before["snapshot_date"]) & set(after["snapshot_date"]))
    shared = [day for day in shared if str(day)[:10] <= CUT]
    assert len(shared) >= 5
    columns = [name for name in before if name != "is_as_of"]

    def at(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["snapshot_date"].isin(shared)].sort_values(key)[columns].reset_index(drop=True)

    pd.testing.assert_frame_equal(at(before), at(after), check_exact=True)
