-- One row per override that people gave in seg_segment_overrides: what, who, when and why, whether it counts, and for how many customers.
{%- set texts = dbt_segmentation.seg_overridable_texts() %}
{%- set least = dbt_segmentation.seg_var('seg_min_segment_size') %}
with

segment_overrides as (

    select * from {{ ref('int_seg__segment_overrides') }}
    where
        -- a day that has passed knows no later decisions
        status <> 'later'
        -- a pin of nobody: who was erased or has withdrawn is published in no form
        and (target_key is not null or coalesce(target, '') <> 'customer')

),

customer_segments as (

    select * from {{ ref('fct_seg__customer_segments') }}

),

decided_scores as (

    select
        customer_id,
        snapshot_date,
        own_segment_key
    from {{ ref('int_seg__decided_scores') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

in_segments as (
    {% for level in ['segment', 'sub_segment', 'micro_segment'] %}
    select
        {{ level }}_key as segment_key,
        count(*) as customers
    from customer_segments
    group by {{ level }}_key
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

in_merges as (

    select
        decided_scores.own_segment_key,
        customer_segments.segment_key,
        count(*) as customers
    from customer_segments
    inner join decided_scores
        on
            customer_segments.customer_id = decided_scores.customer_id
            and customer_segments.snapshot_date = decided_scores.snapshot_date
    group by decided_scores.own_segment_key, customer_segments.segment_key

),

counted as (

    select
        segment_overrides.*,
        case
            when segment_overrides.status <> 'in force' then null
            when segment_overrides.target = 'customer' then case when pinned.customer_id is null then 0 else 1 end
            when segment_overrides.field = 'merged_into' then coalesce(in_merges.customers, 0)
            else coalesce(in_segments.customers, 0)
        end as customers
    from segment_overrides
    left join in_segments
        on segment_overrides.target_key = in_segments.segment_key
    left join in_merges
        on
            segment_overrides.field = 'merged_into'
            and segment_overrides.target_key = in_merges.own_segment_key
            and segment_overrides.value = in_merges.segment_key
    left join customer_segments as pinned
        on
            segment_overrides.target = 'customer'
            and segment_overrides.target_key = pinned.customer_id
            and pinned.assigned_by = 'pin'

),

final as (

    select
        -- what somebody typed in the wrong place may be anything
        case when counted.target in ('segment', 'customer') then counted.target end as target,
        counted.target_key,
        case when counted.field in ('merged_into', 'approved', 'segment_key', '{{ texts | join("', '") }}') then counted.field end as field,
        case when counted.status <> 'mistaken' then counted.value end as value,
        counted.author,
        counted.valid_from as decided_on,
        counted.reason,
        case when counted.status <> 'mistaken' then counted.valid_from end as valid_from,
        case when counted.valid_to <= run.as_of_date then counted.valid_to end as valid_to,
        counted.status,
        counted.problem,
        -- a pin says by itself that it concerns one customer
        case when counted.target = 'customer' or counted.customers >= {{ least }} then cast(counted.customers as {{ dbt.type_bigint() }}) end as customers,
        coalesce(counted.target = 'segment' and counted.customers < {{ least }}, false) as is_suppressed,
        run.run_id,
        run.as_of_date
    from counted
    cross join run

)

select * from final
