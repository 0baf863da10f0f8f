"""Requests generated from the OpenAPI document, valid and not: no 5xx, and every answer as the document says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from chatbot.memory.store import People
from chatbot.web.app import WebSettings, create_app
from tests.chatbot.web.fakes import FakeAssistant
from tests.chatbot.web.sites import SITE

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ENDLESS = "/v1/sessions/current/updates"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with People.open(tmp_path_factory.mktemp("generated") / "people.db") as people:
        app = create_app(FakeAssistant(), people, WebSettings(page=False), SITE)
        with TestClient(app):
            yield app


QUIETLY = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


def _headers(app: FastAPI) -> dict[str, str]:
    """Of a fresh session: requests to another operation may have deleted the one before."""
    opened = TestClient(app).post("/v1/sessions").json()
    return {"Authorization": f"Bearer {opened['token']}"}


@pytest.mark.parametrize("examples", [2, pytest.param(100, marks=pytest.mark.hostile)])
def test_generated_requests_are_answered_as_described(served: FastAPI, examples: int) -> None:
    schema = schemathesis.openapi.from_asgi("/openapi.json", served)
    asked = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if operation.path != ENDLESS:
            right = _asked(operation, GenerationMode.POSITIVE, _headers(served), examples)
            assert right > 0, operation.label
            asked += right + _asked(operation, GenerationMode.NEGATIVE, _headers(served), examples)
    assert asked > 25 * examples


def _asked(operation: Any, mode: GenerationMode, headers: dict[str, str], examples: int) -> int:
    """How many requests of an operation were made, each answered as it should be; 0 where nothing of it can be wrong."""
    made = []

    @settings(QUIETLY, max_examples=examples)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)
        made.append(case)

    try:
        ask()
    except Unsatisfiable:
        assert mode == GenerationMode.NEGATIVE
    return len(made)
