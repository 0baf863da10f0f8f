"""`aisle serve`: the chat page and the API over a shop, or over several. Puts the parts together; knows nothing of a turn."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

import catalog.demo
from aisle import __version__
from aisle.cli import options
from aisle.cli.address import check_address
from aisle.cli.shops import open_all, read_sites
from aisle.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from chatbot.web.shops import Place
    from chatbot.web.site import Site

SWITCH_S = 0.001
"""How long one thread works while others wait, a fifth of Python's own: the thread that takes requests and refuses those
that are too many is one of them."""

GRACE_S = 3
"""How long turns in the making are waited for on Ctrl-C; open pages hold a connection and would be waited for forever."""


@click.command()
@options.db
@options.llm
@options.llm_use
@options.people
@options.sites
@options.host
@options.port
@options.cards
@options.log
@options.trust_proxy
@options.origins
@click.option(
    "--pictures",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="The folder of pictures that the feed names by relative paths.  [default: pictures, beside the catalogue]",
)
def serve(
    db: Path,
    llm: str,
    llm_use: str,
    people: Path,
    sites: tuple[Path, ...],
    host: str,
    port: int,
    cards: int,
    log: str,
    trust_proxy: str,
    origins: tuple[str, ...],
    pictures: Path | None,
) -> None:
    """Serve the chat page at / and the API at /v1.

    Conversations are kept in the file of --people. A catalogue imported anew is taken up while serving.
    """
    check_address(host, port)
    import uvicorn

    from chatbot.web.logs import configure, requests
    from chatbot.web.shops import Shops

    common = Common(db, people, llm, llm_use, cards, origins, pictures)
    places = open_all(read_sites(sites), common.open)
    opened = [place.app for place in places if place.app]
    if log == "off":
        tell(places, f"http://{host}:{port}")
    else:
        configure("json" if log == "json" else "text")
        requests.info("listening", extra={"told": {"host": host, "port": port}})
    sys.setswitchinterval(SWITCH_S)
    threading.Thread(target=_warm, args=(opened,), daemon=True).start()
    uvicorn.run(
        opened[0] if len(places) == 1 and places[0].everywhere else Shops(places),
        log_config=uvicorn.config.LOGGING_CONFIG if log == "off" else None,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(trust_proxy),
        forwarded_allow_ips=trust_proxy or None,
        timeout_graceful_shutdown=GRACE_S,
    )


def tell(places: Sequence[Place], address: str) -> None:
    """Where each shop is found."""
    for place in places:
        where = place.hosts[0] if place.hosts else address
        name, closed = place.name if len(places) > 1 else "Chat", "" if place.app else " (closed)"
        under = place.path
        click.echo(f"{name} at {where}{under}/ · API at {under}/v1 · described at {under}/docs{closed}", err=True)
    click.echo("Stop with Ctrl-C", err=True)


def _warm(opened: Sequence[FastAPI]) -> None:
    """Beside the server: one shop after the other."""
    from chatbot.web.app import warm_up
    from chatbot.web.settling import settle

    for app in opened:
        warm_up(app)
        app.state.desk.shop.swapped = settle
    settle()


@dataclass(frozen=True, slots=True)
class Common:
    """What a command says of its shop, or for all of several; what a site file says of db, people and llm wins."""

    db: Path
    people: Path
    llm: str = "none"
    llm_use: str = "auto"
    cards: int = 5
    origins: tuple[str, ...] = ()
    pictures: Path | None = None

    def open(self, site: Site) -> FastAPI:
        """The web application of one shop. NoCatalog or StoreError when one of its files is unusable."""
        from chatbot.memory.store import People
        from chatbot.turn import Chatbot
        from chatbot.web.app import WebSettings, create_app

        db = site.db or self.db
        settings = Settings.read()
        site = replace(
            site,
            staff_password=site.staff_password or settings.staff_password,
            keep_days=site.keep_days or settings.keep_days,
        )
        chatbot = Chatbot.open(db, cards=self.cards)
        store = People.open(site.people or self.people)
        model = options.model(site.llm or self.llm, self.llm_use, store.purse, site.tokens_per_day)
        folders = (self.pictures or db.absolute().parent / "pictures", catalog.demo.PICTURES)
        web = WebSettings(self.origins, folders, version=__version__)
        return create_app(chatbot.with_model(model), store, web, site)


def application(
    db: Path,
    people: Path,
    *,
    llm: str = "none",
    llm_use: str = "auto",
    cards: int = 5,
    origins: tuple[str, ...] = (),
    pictures: Path | None = None,
    site: Path | None = None,
) -> FastAPI:
    """The web application over a catalogue and a file of conversations. NoCatalog, StoreError or BadSite when one of the
    files is unusable."""
    from chatbot.web.site import Site

    own = Site.read(site) if site else Site()
    return Common(db, people, llm, llm_use, cards, origins, pictures).open(own)
