{#- The consents input from Mailchimp's unsubscriptions: each withdraws the consent to e-mail. Guide: docs/guides/email.md -#}
{% macro seg_from_mailchimp_consents(unsubscribes, source_system='mailchimp') -%}
{{ dbt_segmentation.seg_renamed(unsubscribes, {
    'source_record_id': ['email_id'],
    'recorded_at': ['timestamp'],
}, must=['source_record_id', 'recorded_at'], constants={
    'source_system': "'" ~ source_system ~ "'", 'purpose': "'email'", 'status': "'withdrawn'", 'origin': "'mailchimp'",
}) }}
{%- endmacro %}
