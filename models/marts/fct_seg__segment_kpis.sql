-- One row per segment, of any level, and snapshot: size, money, activity and answers, over the window that ends at the snapshot.
{%- set kpis = [
    'revenue', 'revenue_share', 'revenue_per_customer', 'orders', 'average_order_value', 'active_customers', 'activation_rate',
    'messages_sent', 'open_rate', 'click_rate', 'response_rate', 'conversion_rate', 'coherence_index'
] %}
{%- set told = ['revenue', 'order_count', 'messages_sent', 'messages_opened', 'messages_clicked', 'messages_converted'] %}
with

segment_snapshots as (

    select * from {{ ref('int_seg__segment_snapshots') }}

),

members as (
    {% for level, key in {'segment': 'segment_key', 'sub_segment': 'sub_segment_key', 'micro_segment': 'micro_segment_key'}.items() %}
    select
        customer_id,
        snapshot_date,
        '{{ level }}' as level,
        {{ key }} as segment_key,
        -- what the parts beside it add up to
        {{ 'cast(null as ' ~ dbt.type_string() ~ ')' if level == 'segment' else 'segment_key' }} as segment_around,
        {{ 'sub_segment_key' if level == 'micro_segment' else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as sub_segment_around,
        margin
    from segment_snapshots
    -- before there were levels nobody was told any
    where {{ key }} is not null
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

snapshots as (

    -- features exist for these
    select * from {{ ref('int_seg__snapshots') }}

),

customer_features as (

    select
        customer_id,
        {%- for name in told %}
        {#- a family that is off has no columns #}
        {{ name if name in dbt_segmentation.seg_features() else 'cast(null as ' ~ dbt_segmentation.seg_type('double') ~ ') as ' ~ name }},
        {%- endfor %}
        snapshot_date
    from {{ ref('int_seg__customer_features') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

summed as (

    select
        members.segment_key,
        members.level,
        members.snapshot_date,
        min(members.segment_around) as segment_around,
        min(members.sub_segment_around) as sub_segment_around,
        count(*) as customers,
        sum(cast(customer_features.revenue as decimal(28, 4))) as revenue,
        cast(sum(cast(customer_features.order_count as decimal(28, 0))) as {{ dbt.type_bigint() }}) as orders,
        count(case when customer_features.order_count > 0 then 1 end) as active_customers,
        cast(sum(cast(customer_features.messages_sent as decimal(28, 0))) as {{ dbt.type_bigint() }}) as messages_sent,
        sum(cast(customer_features.messages_opened as decimal(28, 0))) as messages_opened,
        -- of some people it may not be known what they opened
        sum(case when customer_features.messages_opened is not null then cast(customer_features.messages_sent as decimal(28, 0)) end)
            as messages_of_open_known,
        sum(cast(customer_features.messages_clicked as decimal(28, 0))) as messages_clicked,
        sum(cast(customer_features.messages_converted as decimal(28, 0))) as messages_converted,
        count(case when customer_features.messages_sent > 0 then 1 end) as customers_messaged,
        count(case when customer_features.messages_sent > 0 and customer_features.messages_converted > 0 then 1 end)
            as customers_responding,
        {{ dbt_segmentation.seg_mean('members.margin') }} as coherence_index,
        count(*) < {{ dbt_segmentation.seg_var('seg_min_segment_size') }} as is_small
    from members
    inner join snapshots
        on members.snapshot_date = snapshots.snapshot_date
    -- who was known then, and by a correction no longer is, still counts as told
    left join customer_features
        on
            members.customer_id = customer_features.customer_id
            and members.snapshot_date = customer_features.snapshot_date
    group by members.segment_key, members.level, members.snapshot_date

),

-- the whole less the parts that are shown would tell what a withheld part is worth: then none of them is shown, nor what they consist of
withheld as (

    select
        *,
        is_small
        or (
            segment_around is not null
            and max(case when level = 'sub_segment' and is_small then 1 else 0 end) over (partition by snapshot_date, segment_around) = 1
        )
        or (
            sub_segment_around is not null
            and max(case when is_small then 1 else 0 end) over (partition by snapshot_date, sub_segment_around) = 1
        ) as is_suppressed
    from summed

),

rated as (

    select
        segment_key,
        level,
        snapshot_date,
        customers,
        {{ dbt_segmentation.seg_ratio('customers', 'sum(customers) over (partition by snapshot_date, level)') }} as customer_share,
        cast(revenue as {{ dbt_segmentation.seg_type('double') }}) as revenue,
        -- of the segments of its level that are shown: the rest of the whole would tell what a withheld one is worth
        {{ dbt_segmentation.seg_ratio(
            'revenue', 'sum(case when not is_suppressed then revenue end) over (partition by snapshot_date, level)'
        ) }} as revenue_share,
        {{ dbt_segmentation.seg_ratio('revenue', 'customers') }} as revenue_per_customer,
        orders,
        {{ dbt_segmentation.seg_ratio('revenue', 'orders') }} as average_order_value,
        active_customers,
        {{ dbt_segmentation.seg_ratio('active_customers', 'customers') }} as activation_rate,
        messages_sent,
        -- no opening or click at all in a snapshot means that the channel does not tell
        case
            when sum(messages_opened) over (partition by snapshot_date, level) > 0
                then {{ dbt_segmentation.seg_ratio('coalesce(messages_opened, 0)', 'messages_of_open_known') }}
        end as open_rate,
        case
            when sum(messages_clicked) over (partition by snapshot_date, level) > 0
                then {{ dbt_segmentation.seg_ratio('coalesce(messages_clicked, 0)', 'messages_sent') }}
        end as click_rate,
        {{ dbt_segmentation.seg_ratio('customers_responding', 'customers_messaged') }} as response_rate,
        {{ dbt_segmentation.seg_ratio('messages_converted', 'messages_sent') }} as conversion_rate,
        coherence_index,
        is_suppressed
    from withheld

),

final as (

    select
        rated.segment_key,
        rated.level,
        rated.snapshot_date,
        rated.customers,
        rated.customer_share,
        {#- a cell of a few people could give one of them away -#}
        {%- for kpi in kpis %}
        case when rated.is_suppressed then null else rated.{{ kpi }} end as {{ kpi }},
        {%- endfor %}
        rated.is_suppressed,
        run.run_id,
        run.as_of_date
    from rated
    cross join run

)

select * from final
