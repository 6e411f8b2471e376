-- Fails for an input whose number of rejected rows differs from the rows listed in fct_seg__rejected_rows.
with

listed as (

    select
        input,
        count(*) as rows_listed
    from {{ ref('fct_seg__rejected_rows') }}
    group by input

)

select
    reconciliation.input,
    reconciliation.rows_rejected,
    listed.rows_listed
from {{ ref('int_seg__input_reconciliation') }} as reconciliation
left join listed
    on reconciliation.input = listed.input
where reconciliation.rows_rejected <> coalesce(listed.rows_listed, 0)
