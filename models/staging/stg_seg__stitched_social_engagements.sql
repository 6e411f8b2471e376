-- One row per row of the social engagements input: whose it is, known handles by rows that name a customer, and since when that is known.
{{ dbt_segmentation.seg_stitched('social_engagements', actor=['network', 'handle'], at='occurred_at', key='engagement_id') }}
