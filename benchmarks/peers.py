"""The data of other programs' relational event models, and what those programs print for them.

`read(folder, name)` gives one set of ../shared/data/rem as `Data`; `EXPECTED` holds the figures (data/relational.json).
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from tertius.studies.rem.arrays import Floats, Ints
from tertius.studies.rem.events import Attribute, Data, Events, Network

EXPECTED: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "relational.json").read_text(encoding="utf-8"))
WORDS = {"NA": "nan", "TRUE": "1", "FALSE": "0"}
Row = dict[str, str]


def rows(path: Path, delimiter: str = ",") -> list[Row]:
    """The rows of a CSV file, gzipped or not."""
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(text.decode("utf-8"), newline=""), delimiter=delimiter))


def number(word: str) -> float:
    """A number as R writes it."""
    return float(WORDS.get(word, word))


def day(text: str) -> float:
    """An ISO date, with or without a time, in days."""
    when = datetime.fromisoformat(text)
    return when.toordinal() + (when.hour * 60 + when.minute) / 1440


def acts(table: list[Row], *, ranked: bool = False) -> Data:
    """A plain sequence of time, actor1, actor2; `ranked` replaces times by their order."""
    times = [float(n) for n in range(1, len(table) + 1)] if ranked else [float(row["time"]) for row in table]
    return Data(Events.of(times, [row["actor1"] for row in table], [row["actor2"] for row in table]))


def social_evolution(folder: Path) -> Data:
    """Calls in a student house, with friendship ties, floors and grades."""
    actors = rows(folder / "goldfish_SocialEvolution_actors.csv")
    calls = rows(folder / "goldfish_SocialEvolution_calls.csv")
    names = [row["label"] for row in actors]
    ties = rows(folder / "goldfish_SocialEvolution_friendship.csv")
    friendship = _changes(ties, names, "replace", float, np.zeros((len(names), len(names))))
    attributes = {name: Attribute(np.array([number(row[name]) for row in actors])) for name in ("floor", "gradeType")}
    sender, receiver = ([row[name] for row in calls] for name in ("sender", "receiver"))
    return Data(
        Events.of([float(row["time"]) for row in calls], sender, receiver, actors=names),
        {"friendshipNetwork": replace(friendship, replace=True)},
        attributes,
    )


def fisheries(folder: Path) -> Data:
    """Bilateral fisheries treaties 1960 to 1970, with contiguity, regime, gross product and sovereignty."""
    states = rows(folder / "goldfish_fisheries_states.csv")
    names = [row["label"] for row in states]
    treaties = rows(folder / "goldfish_fisheries_bilatchanges.csv")
    borders = rows(folder / "goldfish_fisheries_contigchanges.csv")
    made = [row for row in treaties if row["increment"] == "1"]
    networks = {
        "bilatnet": _changes(treaties, names, "increment", day, _matrix(folder / "goldfish_fisheries_bilatnet0.csv")),
        "contignet": _changes(borders, names, "replace", day, _matrix(folder / "goldfish_fisheries_contignet0.csv")),
    }
    # Where one tie is lowered twice on one day, goldfish's ignore_repetitions lowers it once.
    once = list({(row["time"], row["sender"], row["receiver"]): row for row in treaties}.values())
    networks["bilatnet_once"] = _changes(once, names, "increment", day, networks["bilatnet"].initial)
    networks = {name: replace(n, replace=name == "contignet", directed=False) for name, n in networks.items()}

    def attribute(column: str, file: str) -> Attribute:
        changes = sorted(rows(folder / f"goldfish_fisheries_{file}.csv"), key=lambda row: day(row["time"]))
        return Attribute(
            np.array([number(row[column]) for row in states]),
            np.array([day(row["time"]) for row in changes]),
            _numbers([row["node"] for row in changes], names),
            np.array([number(row["replace"]) for row in changes]),
        )

    sequence = Events.of(
        [day(row["time"]) for row in made],
        [row["sender"] for row in made],
        [row["receiver"] for row in made],
        actors=names,
    )
    attributes = {"regime": attribute("regime", "regchanges"), "gdp": attribute("gdp", "gdpchanges")}
    return Data(sequence, networks, attributes, attribute("present", "sovchanges"))


def _numbers(labels: list[str], names: list[str]) -> Ints:
    table = {name: at for at, name in enumerate(names)}
    return np.array([table[label] for label in labels])


def _changes(table: list[Row], names: list[str], column: str, time: Callable[[str], float], initial: Floats) -> Network:
    return Network(
        initial,
        np.array([time(row["time"]) for row in table]),
        _numbers([row["sender"] for row in table], names),
        _numbers([row["receiver"] for row in table], names),
        np.array([number(row[column]) for row in table]),
    )


def _matrix(path: Path) -> Floats:
    with path.open(encoding="utf-8", newline="") as file:
        return np.array([[number(word) for word in line[1:]] for line in list(csv.reader(file))[1:]])


def read(folder: Path, name: str) -> Data:
    """One set of data by its name in relational.json."""
    if name in ("social_evolution", "fisheries"):
        return social_evolution(folder) if name == "social_evolution" else fisheries(folder)
    file = "remstats_history.csv" if name.startswith("history") else "icews14_top25_3000.csv"
    table = rows(folder / file)
    last = name.rpartition("_")[2]
    return acts(table[: int(last)] if last.isdigit() else table, ranked=last in ("ranked", "400"))


@dataclass(frozen=True)
class Sampled:
    """eventnet's rows: which were observed, when, who on whom, and its twelve statistics [rows, 12]."""

    names: tuple[str, ...]
    observed: Ints
    time: Floats
    sender: Ints
    receiver: Ints
    values: Floats


def eventnet(folder: Path) -> tuple[Data, Sampled]:
    """ICEWS14 between states as eventnet read it, and the rows that it wrote.

    eventnet counts days from 1 and lets the acts of its first day fade one day late: they are put just before the next.
    """
    table = rows(folder / "icews14_states.csv")
    days = np.array([float(row["time"]) + 1 for row in table])
    times = np.where(days == 1, 2 - 1e-9, days)
    columns = [[row[name] for row in table] for name in ("actor1", "actor2", "type")]
    events = Events.of(times, columns[0], columns[1], columns[2])
    out = rows(folder / "eventnet_icews14_CONFLICT_rows.csv.gz", ";")
    names = tuple(out[0])[10:]
    sampled = Sampled(
        names,
        np.array([int(row["IS_OBSERVED"]) for row in out]),
        np.array([float(row["TIME"]) for row in out]),
        _numbers([row["SOURCE"] for row in out], list(events.actors)),
        _numbers([row["TARGET"] for row in out], list(events.actors)),
        np.array([[float(row[name]) for name in names] for row in out]),
    )
    return Data(events), sampled


def twelve() -> str:
    """The formula of eventnet's twelve statistics."""
    good, bad = 'kind="coop"', 'kind="conflict"'
    pairs = [f"{effect}({kind})" for effect in ("inertia", "recip") for kind in (good, bad)]
    degrees = [f"{effect}({kind})" for kind in (good, bad) for effect in ("outdegreeSender", "indegreeReceiver")]
    triangles = [f"triangle({a}, second_{b})" for b in (good, bad) for a in (good, bad)]
    return "acts ~ " + " + ".join(pairs + degrees + triangles)
