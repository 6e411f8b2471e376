{#- The id under which an e-mail tool's exports are joined: MD5 of the address in lower case, which is Mailchimp's own subscriber
    id. It keeps addresses out of later tables, and is no anonymisation: whoever has an address can compute it. -#}
{% macro seg_email_id(email) -%}
  {{ dbt.hash("lower(trim(" ~ email ~ "))") }}
{%- endmacro %}
