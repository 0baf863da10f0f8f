"""What every prompt looks like when it is sent: in a small shop, English and Chinese, as whole texts.

    python -m tests.prompts.golden      # writes tests/prompts/golden/ anew; read the difference before you commit it

What a turn asks is written down from a turn that is played; what else asks a model is called as its users call it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from catalog.ingest import import_feeds
from catalog.readout.asked import Shown, Wanted
from catalog.store import Catalog
from chatbot.asked import asked
from chatbot.taste import Taste
from chatbot.turn import Chatbot
from learning.attributes.llm import LLMReader
from learning.profiles.llm import rendered
from learning.recommend.llm import LLMRecommender
from llm.scripted import ScriptedLLM
from prompts.types import Rendered

FOLDER = Path(__file__).with_suffix("")


def _lamp(n: int, kind: str, brand: str, price: float, **attributes: object) -> dict[str, object]:
    title = f"{brand} {kind} {n}"
    return {"id": f"l{n}", "title": title, "category": kind, "brand": brand, "price": f"{price} USD", **attributes}


LAMPS = (
    _lamp(1, "desk lamp", "Orla", 24, colour="black", brightness="400 lm", dimmable=True, rating=4.4),
    _lamp(2, "desk lamp", "Orla", 39, colour="white", brightness="800 lm", dimmable=True, rating=4.1),
    _lamp(3, "desk lamp", "Pell", 18, colour="black", brightness="350 lm", dimmable=False, rating=3.9),
    _lamp(4, "desk lamp", "Pell", 55, colour="brass", brightness="900 lm", dimmable=True, rating=4.7),
    _lamp(5, "desk lamp", "Tarn", 31, colour="white", brightness="600 lm", dimmable=False, rating=4.0),
    _lamp(6, "floor lamp", "Tarn", 89, colour="black", brightness="1200 lm", dimmable=True, height="150 cm"),
    _lamp(7, "floor lamp", "Orla", 74, colour="brass", brightness="1100 lm", dimmable=False, height="160 cm"),
)


def _kettle(n: int, brand: str, price: int, **attributes: object) -> dict[str, object]:
    title = f"{brand}电热水壶 {n}号"
    return {
        "id": f"k{n}",
        "title": title,
        "category": "电热水壶",
        "brand": brand,
        "price": f"{price} CNY",
        **attributes,
    }


KETTLES = (
    _kettle(1, "云溪", 129, 颜色="白色", 容量="1.5 L", 保温="是"),
    _kettle(2, "云溪", 199, 颜色="黑色", 容量="1.7 L", 保温="是"),
    _kettle(3, "松石", 89, 颜色="白色", 容量="1.2 L", 保温="否"),
    _kettle(4, "松石", 159, 颜色="红色", 容量="1.7 L", 保温="否"),
)

SHOPS: Mapping[str, Sequence[Mapping[str, Any]]] = {"en": LAMPS, "zh": KETTLES}
TALKS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {
        "track": ("a desk lamp for reading", "under 40 please", "not the second one; dimmable, ideally black"),
        "rank": ("a desk lamp for reading", "under 40 please, ideally black"),
        "advise": ("a desk lamp for reading", "how much light do I need for reading?"),
    },
    "zh": {
        "track": ("想买一个电热水壶", "两百元以内", "第一款不要，要白色的，最好能保温"),
        "rank": ("想买一个电热水壶", "两百元以内，最好是白色"),
        "advise": ("想买一个电热水壶", "买电热水壶要注意什么？"),
    },
}
HISTORY = ("Kettle, 1.7 l", "Teapot with strainer")
CANDIDATES = ("Green tea, loose, 100 g", "Bicycle pump", "Tea cosy, wool")


def goldens() -> Iterator[tuple[str, str]]:
    """(name, text) of each: the prompt's name, what it is an example of, and what is sent."""
    with TemporaryDirectory() as folder:
        for language, rows in SHOPS.items():
            chatbot = Chatbot.open(_imported(Path(folder) / language, rows))
            for name, messages in TALKS[language].items():
                sent = [r for r in asked(chatbot, messages, "always") if r.name == name]
                yield f"{name}.{language}", "\n\n".join(map(written, sent))
    for name, made in OFFLINE.items():
        yield name, written(made())


def _recommend(style: Any) -> Rendered:
    return LLMRecommender(ScriptedLLM(), style, goods="things for tea").rendered(HISTORY, CANDIDATES)


def _features() -> Rendered:
    wanted = (Wanted("colour", "", ("black", "white", "brass")), Wanted("brightness", "lm", ("400 lm", "800 lm")))
    shown = (Shown("Orla desk lamp 2, white, 800 lm", {"colour": "white", "brightness": "800 lm"}),)
    reader = LLMReader(ScriptedLLM(), "golden")
    return reader.rendered(wanted, shown, "desk lamp", "Tarn desk lamp 8 in brass", "Bright (950 lm), with a dimmer.")


def _profile() -> Rendered:
    with TemporaryDirectory() as folder:
        history = Catalog.open(_imported(Path(folder) / "shop", LAMPS)).get(["l4", "l1", "l2", "l7"])
    return rendered(history, Taste.of(history), "en")


OFFLINE: Mapping[str, Callable[[], Rendered]] = {
    "recommend": lambda: _recommend("sequential"),
    "recommend_recency": lambda: _recommend("recency"),
    "recommend_in_context": lambda: _recommend("in_context"),
    "features": _features,
    "profile": _profile,
}


def written(rendered: Rendered) -> str:
    """A call as text: the options in a line, then the messages. The schema is pinned, not printed."""
    options = f"{rendered.prompt} max_tokens {rendered.max_tokens} temperature {rendered.temperature:g}"
    schema = " schema" if rendered.schema else ""
    return "\n\n".join([options + schema, *(f"--- {m.role}\n{m.content.strip()}" for m in rendered.messages)])


def _imported(folder: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    folder.mkdir()
    feed = folder / "feed.jsonl"
    feed.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    import_feeds([feed], folder / "shop.db")
    return folder / "shop.db"


def main() -> None:
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    FOLDER.mkdir(exist_ok=True)
    for name, text in goldens():
        (FOLDER / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
        print(f"{name}.txt")


if __name__ == "__main__":
    main()
