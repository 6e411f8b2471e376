{#- Steps from preprocessed features to scores, as CTEs that end in `scored`, from the CTEs `preprocessed` and `scoring_model`
    (one row, model_version): the nearest segment, the second nearest, probability, margin and distance. -#}
{% macro seg_scored_steps(model) -%}
  {%- set segments, features = model.segments, model.features -%}
  {%- set double, number = dbt_segmentation.seg_type('double'), dbt_segmentation.seg_number -%}
  {%- set run = model.run.get('model', {}) -%}
  {%- set is_mixture = run.get('assignment') == 'mixture' -%}
  {%- set temperature = '1' if is_mixture or segments | length < 2 else number(run.within_variance) -%}
  {%- set lowest = "cast('-1e300' as " ~ double ~ ")" -%}
{% if segments | length == 0 or (segments | length > 1 and features | length == 0) -%}
scored as (

    -- no model yet: everybody is there, nobody has a segment
    select
        preprocessed.customer_id,
        preprocessed.snapshot_date,
        cast(null as {{ dbt.type_string() }}) as segment_key,
        cast(null as {{ dbt.type_string() }}) as second_segment_key,
        cast(null as {{ double }}) as probability,
        cast(null as {{ double }}) as second_probability,
        cast(null as {{ double }}) as margin,
        cast(null as {{ double }}) as distance,
        cast(null as {{ double }}) as second_distance,
        cast(null as {{ dbt.type_boolean() }}) as is_borderline,
        cast(null as {{ dbt.type_boolean() }}) as is_outlier,
        cast(null as {{ dbt.type_string() }}) as model_version
    from preprocessed

)
{%- else -%}
parts as (

    select
        customer_id,
        snapshot_date,
        {% if features -%}
            {% for feature in features %}{{ feature }} * {{ feature }}{{ ' + ' if not loop.last }}{% endfor %}
        {%- else -%}
            cast(0 as {{ double }})
        {%- endif %} as squared_norm
        {%- for segment in segments %}
        {%- for label in dbt_segmentation.seg_parts(model, segment) if features %},
        {{ dbt_segmentation.seg_part_affinity(model, label) }} as part_{{ segment }}_{{ loop.index }}
        {%- endfor %}
        {%- endfor %}
    from preprocessed

),

affinities as (

    select
        customer_id,
        snapshot_date,
        squared_norm
        {%- for segment in segments %},
        {% if features -%}
            {{ dbt_segmentation.seg_segment_affinity(model, segment) }}
        {%- else -%}
            cast(0 as {{ double }})
        {%- endif %} as {{ segment }}
        {%- endfor %}
    from parts

),

nearest as (

    select
        *,
        greatest({{ segments | join(', ') }}{{ ', ' ~ lowest if segments | length == 1 }}) as best_affinity
    from affinities

),

labelled as (

    select
        *,
        -- of equally near prototypes the first in the model's order wins
        case
            {%- for segment in segments %}
            when {{ segment }} = best_affinity then '{{ segment }}'
            {%- endfor %}
        end as segment_key
    from nearest

),

runner_up as (

    select
        *,
        greatest(
            {% for segment in segments -%}
                case when segment_key = '{{ segment }}' then {{ lowest }} else {{ segment }} end,
            {% endfor -%}
            {{ lowest }}
        ) as second_affinity
    from labelled

),

named as (

    select
        *,
        {% if segments | length > 1 -%}
            case
                {%- for segment in segments %}
                when segment_key <> '{{ segment }}' and {{ segment }} = second_affinity then '{{ segment }}'
                {%- endfor %}
            end as second_segment_key
        {%- else -%}
            cast(null as {{ dbt.type_string() }}) as second_segment_key
        {%- endif %}
    from runner_up

),

measured as (

    select
        *,
        {{ dbt_segmentation.seg_distance(model, 'segment_key', 'best_affinity') }} as distance,
        {% if segments | length > 1 -%}
            {{ dbt_segmentation.seg_distance(model, 'second_segment_key', 'second_affinity') }} as second_distance,
            exp((second_affinity - best_affinity) / {{ temperature }}) as odds_of_second,
            -- exact for a mixture; else the posterior of equal-weight spherical Gaussians with the variance found at the fit
            1 / ({% for segment in segments -%}
                exp(({{ segment }} - best_affinity) / {{ temperature }}){{ ' + ' if not loop.last }}
            {%- endfor %}) as probability
        {%- else -%}
            cast(null as {{ double }}) as second_distance,
            cast(0 as {{ double }}) as odds_of_second,
            cast(1 as {{ double }}) as probability
        {%- endif %}
    from named

),

scored as (

    select
        measured.customer_id,
        measured.snapshot_date,
        measured.segment_key,
        measured.second_segment_key,
        measured.probability,
        {{ 'measured.probability * measured.odds_of_second' if segments | length > 1 else 'cast(null as ' ~ double ~ ')' }} as second_probability,
        {% if is_mixture -%}
            {%- set margin = '(1 - measured.odds_of_second)' -%}
        {%- else -%}
            {%- set margin = 'coalesce(1 - measured.distance / nullif(measured.second_distance, 0), ' ~ ('0' if segments | length > 1 else '1') ~ ')' -%}
        {%- endif -%}
        {{ margin }} as margin,
        measured.distance,
        measured.second_distance,
        {{ margin }} < {{ dbt_segmentation.seg_var('seg_borderline_margin') }} as is_borderline,
        measured.distance > {{ number(run.outlier_distance) }} as is_outlier,
        scoring_model.model_version
    from measured
    cross join scoring_model

)
{%- endif %}
{%- endmacro %}
