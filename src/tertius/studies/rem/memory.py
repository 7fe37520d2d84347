"""What is remembered of a network at a moment: everything, a window, or a past that fades by half-lives.

The state is brought forward from act to act; it only ever holds what happened strictly before the moment asked for,
so that acts of one instant (one day) cannot explain each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tertius.errors import UsageError
from tertius.studies.rem.arrays import Floats, Ints
from tertius.studies.rem.events import Attribute, Data, Network

LARGEST_EXPONENT = 500.0  # of 2, before the faded weights are brought to a new reference time


@dataclass(frozen=True)
class Spec:
    """Which network is remembered, and how. '' is the network of the acts themselves, `kind` some of them only.

    With `half_life` h the weight of an act fades as 2^(-age/h); `density` multiplies it by ln 2 / h, so that a tie of
    constant strength gives a constant sum (Brandes, Lerner and Snijders 2009). With `window` an act is forgotten
    when it is older. Times are in the unit of the events. Raises UsageError.
    """

    network: str = ""
    kind: str | None = None
    half_life: float | None = None
    window: float | None = None
    density: bool = False

    def __post_init__(self) -> None:
        for name in ("half_life", "window"):
            value = getattr(self, name)
            if value is not None and not (value > 0 and math.isfinite(value)):
                raise UsageError(
                    f"{name} {value} makes no sense: give a time above zero, or leave it out to forget nothing"
                )
        if self.half_life is not None and self.window is not None:
            raise UsageError("give either half_life or window, not both")


class Memory:
    """The weights of one network as they are remembered. `cells(i, j)` reads them, `advance` moves on."""

    def __init__(self, network: Network, spec: Spec) -> None:
        if spec.half_life is not None and (network.replace or (network.value < 0).any()):
            raise UsageError("only acts that add up can fade: no half_life on a network whose ties are set or lowered")
        self.spec = spec
        self.raw: Floats = (
            network.initial.astype(np.float64).copy() if spec.half_life is None else np.zeros_like(network.initial)
        )
        self.out: Floats = self.raw.sum(axis=1)
        self.into: Floats = self.raw.sum(axis=0)
        self.factor = 1.0
        self.version = 0
        self._network = network
        self._since = float(network.time[0]) if len(network.time) else 0.0
        self._seen = self._gone = 0

    def advance(self, time: float, seen_from: float | None = None) -> None:
        """Takes in everything before `time` and lets it fade until `seen_from` (default `time`)."""
        end = int(np.searchsorted(self._network.time, time, side="left"))
        if end > self._seen:
            self._take(slice(self._seen, end))
            self._seen = end
        if self.spec.window is not None:
            end = int(np.searchsorted(self._network.time + self.spec.window, time, side="left"))
            if end > self._gone:
                self._add(slice(self._gone, end), -self._network.value[self._gone : end])
                self._gone = end
        if self.spec.half_life is not None:
            self._fade(time if seen_from is None else seen_from)

    def changes(self) -> Floats:
        """The times at which this memory changes by itself or through acts (fading apart)."""
        times = self._network.time
        return times if self.spec.window is None else np.concatenate([times, times + self.spec.window])

    def _take(self, of: slice) -> None:
        network, half_life = self._network, self.spec.half_life
        if network.replace:
            self._set(of)
        elif half_life is None:
            self._add(of, network.value[of])
        else:
            age = network.time[of] - self._since
            if age.max() / half_life > LARGEST_EXPONENT:
                self._rebase(float(network.time[of].max()))
                age = network.time[of] - self._since
            scale = math.log(2) / half_life if self.spec.density else 1.0
            self._add(of, network.value[of] * np.exp2(age / half_life) * scale)

    def _add(self, of: slice, value: Floats) -> None:
        i, j = self._network.sender[of], self._network.receiver[of]
        for a, b in ((i, j),) if self._network.directed else ((i, j), (j, i)):
            np.add.at(self.raw, (a, b), value)
            np.add.at(self.out, a, value)
            np.add.at(self.into, b, value)
        self.version += 1

    def _set(self, of: slice) -> None:
        i, j, value = self._network.sender[of], self._network.receiver[of], self._network.value[of]
        self.raw[i, j] = value
        if not self._network.directed:
            self.raw[j, i] = value
        self.out, self.into = self.raw.sum(axis=1), self.raw.sum(axis=0)
        self.version += 1

    def _rebase(self, time: float) -> None:
        shrink = np.exp2((self._since - time) / (self.spec.half_life or 1.0))
        for array in (self.raw, self.out, self.into):
            array *= shrink
        self._since = time

    def _fade(self, time: float) -> None:
        age = max(0.0, time - self._since)  # before the first act there is nothing that could fade
        self.factor = float(np.exp2(-age / (self.spec.half_life or 1.0)))


class Recency:
    """Who acted on whom most lately: `last[i, j]` is the number (from 1) of i's last act on j, 0 for none."""

    def __init__(self, network: Network) -> None:
        self.last: Floats = np.zeros_like(network.initial)
        self.count = 0
        self._network = network

    def advance(self, time: float) -> None:
        """Takes in every act before `time`."""
        end = int(np.searchsorted(self._network.time, time, side="left"))
        i, j = self._network.sender[self.count : end], self._network.receiver[self.count : end]
        self.last[i, j] = np.arange(self.count + 1, end + 1)
        self.count = end

    def latest(self) -> tuple[int, int] | None:
        """Sender and receiver of the last act."""
        if not self.count:
            return None
        return int(self._network.sender[self.count - 1]), int(self._network.receiver[self.count - 1])


