"""One row per day and zone of seg_calendar_zones: public and school holidays."""

from dbt_segmentation.calendar import public_calendar


def model(dbt, session):
    zones = dbt.ref("seg_calendar_zones")
    days = dbt.ref("int_seg__calendar_range")
    return public_calendar(zones.to_arrow_table(), days.to_arrow_table())
