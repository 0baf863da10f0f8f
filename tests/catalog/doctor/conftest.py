"""The one fixture of these tests: what a rule finds in a shop of a few rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.doctor import Finding, Rule, Survey
from catalog.ingest import ImportOptions
from tests.catalog.doctor.shops import TODAY, Look, Rows, opened


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """What one rule finds in a shop of these rows."""

    def found(rule: Rule, rows: Rows, options: ImportOptions | None = None) -> list[Finding]:
        return list(rule(Survey(opened(tmp_path, rows, options), TODAY)))

    return found
