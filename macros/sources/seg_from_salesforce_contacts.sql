{#- The customers input from Salesforce's object Contact, by its API names, as the weekly export and all loaders give them.
    Records in the recycle bin (IsDeleted) are left out. `accounts` (the object Account) adds company, size and sector.
    Guide: docs/guides/crm.md -#}
{% macro seg_from_salesforce_contacts(contacts, accounts=none, source_system='salesforce') -%}
{%- set found = dbt_segmentation.seg_export_columns(contacts) -%}
with

contacts as (

    select * from {{ contacts }}
    {%- if found is none or 'isdeleted' in found %}
    where {{ dbt_segmentation._seg_is_kept('IsDeleted') }}
    {%- endif %}

),

final as (

    select
        '{{ source_system }}' as source_system,
        contacts.Id as source_record_id,
        {{ dbt_segmentation._seg_first_filled(found, [['MobilePhone'], ['Phone']], 'contacts.') }} as phone,
        {%- for name, candidates in {
            'email': ['Email'], 'first_name': ['FirstName'], 'last_name': ['LastName'],
            'birth_date': ['Birthdate'], 'gender': ['GenderIdentity'], 'address': ['MailingStreet'],
            'postal_code': ['MailingPostalCode'], 'city': ['MailingCity'], 'country_code': ['MailingCountryCode'],
            'occupation': ['Title'], 'latitude': ['MailingLatitude'], 'longitude': ['MailingLongitude'],
            'created_at': ['CreatedDate'], 'updated_at': ['LastModifiedDate', 'SystemModstamp'],
        }.items() if found is none or candidates | map('lower') | select('in', found) | list | length > 0 %}
        contacts.{{ dbt_segmentation.seg_export_column(found, candidates) }} as {{ name }}{{ ',' if not loop.last or accounts }}
        {%- endfor %}
        {%- if accounts %}
        accounts.Name as company_name,
        {%- set of_account = dbt_segmentation.seg_export_columns(accounts) %}
        {{ dbt_segmentation._seg_first_filled(of_account, [['NumberOfEmployees']], 'accounts.') }} as company_size,
        {{ dbt_segmentation._seg_first_filled(of_account, [['Industry']], 'accounts.') }} as sector
        {%- endif %}
    from contacts
    {%- if accounts %}
    left join {{ accounts }} as accounts
        on contacts.AccountId = accounts.Id
    {%- endif %}

)

select * from final
{%- endmacro %}
