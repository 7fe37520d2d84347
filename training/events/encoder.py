"""A transformer encoder that takes the weights of BERT (MiniLM) or MPNet, in as few words as PyTorch allows.

Written out, because the event model enters it in the middle: its last layers run again for every trigger.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812
from safetensors.torch import load_file
from torch import Tensor, nn

BUCKETS, FARTHEST = 32, 128  # MPNet's relative positions


class Layer(nn.Module):
    """Self-attention and feed-forward, each followed by a layer norm (post-norm, as BERT)."""

    def __init__(self, width: int, heads: int, inner: int, eps: float, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.out = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width, eps=eps)
        self.wide, self.narrow = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=eps)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """`x` (batch, length, width); `bias` (batch, 1 or heads, 1 or length, length) is added to the attention."""
        b, n, d = x.shape
        q, k, v = (
            f(x).view(b, n, self.heads, d // self.heads).transpose(1, 2) for f in (self.query, self.key, self.value)
        )
        scores = q @ k.transpose(-1, -2) / math.sqrt(d // self.heads) + bias
        mixed = self.out((scores.softmax(-1).to(v.dtype) @ v).transpose(1, 2).reshape(b, n, d))
        x = self.norm(x + F.dropout(mixed, self.dropout, self.training))
        inner = self.narrow(F.gelu(self.wide(x)))
        return self.norm2(x + F.dropout(inner, self.dropout, self.training))


class Encoder(nn.Module):
    """Embeddings and layers. `first_position` is 2 for MPNet, whose padding index is 1."""

    def __init__(self, config: dict[str, int | float | str], dropout: float = 0.1) -> None:
        super().__init__()
        self.kind = str(config["model_type"])
        width, eps = int(config["hidden_size"]), float(config["layer_norm_eps"])
        self.width, self.dropout, self.heads = width, dropout, int(config["num_attention_heads"])
        self.words = nn.Embedding(int(config["vocab_size"]), width)
        self.positions = nn.Embedding(int(config["max_position_embeddings"]), width)
        self.first_position = 2 if self.kind == "mpnet" else 0
        self.norm = nn.LayerNorm(width, eps=eps)
        self.layers = nn.ModuleList(
            Layer(width, self.heads, int(config["intermediate_size"]), eps, dropout)
            for _ in range(int(config["num_hidden_layers"]))
        )
        self.relative = nn.Embedding(BUCKETS, self.heads) if self.kind == "mpnet" else None

    def embed(self, words: Tensor, extra: Tensor) -> Tensor:
        """Word vectors with position embeddings and `extra` added (all batch, length, width), normalised."""
        places = torch.arange(words.shape[1], device=words.device) + self.first_position
        x = self.norm(words + self.positions(places)[None] + extra)
        return F.dropout(x, self.dropout, self.training)

    def bias(self, mask: Tensor) -> Tensor:
        """What is added to attention scores: -10000 on padding, and MPNet's relative positions."""
        bias = (1.0 - mask.float())[:, None, None, :] * -10000.0
        if self.relative is None:
            return bias
        n = mask.shape[1]
        places = torch.arange(n, device=mask.device)
        return bias + self.relative(_bucket(places[None] - places[:, None])).permute(2, 0, 1)[None]

    def run(self, x: Tensor, bias: Tensor, first: int, last: int) -> Tensor:
        """Layers `first` to `last` (excluded)."""
        for layer in self.layers[first:last]:
            x = layer(x, bias)
        return x


def _bucket(distance: Tensor) -> Tensor:
    half = BUCKETS // 2
    n = -distance
    side = (n < 0).long() * half
    n = n.abs()
    near = half // 2
    far = near + (torch.log(n.float().clamp(min=1) / near) / math.log(FARTHEST / near) * (half - near)).long().clamp(
        max=half - near - 1
    )
    return side + torch.where(n < near, n, far)


BERT_NAMES = {
    "attention.self.query": "query", "attention.self.key": "key", "attention.self.value": "value",
    "attention.output.dense": "out", "attention.output.LayerNorm": "norm",
    "attention.attn.q": "query", "attention.attn.k": "key", "attention.attn.v": "value", "attention.attn.o": "out",
    "attention.LayerNorm": "norm", "intermediate.dense": "wide", "output.dense": "narrow", "output.LayerNorm": "norm2",
}  # fmt: skip


def pretrained(folder: Path, dropout: float = 0.1) -> Encoder:
    """The encoder in a folder with config.json and model.safetensors (BERT or MPNet names)."""
    encoder = Encoder(json.loads((folder / "config.json").read_text()), dropout)
    weights = load_file(folder / "model.safetensors")
    state = {}
    for name, weight in weights.items():
        new = _renamed(name)
        if new:
            state[new] = weight
    if "embeddings.token_type_embeddings.weight" in weights:
        state["positions.weight"] = state["positions.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    encoder.load_state_dict(state)
    return encoder


def _renamed(name: str) -> str | None:
    simple = {
        "embeddings.word_embeddings.weight": "words.weight",
        "embeddings.position_embeddings.weight": "positions.weight",
        "embeddings.LayerNorm.weight": "norm.weight",
        "embeddings.LayerNorm.bias": "norm.bias",
        "encoder.relative_attention_bias.weight": "relative.weight",
    }
    if name in simple:
        return simple[name]
    if not name.startswith("encoder.layer."):
        return None
    _, _, number, rest = name.split(".", 3)
    stem, kind = rest.rsplit(".", 1)
    return f"layers.{number}.{BERT_NAMES[stem]}.{kind}"
