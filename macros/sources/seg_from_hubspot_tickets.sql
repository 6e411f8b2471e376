{#- The support_tickets input from HubSpot's tickets. `associations` is the loader's table of ticket and contact ids
    (ticket_id, contact_id); without it the tickets themselves must name their contacts, as the CSV does in
    Associated Contact IDs. A ticket of several contacts goes to the smallest id, so that it counts once.
    Guide: docs/guides/crm.md -#}
{% macro seg_from_hubspot_tickets(tickets, associations=none, source_system='hubspot') -%}
{%- set found = dbt_segmentation.seg_export_columns(tickets) -%}
{%- set ticket_id = dbt_segmentation.seg_export_column(found, dbt_segmentation._seg_hubspot_names('hs_object_id', 'Ticket ID') + ['id'], must=true) -%}
with

tickets as (

    select * from {{ tickets }}

),

contacts as (
{% if associations %}
    select
        ticket_id,
        min(contact_id) as contact_id
    from {{ associations }}
    group by ticket_id
{% else %}
    select
        {{ ticket_id }} as ticket_id,
        {%- set contact_ids = dbt_segmentation.seg_export_column(found, ['Associated Contact IDs', 'Associated Contact'], must=true) %}
        {{ dbt.split_part('cast(' ~ contact_ids ~ ' as ' ~ dbt.type_string() ~ ')', "';'", 1) }} as contact_id
    from tickets
{% endif %}
),

final as (

    select
        tickets.{{ ticket_id }} as ticket_id,
        '{{ source_system }}' as source_system,
        contacts.contact_id as source_record_id,
        {{ dbt_segmentation.seg_export_column(found, dbt_segmentation._seg_hubspot_names('createdate', 'Create date'), must=true) }} as opened_at,
        {{ dbt_segmentation.seg_export_column(found, dbt_segmentation._seg_hubspot_names('closed_date', 'Close date'), 'timestamp') }} as closed_at,
        {{ dbt_segmentation.seg_export_column(found, dbt_segmentation._seg_hubspot_names('hs_ticket_category', 'Category')) }} as topic,
        {{ dbt_segmentation.seg_export_column(found, dbt_segmentation._seg_hubspot_names('content', 'Ticket description')) }} as text
    from tickets
    left join contacts
        on tickets.{{ ticket_id }} = contacts.ticket_id

)

select * from final
{%- endmacro %}
