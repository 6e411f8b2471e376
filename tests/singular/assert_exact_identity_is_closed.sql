-- With seg_identity_rules: exact, keys whose records would still change their group with one more round of closure. Among everybody: a refusal must
-- reach every duplicate, so the run stops here before anything is built from the groups.
-- depends_on: {{ ref('int_seg__suppressed_records') }}
{{ config(
    enabled=dbt_segmentation.seg_has_exact_identity(),
    meta={'seg_help': 'Raise the number in the macro seg_exact_rounds, or look for records that chain many people together by shared keys.'}
) }}
with

latest_customers as (

    select * from {{ ref('stg_seg__latest_customers') }}

),

{{ dbt_segmentation.seg_exact_groups('latest_customers') }}

select key
from exact_groups
group by key
having min(whole) <> max(whole)
