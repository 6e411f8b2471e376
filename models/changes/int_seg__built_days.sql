-- One row per input and day: the digest of the rows that features are built from now. Rows `run` and `snapshot` say when, with which
-- settings, and which snapshots are built. Written last: what fails before is built again.
-- depends_on: {{ ref('int_seg__feature_rows') }}
-- depends_on: {% if dbt_segmentation.seg_family_enabled(['rfm']) %}{{ ref('int_seg__rfm_scores') }}{% endif %}
{{ config(**dbt_segmentation.seg_kept(
    "input in ('run', 'snapshot') or "
    ~ dbt_segmentation.seg_is_compared('', "(select b.compared_from from {{ ref('int_seg__feature_build') }} as b)")
)) }}
with

day_digests as (

    select * from {{ ref('int_seg__day_digests') }}

),

snapshots as (

    select * from {{ ref('int_seg__snapshots') }}

),

feature_build as (

    select * from {{ ref('int_seg__feature_build') }}

),

final as (

    select
        input,
        day,
        row_count,
        hash_total,
        cast(null as {{ dbt.type_string() }}) as settings_hash
    from day_digests
    union all
    select
        'snapshot' as input,
        snapshot_date as day,
        cast(null as {{ dbt.type_bigint() }}) as row_count,
        cast(null as decimal(38, 0)) as hash_total,
        cast(null as {{ dbt.type_string() }}) as settings_hash
    from snapshots
    union all
    select
        'run' as input,
        as_of_date as day,
        cast(null as {{ dbt.type_bigint() }}) as row_count,
        cast(null as decimal(38, 0)) as hash_total,
        settings_hash
    from feature_build

)

select * from final
