"""Under what terms a data set may be used."""

from __future__ import annotations

import tomllib
from typing import NamedTuple

from tertius.datasets.tables import text


class Terms(NamedTuple):
    """The title of a data set, its licence in a few words, and what its publisher asks."""

    title: str
    licence: str
    terms: str


def terms_of(dataset: str, licence: str | None = None) -> Terms:
    """The terms of a data set; `licence` is what the user says of one that Tertius does not know."""
    known = tomllib.loads(text("tables/terms.toml"))
    if dataset in known:
        found = Terms(**known[dataset])
        return found._replace(licence=licence) if licence else found
    if licence:
        return Terms(dataset, licence, "As its owner stated at the import.")
    return Terms(dataset, **{key: known["own"][key] for key in ("licence", "terms")})
