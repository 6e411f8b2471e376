-- Fails for a living segment that was smaller than seg_min_segment_size when the current model was fitted.
{{ config(meta={'seg_help': 'seg_n_segments asks for more segments than these customers give at seg_min_segment_size each. Lower one of them, or let the policy choose (seg_n_segments: null).'}) }}
select
    segment_key,
    customers_at_fit
from {{ ref('dim_seg__segments') }}
where
    level = 'segment'
    and status = 'active'
    and customers_at_fit < {{ dbt_segmentation.seg_var('seg_min_segment_size') }}
    and (select count(*) from {{ ref('dim_seg__segments') }} where level = 'segment' and status = 'active') > 1
