"""The MCP server at `/mcp`: the catalogue for agents, over streamable HTTP, each request by itself, answers as JSON.

Open to whoever reaches the chat: it tells what the shop's pages tell. A browser's page may ask only from this machine or
from a site that the shop named: a page elsewhere whose name leads here by a trick of DNS is refused. The SDK is loaded
when the server starts. Knows how tools are carried, not what they do (tools.py).
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import anyio.to_thread
from pydantic import BaseModel, ValidationError
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from chatbot.web import problems
from chatbot.web.open import tools
from chatbot.web.reading import read_json
from chatbot.web.shop import Assistant, Shop
from errors import BadCall, CatalogError

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

PATH = "/mcp"
POLICIES = "aisle://policies"
METHODS = ("initialize", "ping", "server/discover", "tools/list", "tools/call", "resources/list", "resources/read")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
INSTRUCTIONS = (
    "The catalogue of one shop. Search it by words and filters, look products up by id, or read one whole. "
    "Amounts are in minor units (2490 USD is 24.90 USD); metadata.price is as on the price tag. "
    "What a record does not state is not known."
)


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what it takes, what it gives, and the function behind it."""

    title: str
    description: str
    takes: type[BaseModel]
    gives: Mapping[str, Any]
    call: Callable[[Assistant, Any, str], dict[str, Any]]


TOOLS: Mapping[str, Tool] = {
    "search_catalog": Tool(
        "Search the catalogue",
        "Find products by words, by filters, or both; only products that meet every filter are returned.",
        tools.SearchCatalog,
        tools.FOUND,
        tools.search_catalog,
    ),
    "lookup_catalog": Tool(
        "Look up products",
        f"The records of up to {tools.MOST} products by their ids, or with one variant's price and stock by the variant's.",
        tools.LookupCatalog,
        tools.RESOLVED,
        tools.lookup_catalog,
    ),
    "get_product": Tool(
        "Get a product",
        "One product whole: all variants with price and stock, and every fact of its record; by the id of a variant, that one.",
        tools.GetProduct,
        tools.GOT,
        tools.get_product,
    ),
}


class Endpoint:
    """Answers at PATH while the application runs. `origins`: sites whose pages may ask; `hosts`: names of this server."""

    def __init__(self, origins: tuple[str, ...], hosts: tuple[str, ...]) -> None:
        self._origins = frozenset(origins)
        self._hosts = frozenset((*hosts, *LOOPBACK))
        self._manager: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self._refused(scope)
        if refused is None:
            body = await Request(scope, receive).body()
            receive, refused = _again(body, receive), _malformed(body)
        await (refused or self._manager.handle_request)(scope, receive, send)

    def _refused(self, scope: Scope) -> Response | None:
        if scope["method"] != "POST":
            return problems.response(405, headers={"Allow": "POST"})
        if not self._trusted(Headers(scope=scope).get("origin")):
            return problems.response(403, "This origin may not use the catalogue.")
        if self._manager is None:
            return problems.response(503, "The server is starting.", {"Retry-After": "1"})
        return None

    def _trusted(self, origin: str | None) -> bool:
        """No page, a page of a known site, or one under a name that is surely ours."""
        try:
            return origin is None or origin in self._origins or urlsplit(origin).hostname in self._hosts
        except ValueError:
            return False

    @asynccontextmanager
    async def running(self, shop: Shop, version: str) -> AsyncIterator[None]:
        """While this lasts, requests are answered. May be entered again after it was left."""
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        manager = StreamableHTTPSessionManager(server(shop, version), json_response=True, stateless=True)
        async with manager.run():
            self._manager = manager
            try:
                yield
            finally:
                self._manager = None

    def route(self) -> Route:
        """The endpoint among an application's routes."""
        return Route(PATH, self, include_in_schema=False)


def _again(body: bytes, rest: Receive) -> Receive:
    """A body that was read already, once more."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return waiting.pop() if waiting else await rest()

    return receive


def _malformed(body: bytes) -> Response | None:
    """The answer to what is no message of JSON-RPC, or asks for what is not there: the SDK's own repeats what was sent."""
    try:
        sent = read_json(body)
    except problems.Problem as problem:
        return _rpc_error(-32700, problem.detail)
    if not (isinstance(sent, dict) and sent.get("jsonrpc") == "2.0" and isinstance(sent.get("method"), str)):
        return _rpc_error(-32600, "The body is no message of JSON-RPC 2.0.")
    if "id" in sent and sent["method"] not in METHODS:  # without an id it is a notification, which nobody answers
        return _rpc_error(-32601, "Method not found", sent["id"], 200)
    return None


def _rpc_error(code: int, message: str, id: object = None, status: int = 400) -> Response:
    known = id if isinstance(id, str | int) else None
    return JSONResponse({"jsonrpc": "2.0", "id": known, "error": {"code": code, "message": message}}, status)


def server(shop: Shop, version: str) -> Server[Any]:
    """The server over a shop, before it is carried by anything."""
    from mcp import MCPError, types
    from mcp.server.lowlevel import Server

    listed = [
        types.Tool(
            name=name,
            title=tool.title,
            description=tool.description,
            input_schema=tool.takes.model_json_schema(),
            output_schema=dict(tool.gives),
            annotations=types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
        )
        for name, tool in TOOLS.items()
    ]

    async def list_tools(context: Any, params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=listed)

    async def call_tool(context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        if params.name not in TOOLS:
            raise MCPError(types.INVALID_PARAMS, "There is no such tool.")
        base = str(context.request.base_url).rstrip("/") if context.request else ""
        good, text, data = await anyio.to_thread.run_sync(_called, shop, TOOLS[params.name], params.arguments, base)
        content: list[types.ContentBlock] = [types.TextContent(type="text", text=text)]
        return types.CallToolResult(content=content, structured_content=data, is_error=not good)

    async def list_resources(context: Any, params: Any) -> types.ListResourcesResult:
        found = types.Resource(
            uri=POLICIES,
            name="policies",
            title="The shop's questions and answers",
            description="Returns, shipping and the like, word for word as the shop wrote them.",
            mime_type="text/markdown",
        )
        return types.ListResourcesResult(resources=[found] if _policies(shop) else [])

    async def read_resource(context: Any, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        text = _policies(shop) if str(params.uri) == POLICIES else ""
        if not text:
            raise MCPError(types.INVALID_PARAMS, "There is no such resource.")
        read = types.TextResourceContents(uri=POLICIES, mime_type="text/markdown", text=text)
        return types.ReadResourceResult(contents=[read])

    return Server(
        "aisle",
        version=version,
        title=shop().catalog.name or "Aisle",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


def _policies(shop: Shop) -> str:
    """What the shop answers about itself, as Markdown; "" where it has imported nothing of the kind."""
    passages = getattr(getattr(shop().catalog, "faq", None), "passages", ())
    return "\n\n".join(
        f"## {p.question}\n\n{p.answer}" + (f"\n\n<{p.url}>" if p.url else "") for p in passages if not p.item
    )


def _called(shop: Shop, tool: Tool, arguments: object, base: str) -> tuple[bool, str, dict[str, Any] | None]:
    """Did it work, the text that says so, and the result as data."""
    try:
        data = tool.call(shop(), tool.takes.model_validate(arguments or {}), base)
    except ValidationError as error:
        return False, tools.trouble(error), None
    except BadCall as error:
        return False, str(error), None
    except CatalogError:
        return False, "The catalogue cannot be read at the moment.", None
    return True, json.dumps(data, ensure_ascii=False), data
