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

DOCUMENTS, RULE = "tertius.documents", "tertius.rule"  # in the commit: what the events were made from, and how
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
    """Whether the events were made by the present rule from the documents that are there."""
    table = store.opened(folder, "events")
    if table is None:
        return False
    last = _last_write(table)
    return last.get(DOCUMENTS) == str(store.count(folder, "documents")) and last.get(RULE) == str(merging.RULE)


def _last_write(table: deltalake.DeltaTable) -> dict[str, Any]:
    """The last commit that was no upkeep (compaction writes commits too)."""
    return next(commit for commit in table.history() if RULE in commit or commit["version"] == 0)


def _written(folder: Path) -> bool:
    """One attempt; False if another process wrote events meanwhile."""
    from deltalake import CommitProperties
    from deltalake.exceptions import CommitFailedError

    from tertius.ledger.events import events

    before = store.version(folder, "events")
    documents = store.count(folder, "documents")
    with store.connect(folder) as connection:
        rows = events(connection)
    made_from = {DOCUMENTS: str(documents), RULE: str(merging.RULE)}
    commit = CommitProperties(custom_metadata=made_from, max_commit_retries=0)
    with store.refusals(folder):
        try:
            store.write(folder, "events", rows, at=before, mode="overwrite", commit_properties=commit)
        except CommitFailedError:
            return False
    return True
