-- Fails for a check of the data that calls for a stop, in words: what is wrong, and how to correct it.
{{ config(meta={'seg_help': 'Correct what is listed, or change its limit: docs/guides/data_quality.md says where each one stands.'}) }}
{%- set stopping -%}
    select {{ dbt.concat(['subject', "': '", 'what_happened', "'. '", 'what_to_do']) }} as message
    from {{ ref('fct_seg__alerts') }}
    where severity = 'stop'
{%- endset %}
{{ dbt_segmentation.seg_failing(stopping) }}
