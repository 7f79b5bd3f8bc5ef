"""When several processes share the tests, each has a database and a var folder of its own.

`manage.py test` has pytest load this before the framework reads its settings (PYTEST_PLUGINS). One process alone
(`manage.py test tests/somewhere`) works on the database that the run itself names.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from launch.testrun import database_of


def move_in(worker: str) -> None:
    """Let everything this process reads of its environment lead to what ``worker`` has to itself."""
    cluster = json.loads(os.environ["FAMILIEFORLOEB_TEST_CLUSTER"])
    cluster["database"] = database_of(worker)
    os.environ["FAMILIEFORLOEB_TEST_CLUSTER"] = json.dumps(cluster)
    for name, url in cluster["urls"].items():
        os.environ[name] = url.replace("{database}", cluster["database"])
    shared = Path(os.environ["FAMILIEFORLOEB_VAR"])
    own = shared.with_name(f"{shared.name}-{worker}")
    shutil.copytree(shared, own)
    os.environ["FAMILIEFORLOEB_VAR"] = str(own)


if "PYTEST_XDIST_WORKER" in os.environ:
    move_in(os.environ["PYTEST_XDIST_WORKER"])
