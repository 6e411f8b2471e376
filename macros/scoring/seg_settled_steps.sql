{#- Steps from scores to scores as they are told, as CTEs that end in `settled`, from a CTE `scored`: nobody leaves a segment by a hair. -#}
{% macro seg_settled_steps() -%}
  {%- set hysteresis, double = dbt_segmentation.seg_var('seg_hysteresis'), dbt_segmentation.seg_type('double') -%}
sure as (

    -- snapshots at which the segment is beyond doubt; the first one of a customer counts as such
    select
        *,
        case
            when
                margin >= {{ hysteresis }}
                or row_number() over (partition by customer_id order by snapshot_date) = 1
                then segment_key
        end as sure_segment_key
    from scored

),

stretches as (

    select
        *,
        count(sure_segment_key) over (partition by customer_id order by snapshot_date rows unbounded preceding) as stretch
    from sure

),

held as (

    select
        *,
        max(sure_segment_key) over (partition by customer_id, stretch) as held_segment_key
    from stretches

),

judged as (

    select
        *,
        -- back to the last sure segment, if that is the runner-up and hardly farther than the nearest
        coalesce(margin < {{ hysteresis }} and held_segment_key = second_segment_key, false) as is_held
    from held

),

settled as (

    select
        customer_id,
        snapshot_date,
        case when is_held then second_segment_key else segment_key end as segment_key,
        case when is_held then segment_key else second_segment_key end as second_segment_key,
        case when is_held then second_probability else probability end as probability,
        case when is_held then cast(0 as {{ double }}) else margin end as margin,
        case when is_held then second_distance else distance end as distance,
        is_borderline or is_held as is_borderline,
        is_outlier,
        model_version,
        is_held
    from judged

)
{%- endmacro %}
