{#- The one as-of rule. A day is visible at a snapshot if it is not later, and in the window if it is one of the last
    `days` days up to and including the snapshot. Without `days`: everything up to the snapshot. -#}
{% macro seg_in_window(day, snapshot_date, days=none) -%}
  {{ day }} <= {{ snapshot_date }}
  {%- if days is not none %} and {{ day }} > {{ dbt_segmentation.seg_days_later(snapshot_date, -1 * (days | int)) }}{% endif -%}
{%- endmacro %}


{#- The same rule where the age of the day at the snapshot is at hand: comparing numbers costs a third less than reckoning with dates. -#}
{% macro _seg_age_in_window(age_days, days) -%}
  {{ age_days }} between 0 and {{ (days | int) - 1 }}
{%- endmacro %}
