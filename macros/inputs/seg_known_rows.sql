{#- The condition for rows that had arrived by the end of seg_known_on, or none where everything counts. Rows without a time of arrival count as
    known. Consent and erasure always count as of now: what a person has asked for since holds for days that have passed, too. So do records
    of people, through which that reaches them, and by which memberships are remembered: see int_seg__known_customers for who was not known yet. -#}
{% macro seg_known_rows(input) %}
  {%- set known_on = dbt_segmentation.seg_var('seg_known_on') -%}
  {%- if not known_on or input in ('customers', 'consents', 'erasure_requests') -%}{{ return(none) }}{%- endif -%}
  {%- set loaded_at = dbt_segmentation._seg_loaded_at(input) -%}
  {%- if loaded_at is none -%}{{ return(none) }}{%- endif -%}
  {{ return(
    '(' ~ loaded_at ~ ' is null or cast(' ~ dbt_segmentation.seg_local_time(loaded_at) ~ " as date) <= cast('" ~ known_on ~ "' as date))"
  ) }}
{% endmacro %}
