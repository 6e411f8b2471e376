{#- The support_tickets input from Salesforce's object Case, by its API names. Cases without a contact are left out: nobody is
    known to have opened them. `satisfaction` names a field of your own, where you have one. Guide: docs/guides/crm.md -#}
{% macro seg_from_salesforce_cases(cases, satisfaction=none, source_system='salesforce') -%}
{%- set found = dbt_segmentation.seg_export_columns(cases) -%}
{{ dbt_segmentation.seg_renamed(cases, {
    'ticket_id': ['Id'],
    'source_record_id': ['ContactId'],
    'opened_at': ['CreatedDate'],
    'closed_at': ['ClosedDate'],
    'topic': ['Reason', 'Type'],
    'satisfaction': [satisfaction or 'Satisfaction__c'],
    'text': ['Description', 'Subject'],
}, must=['ticket_id', 'source_record_id', 'opened_at'] + (['satisfaction'] if satisfaction else []),
    constants={'source_system': "'" ~ source_system ~ "'"},
    where="coalesce(ContactId, '') <> ''"
        ~ (" and " ~ dbt_segmentation._seg_is_kept('IsDeleted') if found is none or 'isdeleted' in found else '')) }}
{%- endmacro %}
