-- One row per measure of how records became customers: held back, largest group, merged.
{%- set text = dbt.type_string() %}
with

customer_records as (

    select * from {{ ref('int_seg__customer_records') }}

),

held_back as (

    select record_key_a as record_key
    from {{ ref('int_seg__record_links') }}
    where is_held_back
    union
    select record_key_b as record_key
    from {{ ref('int_seg__record_links') }}
    where is_held_back

),

counted as (

    select
        count(*) as n,
        count(held_back.record_key) as held_back,
        coalesce(max(customer_records.record_count), 0) as largest_group,
        count(case when customer_records.record_count > 1 then 1 end) as merged
    from customer_records
    left join held_back
        on customer_records.record_key = held_back.record_key

),

final as (

    select
        'identity' as category,
        'customers' as input,
        'all' as field,
        'held_back_share' as metric,
        {{ dbt_segmentation.seg_ratio('held_back', 'n') }} as value,
        n,
        {{ dbt.concat([dbt_segmentation.seg_told_count('held_back', of='n'), "' records have a link that is held back for review'"]) }} as message
    from counted
    union all
    select
        'identity' as category,
        'customers' as input,
        'all' as field,
        'merged_share' as metric,
        {{ dbt_segmentation.seg_ratio('merged', 'n') }} as value,
        n,
        {{ dbt.concat([dbt_segmentation.seg_told_count('merged', of='n'), "' records share a customer with another record'"]) }} as message
    from counted
    union all
    select
        'identity' as category,
        'customers' as input,
        'all' as field,
        'largest_group' as metric,
        cast(largest_group as {{ dbt_segmentation.seg_type('double') }}) as value,
        n,
        {{ dbt.concat(["'the customer with most records has '", dbt_segmentation.seg_told_count('largest_group')]) }} as message
    from counted

)

select * from final
