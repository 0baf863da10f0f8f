"""`aisle serve --site A --site B`: one shop or several, each opened by itself. Knows no requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from errors import AisleError, BadSite

if TYPE_CHECKING:
    from chatbot.web.shops import Open, Place
    from chatbot.web.site import Site


def read_sites(files: Sequence[Path]) -> list[Site]:
    """The sites of these files; one without a word where there are none. BadSite also where several
    would share one file of conversations, or do not say which is theirs."""
    from chatbot.web.site import Site

    sites = [replace(site, label=site.name or file.stem) for file in files for site in [Site.read(file)]] or [Site()]
    kept: dict[Path, str] = {}
    for site in sites[: len(sites) if len(sites) > 1 else 0]:
        if site.db is None or site.people is None:
            raise BadSite(
                f"{site.label}: of several shops each says in its site file which db and which people are its own"
            )
        other = kept.setdefault(site.people, site.label)
        if other != site.label:
            raise BadSite(
                f"{other} and {site.label} keep their conversations in one file, {site.people}; give each its own"
            )
    if len({site.label for site in sites}) < len(sites):
        raise BadSite("two shops have one name: give each a name of its own in its site file")
    return sites


def open_all(sites: Sequence[Site], open_one: Open) -> list[Place]:
    """Every shop. Of several one that cannot be opened stays closed and is told of on standard error; the error stands
    where none can."""
    from chatbot.web.shops import Place

    if len(sites) == 1:
        return [Place(open_one(sites[0]), sites[0].label, sites[0].path, sites[0].hosts)]
    places, troubles = [], []
    for site in sites:
        try:
            places.append(Place(open_one(site), site.label, site.path, site.hosts))
        except AisleError as trouble:
            click.echo(f"aisle: {site.label} stays closed: {trouble}", err=True)
            troubles.append(trouble)
            places.append(Place(None, site.label, site.path, site.hosts))
    if len(troubles) == len(sites):
        raise troubles[0]
    return places
