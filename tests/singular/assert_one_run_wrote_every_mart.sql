-- Fails for a mart whose rows come from another run, or another as-of date, than the one at hand.
-- Warns only: whoever builds a part on purpose may do so, and publishing checks it again.
{{ config(severity='warn', meta={'seg_help': 'Build the whole package before anybody reads the marts: dbt build --select package:dbt_segmentation'}) }}
{%- set marts = [
    'dim_seg__customers', 'dim_seg__segments', 'fct_seg__customer_records', 'fct_seg__record_links', 'fct_seg__identity_changes', 'fct_seg__segment_overrides', 'fct_seg__customer_segments', 'fct_seg__segment_history', 'fct_seg__segment_transitions', 'fct_seg__segment_tree', 'fct_seg__segment_events', 'fct_seg__segment_lineage', 'fct_seg__segment_share_drift', 'fct_seg__backfill_differences',
    'fct_seg__segment_profiles', 'fct_seg__segment_kpis', 'fct_seg__model_runs', 'fct_seg__model_candidates', 'fct_seg__model_comparison', 'fct_seg__segment_drift',
    'fct_seg__rejected_rows', 'fct_seg__data_quality', 'fct_seg__alerts'
] %}
with

stamps as (
    {% for mart in marts %}
    select distinct
        '{{ mart }}' as mart,
        run_id,
        as_of_date
    from {{ ref(mart) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

)

select stamps.*
from stamps
cross join {{ ref('int_seg__run') }} as run
where stamps.run_id <> run.run_id or stamps.as_of_date <> run.as_of_date
