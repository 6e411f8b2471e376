-- One row per change of pseudonym: which customer_id took over records of which other, in which run, and why.
with

identity_history as (

    select * from {{ ref('int_seg__identity_history') }}

),

customer_records as (

    select distinct customer_id
    from {{ ref('int_seg__customer_records') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

first_told as (

    select
        customer_id,
        min(generation) as first_generation
    from identity_history
    group by customer_id

),

moved as (

    select
        former_customer_id,
        customer_id,
        generation,
        valid_from,
        min(run_id) as changed_by_run_id,
        count(*) as record_count
    from identity_history
    where former_customer_id is not null
    group by former_customer_id, customer_id, generation, valid_from

),

final as (

    select
        moved.former_customer_id,
        moved.customer_id,
        moved.generation,
        case
            when customer_records.customer_id is not null then 'split'
            when first_told.first_generation < moved.generation then 'merged'
            when count(*) over (partition by moved.customer_id, moved.generation) > 1 then 'merged'
            else 'renamed'
        end as change,
        moved.record_count,
        moved.valid_from,
        moved.changed_by_run_id,
        run.run_id,
        run.as_of_date
    from moved
    cross join run
    inner join first_told
        on moved.customer_id = first_told.customer_id
    left join customer_records
        on moved.former_customer_id = customer_records.customer_id

)

select * from final
