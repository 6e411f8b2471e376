"""One row per source record of a person who may not be profiled: its keyed pseudonym, and nothing else."""

from dbt_segmentation.identity import suppressed_records


def model(dbt, session):
    records = dbt.ref("stg_seg__latest_customers")
    statements = dbt.ref("stg_seg__profiling_statements")
    erased = dbt.ref("stg_seg__erased_records")
    settings = dbt.ref("int_seg__identity_settings")
    threshold, max_group_size, silence_is_consent = settings.fetchone() or (0.85, 20, False)
    return suppressed_records(
        session,
        records,
        statements,
        erased,
        silence_is_consent=silence_is_consent,
        threshold=threshold,
        max_group_size=max_group_size,
    )
