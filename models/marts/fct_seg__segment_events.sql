-- One row per model and segment, of any level, that it has or that ended with it: what became of the segment at that fit.
with

model_segments as (

    select * from {{ ref('int_seg__model_segments') }}

),

run as (

    select * from {{ ref('int_seg__run') }}

),

final as (

    select
        model_segments.model_version,
        model_segments.fitted_as_of_date,
        model_segments.segment_key,
        model_segments.level,
        model_segments.event,
        model_segments.related_segment_keys,
        model_segments.overlap,
        model_segments.customers_at_fit,
        model_segments.is_current_model,
        model_segments.verdict,
        run.run_id,
        run.as_of_date
    from model_segments
    cross join run
    -- what ended at an earlier fit is told there
    where model_segments.event <> 'gone'

)

select * from final
