"""One row per parameter of the model that this run fits; none where the run keeps its champion."""

from dbt_segmentation.fitting import fit_parameters


def model(dbt, session):
    sample = dbt.ref("int_seg__fit_sample")
    champion = dbt.ref("int_seg__champion_parameters")
    decision = dbt.ref("int_seg__refit_decision")
    patterns = dbt.ref("seg_archetype_patterns")
    return fit_parameters(sample.arrow(), champion.arrow(), decision.arrow().to_pylist(), patterns.arrow())
