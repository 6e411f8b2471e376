-- One row per statement in the consent ledger: our names, trimmed and read, nothing dropped.
with

source as (

    select * from {{ dbt_segmentation.seg_input('consents') }}

),

given as (

    select
        {{ dbt_segmentation.seg_input_given('consents') }}
    from source

),

labelled as (

    select
        given.*,
        {{- dbt_segmentation.seg_label_columns('consents') }}
    from given
    {{- dbt_segmentation.seg_label_joins('consents') }}

),

final as (

    select
        {{ dbt_segmentation.seg_input_select('consents') }}
    from labelled

)

select * from final
