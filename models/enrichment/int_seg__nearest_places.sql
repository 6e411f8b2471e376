-- One row per pair of coordinates that customers have: the nearest place and how far it is.
-- Places are compared per cell of half a degree first: one that is 80 km farther from the cell's middle than the nearest can't be the nearest
-- to any point in it (triangle inequality: no point of a cell is 40 km from its middle). A point then meets a handful of places.
with

points as (

    select distinct
        latitude,
        longitude,
        floor(latitude * 2) as cell_row,
        floor(longitude * 2) as cell_column
    from {{ ref('int_seg__customer_coordinates') }}
    where latitude is not null

),

places as (

    select * from {{ ref('int_seg__places') }}

),

cells as (

    select distinct
        cell_row,
        cell_column
    from points

),

cell_places as (

    select
        cells.cell_row,
        cells.cell_column,
        places.place_id,
        places.latitude,
        places.longitude,
        places.weight,
        {{ dbt_segmentation.seg_distance_km(
            '(cells.cell_row / 2 + 0.25)', '(cells.cell_column / 2 + 0.25)', 'places.latitude', 'places.longitude'
        ) }} as distance_km
    from cells
    cross join places

),

candidates as (

    select
        *,
        min(distance_km) over (partition by cell_row, cell_column) as nearest_km
    from cell_places

),

distances as (

    select
        points.latitude,
        points.longitude,
        candidates.place_id,
        candidates.weight,
        {{ dbt_segmentation.seg_rounded(dbt_segmentation.seg_distance_km(
            'points.latitude', 'points.longitude', 'candidates.latitude', 'candidates.longitude'
        ), 1) }} as distance_km
    from points
    inner join candidates
        on
            points.cell_row = candidates.cell_row
            and points.cell_column = candidates.cell_column
            and candidates.distance_km <= candidates.nearest_km + 80

),

ranked as (

    select
        *,
        row_number() over (
            partition by latitude, longitude
            order by distance_km asc, weight desc nulls last, place_id asc
        ) as rank_of_place
    from distances

),

final as (

    select
        latitude,
        longitude,
        place_id,
        distance_km
    from ranked
    where rank_of_place = 1

)

select * from final
