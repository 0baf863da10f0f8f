"""The OpenAI-compatible façade: `GET /v1/models` and `POST /v1/chat/completions`, for clients that exist already.

The client keeps the dialogue and sends all of its messages each time; nothing of it is stored here (replay.py). Only the
shopper's own words steer the assistant: system and developer messages are accepted and not followed. The answer is
Markdown; the whole Turn stands beside it as `aisle`. Reads requests and writes answers; decides nothing.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import closing
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Depends, Header, Request
from pydantic import AfterValidator, BaseModel, Field, field_validator
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from chatbot.events import Event, Finished
from chatbot.titles import title_in
from chatbot.web import logs, problems, sse
from chatbot.web.desk import Desk, Sent
from chatbot.web.door import spend
from chatbot.web.making import Making
from chatbot.web.open import markdown
from chatbot.web.open.openai_errors import shape
from chatbot.web.open.replay import Message, Replay, after
from chatbot.web.open.toll import Toll
from chatbot.web.pacing import network
from chatbot.web.problems import Problem
from chatbot.web.reading import TEXT_LIMIT, plain
from chatbot.web.schemas import ref
from chatbot.web.visiting import AtDesk, AtDoor, StrictRoute
from chatbot.web.words import language_of
from chatbot.wire import turn_to_json
from errors import AisleError, TurnLeft
from llm.types import Call

MODEL = "aisle"
MOST_MESSAGES = 400
MOST_TURNS = 60
"""Messages of the shopper in one dialogue: each may have to be replayed."""

logger = logging.getLogger(__name__)

Text = Annotated[str, AfterValidator(plain)]
Json = dict[str, Any]


class Part(BaseModel):
    """A piece of a message."""

    type: Text = Field(examples=["text"])
    text: Text | None = None


class ChatMessage(BaseModel):
    """A message of the dialogue so far. Only those of `user` are read as the shopper's words."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[Part] | None = None

    def words(self) -> str:
        """The message's text. Problem 400 where the shopper sent something else than text."""
        if not isinstance(self.content, list):
            return self.content or ""
        if self.role == "user" and any(part.text is None for part in self.content):
            raise Problem(400, "Only text can be read: a part of a message is something else.")
        return "\n".join(part.text for part in self.content if part.text)


class StreamOptions(BaseModel):
    include_usage: bool = False


class Completion(BaseModel):
    """What a client of OpenAI's chat completions sends. What is not named here is accepted and not heeded."""

    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=MOST_MESSAGES)]
    model: Text = MODEL
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None

    @field_validator("n")
    @classmethod
    def _one(cls, n: int | None) -> int | None:
        if n not in (None, 1):
            raise ValueError("must be 1: there is one answer to a message")
        return n

    def dialogue(self) -> list[Message]:
        """The shopper's messages and the answers between them; the last is the one to answer."""
        spoken = [m for m in self.messages if m.role in ("user", "assistant")]
        said = [Message(cast(Literal["user", "assistant"], m.role), m.words()) for m in spoken]
        said = [m for m in said if m.role == "user" or m.text]
        if not said or said[-1].role != "user":
            raise Problem(400, "The last message must be the user's.")
        theirs = [m.text for m in said if m.role == "user"]
        if len(theirs) > MOST_TURNS:
            raise Problem(400, f"A dialogue may have at most {MOST_TURNS} messages of the user: begin a new one.")
        if not all(text.strip() and len(text) <= TEXT_LIMIT for text in theirs):
            raise Problem(400, f"A message of the user must have 1 to {TEXT_LIMIT} characters.")
        return said


def _shop(door: AtDoor, authorization: Annotated[str, Header()] = "") -> None:
    """Who may call: anyone, or where the site has keys with secrets, who shows one; 401 and 429 for the rest."""
    key = door.shop_key(authorization)
    if key:
        spend(door.rates.key, key.key)


_SHAPED = {"content": {"application/json": {"schema": ref("OpenAIError")}}}
PROBLEMS: dict[int | str, Json] = {
    "4XX": {"description": "Not done, and why, in OpenAI's shape.", **_SHAPED},
    "503": {"description": "Not possible at the moment; `Retry-After` says when to ask again.", **_SHAPED},
}
openai = APIRouter(route_class=StrictRoute, responses=PROBLEMS, dependencies=[Depends(_shop)])


def _replay(request: Request) -> Replay:
    replay: Replay = request.app.state.replay
    return replay


@openai.get("/v1/models")
def models() -> Any:
    """The one model there is."""
    return {"object": "list", "data": [_model()]}


@openai.get("/v1/models/{model}")
def model(model: str) -> Any:
    """The one model there is, by its name."""
    if model != MODEL:
        raise Problem(404, "There is no such model; GET /v1/models names the one there is.")
    return _model()


