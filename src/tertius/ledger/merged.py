"""Writing the table `events`: from one state of the ledger, in one commit, never over a later one."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tertius.errors import LedgerError
from tertius.ledger import merging, store

if TYPE_CHECKING:
    import deltalake

# In the commit: what the events were made from, and how.
DOCUMENTS, CORRECTIONS, RULE = "tertius.documents", "tertius.corrections", "tertius.rule"
ATTEMPTS = 8


def write(folder: Path, *, anew: bool = False) -> bool:
    """Merge and write; False if the events were up to date. Raises LedgerError."""
    for attempt in range(ATTEMPTS):
        if not anew and up_to_date(folder):
            return False
        if _written(folder):
            return True
        time.sleep(random.uniform(0, 0.1 * 2**attempt))  # noqa: S311 (two processes must not stay in step)
    raise LedgerError(f"{folder}: other processes keep merging it: wait for them, then run 'tertius merge'")


def up_to_date(folder: Path) -> bool:
    """Whether the events were made by the present rule from the documents and corrections that are there."""
    table = store.opened(folder, "events")
    if table is None:
        return False
    last = _last_write(table)
    return {name: last.get(name, "0") for name in (DOCUMENTS, CORRECTIONS, RULE)} == _made_from(folder)


def _made_from(folder: Path) -> dict[str, str]:
    """What events would be made from now. An earlier Tertius did not write down corrections, for there were none."""
    counts = {DOCUMENTS: store.count(folder, "documents"), CORRECTIONS: store.count(folder, "corrections")}
    return {name: str(number) for name, number in (counts | {RULE: merging.RULE}).items()}


def _last_write(table: deltalake.DeltaTable) -> dict[str, Any]:
    """The last commit that was no upkeep (compaction writes commits too)."""
    return next(commit for commit in table.history() if RULE in commit or commit["version"] == 0)


def _written(folder: Path) -> bool:
    """One attempt; False if another process wrote events meanwhile."""
    from deltalake import CommitProperties
    from deltalake.exceptions import CommitFailedError

    from tertius.ledger.events import events

    before = store.version(folder, "events")
    made_from = _made_from(folder)
    with store.connect(folder) as connection:
        rows = events(connection)
    commit = CommitProperties(custom_metadata=made_from, max_commit_retries=0)
    with store.refusals(folder):
        try:
            how = {"mode": "overwrite", "schema_mode": "overwrite"}  # an earlier Tertius wrote fewer columns
            store.write(folder, "events", rows, at=before, commit_properties=commit, **how)
        except CommitFailedError:
            return False
    return True
