{#- Steps from the CTEs `to_tell` (customer_id, snapshot_date, own_segment_key: the segment of the model, before merges) and `preprocessed`
    to `levelled`: sub-segment and micro-segment. Of the micro-segments of the customer's segment the nearest one counts. -#}
{% macro seg_level_steps(model) -%}
  {%- set parts = model.micro_segments -%}
  {%- set counts = [1] -%}
  {%- for keys in parts.values() -%}{%- do counts.append(keys | length) -%}{%- endfor -%}
  {%- set most = counts | max -%}
  {%- set text = dbt.type_string() -%}
  {%- set lowest = "cast('-1e300' as " ~ dbt_segmentation.seg_type('double') ~ ")" -%}
placed as (

    select
        to_tell.customer_id,
        to_tell.snapshot_date,
        to_tell.own_segment_key
        {%- for number in range(most if most > 1 else 0) %},
        case to_tell.own_segment_key
            {%- for segment, keys in parts.items() if keys | length > [number, 1] | max %}
            {%- set prototype = {} %}
            {%- for feature in model.features %}{% do prototype.update({feature: model.micro_prototype[feature][keys[number]]}) %}{% endfor %}
            when '{{ segment }}' then {{ dbt_segmentation.seg_affinity(model.features, prototype) }}
            {%- endfor %}
            else {{ lowest }}
        end as part_{{ number + 1 }}
        {%- endfor %}
    from to_tell
    {%- if most > 1 %}
    inner join preprocessed
        on
            to_tell.customer_id = preprocessed.customer_id
            and to_tell.snapshot_date = preprocessed.snapshot_date
    {%- endif %}

),

{% if most > 1 -%}
nearest_part as (

    select
        *,
        greatest({% for number in range(most) %}part_{{ number + 1 }}{{ ', ' if not loop.last }}{% endfor %}) as best_part
    from placed

),

{% endif -%}
micro_placed as (

    select
        customer_id,
        snapshot_date,
        {% if parts -%}
        case own_segment_key
            {%- for segment, keys in parts.items() %}
            {%- if keys | length == 1 %}
            when '{{ segment }}' then '{{ keys[0] }}'
            {%- else %}
            when '{{ segment }}' then case
                {%- for key in keys %}
                when part_{{ loop.index }} = best_part then '{{ key }}'
                {%- endfor %}
            end
            {%- endif %}
            {%- endfor %}
        end
        {%- else -%}
        cast(null as {{ text }})
        {%- endif %} as micro_segment_key
    from {{ 'nearest_part' if most > 1 else 'placed' }}

),

levelled as (

    select
        customer_id,
        snapshot_date,
        {% if parts -%}
        case micro_segment_key
            {%- for keys in parts.values() %}
            {%- for key in keys %}
            when '{{ key }}' then '{{ model.sub_segment[key] }}'
            {%- endfor %}
            {%- endfor %}
        end
        {%- else -%}
        cast(null as {{ text }})
        {%- endif %} as sub_segment_key,
        micro_segment_key
    from micro_placed

)
{%- endmacro %}
