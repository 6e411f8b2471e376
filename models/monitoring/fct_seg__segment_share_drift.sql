-- One row per snapshot and segment: how its share changed since the snapshot before, split into causes that add up exactly.
{%- set causes = dbt_segmentation.seg_share_causes() %}
{%- set double = dbt_segmentation.seg_type('double') %}
with

share_changes as (

    select * from {{ ref('int_seg__share_changes') }}
    where
        previous_snapshot_date is not null
        and snapshot_period = '{{ dbt_segmentation.seg_var("seg_snapshot_period") }}'

),

run as (

    select * from {{ ref('int_seg__run') }}

),

counted as (

    select
        share_changes.*,
        {%- for cause in causes %}
        sum(share_changes.{{ cause }}) over (partition by share_changes.snapshot_date) as all_{{ cause }},
        {%- endfor %}
        sum(share_changes.customers) over (partition by share_changes.snapshot_date) as all_customers,
        sum(share_changes.previous_customers) over (partition by share_changes.snapshot_date) as all_previous_customers
    from share_changes
    cross join run
    where
        share_changes.snapshot_date = run.as_of_date
        or (share_changes.snapshot_date < run.as_of_date and not share_changes.is_provisional)

),

shares as (

    select
        *,
        cast(customers as {{ double }}) / nullif(all_customers, 0) as share,
        cast(previous_customers as {{ double }}) / nullif(all_previous_customers, 0) as previous_share
    from counted

),

final as (

    select
        shares.snapshot_date,
        shares.previous_snapshot_date,
        shares.segment_key,
        shares.customers,
        shares.previous_customers,
        {%- for cause in causes %}
        shares.{{ cause }},
        {%- endfor %}
        shares.share as customer_share,
        shares.previous_share as previous_customer_share,
        shares.share - shares.previous_share as share_change,
        {%- for cause in causes %}
        {#- whoever comes or goes changes the whole too: their part is what they differ by from what the shares were before #}
        (shares.{{ cause }} - shares.all_{{ cause }} * shares.previous_share) / nullif(shares.all_customers, 0) as share_change_by_{{ cause }},
        {%- endfor %}
        run.run_id,
        run.as_of_date
    from shares
    cross join run

)

select * from final
