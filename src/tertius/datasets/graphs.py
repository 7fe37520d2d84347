"""Who acts on whom as a graph for Gephi, Cytoscape, igraph or NetworkX: GEXF 1.3 and GraphML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

# What XML 1.0 does not allow in text.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Edge = Sequence[Any]  # source, target and the values of the other columns


def write(file: Path, format: str, columns: Sequence[str], edges: Sequence[Edge]) -> int:
    """Write the graph and return the number of edges. `columns`: 'source', 'target', then names of values."""
    nodes = list(dict.fromkeys(_clean(end) for edge in edges for end in edge[:2]))
    root = _gexf(columns[2:], nodes, edges) if format == "gexf" else _graphml(columns[2:], nodes, edges)
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)
    return len(edges)


def _gexf(columns: Sequence[str], nodes: Sequence[str], edges: Sequence[Edge]) -> Element:
    root = Element("gexf", xmlns="http://gexf.net/1.3", version="1.3")
    graph = SubElement(root, "graph", mode="static", defaultedgetype="directed")
    attributes = SubElement(graph, "attributes", {"class": "edge"})
    for number, column in enumerate(columns):
        SubElement(attributes, "attribute", id=str(number), title=column, type=_kind(column, gexf=True))
    ids = {node: f"n{number}" for number, node in enumerate(nodes)}
    listed = SubElement(graph, "nodes")
    for node in nodes:
        SubElement(listed, "node", id=ids[node], label=node)
    drawn = SubElement(graph, "edges")
    for number, edge in enumerate(edges):
        source, target = ids[_clean(edge[0])], ids[_clean(edge[1])]
        element = SubElement(drawn, "edge", id=str(number), source=source, target=target, weight=str(edge[2]))
        values = SubElement(element, "attvalues")
        for place, value in enumerate(edge[2:]):
            if value is not None:
                SubElement(values, "attvalue", {"for": str(place), "value": str(value)})
    return root


def _graphml(columns: Sequence[str], nodes: Sequence[str], edges: Sequence[Edge]) -> Element:
    root = Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    SubElement(root, "key", {"id": "label", "for": "node", "attr.name": "label", "attr.type": "string"})
    for column in columns:
        SubElement(root, "key", {"id": column, "for": "edge", "attr.name": column, "attr.type": _kind(column)})
    graph = SubElement(root, "graph", id="acts", edgedefault="directed")
    ids = {node: f"n{number}" for number, node in enumerate(nodes)}
    for node in nodes:
        SubElement(SubElement(graph, "node", id=ids[node]), "data", key="label").text = node
    for edge in edges:
        element = SubElement(graph, "edge", source=ids[_clean(edge[0])], target=ids[_clean(edge[1])])
        for column, value in zip(columns, edge[2:], strict=True):
            if value is not None:
                SubElement(element, "data", key=column).text = str(value)
    return root


def _kind(column: str, *, gexf: bool = False) -> str:
    if column in ("first", "last"):
        return "string"
    if column == "intensity":
        return "double"
    return "integer" if gexf else "int"


def _clean(label: str) -> str:
    return _FORBIDDEN.sub(" ", label)
