"""Formulas such as `calls ~ 1 + inertia + recip(friendship, window=300) + same(floor)`.

The left side names the acts; each term on the right is an effect, with a network or attribute first, then options:
`half_life`, `window`, `kind`, `weighted`, `type` ('ego' or 'alter'), `second`, `second_kind`, `second_half_life`
(triangles), `transform` ('log1p', 'sqrt'), `others` (degrees without what passed between the two),
`ignore_repetitions` (zero for pairs that are tied already, in this or the network named), `label`. R's TRUE, FALSE and
actors$floor are understood. `1` is the intercept: it asks for the likelihood of the times themselves. A formula is
parsed, never evaluated.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from tertius.errors import UsageError
from tertius.studies.rem.effects import EFFECTS, OF_ATTRIBUTES, OF_RECENCY, OF_SENDERS, TRANSFORMS, Term
from tertius.studies.rem.memory import Spec

LONGEST = 4_000  # characters
MOST_TERMS = 100
OPTIONS = (
    *("half_life", "window", "kind", "weighted", "type", "second", "second_kind", "second_half_life"),
    *("transform", "density", "ignore_repetitions", "others", "label"),
)
# goldfish counts two-paths, whatever their weights
COUNTED = frozenset({"trans", "cycle", "commonSender", "commonReceiver"})
Options = dict[str, str | float | bool | None]


@dataclass(frozen=True)
class Formula:
    """The terms of a model; `timed` when there is an intercept."""

    response: str
    terms: tuple[Term, ...]

    @property
    def timed(self) -> bool:
        """Whether the waiting times are modelled, not only the order."""
        return any(term.effect == "1" for term in self.terms)

    @property
    def recency(self) -> bool:
        """Whether an effect reads the order of the last acts."""
        return any(term.effect in OF_RECENCY for term in self.terms)

    @property
    def names(self) -> tuple[str, ...]:
        """The label of each term."""
        return tuple(term.label for term in self.terms)

    def specs(self) -> Iterator[Spec]:
        """What must be remembered."""
        for term in self.terms:
            if term.attribute is None and term.effect != "1":
                yield term.spec
            if term.second is not None:
                yield term.second
            if term.repeats is not None:
                yield term.repeats

    def attributes(self) -> Iterator[str]:
        """The attributes that are read."""
        return (term.attribute for term in self.terms if term.attribute is not None)


def parse(
    text: str,
    *,
    own: str = "",
    weighted: bool = True,
    ego: bool = False,
    half_life: float | None = None,
    density: bool = False,
) -> Formula:
    """The formula of a text. `own` is another name for the network of the acts.

    The options are the defaults of its terms: `weighted` counts acts (remstats) rather than ties (goldfish), `ego`
    reads degrees at the sender (rate models). Raises UsageError.
    """
    if len(text) > LONGEST:
        raise UsageError(f"the formula has {len(text)} characters: at most {LONGEST} are read")
    left, tilde, right = text.partition("~")
    if not tilde or not right.strip():
        raise UsageError(f"{text.strip()!r} is no formula: write, for example, 'acts ~ inertia + recip + trans'")
    defaults: Options = {
        "weighted": weighted,
        "type": "ego" if ego else "alter",
        "half_life": half_life,
        "density": density,
    }
    response = left.strip()
    terms = tuple(_term(node, (response, own), defaults) for node in _summands(_tree(right)))
    labels = [term.label for term in terms]
    twice = {label for label in labels if labels.count(label) > 1}
    if twice:
        raise UsageError(f"the formula has {', '.join(sorted(twice))} twice: leave one out")
    return Formula(response, terms)


def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(text.replace("$", ".").strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UsageError(
            f"cannot read the formula {text.strip()!r}: write terms joined by +, as inertia(window=30)"
        ) from None


def _summands(node: ast.expr) -> list[ast.expr]:
    parts: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and len(parts) < MOST_TERMS:
        parts.append(node.right)
        node = node.left
    return [node, *reversed(parts)]


def _term(node: ast.expr, names: tuple[str, str], defaults: Options) -> Term:
    if isinstance(node, ast.Constant) and node.value == 1:
        return Term("1", "Intercept")
    if isinstance(node, ast.Name):
        return _made(node.id, [], {}, names, defaults)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        given = {keyword.arg or "**": _value(keyword.value) for keyword in node.keywords}
        return _made(node.func.id, [_value(value) for value in node.args], given, names, defaults)
    raise UsageError(
        f"{ast.unparse(node)!r} is no term: terms are effects such as inertia or recip(window=30), joined by +"
    )


def _value(node: ast.expr) -> str | float | bool | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | bool):
        return node.value
    if isinstance(node, ast.Name):
        return {"TRUE": True, "FALSE": False}.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return node.attr
    raise UsageError(f"{ast.unparse(node)!r} is no option: give a name, a number, TRUE or FALSE")


def _made(
    effect: str, values: list[str | float | bool | None], given: Options, names: tuple[str, str], defaults: Options
) -> Term:
    if effect not in EFFECTS or effect == "1":
        near = difflib.get_close_matches(effect, EFFECTS, n=1)
        hint = (
            f"did you mean {near[0]}?" if near else f"effects are {', '.join(name for name in EFFECTS if name != '1')}"
        )
        raise UsageError(f"no effect {effect!r}: {hint}")
    unknown = set(given) - set(OPTIONS)
    if unknown:
        raise UsageError(
            f"{effect} has no option {', '.join(sorted(unknown))}: options are {', '.join(sorted(OPTIONS))}"
        )
    subject = str(values[0]) if values else ""
    if effect in OF_ATTRIBUTES:
        if not subject:
            raise UsageError(f"{effect} needs an attribute: write {effect}(NAME)")
        return Term(effect, f"{effect}({subject})", attribute=subject)
    options = defaults | ({"weighted": False} if effect in COUNTED else {}) | given
    network = "" if subject in ("", *names) else subject
    return Term(
        effect=effect,
        label=_label(effect, subject, given),
        spec=_spec(options, network),
        second=_second(options, given),
        ego=effect in OF_SENDERS or options.get("type") == "ego",
        weighted=bool(options["weighted"]),
        transform=_transform(options.get("transform")),
        others=bool(options.get("others")),
        repeats=_repeats(options.get("ignore_repetitions"), network),
    )


def _label(effect: str, network: str, given: Options) -> str:
    if "label" in given:
        return str(given["label"])
    shown = [network] if network else []
    shown += [
        f"{name}={value:g}" if isinstance(value, float | int) and not isinstance(value, bool) else f"{name}={value}"
        for name, value in given.items()
    ]
    return f"{effect}({', '.join(shown)})" if shown else effect


def _number(value: object, name: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"{name}={value} is no number: give a time in the unit of the acts")
    return float(value)


def _spec(options: Options, network: str) -> Spec:
    kind = options.get("kind")
    window = _number(options.get("window"), "window")
    return Spec(
        network=network,
        kind=None if kind is None else str(kind),
        half_life=None if window is not None or network else _number(options.get("half_life"), "half_life"),
        window=window,
        density=bool(options.get("density")),
    )


def _second(options: Options, given: Options) -> Spec | None:
    if not {"second", "second_kind", "second_half_life"} & set(given):
        return None
    kind = options.get("second_kind", options.get("kind"))
    half_life = options.get("second_half_life", options.get("half_life"))
    return _spec(
        {"kind": kind, "half_life": half_life, "density": options.get("density")}, str(options.get("second") or "")
    )


def _repeats(option: object, network: str) -> Spec | None:
    if not option:
        return None
    return Spec(network if option is True else str(option))


def _transform(name: object) -> str | None:
    if name is not None and name not in TRANSFORMS:
        raise UsageError(f"no transform {name!r}: known are {', '.join(TRANSFORMS)}")
    return None if name is None else str(name)