@openai.post("/v1/chat/completions")
def complete(
    request: Request,
    desk: AtDesk,
    door: AtDoor,
    replay: Annotated[Replay, Depends(_replay)],
    asked: Completion,
    accept_language: Annotated[str, Header()] = "",
) -> Any:
    """Answer the last message of a dialogue that the client keeps."""
    call = Call()
    name = f"chatcmpl-{secrets.token_urlsafe(18)}"
    pay = Toll(door.rates.address, network(request.client.host if request.client else ""))
    events = _answer(desk, replay, asked.dialogue(), accept_language, name, call, pay)
    return Completing(Making(events, call, desk.threads), asked, name)


def _answer(
    desk: Desk, replay: Replay, said: list[Message], locale: str, name: str, call: Call, pay: Toll
) -> Generator[Sent]:
    """`turn.start`, then `turn.end` with the Turn, and its text in `pieces`."""
    assistant = desk.shop()
    language = language_of(locale or assistant.catalog.language)
    state, key = replay.state(assistant, said[:-1], language, call, pay)
    yield Sent("turn.start", {})
    events = cast(Generator[Event], assistant.turn(state, said[-1].text, call))
    with closing(events), desk.metrics.watching():
        for event in events:
            if call.cancel.is_set():
                raise TurnLeft("the turn was left before its end")
            if isinstance(event, Finished):
                turn = turn_to_json(event.turn, name, assistant.catalog.currency)
                turn["suggestions"] = [desk.card(card) for card in turn["suggestions"]]
                items = turn["table"]["items"] if turn["table"] else ()
                titles = {p.id: title_in(event.turn.language, p) for p in assistant.catalog.get(tuple(items))}
                pieces = list(markdown.pieces(turn, titles))
                asked = after(key, said[-1])
                replay.keep(asked, event.state)
                replay.keep(after(asked, Message("assistant", "\n\n".join(pieces))), event.state)
                desk.metrics.answered(event.turn)
                logs.turned(event.turn, name)
                yield Sent("turn.end", {"turn": turn, "pieces": pieces})


class Completing(Response):
    """The answer to a completion, made while it is sent: whole, or in chunks."""

    def __init__(self, making: Making[Sent], asked: Completion, name: str) -> None:
        super().__init__()
        self._making = making
        self._asked = asked
        self._head: Json = {"id": name, "object": "", "created": int(time.time()), "model": MODEL}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._making.left_by(receive):
            if self._asked.stream:
                written = self._lines(await self._making.next())
                streaming = StreamingResponse(written, media_type=sse.MEDIA_TYPE, headers=sse.HEADERS)
                await streaming.stream_response(send)
            else:
                made = await self._making.last()
                await JSONResponse(self._whole(made.data))(scope, receive, send)

    def _whole(self, made: Json) -> Json:
        turn = made["turn"]
        message = {"role": "assistant", "content": "\n\n".join(made["pieces"]), "refusal": None, "aisle": turn}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return self._head | {"object": "chat.completion", "choices": [choice], "usage": usage(turn)}

    async def _lines(self, first: Sent | None) -> AsyncGenerator[str]:
        """Chunks, and the word that ends them. Trouble in the middle is an error that ends them, too."""
        yield self._chunk({"role": "assistant", "content": ""})
        end = await self._end(first)
        if end.name == "error":
            yield _data(end.data)
            return
        turn = end.data["turn"]
        for number, piece in enumerate(end.data["pieces"]):
            yield self._chunk({"content": f"\n\n{piece}" if number else piece})
        yield self._chunk({"aisle": turn}, "stop")
        if self._asked.stream_options and self._asked.stream_options.include_usage:
            yield _data(self._head | {"object": "chat.completion.chunk", "choices": [], "usage": usage(turn)})
        yield "data: [DONE]\n\n"

    async def _end(self, event: Sent | None) -> Sent:
        try:
            while event is not None and event.name != "turn.end":
                event = await self._making.next()
        except AisleError as error:
            problem = problems.of(error)
            return Sent("error", shape(problem.status_code, problems.document(problem.status_code, problem.detail)))
        except Exception:
            logger.exception("a turn broke off")
            return Sent("error", shape(500, problems.document(500, problems.UNFORESEEN)))
        return event or Sent("error", shape(500, problems.document(500, problems.UNFORESEEN)))

    def _chunk(self, delta: Json, finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        chunk = self._head | {"object": "chat.completion.chunk", "choices": [choice]}
        if self._asked.stream_options and self._asked.stream_options.include_usage:
            chunk |= {"usage": None}
        return _data(chunk)


def usage(turn: Json) -> Json:
    """The tokens that a model was asked for in this turn; none where there is no model."""
    tokens = turn["tokens"]
    return {
        "prompt_tokens": tokens["prompt"],
        "completion_tokens": tokens["completion"],
        "total_tokens": tokens["prompt"] + tokens["completion"],
        "prompt_tokens_details": {"cached_tokens": tokens["cached"]},
    }


def _model() -> Json:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": "aisle"}


def _data(document: Json) -> str:
    return f"data: {json.dumps(document, ensure_ascii=False, allow_nan=False)}\n\n"
