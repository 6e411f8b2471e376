{#- The consents input from Brevo's webhook events: an unsubscription or a complaint as spam withdraws the consent to e-mail.
    Guide: docs/guides/email.md -#}
{% macro seg_from_brevo_consents(events, source_system='brevo') -%}
with

final as (

    select
        '{{ source_system }}' as source_system,
        {{ dbt_segmentation.seg_email_id('email') }} as source_record_id,
        'email' as purpose,
        'withdrawn' as status,
        {{ dbt_segmentation.seg_epoch_to_timestamp('ts_event', 'second') }} as recorded_at,
        'brevo' as origin
    from {{ events }}
    where replace(lower(event), '_', '') in ('unsubscribe', 'unsubscribed', 'spam') and trim(email) <> ''

)

select * from final
{%- endmacro %}
