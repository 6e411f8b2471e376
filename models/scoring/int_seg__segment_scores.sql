-- One row per customer and snapshot: the nearest segment, the second nearest, probability, margin and distance.
-- Generated from parameter rows, in the layout of the template:
-- noqa: disable=LT02
-- depends_on: {{ ref('ml_seg__model_parameters') }}, {{ ref('int_seg__current_model') }}
{%- set model = dbt_segmentation.seg_model() %}
{%- set segments, features = model.segments, model.features %}
{%- set double, number = dbt_segmentation.seg_type('double'), dbt_segmentation.seg_number %}
{%- set run = model.run.get('model', {}) %}
{%- set lowest = "cast('-1e300' as " ~ double ~ ")" %}
with

preprocessed as (

    select * from {{ ref('int_seg__preprocessed_features') }}

),

{% if segments | length == 0 or (segments | length > 1 and features | length == 0) -%}
final as (

    -- no model yet: everybody is there, nobody has a segment
    select
        preprocessed.customer_id,
        preprocessed.snapshot_date,
        cast(null as {{ dbt.type_string() }}) as segment_key,
        cast(null as {{ dbt.type_string() }}) as second_segment_key,
        cast(null as {{ double }}) as probability,
        cast(null as {{ double }}) as margin,
        cast(null as {{ double }}) as distance,
        cast(null as {{ dbt.type_boolean() }}) as is_borderline,
        cast(null as {{ dbt.type_boolean() }}) as is_outlier,
        cast(null as {{ dbt.type_string() }}) as model_version
    from preprocessed

)
{%- else -%}
current_model as (

    select * from {{ ref('int_seg__current_model') }}

),

affinities as (

    select
        customer_id,
        snapshot_date,
        {% if features -%}
            {% for feature in features %}{{ feature }} * {{ feature }}{{ ' + ' if not loop.last }}{% endfor %}
        {%- else -%}
            cast(0 as {{ double }})
        {%- endif %} as squared_norm
        {%- for segment in segments %},
        {% if features -%}
            {{ dbt_segmentation.seg_affinity(features, dbt_segmentation.seg_prototype(model, segment)) }}
        {%- else -%}
            cast(0 as {{ double }})
        {%- endif %} as {{ segment }}
        {%- endfor %}
    from preprocessed

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

measured as (

    select
        *,
        sqrt(greatest(squared_norm - 2 * best_affinity, 0)) as distance,
        {% if segments | length > 1 -%}
            sqrt(greatest(squared_norm - 2 * second_affinity, 0)) as second_distance,
            case
                {%- for segment in segments %}
                when segment_key <> '{{ segment }}' and {{ segment }} = second_affinity then '{{ segment }}'
                {%- endfor %}
            end as second_segment_key,
            -- posterior of equal-weight spherical Gaussians with the variance found at the fit
            1 / ({% for segment in segments -%}
                exp(({{ segment }} - best_affinity) / {{ number(run.within_variance) }}){{ ' + ' if not loop.last }}
            {%- endfor %}) as probability
        {%- else -%}
            cast(null as {{ double }}) as second_distance,
            cast(null as {{ dbt.type_string() }}) as second_segment_key,
            cast(1 as {{ double }}) as probability
        {%- endif %}
    from runner_up

),

final as (

    select
        measured.customer_id,
        measured.snapshot_date,
        measured.segment_key,
        measured.second_segment_key,
        measured.probability,
        {% set margin = 'coalesce(1 - measured.distance / nullif(measured.second_distance, 0), ' ~ ('0' if segments | length > 1 else '1') ~ ')' -%}
        {{ margin }} as margin,
        measured.distance,
        {{ margin }} < {{ dbt_segmentation.seg_var('seg_borderline_margin') }} as is_borderline,
        measured.distance > {{ number(run.outlier_distance) }} as is_outlier,
        current_model.model_version
    from measured
    cross join current_model

)
{%- endif %}

select * from final
