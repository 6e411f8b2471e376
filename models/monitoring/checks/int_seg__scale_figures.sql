-- One row per survey scale that seg_survey_scales names: whether its items agree enough at the as-of date for its scores to mean something.
{#- without the input there is nothing to judge, as with every other input -#}
{%- set is_asked = dbt_segmentation.seg_family_enabled(['psychographic']) %}
{%- set has_input = is_asked and dbt_segmentation.seg_var('seg_survey_responses_relation') %}
{%- set scales = dbt_segmentation.seg_scale_features().keys() | list if has_input else [] %}
{%- set double = dbt_segmentation.seg_type('double') %}
{%- set count = dbt_segmentation.seg_told_count %}
with

snapshots as (

    select * from {{ ref('int_seg__snapshots') }}
    where is_as_of

),

survey_scales as (
    {% if is_asked %}
    select * from {{ ref('int_seg__survey_scales') }}
    {% else %}
    select
        cast(null as date) as snapshot_date,
        cast(null as {{ dbt.type_string() }}) as scale_name,
        cast(null as {{ dbt.type_bigint() }}) as items,
        cast(null as {{ dbt.type_bigint() }}) as respondents,
        cast(null as {{ double }}) as alpha,
        cast(null as {{ dbt.type_boolean() }}) as is_reliable
    where 1 = 0
    {% endif %}
),

named as (

    select cast(null as {{ dbt.type_string() }}) as scale_name
    where 1 = 0
    {%- for scale in scales %}
    union all
    select {{ dbt.string_literal(dbt.escape_single_quotes(scale)) }} as scale_name
    {%- endfor %}

),

rated as (

    select
        named.scale_name,
        coalesce(survey_scales.items, 0) as items,
        coalesce(survey_scales.respondents, 0) as respondents,
        survey_scales.alpha,
        coalesce(survey_scales.is_reliable, false) as is_reliable
    from named
    cross join snapshots
    left join survey_scales
        on
            named.scale_name = survey_scales.scale_name
            and snapshots.snapshot_date = survey_scales.snapshot_date

),

final as (

    select
        'reliability' as category,
        'survey_responses' as input,
        scale_name as field,
        'unreliable_scale' as metric,
        -- one item can't agree with others: there is nothing to judge
        cast(case when is_reliable then 0 when items <> 1 then 1 end as {{ double }}) as value,
        cast(respondents as {{ dbt.type_bigint() }}) as n,
        case
            when items = 0 then {{ dbt.concat(["'nobody has answered a question of the scale '", 'scale_name']) }}
            when items = 1 then {{ dbt.concat(["'the scale '", 'scale_name', "' has one item: how reliable it is cannot be told'"]) }}
            when alpha is null
                then {{ dbt.concat([
                    "'how reliable the scale '", 'scale_name', "' is cannot be told: '", count('respondents'), "' people answered all of its '",
                    count('items'), "' items, or all alike'"
                ]) }}
            else {{ dbt.concat([
                "'the scale '", 'scale_name', "' has a Cronbach alpha of '", dbt_segmentation.seg_told_number('alpha'), "' ('", count('items'),
                "' items, '", count('respondents'), "' people); reliable is 0.7 or more'"
            ]) }}
        end as message,
        'Look for a reversed item that is not told as such, a question of another scale, or a misspelt scale_name; else take the scale out of seg_survey_scales.'
            as how_to_correct
    from rated

)

select * from final
