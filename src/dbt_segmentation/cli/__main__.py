"""`python -m dbt_segmentation.cli`, for where scripts are not on the path."""

from dbt_segmentation.cli.main import main

if __name__ == "__main__":
    main(prog_name="dbt-segmentation")
