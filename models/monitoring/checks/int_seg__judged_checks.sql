-- One row per check of this run, with its verdict: ok, warning, stop or not_tested.
{%- set double = dbt_segmentation.seg_type('double') %}
{%- set number = dbt_segmentation.seg_told_number %}
{%- set text = dbt.type_string() %}
with

-- a flow that sets the as-of date itself is never late by this measure: see docs/guides/data_quality.md
flows as (

    select
        'freshness' as category,
        input,
        coalesce(arrival_basis, 'all') as field,
        'age_days' as metric,
        cast(case when is_registered then age_days end as {{ double }}) as value,
        cast(null as {{ dbt.type_bigint() }}) as n,
        'above' as worse_when,
        cast(allowed_age_days as {{ double }}) as threshold_warn,
        cast(stop_age_days as {{ double }}) as threshold_stop,
        1 as min_rows,
        {{ dbt.concat([
            "case when not is_registered then 'the flow is not registered: no expected frequency or age is known' when last_arrival is null"
            ~ " then 'it is not known when rows last arrived' else " ~ dbt.concat([
                "'rows last arrived on '", 'cast(last_arrival as ' ~ text ~ ')', "', '", dbt_segmentation.seg_told_count('age_days'),
                "' days before the as-of date; '", "coalesce(" ~ dbt_segmentation.seg_told_count('allowed_age_days') ~ ", 'any number of')",
                "' days are allowed, updates expected '", "coalesce(update_frequency, 'now and then')"
            ]) ~ ' end', "coalesce(' (owner: ' || owner || ')', '')"
        ]) }} as message,
        case
            when is_registered then how_to_correct
            else 'Add the input to the register of flows (seg_flows_relation), with its owner and the age that you allow.'
        end as how_to_correct
    from {{ ref('int_seg__flow_register') }}

),

ranges as (

    select
        'range' as category,
        input,
        field,
        case when range_number = 1 then 'outside_range' else {{ dbt.concat(["'outside_range_'", dbt_segmentation.seg_told_count('range_number')]) }} end as metric,
        {{ dbt_segmentation.seg_ratio('outside', 'n') }} as value,
        n,
        'above' as worse_when,
        case when severity = 'stop' then null else coalesce(share_allowed, 0) end as threshold_warn,
        case when severity = 'stop' then coalesce(share_allowed, 0) end as threshold_stop,
        1 as min_rows,
        {{ dbt.concat([
            dbt_segmentation.seg_told_count('outside', of='n'), "' values of '", 'field', "' lie outside '",
            "coalesce(" ~ number('minimum', 2) ~ ", 'no minimum')", "' to '", "coalesce(" ~ number('maximum', 2) ~ ", 'no maximum')"
        ]) }} as message,
        how_to_correct
    from {{ ref('int_seg__range_figures') }}

),

counts as (

    {% for bound, worse, words in [('minimum', 'below', 'at least'), ('maximum', 'above', 'at most')] %}
    select
        'counts' as category,
        level as input,
        case when name = '*' then 'all' else name end as field,
        '{{ "count_at_least" if worse == "below" else "count_at_most" }}' as metric,
        cast(n as {{ double }}) as value,
        cast(n as {{ dbt.type_bigint() }}) as n,
        '{{ worse }}' as worse_when,
        case when severity = 'stop' then null else {{ bound }} end as threshold_warn,
        case when severity = 'stop' then {{ bound }} end as threshold_stop,
        0 as min_rows,
        {{ dbt.concat([
            dbt_segmentation.seg_told_count('n'), "case when level in ('sector', 'segment') then ' customers in the ' else ' ' end", 'level',
            "case when name = '*' then '' else ' ' || name end", "'; credible are " ~ words ~ " '", number(bound, 0)
        ]) }} as message,
        how_to_correct
    from {{ ref('int_seg__count_figures') }}
    where {{ bound }} is not null
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

checks as (

    select
        category,
        input,
        field,
        metric,
        value,
        n,
        'above' as worse_when,
        threshold_warn,
        threshold_stop,
        min_rows,
        message,
        how_to_correct
    from {{ ref('int_seg__limited_figures') }}
    union all
    select * from flows
    union all
    select * from ranges
    union all
    select * from counts
    union all
    -- there only where the condition holds
    select
        category,
        input,
        field,
        metric,
        value,
        n,
        'above' as worse_when,
        cast(0 as {{ double }}) as threshold_warn,
        cast(null as {{ double }}) as threshold_stop,
        0 as min_rows,
        message,
        how_to_correct
    from {{ ref('int_seg__segment_figures') }}
    union all
    select
        category,
        input,
        field,
        metric,
        value,
        n,
        'above' as worse_when,
        cast(0 as {{ double }}) as threshold_warn,
        cast(null as {{ double }}) as threshold_stop,
        0 as min_rows,
        message,
        how_to_correct
    from {{ ref('int_seg__scale_figures') }}

),

final as (

    select
        {{ dbt_segmentation.seg_key(['category', 'input', 'field', 'metric']) }} as check_key,
        category,
        input,
        field,
        metric,
        value,
        worse_when,
        threshold_warn,
        threshold_stop,
        n,
        case
            when value is null or coalesce(n, min_rows) < min_rows then 'not_tested'
            when worse_when = 'above' and value > threshold_stop or worse_when = 'below' and value < threshold_stop then 'stop'
            when worse_when = 'above' and value > threshold_warn or worse_when = 'below' and value < threshold_warn then 'warning'
            else 'ok'
        end as verdict,
        message,
        coalesce(how_to_correct, 'No limit is set for this check: add one to seg_quality_limits.') as how_to_correct
    from checks

)

select * from final
