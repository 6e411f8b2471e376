{#- The keys of seg_identity_rules: exact, in the order of their strength: rule -> key over the columns of a CTE like stg_seg__latest_customers; null
    where something that it needs is missing. Two records with an equal key are one person, or one company. A person's first and last
    name are in every key but that of copies, because a household shares the rest. Names of rules are those of the fuzzy ones. -#}
{% macro seg_exact_keys() %}
  {%- set is_company = "(coalesce(customer_type, '') = 'company' or customer_type is null and company_name_key is not null and first_name_key is null and last_name_key is null)" -%}
  {%- set names = ["replace(first_name_key, ' ', '')", "replace(last_name_key, ' ', '')"] -%}
  {%- set company = ["replace(company_name_key, ' ', '')"] -%}
  {#- what forms put in when they have no date -#}
  {%- set birth_date = "case when birth_date not in (cast('1900-01-01' as date), cast('1901-01-01' as date), cast('1970-01-01' as date)) then birth_date end" -%}
  {%- set everything = [
    'email', 'phone', 'first_name_key', 'last_name_key', 'company_name_key', 'address_key', 'postal_code', 'city_key', 'customer_type', 'gender',
    'birth_date',
  ] -%}
  {%- set needed = {
    'exact_record': (everything, ['email'], none),
    'exact_email_name': (names + ['email'], none, false),
    'exact_name_birth_date': (names + [birth_date], none, false),
    'exact_phone_name': (names + ['phone'], none, false),
    'exact_name_address': (names + ['address_key', 'postal_code'], none, false),
    'exact_company_email': (company + ['email'], none, true),
    'exact_company_phone': (company + ['phone'], none, true),
    'exact_company_address': (company + ['address_key', 'postal_code'], none, true),
  } -%}
  {%- set keys = {} -%}
  {%- for rule, (columns, present, of_companies) in needed.items() -%}
    {%- set conditions = [] -%}
    {%- for column in present or columns -%}{%- do conditions.append(column ~ ' is not null') -%}{%- endfor -%}
    {%- if of_companies is not none -%}{%- do conditions.append(is_company if of_companies else 'not ' ~ is_company) -%}{%- endif -%}
    {%- do keys.update({
      rule: 'case when ' ~ conditions | join(' and ') ~ ' then ' ~ dbt_segmentation.seg_key(["'" ~ rule ~ "'"] + columns) ~ ' end'
    }) -%}
  {%- endfor -%}
  {{ return(keys) }}
{% endmacro %}
