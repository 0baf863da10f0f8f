"""The web application put together: shields, routes, pictures and the page around one desk.

    app = create_app(Chatbot.open("shop.db"), People.open("people.db"), WebSettings())

Knows nothing of what passes through.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from chatbot.memory.store import People
from chatbot.web import docs, media, openapi, problems
from chatbot.web.api import status, v1
from chatbot.web.backoffice.admin import admin
from chatbot.web.backoffice.inbox import inbox
from chatbot.web.backoffice.staff import staff
from chatbot.web.desk import Desk
from chatbot.web.door import Door
from chatbot.web.embed import embed
from chatbot.web.gesturing import gestures
from chatbot.web.heads import Heads
from chatbot.web.logs import Journal
from chatbot.web.open.facade import openai
from chatbot.web.open.mcp_server import Endpoint
from chatbot.web.open.openai_errors import OpenAIErrors
from chatbot.web.open.replay import Replay
from chatbot.web.pacing import AddressLimit, Admission, Places, StreamLimit
from chatbot.web.page.starters import Starters
from chatbot.web.pictures import Pictures
from chatbot.web.problems import Problem
from chatbot.web.sessions import sessions
from chatbot.web.shields import BodyLimit, CrossOrigin, KnownOrigin, SecurityHeaders, Unforeseen
from chatbot.web.shop import Assistant, Shop
from chatbot.web.site import Site
from chatbot.web.support.person import person
from chatbot.web.support.returning import pages, returning
from chatbot.web.support.service import Service


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What of the web differs between shops.

    `origins`: other sites that may embed the chat ("https://shop.example"). `pictures`: folders that hold the
    pictures a feed names by relative paths. `page`: serve the chat page at `/` as well as the API.
    """

    origins: tuple[str, ...] = ()
    pictures: tuple[Path, ...] = ()
    page: bool = True
    version: str = ""


def create_app(
    assistant: Assistant, people: People, settings: WebSettings | None = None, site: Site | None = None
) -> FastAPI:
    """The application. It closes `people` when it shuts down; `assistant` is swapped when its catalogue moves. `site`: what
    the shop's own file says of keys, limits and people; its origins without a key are added to those of the settings."""
    settings, site = settings or WebSettings(), site or Site()
    site = replace(site, origins=tuple(dict.fromkeys((*site.origins, *settings.origins))))
    shop = Shop(assistant)
    service = Service(people, shop, site)
    desk = Desk(shop, people, service=service, pictures=Pictures(shop, site.pictures, site.path), name=site.name)
    agents = Endpoint(site.all_origins(), site.hosts)
    app = FastAPI(
        title="Aisle",
        summary="A conversational product recommender",
        description="Open a session, then chat. Errors are RFC 9457 problem documents.",
        version=settings.version or "0",
        docs_url=None,
        redoc_url=None,
        lifespan=_running(desk, service, agents, settings.version),
    )
    app.state.desk = desk
    app.state.replay = Replay()
    app.state.site = site
    app.state.door = Door(people, site)
    app.state.places = Places(site.limits.turns, site.limits.address_turns)
    app.state.service = service
    app.state.staff = service.staff
    app.state.starters = Starters(desk.shop)
    problems.install(app)
    app.include_router(openai)
    app.include_router(sessions)
    app.include_router(person)
    app.include_router(returning)
    app.include_router(gestures)
    app.include_router(v1)
    app.include_router(status)
    app.include_router(embed)
    app.router.routes.append(agents.route())
    app.include_router(pages)
    app.include_router(admin)
    app.include_router(staff)
    app.include_router(inbox)  # the last of /staff: it answers for what is not there
    openapi.install(app)
    _add_documents(app, settings)
    if settings.page:
        from chatbot.web.page.ui import mount_page

        mount_page(app, desk)
    _raise_shields(app, site)
    return app


def warm_up(app: FastAPI) -> None:
    """Make the application ready for its first visitor. Takes some seconds; may run beside the server."""
    desk: Desk = app.state.desk
    desk.shop.warm_up()


def _running(
    desk: Desk, service: Service, agents: Endpoint, version: str
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service.start()
        async with agents.running(desk.shop, version):
            yield
        await run_in_threadpool(service.close)
        desk.people.close()

    return lifespan


def _add_documents(app: FastAPI, settings: WebSettings) -> None:
    """Pictures of the shop, and the description of the API."""

    @app.get(media.MOUNT + "{path:path}", include_in_schema=False)
    def picture(path: str) -> FileResponse:
        file = media.find(path, settings.pictures)
        if file is None:
            raise Problem(404)
        return FileResponse(
            file, media_type=media.TYPES[file.suffix.lower()], headers={"Cache-Control": "max-age=3600"}
        )

    @app.get("/docs", include_in_schema=False)
    def description() -> HTMLResponse:
        return HTMLResponse(docs.page(app.openapi()))

    @app.get("/docs/style.css", include_in_schema=False)
    def style() -> Response:
        return Response(docs.STYLE, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _raise_shields(app: FastAPI, site: Site) -> None:
    """Each later one stands before the earlier."""
    door: Door = app.state.door
    desk: Desk = app.state.desk
    app.add_middleware(Admission, places=app.state.places)
    app.add_middleware(BodyLimit)
    app.add_middleware(StreamLimit, most=site.limits.address_streams)
    app.add_middleware(AddressLimit, buckets=door.rates.address)
    app.add_middleware(KnownOrigin, origins=site.all_origins())
    app.add_middleware(Unforeseen)
    app.add_middleware(
        CrossOrigin,
        allow_origins=site.all_origins(),
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        expose_headers=["Retry-After"],
        max_age=600,
    )
    app.add_middleware(OpenAIErrors)
    app.add_middleware(SecurityHeaders, origins=site.all_origins(), pictures=desk.pictures.hosts)
    app.add_middleware(Heads)
    app.add_middleware(Journal, tell=app.state.desk.metrics.responded)
