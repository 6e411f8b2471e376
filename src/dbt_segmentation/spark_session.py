"""The functions that Spark lacks, registered in the session that dbt's `method: session` works in.

`dbt-segmentation run`, `fit` and `dbt` do this by themselves. Whoever starts dbt from Python calls `register` before:

    spark = SparkSession.builder.enableHiveSupport().getOrCreate()
    register(spark, {"key_file": "/run/secrets/seg_hmac_key"})
    dbtRunner().invoke(["build"])

The functions are those of DuckDB's plugin, behind the same names. They live as long as the session does, and the key is
found as there (see `pseudonyms`): in the environment or in a file, never in SQL, in a setting or in dbt's artefacts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from dbt_segmentation.accents import without_accents
from dbt_segmentation.errors import ConfigError
from dbt_segmentation.phones import phone_e164
from dbt_segmentation.pseudonyms import Texts, pseudonyms, read_key

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Names of settings in the profile's server_side_parameters that are ours: which key, never the key itself
DEMO_KEY_SETTING, KEY_FILE_SETTING = "seg.demo_key", "seg.key_file"
# Without these dates, hours and texts would mean something else than on other engines
NEEDED = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}


def start(parameters: Mapping[str, object]) -> SparkSession:
    """Start the session, or find the one that there is, with what the profile says, and register the functions.

    Parameters
    ----------
    parameters : mapping
        The profile's `server_side_parameters`.

    Returns
    -------
    SparkSession
        The one that dbt will find.

    Raises
    ------
    ConfigError
        If pyspark or Java is missing, or the key can't be read.
    """
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        raise ConfigError(
            "pyspark is not installed. Install the extra: pip install 'dbt-segmentation[spark]'."
        ) from None
    # workers must find this package: not the first `python` on the path
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.enableHiveSupport()
    for name, value in {**NEEDED, "spark.sql.sources.partitionOverwriteMode": "dynamic", **parameters}.items():
        builder = builder.config(name, str(value))
    try:
        spark = builder.getOrCreate()
    except (PySparkRuntimeError, OSError) as error:
        raise ConfigError(
            f"Spark does not start ({str(error).strip().splitlines()[0]}). It needs Java 17 or later: "
            "install it (Debian: openjdk-17-jre-headless), or set JAVA_HOME."
        ) from None
    demo = str(parameters.get(DEMO_KEY_SETTING, "")).lower() == "true"
    register(spark, {"demo_key": demo, "key_file": parameters.get(KEY_FILE_SETTING, "")})
    return spark


def register(spark: SparkSession, config: Mapping[str, object] | None = None) -> None:
    """Register the functions in a session. `seg_hmac` only where there is a key: without one a run stops at its start.

    Parameters
    ----------
    spark : SparkSession
        The session that dbt will work in.
    config : mapping, optional
        `key_file` or `demo_key`, see `pseudonyms.read_key`.

    Raises
    ------
    ConfigError
        If the key can't be read.
    """
    from pyspark.sql.functions import ArrowUDFType, arrow_udf

    functions: dict[str, Callable[..., Texts]] = {
        "seg_phone_e164": phone_e164,
        "seg_strip_accents": without_accents,
    }
    key = read_key(config or {})
    if key is not None:
        functions["seg_hmac"] = partial(pseudonyms, key)
    for name, function in functions.items():
        spark.udf.register(name, arrow_udf(function, "string", ArrowUDFType.SCALAR))
