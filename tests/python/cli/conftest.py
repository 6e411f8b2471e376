"""A small dbt package with the published names, a consumer project around it, and a build file made by hand."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import yaml

from dbt_segmentation import __version__
from dbt_segmentation.publishing import PUBLISHED_TABLES, STATE_TABLES


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
    return path


@pytest.fixture
def make_build(tmp_path: Path) -> Callable[..., Path]:
    """Write a build file as dbt leaves it: marts, state tables and the run, of one run."""

    def make(name: str = "build.duckdb", run_id: str = "run-1", rows: int = 60, schema: str = "main") -> Path:
        file = tmp_path / name
        with duckdb.connect(str(file)) as connection:
            connection.execute(f"create schema if not exists {schema}; use {schema}")
            for table in PUBLISHED_TABLES:
                connection.execute(
                    f"""
                    create table {table} as
                    select 'c' || (i % 50) as customer_id, i / 7.0 as value, sum(i) over (order by i) as running,
                        case when i % 5 <> 0 then 'seg_00' || i % 3 end as segment_key, '{run_id}' as run_id,
                        date '2017-12-31' as as_of_date
                    from range({rows}) as t (i)
                    order by hash(i)
                    """
                )
                connection.execute(f"comment on table {table} is 'It''s {table}'")
                connection.execute(f"comment on column {table}.value is 'A value; with \"quotes\"'")
            for table in STATE_TABLES:
                connection.execute(
                    f"create table {table} as select '{table}' as name, '{run_id}' as origin, 1.5 as value"
                )
            connection.execute(
                f"create table int_seg__run as select '{run_id}' as run_id, date '2017-12-31' as as_of_date"
            )
        return file

    return make


@pytest.fixture
def consumer(make_consumer: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A consumer project that has never run, as the current directory."""
    project = make_consumer(tmp_path)
    monkeypatch.chdir(project)
    monkeypatch.delenv("DBT_PROFILES_DIR", raising=False)
    return project


@pytest.fixture(scope="session")
def make_consumer() -> Callable[[Path], Path]:
    """Write a consumer project with the package installed by `local:`, small enough to build in seconds."""
    return _make_consumer


def _make_consumer(directory: Path) -> Path:
    package, project = directory / "package", directory / "shop"
    defaults = {
        "seg_publish_dir": "published",
        "seg_reports_dir": "reports/out",
        "seg_language": "en",
        "seg_k_min": 2,
        "seg_reconcile": False,
        "seg_as_of_date": None,
        "seg_known_on": None,
        "seg_snapshot_period": "month",
        "seg_k_max": 10,
        "seg_default_consent": None,
    }
    document = {
        "name": "dbt_segmentation",
        "version": __version__,
        "vars": {"dbt_segmentation": defaults},
        "on-run-start": ["{{ dbt_segmentation.seg_config_check() }}"],
        "models": {"dbt_segmentation": {"+materialized": "table"}},
    }
    write(package / "dbt_project.yml", yaml.safe_dump(document))
    write(
        package / "macros/seg_config_check.sql",
        """
        {% macro seg_config_check() %}
          {% if execute and var('seg_k_min') > var('seg_k_max') %}
            {{ exceptions.raise_compiler_error('seg config: seg_k_min is larger than seg_k_max. Swap them.') }}
          {% endif %}
        {% endmacro %}
        """,
    )
    write(
        package / "models/int_seg__run.sql",
        "select '{{ invocation_id }}' as run_id, date '2017-12-31' as as_of_date",
    )
    for table in PUBLISHED_TABLES:
        write(
            package / f"models/{table}.sql",
            "select i as customer_id, run_id, as_of_date from {{ ref('int_seg__run') }}, range(60) as t (i)",
        )
    for table in STATE_TABLES:
        write(
            package / f"models/{table}.sql",
            """
            {{ config(materialized='incremental', full_refresh=false) }}
            select run_id as first_run_id from {{ ref('int_seg__run') }}
            {% if is_incremental() %} where not exists (select 1 from {{ this }}) {% endif %}
            """,
        )
    write(project / "packages.yml", "packages: [{local: ../package}]")
    write(
        project / "dbt_project.yml", "name: shop\nversion: 1.0.0\nprofile: shop\nmodels: {shop: {+materialized: view}}"
    )
    write(project / "models/shop_sizes.sql", "select count(*) as n from {{ ref('dim_seg__customers') }}")
    write(
        project / "models/_shop.yml",
        """
        models:
          - name: shop_sizes
            columns:
              - name: n
                data_tests:
                  - accepted_values:
                      arguments: {values: ["{{ var('shop_customers', 60) }}"], quote: false}
                      config: {meta: {seg_help: Count the customers again.}}
        """,
    )
    write(
        project / "profiles.yml",
        """
        shop:
          target: dev
          outputs:
            dev: {type: duckdb, path: "{{ env_var('SHOP_DB', 'data/shop.duckdb') }}", threads: 2}
        """,
    )
    (project / "data").mkdir()
    return project
