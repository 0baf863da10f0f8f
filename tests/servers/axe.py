"""What axe-core finds on a page. It comes with the widget's tools (npm ci); without them a test says so and is skipped."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "chatbot/web/widget/node_modules/axe-core/axe.min.js"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


def violations(page: Page, rules: tuple[str, ...] = WCAG) -> list[str]:
    """Each broken rule with the first element that breaks it: "color-contrast: .chip"."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make widget brings it")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, { runOnly: rules })", list(rules))
    return [f"{each['id']}: {node['target']}" for each in found["violations"] for node in each["nodes"]]
