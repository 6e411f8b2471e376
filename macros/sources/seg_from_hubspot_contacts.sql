{#- The customers input from HubSpot's contacts: the CSV of the contacts page (labels as headings), or the contact table of a
    loader (property names, with or without the prefix property_ or properties_). Times are passed on as they came.
    Guide: docs/guides/crm.md -#}
{% macro seg_from_hubspot_contacts(contacts, source_system='hubspot') -%}
{{ dbt_segmentation.seg_renamed(contacts, {
    'source_record_id': dbt_segmentation._seg_hubspot_names('hs_object_id', 'Record ID') + ['id'],
    'email': dbt_segmentation._seg_hubspot_names('email', 'Email'),
    'first_name': dbt_segmentation._seg_hubspot_names('firstname', 'First Name'),
    'last_name': dbt_segmentation._seg_hubspot_names('lastname', 'Last Name'),
    'birth_date': dbt_segmentation._seg_hubspot_names('date_of_birth', 'Date of birth'),
    'gender': dbt_segmentation._seg_hubspot_names('gender', 'Gender'),
    'address': dbt_segmentation._seg_hubspot_names('address', 'Street Address'),
    'postal_code': dbt_segmentation._seg_hubspot_names('zip', 'Postal Code'),
    'city': dbt_segmentation._seg_hubspot_names('city', 'City'),
    'country_code': dbt_segmentation._seg_hubspot_names('hs_country_region_code', 'Country/Region Code'),
    'occupation': dbt_segmentation._seg_hubspot_names('jobtitle', 'Job Title'),
    'marital_status': dbt_segmentation._seg_hubspot_names('marital_status', 'Marital Status'),
    'language': dbt_segmentation._seg_hubspot_names('hs_language', 'Preferred language'),
    'company_name': dbt_segmentation._seg_hubspot_names('company', 'Company Name'),
    'company_size': dbt_segmentation._seg_hubspot_names('company_size', 'Company size'),
    'sector': dbt_segmentation._seg_hubspot_names('industry', 'Industry'),
    'created_at': dbt_segmentation._seg_hubspot_names('createdate', 'Create Date'),
    'updated_at': dbt_segmentation._seg_hubspot_names('lastmodifieddate', 'Last Modified Date'),
}, must=['source_record_id'], constants={
    'source_system': "'" ~ source_system ~ "'",
    'phone': dbt_segmentation._seg_first_filled(dbt_segmentation.seg_export_columns(contacts), [
        dbt_segmentation._seg_hubspot_names('mobilephone', 'Mobile Phone Number'), dbt_segmentation._seg_hubspot_names('phone', 'Phone Number'),
    ]),
}) }}
{%- endmacro %}


{#- The names of a HubSpot property: as loaders write it, then the heading of the CSV. -#}
{% macro _seg_hubspot_names(property, label) %}
  {{ return([property, 'property_' ~ property, 'properties_' ~ property, label]) }}
{% endmacro %}
