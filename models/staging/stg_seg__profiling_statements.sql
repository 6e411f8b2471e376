-- One row per statement about profiling that counts: whose, when, and whether it grants.
-- Consent fails closed: a refusal without purpose or of everything refuses profiling, and a grant that is not yet, or of nobody knows what, grants nothing.
{%- set everything = "'all', '*', 'any', 'everything', 'tout', 'tous', 'toutes'" %}
with

consents as (

    select
        record_key,
        source_system,
        source_record_id,
        recorded_at,
        coalesce(lower(purpose), 'profiling') as purpose,
        -- anything but a readable 'granted' with a purpose and a date counts as a refusal
        coalesce(lower(status) = 'granted' and purpose is not null and recorded_at is not null, false) as is_granted
    from {{ ref('stg_seg__consents') }}
    where source_system is not null and source_record_id is not null

),

run as (

    select * from {{ ref('int_seg__run') }}

),

counted as (

    select consents.*
    from consents
    cross join run
    where
        -- who refuses everything refuses profiling; a grant of everything says nothing of it in particular
        (consents.purpose = 'profiling' or not consents.is_granted and consents.purpose in ({{ everything }}))
        and (
            not consents.is_granted
            or not ({{ dbt_segmentation.seg_is_future('cast(consents.recorded_at as date)', 'run.run_date') }})
        )

),

refusals as (

    select * from counted
    where not is_granted

),

final as (

    select
        record_key,
        recorded_at,
        is_granted
    from counted
    union all
    {{ dbt_segmentation.seg_spelt_like('refusals', ['recorded_at', 'is_granted']) }}

)

select * from final
