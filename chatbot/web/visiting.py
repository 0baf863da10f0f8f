"""What every route needs of a request: the desk, the door, whose token it carries, and a body that is strict JSON.

    @router.get("/v1/something")
    def something(desk: AtDesk, visitor: Visitor) -> Any: ...

Knows nothing of what the routes do.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from chatbot.memory.records import Session
from chatbot.web.desk import Desk
from chatbot.web.door import Door, origin_of
from chatbot.web.page.starters import Starters
from chatbot.web.reading import StrictRequest
from chatbot.web.tokens import Pass


class StrictRoute(APIRoute):
    """A route that reads its body as strict JSON."""

    def get_route_handler(self) -> Any:
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return strictly


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


async def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


async def _origin(request: Request) -> str | None:
    return origin_of(request.headers)


async def _starters(request: Request) -> Starters:
    starters: Starters = request.app.state.starters
    return starters


AtDesk = Annotated[Desk, Depends(_desk)]
AtDoor = Annotated[Door, Depends(_door)]
Examples = Annotated[Starters, Depends(_starters)]
Origin = Annotated[str | None, Depends(_origin)]
"""The other site whose page asks; None for our own page and for who is no page."""


async def _passed(door: AtDoor, origin: Origin, authorization: Annotated[str, Header()] = "") -> Pass:
    """What the request's token says, before anything is looked up: 401, 403 or 429 without a good one."""
    return door.passed(authorization, origin)


Passed = Annotated[Pass, Depends(_passed)]


async def _visitor(door: AtDoor, given: Passed) -> Session:
    return await run_in_threadpool(door.session, given)


Visitor = Annotated[Session, Depends(_visitor)]
"""Whose token the request carries; 401 without one."""
