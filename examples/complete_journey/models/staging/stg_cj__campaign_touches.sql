-- One row per household and campaign it received; converted by its first coupon redeemed.
with

campaigns as (

    select * from {{ ref('raw_cj__campaigns') }}

),

campaign_descriptions as (

    select * from {{ ref('raw_cj__campaign_descriptions') }}

),

redemptions as (

    select
        campaign_id,
        household_id,
        min(redemption_date) as first_redeemed_at
    from {{ ref('raw_cj__coupon_redemptions') }}
    group by campaign_id, household_id

),

final as (

    select
        concat(campaigns.campaign_id, '-', campaigns.household_id) as touch_id,
        cast(campaigns.campaign_id as varchar) as campaign_id,
        'loyalty_card' as source_system,
        cast(campaigns.household_id as varchar) as source_record_id,
        -- dates without a time are days of the shop: noon in UTC is the same day there
        campaign_descriptions.start_date + interval 12 hour as sent_at,
        campaign_descriptions.campaign_type,
        redemptions.first_redeemed_at + interval 12 hour as converted_at
    from campaigns
    inner join campaign_descriptions
        on campaigns.campaign_id = campaign_descriptions.campaign_id
    left join redemptions
        on
            campaigns.campaign_id = redemptions.campaign_id
            and campaigns.household_id = redemptions.household_id

)

select * from final
