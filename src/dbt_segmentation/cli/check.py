"""Check the settings of a project without touching its data."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dbt_segmentation.cli.doctor import require_same_version
from dbt_segmentation.cli.invoke import invoke, require_success
from dbt_segmentation.cli.session import Session, dbt_arguments, profile_for


def check(session: Session) -> dict[str, Any]:
    """Check values and conflicts of all vars; opening the session has checked their names.

    The macro that dbt runs at the start of every build does it, against an empty database made for it.

    Raises
    ------
    ConfigError
        With a line for each wrong value.
    """
    require_same_version(session.package)
    with (
        TemporaryDirectory(prefix="dbt_segmentation_") as scratch,
        profile_for(session, Path(scratch) / session.build.name) as profiles,
    ):
        arguments = ["run-operation", "dbt_segmentation.seg_config_check", *dbt_arguments(session, profiles)]
        require_success(invoke(arguments), "the check")
    return {"vars": len(session.vars), "project": str(session.project.file)}
