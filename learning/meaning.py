"""Makes chatbot/track/meaning.safetensors: the packaged encoder's vectors of the lexicon's names of kinds.

    python -m learning.meaning

Run it again when catalog/lexicon/kinds.toml has grown: words without a vector are encoded when a shop is first talked
to, which costs a few milliseconds each. Nothing is trained; the texts are the lexicon's own.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from safetensors.numpy import save_file

from catalog.lexicon import Lexicon
from chatbot.track.meaning import FILE, prototypes
from retrieval.embedder import PackagedEncoder


def main() -> None:
    lexicon, encoder = Lexicon.default(), PackagedEncoder()
    texts = sorted({word for kind in lexicon.kinds for word in prototypes(lexicon, kind)})
    vectors = encoder.encode(texts, "passage").astype(np.float16)
    save_file({"vectors": vectors}, FILE, {"encoder": encoder.id, "texts": json.dumps(texts)})
    sys.stdout.write(f"{FILE}: {len(texts)} texts, {FILE.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
