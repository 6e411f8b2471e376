"""One row per address that a geocoder of the user's own was asked for, by keyed hash; none without a geocoder."""

from dbt_segmentation.geocoding import geocoded_addresses


def model(dbt, session):
    addresses = dbt.ref("stg_seg__addresses_to_geocode")
    return geocoded_addresses(
        addresses,
        dbt.config.meta_get("geocoder"),
        dbt.config.meta_get("quota"),
        session,
        str(dbt.this),
    )
