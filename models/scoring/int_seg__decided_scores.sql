-- One row per customer and snapshot: the segment as it is told, after what people decided by then.
{{ config(materialized='view') }}
{%- set double = dbt_segmentation.seg_type('double') %}
with

settled_scores as (

    select * from {{ ref('int_seg__settled_scores') }}

),

decided as (

    select
        settled_scores.*,
        {{ dbt_segmentation.seg_overridden('settled_scores.segment_key', 'decided') }} as decided_segment_key,
        coalesce(second_merge.value, settled_scores.second_segment_key) as decided_second_segment_key,
        decided_pin.value is not null as is_pinned,
        coalesce(decided_pin.value, settled_scores.segment_key) as own_segment_key
    from settled_scores
    {{ dbt_segmentation.seg_override_joins('settled_scores.customer_id', 'settled_scores.segment_key', 'settled_scores.snapshot_date', 'decided') }}
    left join {{ ref('int_seg__segment_overrides') }} as second_merge
        on
            second_merge.field = 'merged_into'
            and second_merge.is_usable
            and settled_scores.second_segment_key = second_merge.target_key
            and settled_scores.snapshot_date >= second_merge.valid_from
            and settled_scores.snapshot_date < coalesce(second_merge.valid_to, cast('9999-12-31' as date))

),

final as (

    select
        customer_id,
        snapshot_date,
        decided_segment_key as segment_key,
        case when decided_second_segment_key <> decided_segment_key then decided_second_segment_key end as second_segment_key,
        -- what a person decided is certain
        case when is_pinned then cast(1 as {{ double }}) else probability end as probability,
        case when is_pinned then cast(1 as {{ double }}) else margin end as margin,
        distance,
        is_borderline and not is_pinned and decided_second_segment_key <> decided_segment_key as is_borderline,
        is_outlier,
        model_version,
        is_held,
        segment_key as model_segment_key,
        own_segment_key,
        case
            when is_pinned then 'pin'
            when decided_segment_key <> segment_key then 'merge'
            else 'model'
        end as assigned_by
    from decided

)

select * from final
