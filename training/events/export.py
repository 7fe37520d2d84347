"""Write trained networks as ONNX graphs with 8-bit weights, and the manifest that the product checks.

words: ids (1, length) -> words (1, length, width), which the networks share (word embeddings are not trained).
first: words, pos, names -> low, trigger, types. second: low, trigger (rows,), actors (candidates, length) -> a row of
scores a trigger. pair: words, pos, names, roles -> pair (1, types).
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn

from tertius.reading.events.ranking import Ranking
from tertius.reading.models.runtime import FORMAT
from training.events.model import EventNet

SMALLEST = 20_000  # weights of fewer numbers stay in floats
GRAPHS = {name: f"events-{name}.onnx" for name in ("words", "first", "second", "pair")}
PIECES = "events-pieces.json"


class _Words(nn.Module):
    def __init__(self, net: EventNet) -> None:
        super().__init__()
        self.words = net.encoder.words

    def forward(self, ids: Tensor) -> Tensor:
        vectors: Tensor = self.words(ids)
        return vectors


class _First(nn.Module):
    def __init__(self, net: EventNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, words: Tensor, pos: Tensor, names: Tensor) -> tuple[Tensor, ...]:
        found = self.net.first_of(words, self.net.encoder.bias(torch.ones_like(pos)), pos, names)
        return found.low, found.trigger, found.types


class _Pair(nn.Module):
    def __init__(self, net: EventNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, words: Tensor, pos: Tensor, names: Tensor, roles: Tensor) -> Tensor:
        return self.net.pair_of(words, self.net.encoder.bias(torch.ones_like(pos)), pos, names, roles)


class _Second(nn.Module):
    def __init__(self, net: EventNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, low: Tensor, trigger: Tensor, actors: Tensor) -> tuple[Tensor, ...]:
        rows = trigger.shape[0]
        bias = self.net.encoder.bias(torch.ones(low.shape[:2]))
        found = self.net.second(low.expand(rows, -1, -1), bias, trigger, actors[None].expand(rows, -1, -1))
        target = torch.cat([found.target, found.none[:, None]], 1)
        return found.valid, found.types, found.modality, found.reciprocal, found.source, target


def export(net: EventNet, pair: EventNet | None, tokenizer: Path, folder: Path, ranking: Ranking, **more: Any) -> None:
    """Write the model `events` to a folder; `more` goes into the manifest (version, temperatures, figures). Without a
    pair network, the shipped one answers `classify`."""
    folder.mkdir(parents=True, exist_ok=True)
    ids, words = torch.zeros(1, 12, dtype=torch.long), torch.randn(1, 12, net.encoder.width)
    along = {name: {1: "length"} for name in ("ids", "words", "pos", "names", "roles", "low", "trigger", "types")}
    results = ("valid", "types", "modality", "reciprocal", "source", "target")
    rows = {name: {0: "rows"} for name in (*results, "trigger")}
    rows |= {"low": {1: "length"}, "actors": {0: "candidates", 1: "length"}}
    _graph(_Words(net), (ids,), ("ids",), ("words",), along, folder / GRAPHS["words"])
    _graph(
        _First(net), (words, ids, ids), ("words", "pos", "names"), ("low", "trigger", "types"), along,
        folder / GRAPHS["first"],
    )  # fmt: skip
    looked = (words, torch.tensor([1, 2, 5]), torch.rand(4, 12))
    _graph(_Second(net), looked, ("low", "trigger", "actors"), results, rows, folder / GRAPHS["second"])
    names = [GRAPHS["words"], GRAPHS["first"], GRAPHS["second"], PIECES]
    if pair is not None:
        marked = (words, ids, ids, ids)
        _graph(_Pair(pair), marked, ("words", "pos", "names", "roles"), ("pair",), along, folder / GRAPHS["pair"])
        names.append(GRAPHS["pair"])
    (folder / PIECES).write_bytes(tokenizer.read_bytes())
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    rank = {k: getattr(ranking, k) for k in ("mean", "scale", "weights", "bias", "actorhood")}
    manifest = {"name": "events", "format": FORMAT, **more, "accept": ranking.accept, "ranking": rank, "files": files}
    (folder / "events.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _graph(
    net: nn.Module, given: tuple[Tensor, ...], inputs: tuple[str, ...], outputs: tuple[str, ...],
    axes: dict[str, dict[int, str]], path: Path,
) -> None:  # fmt: skip
    net.eval()
    axes = {name: axis for name, axis in axes.items() if name in inputs + outputs}
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(place) / "plain.onnx"
        torch.onnx.export(
            net, given, str(plain), input_names=list(inputs), output_names=list(outputs), dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
        model = onnx.load(plain)
    _quantise(model.graph)
    onnx.save(model, path)


def _quantise(graph: onnx.GraphProto) -> None:
    """Large weights as int8: of matrix products one scale a column, of embeddings one scale a row."""
    weights = {i.name: i for i in graph.initializer}
    done: set[str] = set()
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        name = next((i for i in node.input if i in weights and weights[i].dims and _size(weights[i]) >= SMALLEST), None)
        if name is None or node.op_type not in {"MatMul", "Gather", "Gemm"}:
            nodes.append(node)
        elif node.op_type == "Gather":
            nodes.extend(_rows(graph, node, weights[name], name not in done))
            done.add(name)
        else:
            if name not in done:
                nodes.append(_columns(graph, weights[name]))
            nodes.append(node)
            done.add(name)
    kept = [i for i in graph.initializer if i.name not in done]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)


def _size(weight: onnx.TensorProto) -> int:
    return int(np.prod(weight.dims))


def _columns(graph: onnx.GraphProto, weight: onnx.TensorProto) -> onnx.NodeProto:
    array, name = numpy_helper.to_array(weight), weight.name
    scale = (np.abs(array).max(0) / 127 + 1e-12).astype(np.float32)
    _add(graph, name + "_q", np.round(array / scale).astype(np.int8))
    _add(graph, name + "_scale", scale)
    _add(graph, name + "_zero", np.zeros(len(scale), dtype=np.int8))
    return helper.make_node("DequantizeLinear", [name + "_q", name + "_scale", name + "_zero"], [name], axis=1)


def _rows(graph: onnx.GraphProto, node: onnx.NodeProto, weight: onnx.TensorProto, new: bool) -> list[onnx.NodeProto]:
    array, name, out = numpy_helper.to_array(weight), weight.name, node.output[0]
    if new:
        scale = (np.abs(array).max(1, keepdims=True) / 127 + 1e-12).astype(np.float32)
        _add(graph, name + "_q", np.round(array / scale).astype(np.int8))
        _add(graph, name + "_scale", scale)
    return [
        helper.make_node("Gather", [name + "_q", node.input[1]], [out + "_q"], axis=0),
        helper.make_node("Gather", [name + "_scale", node.input[1]], [out + "_scale"], axis=0),
        helper.make_node("Cast", [out + "_q"], [out + "_float"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Mul", [out + "_float", out + "_scale"], [out]),
    ]


def _add(graph: onnx.GraphProto, name: str, array: np.ndarray) -> None:
    graph.initializer.append(numpy_helper.from_array(array, name))