class Values:
    """The values of one attribute, [n], brought forward.

    A value that is unknown (NaN) at first or as it changes takes the mean of the others at that moment, as in goldfish.
    """

    def __init__(self, attribute: Attribute) -> None:
        self._attribute = attribute
        self._seen = 0
        self.now = filled(attribute.initial.astype(np.float64))

    def advance(self, time: float) -> None:
        """Takes in every change before `time`."""
        end = int(np.searchsorted(self._attribute.time, time, side="left"))
        if end > self._seen:
            self.now = self.now.copy()
        for change in range(self._seen, end):
            actor, value = int(self._attribute.actor[change]), float(self._attribute.value[change])
            self.now[actor] = np.delete(self.now, actor).mean() if math.isnan(value) else value
        self._seen = end

    def changes(self) -> Floats:
        """The times of the changes."""
        return self._attribute.time


def filled(values: Floats) -> Floats:
    """The values with the mean of the known in place of the unknown."""
    known = np.isfinite(values)
    return values if known.all() else np.where(known, values, values[known].mean() if known.any() else 0.0)


class State:
    """Everything that the effects of a model read, at one moment."""

    def __init__(self, data: Data, specs: Iterable[Spec], attributes: Iterable[str], recency: bool = False) -> None:
        self.actors = len(data.events.actors)
        self.memories = {spec: Memory(_network(data, spec), spec) for spec in dict.fromkeys(specs)}
        self.attributes = {name: Values(_attribute(data, name)) for name in dict.fromkeys(attributes)}
        self.recency = Recency(Network.of_events(data.events)) if recency else None
        self.present = Values(data.present) if data.present is not None else None
        self.kept: dict[object, Floats] = {}  # what effects worked out at this moment

    def advance(self, time: float, seen_from: float | None = None) -> None:
        """Brings everything to just before `time`; faded weights are read at `seen_from`."""
        self.kept.clear()
        for memory in self.memories.values():
            memory.advance(time, seen_from)
        for values in self.attributes.values():
            values.advance(time)
        if self.recency:
            self.recency.advance(time)
        if self.present:
            self.present.advance(time)

    def at_risk(self) -> Ints:
        """The actors who are present."""
        return np.arange(self.actors) if self.present is None else np.flatnonzero(self.present.now > 0)

    def changes(self) -> Floats:
        """Every time at which something may change other than by fading, in order, without repeats."""
        parts = [m.changes() for m in self.memories.values()] + [v.changes() for v in self.attributes.values()]
        parts += [self.present.changes()] if self.present else []
        return np.unique(np.concatenate(parts)) if parts else np.zeros(0)


def _network(data: Data, spec: Spec) -> Network:
    if spec.network:
        if spec.network not in data.networks:
            known = ", ".join(data.networks) or "none"
            raise UsageError(f"no network {spec.network!r}: known are {known}")
        return data.networks[spec.network]
    if spec.kind is None:
        return Network.of_events(data.events)
    if spec.kind not in data.events.kinds:
        raise UsageError(f"no acts of kind {spec.kind!r}: kinds are {', '.join(data.events.kinds)}")
    return Network.of_events(data.events, data.events.kinds.index(spec.kind))


def _attribute(data: Data, name: str) -> Attribute:
    if name not in data.attributes:
        raise UsageError(f"no attribute {name!r}: known are {', '.join(data.attributes) or 'none'}")
    return data.attributes[name]
