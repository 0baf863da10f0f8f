"""A site with two keys, and what a shop's own server would sign for its customers."""

from __future__ import annotations

import time
from typing import Any

import jwt

from chatbot.web.site import Key, Limits, Site

SHOP, OTHER = "https://shop.example", "https://other.example"
SECRET, OTHER_SECRET = "s" * 20 + "hop secret 1", "o" * 20 + "ther secret2"
SITE = Site(
    keys=(Key("pk_shop", (SHOP,), SECRET), Key("pk_other", (OTHER,), OTHER_SECRET), Key("pk_plain", (SHOP,))),
    origins=("https://page.example",),
    limits=Limits(session=0, address=0, key=0),
)


def signed(sub: object = "ann", key: str = "pk_shop", secret: str = SECRET, ahead: float = 600, **more: Any) -> str:
    """An identity; `more` adds claims or replaces them, None takes one away."""
    claims = {"sub": sub, "aud": key, "exp": int(time.time() + ahead)} | more
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, secret, "HS256")
