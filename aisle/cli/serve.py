"""`aisle serve`: the chat page and the API over one shop. Puts the parts together; knows nothing of a turn."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

import catalog.demo
from aisle import __version__
from aisle.cli import options
from aisle.cli.address import check_address
from aisle.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")

GRACE_S = 3
"""How long turns in the making are waited for on Ctrl-C; open pages hold a connection and would be waited for forever."""


def _origins(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    for origin in given:
        if not _ORIGIN.fullmatch(origin):
            raise click.BadParameter(f"{origin!r} is not an origin like https://shop.example", context, parameter)
    return given


@click.command()
@options.db
@options.llm
@options.llm_use
@options.people
@options.site
@options.host
@options.port
@options.cards
@options.log
@click.option(
    "--embed-origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    callback=_origins,
    help="Another site that may embed the chat; may be given again.",
)
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
    site: Path | None,
    host: str,
    port: int,
    cards: int,
    log: str,
    origins: tuple[str, ...],
    pictures: Path | None,
) -> None:
    """Serve the chat page at / and the API at /v1.

    Conversations are kept in the file of --people. A catalogue imported anew is taken up while serving.
    """
    check_address(host, port)
    import uvicorn

    from chatbot.web.app import warm_up
    from chatbot.web.logs import configure

    app = application(db, people, llm=llm, llm_use=llm_use, cards=cards, origins=origins, pictures=pictures, site=site)
    if log == "off":
        click.echo(f"Chat at http://{host}:{port}/ · API at /v1 · described at /docs · stop with Ctrl-C", err=True)
    else:
        configure("json" if log == "json" else "text")
    threading.Thread(target=warm_up, args=(app,), daemon=True).start()
    uvicorn.run(
        app,
        log_config=uvicorn.config.LOGGING_CONFIG if log == "off" else None,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )


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
    from chatbot.memory.store import People
    from chatbot.turn import Chatbot
    from chatbot.web.app import WebSettings, create_app
    from chatbot.web.site import Site

    own = Site.read(site) if site else Site()
    own = replace(own, staff_password=own.staff_password or Settings.read().staff_password)
    chatbot = Chatbot.open(db, cards=cards)
    store = People.open(people)
    chatbot = chatbot.with_model(options.model(llm, llm_use, store.purse, own.tokens_per_day))
    folders = (pictures or db.absolute().parent / "pictures", catalog.demo.PICTURES)
    return create_app(chatbot, store, WebSettings(origins, folders, version=__version__), own)
