"""Several shops behind one address: which of them a request is for, by the name it was sent to and the path it begins with.

    app = Shops([Place(a, path="/a"), Place(b, hosts=("b.example",))])

Each shop is a whole application with its own catalogue, conversations, secrets and people: a token of one is nothing to
another. Plain ASGI: knows of a shop only where it is reached.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from chatbot.web import problems
from chatbot.web.site import Site
from errors import BadSite


@dataclass(frozen=True, slots=True)
class Place:
    """A shop and where it is reached: under a path ("/a"; "": any), at host names (none: any). `app` None: it cannot be
    opened, and says so to whoever comes."""

    app: FastAPI | None
    name: str
    path: str = ""
    hosts: tuple[str, ...] = field(default=())

    @property
    def everywhere(self) -> bool:
        """Is it reached at every address?"""
        return not (self.path or self.hosts)

    def holds(self, host: str, path: str) -> bool:
        """Is a request of this host and path for this shop?"""
        here = path == self.path or path.startswith(f"{self.path}/")
        return here and (not self.hosts or host in self.hosts)


Open = Callable[[Site], FastAPI]
"""Opens the shop of a site file. AisleError when it cannot."""


class Shops:
    """One application of all. BadSite when two shops are reached in the same way."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = tuple(sorted(places, key=lambda place: (not place.hosts, -len(place.path))))
        _refuse_twins(self.places)
        self._lives = Starlette(lifespan=self._living)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lives(scope, receive, send)
            return
        app = self._answering(scope)
        place = self._place(scope) if scope["type"] in ("http", "websocket") else None
        if place is None or app is not None:
            await (app or problems.response(404, "There is no shop at this address."))(scope, receive, send)
            return
        if place.app is None:
            closed = problems.response(503, "This shop cannot be opened at the moment.", {"Retry-After": "300"})
            await closed(scope, receive, send)
            return
        await place.app(_within(scope, place), receive, send)

    def _place(self, scope: Scope) -> Place | None:
        """The first that holds it: those with hosts stand before the rest, longer paths before shorter."""
        host = _host(Headers(scope=scope).get("host", ""))
        return next((place for place in self.places if place.holds(host, scope["path"])), None)

    def _answering(self, scope: Scope) -> ASGIApp | None:
        """What no shop answers: how the process is, where no shop stands, and a path that lacks its last slash."""
        place = self._place(scope)
        if place is None:
            return {"/healthz": JSONResponse({"status": "ok"}), "/readyz": self._ready()}.get(scope["path"])
        if place.path and scope["path"] == place.path and scope["type"] == "http":
            query = scope["query_string"].decode("latin-1")
            return RedirectResponse(f"{place.path}/{'?' + query if query else ''}", 308)
        if place.path and scope["path"].startswith(f"{place.path * 2}/"):
            return problems.response(404)  # the shop's routes would take its path off once more
        return None

    def _ready(self) -> JSONResponse:
        """Which shops are in service; 503 when none is."""
        states = {place.name: _state(place) for place in self.places}
        return JSONResponse({"shops": states}, 503 if set(states.values()) == {"not"} else 200)

    @asynccontextmanager
    async def _living(self, app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as lives:
            for place in self.places:
                if place.app is not None:
                    await lives.enter_async_context(place.app.router.lifespan_context(place.app))
            yield


def _within(scope: Scope, place: Place) -> Scope:
    """The request as the shop sees it: its own paths, told under which path they stand."""
    if not place.path:
        return scope
    raw = scope.get("raw_path")
    inner = dict(scope) | {
        "path": scope["path"].removeprefix(place.path),
        "root_path": scope.get("root_path", "") + place.path,
    }
    if raw is not None:
        inner["raw_path"] = raw.removeprefix(place.path.encode())
    return inner


def _state(place: Place) -> str:
    return "not" if place.app is None else place.app.state.desk.shop.health().status


def _host(header: str) -> str:
    """The name in a Host header, without its port, in small letters."""
    name = header.strip().lower()
    if name.startswith("["):
        return name.partition("]")[0] + "]"
    return name.partition(":")[0].removesuffix(".")


def _refuse_twins(places: Sequence[Place]) -> None:
    seen: dict[tuple[str, str], str] = {}
    for place in places:
        for host in place.hosts or ("",):
            other = seen.setdefault((host, place.path), place.name)
            if other != place.name:
                where = f"{host}{place.path}" or "every address"
                raise BadSite(
                    f"{other} and {place.name} are both reached at {where}: give each a path or hosts of its own"
                )
