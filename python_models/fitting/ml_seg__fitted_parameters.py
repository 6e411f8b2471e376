"""One row per parameter of the model that this run fits; none where the run keeps its champion."""

from dbt_segmentation.decisions import read_decision
from dbt_segmentation.fitting import fit_parameters


def model(dbt, session):
    sample = dbt.ref("int_seg__fit_sample")
    champion = dbt.ref("int_seg__champion_parameters")
    decision = dbt.ref("int_seg__refit_decision")
    patterns = dbt.ref("seg_archetype_patterns")
    return fit_parameters(
        sample.to_arrow_table(),
        champion.to_arrow_table(),
        read_decision(decision.to_arrow_table()),
        patterns.to_arrow_table(),
    )
