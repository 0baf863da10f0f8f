"""The page of `aisle inspect --page`: one file of HTML with its plots as SVG, drawn from templates.

Asks the network for nothing and runs no script, so that it can be mailed, archived and opened under the strictest content
policy. Draws what plots.py worked out; knows no rules of the doctor.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from aisle.catalogue_page import plots
from catalog.doctor import Finding, Survey

_FIRST = 10  # findings shown open; the rest unfold


def page(survey: Survey, findings: Sequence[Finding]) -> str:
    """The whole page as HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    folder = Path(__file__).parent
    style = (folder / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(
        "page.html.j2"
    ).render(
        catalog=survey.catalog,
        today=survey.today.isoformat(),
        style=Markup(style),  # noqa: S704  (our own file, hashed for the policy)
        policy=f"default-src 'none'; style-src 'sha256-{digest}'",
        first=findings[:_FIRST],
        rest=findings[_FIRST:],
        heat=plots.heat_map(survey),
        prices=plots.price_plot(survey),
        bars=plots.vocabulary_bars(survey),
    )
