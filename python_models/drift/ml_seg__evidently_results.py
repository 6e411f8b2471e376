"""One row per snapshot, feature and Evidently method; none where the extra `drift` is not installed."""

from dbt_segmentation.drift.evidently_adapter import evidently_results


def model(dbt, session):
    sample = dbt.ref("int_seg__evidently_sample")
    return evidently_results(sample.to_arrow_table(), {})
