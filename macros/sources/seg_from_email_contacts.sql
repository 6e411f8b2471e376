{#- The customers input from an e-mail tool's list of contacts, so that its messages meet the person they were sent to: identity
    links this record with the CRM's by the e-mail. Reads Brevo's contact export (headings EMAIL, FIRSTNAME or PRENOM, ...)
    and Mailchimp's audience (CSV headings or API names). Guide: docs/guides/email.md -#}
{% macro seg_from_email_contacts(contacts, source_system) -%}
{%- set found = dbt_segmentation.seg_export_columns(contacts) -%}
{%- set email = dbt_segmentation.seg_export_column(found, ['email', 'email_address', 'Email Address', 'e-mail'], must=true) -%}
{{ dbt_segmentation.seg_renamed(contacts, {
    'email': ['email', 'email_address', 'Email Address', 'e-mail'],
    'phone': ['sms', 'phone', 'Phone Number'],
    'first_name': ['firstname', 'prenom', 'fname', 'merge_fields_fname', 'First Name'],
    'last_name': ['lastname', 'nom', 'lname', 'merge_fields_lname', 'Last Name'],
    'language': ['language'],
    'created_at': ['created_at', 'createdat', 'added_time', 'timestamp_opt', 'OPTIN_TIME', 'CONFIRM_TIME'],
    'updated_at': ['modified_at', 'modifiedat', 'last_changed', 'LAST_CHANGED'],
}, constants={
    'source_system': "'" ~ source_system ~ "'",
    'source_record_id': dbt_segmentation.seg_email_id(email),
}, where="trim(" ~ email ~ ") <> ''") }}
{%- endmacro %}
