-- One row per snapshot, segment ('all' for everybody), feature and bin: how many customers fall into it.
-- depends_on: {{ ref('ml_seg__model_parameters') }}, {{ ref('int_seg__current_model') }}
{%- set model = dbt_segmentation.seg_model() %}
{%- set features = dbt_segmentation.seg_monitored_features() %}
with

segment_snapshots as (

    select * from {{ ref('int_seg__segment_snapshots') }}

),

customer_features as (

    select * from {{ ref('int_seg__customer_features') }}
    where is_window_complete

),

merged_segments as (

    select * from {{ ref('int_seg__merged_segments') }}

),

binned as (

    select
        customer_features.snapshot_date,
        {%- for feature in features %}
        {{ dbt_segmentation.seg_bin('customer_features.' ~ feature, model.edge.get(feature, {}).values() | list) }} as {{ feature }},
        {%- endfor %}
        coalesce(merged_segments.merged_into, segment_snapshots.segment_key) as segment_key
    from customer_features
    inner join segment_snapshots
        on
            customer_features.customer_id = segment_snapshots.customer_id
            and customer_features.snapshot_date = segment_snapshots.snapshot_date
    left join merged_segments
        on segment_snapshots.segment_key = merged_segments.segment_key

),

by_segment as (
    {% for feature in features %}
    select
        snapshot_date,
        segment_key,
        '{{ feature }}' as feature,
        {{ feature }} as bin,
        count(*) as customers
    from binned
    group by snapshot_date, segment_key, {{ feature }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

final as (

    select
        snapshot_date,
        segment_key,
        feature,
        bin,
        customers
    from by_segment
    union all
    select
        snapshot_date,
        'all' as segment_key,
        feature,
        bin,
        cast(sum(customers) as {{ dbt.type_bigint() }}) as customers
    from by_segment
    group by snapshot_date, feature, bin

)

select * from final
