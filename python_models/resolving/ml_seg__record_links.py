"""One row per link between two records of one person, among people who may be profiled."""

from dbt_segmentation.identity import resolve


def model(dbt, session):
    records = dbt.ref("int_seg__allowed_records")
    settings = dbt.ref("int_seg__identity_settings")
    threshold, max_group_size, _ = settings.fetchone() or (0.85, 20, False)
    return resolve(session, records, threshold=threshold, max_group_size=max_group_size)
