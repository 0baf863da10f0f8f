"""Many requests in a row to an application in this process, without a server and without a thread for each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
from fastapi import FastAPI

Ask = Callable[..., Awaitable[httpx.Response]]


def asking(app: FastAPI, talk: Callable[[Ask], Awaitable[Any]], **more: Any) -> Any:
    """What `talk` makes of a client's `request`; the application is started and shut down around it."""

    async def run() -> Any:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(app.router.lifespan_context(app))
            transport = httpx.ASGITransport(app, **more)
            client = await stack.enter_async_context(
                httpx.AsyncClient(transport=transport, base_url="http://chat.example")
            )
            return await talk(client.request)

    return asyncio.run(run())
