-- One row per sampled customer and snapshot: what the Evidently pages compare, at most seg_report_sample_size rows, drawn by a seeded hash.
{%- set snapshots = dbt_segmentation.seg_var('seg_snapshot_count') + 1 %}
with

customer_features as (

    select * from {{ ref('int_seg__customer_features') }}
    where is_window_complete

),

snapshots as (

    select * from {{ ref('int_seg__snapshots') }}

),

segment_snapshots as (

    select * from {{ ref('int_seg__segment_snapshots') }}

),

fitted as (

    select distinct registry.as_of_date as fitted_as_of_date
    from {{ ref('ml_seg__model_parameters') }} as registry
    inner join {{ ref('int_seg__current_model') }} as current_model
        on registry.model_version = current_model.model_version

),

reference_day as (

    -- a fit in the middle of a period leaves no snapshot of its day: the last one before it then stands for it
    select max(snapshots.snapshot_date) as reference_date
    from snapshots
    cross join fitted
    where snapshots.snapshot_date <= fitted.fitted_as_of_date and snapshots.is_window_complete

),

merged_segments as (

    select * from {{ ref('int_seg__merged_segments') }}

),

drawn as (

    select
        customer_features.*,
        coalesce(merged_segments.merged_into, segment_snapshots.segment_key) as segment_key,
        reference_day.reference_date,
        row_number() over (
            partition by customer_features.snapshot_date
            order by
                {{ dbt_segmentation.seg_key(['customer_features.customer_id', dbt_segmentation.seg_var('seg_random_state')]) }},
                customer_features.customer_id
        ) as draw
    from customer_features
    inner join segment_snapshots
        on
            customer_features.customer_id = segment_snapshots.customer_id
            and customer_features.snapshot_date = segment_snapshots.snapshot_date
    cross join reference_day
    left join merged_segments
        on segment_snapshots.segment_key = merged_segments.segment_key

),

final as (

    select
        snapshot_date,
        segment_key,
        {%- for feature in dbt_segmentation.seg_monitored_features() %}
        {{ feature }},
        {%- endfor %}
        -- once more, as a category whose own distribution is compared
        segment_key as segment,
        snapshot_date = reference_date as is_reference
    from drawn
    where draw <= {{ (dbt_segmentation.seg_var('seg_report_sample_size') / snapshots) | int }}

)

select * from final
