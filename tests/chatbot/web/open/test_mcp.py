"""The MCP server with the SDK's own client over real HTTP: the three tools, what they refuse, and who may ask."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from mcp import Client, MCPError
from mcp.types import CallToolResult
from starlette.testclient import TestClient

from catalog.faq.passage import Passage
from catalog.types import Money, Product, Variant
from chatbot.web.open.mcp_server import TOOLS
from chatbot.web.open.tools import MOST_ALIKE
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.served import serving

PEBBLE = {
    "id": "m-1",
    "title": "Pebble wireless mouse",
    "description": {"plain": ""},
    "categories": [],
    "price_range": {"min": {"amount": 2490, "currency": "USD"}, "max": {"amount": 2490, "currency": "USD"}},
    "options": [{"name": "colour", "values": [{"label": "black"}]}],
    "variants": [
        {
            "id": "m-1-v",
            "title": "black",
            "description": {"plain": "Pebble wireless mouse"},
            "price": {"amount": 2490, "currency": "USD"},
            "availability": {"available": True, "stock": 3},
            "selected_options": [{"name": "colour", "label": "black"}],
        }
    ],
    "rating": {"value": 4.5, "scale_max": 5},
    "metadata": {
        "availability": "in stock",
        "price": "24.90 USD",
        "facts": [
            {"slot": "rating", "value": 4.5},
            {"slot": "availability", "value": "in stock"},
            {"slot": "colour", "value": "black"},
        ],
    },
}


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with serving(app) as address:
        yield address


def within(address: str, work: Callable[[Client], Awaitable[Any]]) -> Any:
    async def connected() -> Any:
        async with Client(f"{address}/mcp") as client:
            return await work(client)

    return asyncio.run(connected())


def call(address: str, tool: str, arguments: dict[str, Any]) -> CallToolResult:
    result = within(address, lambda client: client.call_tool(tool, arguments))
    assert isinstance(result, CallToolResult)
    return result


def test_the_tools_are_listed_with_schemas_and_as_reading_only(address: str) -> None:
    listed = within(address, lambda client: client.list_tools()).tools
    assert [tool.name for tool in listed] == ["search_catalog", "lookup_catalog", "get_product"] == list(TOOLS)
    assert all(tool.annotations.read_only_hint for tool in listed)
    assert [tool.input_schema.get("required", []) for tool in listed] == [[], ["ids"], ["id"]]
    assert [tool.output_schema["required"] for tool in listed] == [
        ["products", "pagination", "messages"],
        ["products", "messages"],
        ["product"],
    ]


def test_search_takes_lines_and_gives_products(address: str) -> None:
    result = call(address, "search_catalog", {"query": "mouse", "filters": ["price <= 25"]})
    base = {"type": "image", "url": f"{address}/media/pictures/pebble.svg", "alt_text": "Pebble wireless mouse"}
    assert result.structured_content == {
        "products": [PEBBLE | {"media": [base]}],
        "pagination": {"total_count": 1, "has_next_page": False},
        "messages": [],
    }


def test_search_takes_the_protocol_s_own_arguments_and_gives_pages(address: str) -> None:
    meta = {"ucp-agent": {"profile": "https://agent.example/profile.json"}}
    seen, cursor = [], None
    for _ in range(3):
        page = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        asked = {"query": "mouse", "filters": {"price": {"max": 3000}}, "pagination": page, "context": {"intent": "x"}}
        found = call(address, "search_catalog", {"meta": meta, "catalog": asked}).structured_content
        seen += [product["id"] for product in found["products"]]
        cursor = found["pagination"].get("cursor")
        if not found["pagination"]["has_next_page"]:
            break
    assert (seen, cursor) == (["m-1", "m/2"], None)


def test_lookup_tells_what_is_not_there(address: str) -> None:
    found = call(address, "lookup_catalog", {"ids": ["m-3", "none", "m-3"]}).structured_content
    assert [product["id"] for product in found["products"]] == ["m-3"]
    assert found["products"][0]["url"] == "https://shop.example/t?a=1&b=2"
    assert found["products"][0]["variants"][0]["inputs"] == [{"id": "m-3", "match": "featured"}]
    assert found["messages"] == [{"type": "info", "code": "not_found", "content": "none"}]


def _shirt(id: str, *variants: tuple[str, float, int, str]) -> Product:
    made = (Variant(v, Money(price, "USD"), stock, {"colour": (colour,)}) for v, price, stock, colour in variants)
    return Product(id, f"Shirt {id}", tuple(made))


SHIRTS = (
    _shirt("s-1", ("red", 20, 3, "red"), ("blue", 22.5, 0, "blue"), ("blue-2", 23, 1, "blue")),
    _shirt("s-2", ("M", 30, 1, "red")),
    _shirt("s-3", ("M", 40, 1, "red"), ("s-3", 41, 1, "blue")),
)
RED = {
    "id": "red",
    "title": "red",
    "description": {"plain": "Shirt s-1"},
    "price": {"amount": 2000, "currency": "USD"},
    "availability": {"available": True, "stock": 3},
    "selected_options": [{"name": "colour", "label": "red"}],
}
BLUE = {
    "id": "blue",
    "title": "blue",
    "description": {"plain": "Shirt s-1"},
    "price": {"amount": 2250, "currency": "USD"},
    "availability": {"available": False, "stock": 0},
    "selected_options": [{"name": "colour", "label": "blue"}],
}
BLUE_2 = BLUE | {
    "id": "blue-2",
    "price": {"amount": 2300, "currency": "USD"},
    "availability": {"available": True, "stock": 1},
}


@pytest.fixture
def shirts(address: str, assistant: FakeAssistant) -> str:
    assistant.catalog.products = SHIRTS
    return address


def test_a_variant_is_looked_up_by_its_own_id_with_its_price_and_stock(shirts: str) -> None:
    found = call(shirts, "lookup_catalog", {"ids": ["blue", "s-1", "red", "blue", "green"]}).structured_content
    (product,) = found["products"]
    assert (product["id"], product["price_range"]["max"]) == ("s-1", {"amount": 2300, "currency": "USD"})
    assert product["variants"] == [
        RED | {"inputs": [{"id": "s-1", "match": "featured"}, {"id": "red", "match": "exact"}]},
        BLUE | {"inputs": [{"id": "blue", "match": "exact"}]},
    ]
    assert found["messages"] == [{"type": "info", "code": "not_found", "content": "green"}]


def test_an_id_that_variants_of_several_products_have_names_them_all(shirts: str) -> None:
    found = call(shirts, "lookup_catalog", {"ids": ["M", "s-3"]}).structured_content
    assert [(p["id"], [(v["id"], v["inputs"]) for v in p["variants"]]) for p in found["products"]] == [
        ("s-2", [("M", [{"id": "M", "match": "exact"}])]),
        ("s-3", [("M", [{"id": "M", "match": "exact"}, {"id": "s-3", "match": "featured"}])]),
    ]
    refused = call(shirts, "get_product", {"id": "M"})
    told = "Variants of several products have this id: name the product's."
    assert (refused.is_error, [getattr(c, "text", "") for c in refused.content]) == (True, [told])


def test_of_many_products_with_a_variant_of_one_id_some_are_given(address: str, assistant: FakeAssistant) -> None:
    assistant.catalog.products = tuple(_shirt(f"s-{n}", ("M", n, 1, "red")) for n in range(MOST_ALIKE + 3))
    found = call(address, "lookup_catalog", {"ids": ["M"]}).structured_content
    assert [product["id"] for product in found["products"]] == [f"s-{n}" for n in range(MOST_ALIKE)]


@pytest.mark.parametrize(
    ("id", "selected", "variants"),
    [
        ("s-1", None, [RED, BLUE, BLUE_2]),
        ("blue-2", [{"name": "colour", "label": "blue"}], [BLUE_2, BLUE]),
        ("red", [{"name": "colour", "label": "red"}], [RED]),
    ],
)
def test_a_product_comes_by_the_id_of_a_variant_with_that_one_first(
    shirts: str, id: str, selected: object, variants: list[object]
) -> None:
    product = call(shirts, "get_product", {"catalog": {"id": id}}).structured_content["product"]
    assert (product["id"], product.get("selected"), product["variants"]) == ("s-1", selected, variants)
    assert product["options"] == [{"name": "colour", "values": [{"label": "red"}, {"label": "blue"}]}]


def test_a_product_comes_whole_and_without_addresses_that_may_not_be_followed(address: str) -> None:
    product = call(address, "get_product", {"catalog": {"id": "m/2"}}).structured_content["product"]
    assert (product["id"], product["media"], "url" in product) == ("m/2", [], False)


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("get_product", {"id": "secret"}, "There is no product with this id, and no variant."),
    ("get_product", {}, "id is missing."),
    ("get_product", {"id": ["secret"]}, "id cannot be used: see the tool’s input schema."),
    ("lookup_catalog", {"ids": []}, "ids cannot be used: see the tool’s input schema."),
    ("lookup_catalog", {"ids": ["x"] * 51}, "ids cannot be used: see the tool’s input schema."),
    ("search_catalog", {}, 'Say what to look for: a query, or filters such as "price <= 30".'),
    ("search_catalog", {"filters": ["secret"]}, 'A filter is not SLOT OP VALUE, such as "price <= 30".'),
    ("search_catalog", {"filters": ["price <= secret"]}, "A filter with < or > needs a number."),
    ("search_catalog", {"filters": ["secret = 1"]}, "A filter names a slot that this catalogue does not have. It has: price, brand."),
    ("search_catalog", {"filters": ["notes = secret"]}, "A filter names a slot that cannot be filtered by."),
    ("search_catalog", {"query": "x", "limit": 0}, "limit cannot be used: see the tool’s input schema."),
    ("search_catalog", {"query": "x", "cursor": "-1"}, "The cursor is none that this catalogue gave."),
    ("search_catalog", {"secret": "x", "query": 5}, "query cannot be used: see the tool’s input schema."),
]  # fmt: skip


def test_what_cannot_be_done_is_a_tool_s_error_in_one_sentence(address: str) -> None:
    async def each(client: Client) -> list[CallToolResult]:
        return [await client.call_tool(tool, arguments) for tool, arguments, _ in REFUSED]

    results = within(address, each)
    assert [[getattr(said, "text", "") for said in result.content] for result in results] == [[r[2]] for r in REFUSED]
    assert {(result.is_error, result.structured_content) for result in results} == {(True, None)}


def test_a_tool_that_is_not_there_is_the_protocol_s_error(address: str) -> None:
    async def refused(client: Client) -> str:
        try:
            await client.call_tool("drop_catalog", {})
        except MCPError as error:
            return error.message
        return ""

    assert within(address, refused) == "There is no such tool."


LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
ACCEPT = {"Accept": "application/json, text/event-stream"}


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        (None, "chat.example", 200),  # no page
        ("https://shop.example", "chat.example", 200),  # a site that may embed the chat
        ("http://localhost:9000", "localhost:9000", 200),
        ("http://evil.example", "evil.example", 403),  # a name turned to this machine by a trick of DNS
        ("https://evil.example", "127.0.0.1:8000", 403),
        ("null", "127.0.0.1:8000", 403),
        ("http://[", "127.0.0.1:8000", 403),
    ],
)
def test_pages_of_other_names_may_not_ask(client: TestClient, origin: str | None, host: str, status: int) -> None:
    headers = ACCEPT | {"Host": host} | ({"Origin": origin} if origin else {})
    assert client.post("/mcp", json=LIST, headers=headers).status_code == status


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 5_000, b'{"jsonrpc":"2.0","id":1,"method":NaN}']
)
def test_what_is_no_message_is_refused_without_an_echo(client: TestClient, body: bytes) -> None:
    answer = client.post("/mcp", content=body, headers=ACCEPT | {"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) in ((400, -32700), (400, -32600))


def test_only_messages_are_taken(client: TestClient) -> None:
    answers = [client.request(method, "/mcp", headers=ACCEPT) for method in ("GET", "DELETE", "PUT", "PATCH")]
    assert [(answer.status_code, answer.headers["allow"]) for answer in answers] == [(405, "POST")] * 4


def test_before_the_server_runs_it_says_so(app: FastAPI) -> None:
    answer = TestClient(app).post("/mcp", json=LIST, headers=ACCEPT)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def test_it_asks_the_catalogue_that_is_served_now(address: str, assistant: FakeAssistant) -> None:
    before = call(address, "get_product", {"id": "m-1"}).is_error
    assistant.catalog.products = assistant.catalog.products[1:]
    assert (before, call(address, "get_product", {"id": "m-1"}).is_error) == (False, True)


def test_commands_do_not_load_the_sdk() -> None:
    loaded = "import sys, aisle.cli, chatbot.web.open.mcp_server; sys.exit('mcp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded]).returncode == 0


def test_the_shop_s_own_answers_are_a_resource(address: str, assistant: FakeAssistant) -> None:
    async def told(client: Client) -> tuple[list[str], list[str]]:
        listed = (await client.list_resources()).resources
        texts = [getattr(c, "text", "") for r in listed for c in (await client.read_resource(str(r.uri))).contents]
        return [str(resource.uri) for resource in listed], texts

    assert within(address, told) == ([], [])
    returns = Passage("May I return it?", "Within 30 days.", "help.md", "https://shop.example/returns")
    of_an_item = Passage("Is it loud?", "No.", "help.md", item="m-1")
    assistant.catalog.faq = SimpleNamespace(passages=(returns, of_an_item))  # type: ignore[attr-defined]
    text = "## May I return it?\n\nWithin 30 days.\n\n<https://shop.example/returns>"
    assert within(address, told) == (["aisle://policies"], [text])


def test_a_method_that_is_not_there_is_not_repeated(client: TestClient) -> None:
    told = [
        client.post("/mcp", json={"jsonrpc": "2.0", "id": id, "method": method}, headers=ACCEPT)
        for id, method in ((7, "secret/thing"), ("a", "prompts/list"), ({"secret": 1}, "secret/thing"))
    ]
    assert [(answer.status_code, answer.json()) for answer in told] == [
        (200, {"jsonrpc": "2.0", "id": id, "error": {"code": -32601, "message": "Method not found"}})
        for id in (7, "a", None)
    ]
    assert client.post("/mcp", json={"jsonrpc": "2.0", "method": "notifications/x"}, headers=ACCEPT).status_code == 202
