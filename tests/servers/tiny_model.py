"""A language model made on the spot: Qwen3's shape, random weights, a byte-level BPE learnt from the demo shop.

It talks nonsense, repeatably. A few of its dimensions are wired by hand, so that the nonsense comes in lines like
"[7] tent replaceable 500 free": nonsense that nobody takes for a ranking would put nothing to the test.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import prompts
from catalog.demo import FEED

TOKENS = 2_000
CONTEXT = 4_096
SEED = 5
SPECIAL = ("<|pad|>", "<|im_start|>", "<|im_end|>")
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


BRACKET, NUMBER, SHUT, WORD, LINE = range(5)
"""Kinds of tokens, each a dimension of the embedding."""
FOLLOWS = {
    LINE: {BRACKET: 50.0},
    BRACKET: {NUMBER: 30.0},
    NUMBER: {SHUT: 50.0},
    SHUT: {WORD: 30.0},
    WORD: {WORD: 20.0, LINE: 28.5},
}
"""Which kind comes after which, and how surely. That a line ends is one token against all words: it must be likelier."""
LOUD = 6.0  # of a kind's dimension; the others are `initializer_range` wide
QUIET = 0.1  # of what the layers add: the last word must remain audible
BORED = 1.0  # how far a token keeps itself from coming again


def make(folder: Path, *, wide: int = 256, layers: int = 4) -> None:
    """Write the model into `folder`, as transformers and vLLM read one."""
    import torch
    from transformers import GenerationConfig, PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

    pad, _, end = range(len(SPECIAL))
    torch.manual_seed(SEED)
    config = Qwen3Config(
        vocab_size=TOKENS,
        hidden_size=wide,
        intermediate_size=2 * wide,
        num_hidden_layers=layers,
        num_attention_heads=wide // 64,
        num_key_value_heads=wide // 128,
        head_dim=64,
        max_position_embeddings=CONTEXT,
        initializer_range=0.2,  # ten times the usual: what comes next depends more on what was said
        tie_word_embeddings=False,
        pad_token_id=pad,
        bos_token_id=None,
        eos_token_id=end,
    )
    tokens = _tokenizer()
    model = Qwen3ForCausalLM(config)
    _wire(model, tokens)
    model = model.to(torch.bfloat16)
    model.generation_config = GenerationConfig(eos_token_id=end, pad_token_id=pad)
    model.save_pretrained(folder)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=tokens, pad_token=SPECIAL[pad], eos_token=SPECIAL[end], chat_template=TEMPLATE
    )
    tokenizer.save_pretrained(folder)


def _wire(model: Any, tokens: Any) -> None:
    """Have tokens of one kind follow those of another; which of the kind is left to the random rest."""
    import torch

    kinds = {id: kind for token, id in tokens.get_vocab().items() if (kind := _kind(token)) is not None}
    with torch.no_grad():
        for layer in model.model.layers:
            for weight in (layer.self_attn.o_proj.weight, layer.mlp.down_proj.weight):
                weight *= QUIET
                weight[: len(FOLLOWS)] = 0
        embedding, head = model.model.embed_tokens.weight, model.lm_head.weight
        head -= BORED * embedding
        embedding[:, : len(FOLLOWS)] = 0
        head[:, : len(FOLLOWS)] = 0
        for id, kind in kinds.items():
            embedding[id, kind] = LOUD
            for before, after in FOLLOWS.items():
                head[id, before] = after.get(kind, 0)


_NUMBERS = frozenset(map(str, range(1, 21)))


def _kind(token: str) -> int | None:
    """A byte-level token's kind: "Ġ" stands for a space, "Ċ" for a line's end."""
    if token in ("[", "]", "Ċ"):
        return {"[": BRACKET, "]": SHUT, "Ċ": LINE}[token]
    if token in _NUMBERS:
        return NUMBER
    return WORD if token.startswith("Ġ") and token[1:].isalnum() and len(token) > 2 else None


def _tokenizer() -> object:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=TOKENS,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_texts(), trainer)
    return tokenizer


def _texts() -> Iterator[str]:
    """The shop's titles and texts, and what models are told."""
    for name in prompts.names():
        prompt = prompts.load(name)
        yield from (prompt.system, prompt.user)
    for line in FEED.read_text(encoding="utf-8").splitlines():
        yield from (text for text in json.loads(line).values() if isinstance(text, str))
