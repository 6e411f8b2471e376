-- One row per input that is given: whose flow it is, how often it should come, and how long before the as-of date it last arrived.
-- The age counts to the as-of date and not to the clock, so that a build of the same rows says the same. Last arrival: the newest
-- loaded_at where rows carry it, else the newest day that a used row is of.
{%- set inputs = dbt_segmentation.seg_audited_inputs() %}
{%- set own_times = {'consents': 'recorded_at', 'erasure_requests': 'requested_at'} %}
with

run as (

    select * from {{ ref('int_seg__run') }}

),

flows as (

    select
        trim(cast(input as {{ dbt.type_string() }})) as input,
        min(cast(owner as {{ dbt.type_string() }})) as owner,
        min(cast(update_frequency as {{ dbt.type_string() }})) as update_frequency,
        min({{ dbt_segmentation.seg_reference_number('allowed_age_days', 'integer') }}) as allowed_age_days,
        min({{ dbt_segmentation.seg_reference_number('stop_age_days', 'integer') }}) as stop_age_days,
        min(cast(how_to_correct as {{ dbt.type_string() }})) as how_to_correct
    from {{ dbt_segmentation.seg_reference('flows') }}
    group by trim(cast(input as {{ dbt.type_string() }}))

),

arrivals as (

    select
        cast(null as {{ dbt.type_string() }}) as input,
        cast(null as {{ dbt.type_string() }}) as arrival_basis,
        cast(null as date) as last_arrival
    where 1 = 0
    {%- for input, its in inputs.items() %}
    {%- set basis = 'loaded_at' if its.loaded_at else (its.day or own_times.get(input)) %}
    union all
    {%- if its.loaded_at or input in own_times %}
    select
        '{{ input }}' as input,
        '{{ basis }}' as arrival_basis,
        max(case when not ({{ dbt_segmentation.seg_is_future('arrived.day', 'run.run_date') }}) then arrived.day end) as last_arrival
    from (
        select cast({{ dbt_segmentation.seg_local_time(its.loaded_at or own_times[input]) }} as date) as day
        from {{ dbt_segmentation.seg_input(input) if its.loaded_at else ref('stg_seg__' ~ input) }}
    ) as arrived
    cross join run
    {%- elif its.day %}
    select
        '{{ input }}' as input,
        '{{ basis }}' as arrival_basis,
        {%- if input == 'calendar' %}
        -- a calendar is made for days to come
        max(used_rows.{{ its.day }}) as last_arrival
        {%- else %}
        max(case when not ({{ dbt_segmentation.seg_is_future('used_rows.' ~ its.day, 'run.run_date') }}) then used_rows.{{ its.day }} end) as last_arrival
        {%- endif %}
    from {{ ref(its['values']) }} as used_rows
    cross join run
    where used_rows.row_status = 'used'
    {%- else %}
    select
        '{{ input }}' as input,
        cast(null as {{ dbt.type_string() }}) as arrival_basis,
        cast(null as date) as last_arrival
    {%- endif %}
    {%- endfor %}

),

final as (

    select
        arrivals.input,
        flows.owner,
        flows.update_frequency,
        arrivals.arrival_basis,
        arrivals.last_arrival,
        case
            when arrivals.last_arrival > run.as_of_date then 0
            else {{ dbt.datediff('arrivals.last_arrival', 'run.as_of_date', 'day') }}
        end as age_days,
        flows.allowed_age_days,
        flows.stop_age_days,
        flows.input is not null as is_registered,
        flows.how_to_correct
    from arrivals
    cross join run
    left join flows
        on arrivals.input = flows.input

)

select * from final
