-- One row per source record and change of its customer: whose record it was, from which run on. Remembered.
{{ config(
    materialized='incremental',
    incremental_strategy=dbt_segmentation.seg_state_strategy('append'),
    partition_by=dbt_segmentation.seg_state_partitions('generation'),
    full_refresh=dbt_segmentation.seg_full_refresh(),
    tags=['state'],
    post_hook=dbt_segmentation.seg_forget_identities()
) }}
with

customer_records as (

    select * from {{ ref('int_seg__customer_records') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

told as (

    {% if dbt_segmentation.seg_is_incremental() %}
    select
        record_key,
        customer_id,
        generation,
        row_number() over (partition by record_key order by generation desc) as recency_rank
    from {{ this }}
    {% else %}
    select
        cast(null as {{ dbt.type_string() }}) as record_key,
        cast(null as {{ dbt.type_string() }}) as customer_id,
        0 as generation,
        1 as recency_rank
    {% endif %}

),

generations as (

    select coalesce(max(generation), 0) + 1 as generation
    from told

),

final as (

    select
        customer_records.record_key,
        customer_records.customer_id,
        told.customer_id as former_customer_id,
        generations.generation,
        run.as_of_date as valid_from,
        run.run_id,
        {{ dbt_segmentation.seg_pseudonym(["'key check'"]) }} as key_check
    from customer_records
    cross join generations
    cross join run
    left join told
        on
            customer_records.record_key = told.record_key
            and told.recency_rank = 1
    where told.customer_id is null or told.customer_id <> customer_records.customer_id
    {{- dbt_segmentation.seg_remembered_identities() }}

)

select * from final
