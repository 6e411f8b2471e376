-- One row per condition of the segments that is worth an alert: cells too small to publish, features that drift at the as-of date, a model that
-- waits for a verdict, and overrides that mean nothing any more.
{%- set least = dbt_segmentation.seg_var('seg_min_segment_size') %}
with

segment_kpis as (

    select * from {{ ref('fct_seg__segment_kpis') }}
    -- of a part the segment is told
    where level = 'segment'

),

segment_drift as (

    select * from {{ ref('fct_seg__segment_drift') }}
    where snapshot_date = as_of_date and verdict = 'drift'

),

challengers as (

    select * from {{ ref('fct_seg__model_runs') }}
    where status = 'challenger'

),

overrides as (

    select
        problem,
        -- never whose it is, nor what somebody typed: a pin names a customer
        case
            when target = 'customer' then 'customers'
            when {{ dbt_segmentation.seg_matches('target_key', '^seg_[0-9]+([.][0-9]+)*$') }} then target_key
            else 'no segment'
        end as input,
        case when field in ('merged_into', 'approved', 'segment_key', '{{ dbt_segmentation.seg_overridable_texts() | join("', '") }}') then field else 'no field' end as field
    from {{ ref('int_seg__segment_overrides') }}
    where status in ('stale', 'mistaken')

),

small as (

    select
        segment_key,
        min(customers) as smallest,
        count(*) as cells,
        min(snapshot_date) as first_date,
        max(snapshot_date) as last_date
    from segment_kpis
    where is_suppressed
    group by segment_key

),

drifting as (

    select
        segment_key,
        feature,
        count(*) as metrics,
        {{ dbt.listagg("metric || ' ' || " ~ dbt_segmentation.seg_told_number('value') ~ " || ' (' || source || ', limit ' || "
            ~ dbt_segmentation.seg_told_number('threshold') ~ " || ')'", "', '", 'order by source, metric') }} as told
    from segment_drift
    group by segment_key, feature

),

final as (

    select
        'segment size' as category,
        segment_key as input,
        'all' as field,
        'small_cells' as metric,
        cast(cells as {{ dbt_segmentation.seg_type('double') }}) as value,
        cast(smallest as {{ dbt.type_bigint() }}) as n,
        {{ dbt.concat([
            dbt_segmentation.seg_told_count('cells'), "' snapshots of '", 'segment_key', "' have fewer than " ~ least ~ " customers (from '",
            'cast(first_date as ' ~ dbt.type_string() ~ ')', "' to '", 'cast(last_date as ' ~ dbt.type_string() ~ ')',
            "'); their KPIs are not published'"
        ]) }} as message,
        'If the segment keeps shrinking, fit again (seg_refit: always); a segment that is young was small before.' as how_to_correct
    from small
    union all
    select
        'drift' as category,
        segment_key as input,
        feature as field,
        'drift' as metric,
        cast(metrics as {{ dbt_segmentation.seg_type('double') }}) as value,
        cast(null as {{ dbt.type_bigint() }}) as n,
        {{ dbt.concat(['feature', "' of '", "case when segment_key = 'all' then 'everybody' else segment_key end", "' has drifted since the fit: '", 'told']) }} as message,
        'Read fct_seg__segment_drift. A source that changed: correct it. A real change: fit again (seg_refit: always), or wait for seg_refit: auto.' as how_to_correct
    from drifting
    union all
    select
        'model' as category,
        model_version as input,
        'all' as field,
        'challenger' as metric,
        cast(1 as {{ dbt_segmentation.seg_type('double') }}) as value,
        n_rows as n,
        {{ dbt.concat(["'a model fitted on '", 'cast(fitted_as_of_date as ' ~ dbt.type_string() ~ ')', "' was held back: '", 'promotion_reason']) }} as message,
        'Look at dbt-segmentation models compare, then promote or reject it.' as how_to_correct
    from challengers
    union all
    select
        'override' as category,
        input,
        field,
        'override' as metric,
        cast(count(*) as {{ dbt_segmentation.seg_type('double') }}) as value,
        cast(null as {{ dbt.type_bigint() }}) as n,
        {{ dbt.concat([dbt_segmentation.seg_told_count('count(*)'), "' rows of seg_segment_overrides do not count: '", 'min(problem)']) }} as message,
        'Correct the row, or take it back: a later row of the same target, target_key and field without a value.' as how_to_correct
    from overrides
    group by input, field

)

select * from final
