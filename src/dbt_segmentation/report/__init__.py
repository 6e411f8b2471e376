"""The segment report: one self-contained page from the marts."""

from dbt_segmentation.report.build import build_report

__all__ = ["build_report"]
