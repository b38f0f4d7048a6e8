"""Reads mapping sets with the reference implementation of SSSOM, validates them, and prints what it understood as JSON.

Runs in the environment of ``requirements/sssom.txt``, never in ours. Arguments: the files. Out: an object by file.
"""

# mypy: ignore-errors

from __future__ import annotations

import json
import sys

from sssom.constants import SchemaValidationType
from sssom.parsers import parse_sssom_table
from sssom.validators import validate


def read(path: str) -> dict:
    """Problems, metadata and rows of the mapping set in ``path``."""
    mapping_set = parse_sssom_table(path)
    reports = validate(
        mapping_set,
        validation_types=[
            SchemaValidationType.JsonSchema,
            SchemaValidationType.PrefixMapCompleteness,
            SchemaValidationType.StrictCurieFormat,
        ],
        fail_on_error=False,
    )
    problems = [
        f"{kind.value}: {result.message}"
        for kind, report in reports.items()
        for result in getattr(report, "results", ())
    ]
    rows = json.loads(mapping_set.df.to_json(orient="records"))
    metadata = {name: str(value) for name, value in mapping_set.metadata.items()}
    return {"problems": problems, "metadata": metadata, "rows": rows}


if __name__ == "__main__":
    print(json.dumps({path: read(path) for path in sys.argv[1:]}))
