"""From a sample to a model that hands on what its predecessor promised."""

from dbt_segmentation.fitting.fit import fit_parameters

__all__ = ["fit_parameters"]
