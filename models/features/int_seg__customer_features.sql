-- One row per customer and snapshot: every feature, wide. Numbers are doubles, missing is null, nothing is infinite.
{%- set double = dbt_segmentation.seg_type('double') %}
{#- where the input is given, silence means that no message was sent #}
{%- set no_message = '0' if dbt_segmentation.seg_var('seg_campaign_touches_relation') else 'null' %}
with

customer_snapshots as (

    select * from {{ ref('int_seg__customer_snapshots') }}

),

rfm as (

    select * from {{ ref('int_seg__features_rfm') }}

),

purchase as (

    select * from {{ ref('int_seg__features_purchase') }}

),

category as (

    select * from {{ ref('int_seg__features_category') }}

),

campaign as (

    select * from {{ ref('int_seg__features_campaign') }}

),

joined as (

    select
        customer_snapshots.customer_id,
        customer_snapshots.snapshot_date,
        customer_snapshots.is_as_of,
        customer_snapshots.is_window_complete,
        rfm.recency_days,
        rfm.tenure_days,
        rfm.order_count,
        rfm.revenue,
        rfm.average_order_value,
        rfm.purchase_gap_days,
        rfm.purchase_gap_variation,
        purchase.basket_lines,
        category.category_count,
        category.category_concentration,
        purchase.discount_share,
        purchase.coupon_order_share,
        purchase.private_label_share,
        purchase.weekend_share,
        purchase.morning_share,
        purchase.evening_share,
        coalesce(campaign.messages_sent, {{ no_message }}) as messages_sent,
        coalesce(campaign.messages_converted, {{ no_message }}) as messages_converted,
        campaign.messages_opened,
        campaign.messages_clicked,
        {%- for feature in dbt_segmentation.seg_category_features().values() %}
        category.{{ feature }},
        {%- endfor %}
        {{ dbt_segmentation.seg_ratio('campaign.messages_converted', 'campaign.messages_sent') }} as message_response_rate
    from customer_snapshots
    left join rfm
        on
            customer_snapshots.customer_id = rfm.customer_id
            and customer_snapshots.snapshot_date = rfm.snapshot_date
    left join purchase
        on
            customer_snapshots.customer_id = purchase.customer_id
            and customer_snapshots.snapshot_date = purchase.snapshot_date
    left join category
        on
            customer_snapshots.customer_id = category.customer_id
            and customer_snapshots.snapshot_date = category.snapshot_date
    left join campaign
        on
            customer_snapshots.customer_id = campaign.customer_id
            and customer_snapshots.snapshot_date = campaign.snapshot_date

),

final as (

    select
        customer_id,
        snapshot_date,
        is_as_of,
        is_window_complete,
        {%- for feature in dbt_segmentation.seg_features() %}
        {{ dbt_segmentation.seg_finite('cast(' ~ feature ~ ' as ' ~ double ~ ')') }} as {{ feature }},
        {%- endfor %}
        cast(messages_opened as {{ double }}) as messages_opened,
        cast(messages_clicked as {{ double }}) as messages_clicked
    from joined

)

select * from final
