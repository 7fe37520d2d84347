"""The errors that Tertius raises on purpose. Each message says what is wrong and how to cure it.

TertiusError
├── UsageError                 the request itself is wrong: an unknown date, type or option
├── SourceError                a file, folder or address could not be read
│   ├── EmptySource            nothing in it
│   ├── NotText                binary, or in an encoding that is not what it says
│   ├── NoArticle              a page without an article, a text without sentences
│   ├── WrongLanguage          a language other than English
│   ├── TooLarge               over a limit on bytes, seconds, attributes or redirects
│   ├── MissingColumn          a table without the text column
│   ├── BrokenRow              one row of a table that cannot be read (the others can)
│   └── FetchRefused           an address that may not be fetched
├── WorldError                 a world table, ours or the user's, with a row that cannot be used
├── ModelError                 a weight file that is missing, damaged or of another version
├── StudyError                 a study cannot be made from these acts
│   ├── TooLittle              too few acts, actors or days
│   └── NotIdentified          effects that the record cannot tell apart or pin down, by name
└── LedgerError                the ledger folder cannot be used
    ├── NotALedger             the folder is something else
    ├── NewerLedger            written by a later version of Tertius
    ├── NoSuchRecord           no record has that id
    └── CorrectedMeanwhile     somebody else has corrected the same mention since it was looked at
"""

from __future__ import annotations

from dataclasses import dataclass


class TertiusError(Exception):
    """Anything that Tertius reports to its user; `exit_code` is what the command line ends with."""

    exit_code = 1


class UsageError(TertiusError):
    """The request itself is wrong."""

    exit_code = 2


class SourceError(TertiusError):
    """An article could not be read. `where` names the file, line or address."""

    exit_code = 3

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.reason = message
        self.where = where


@dataclass(frozen=True)
class Skipped:
    """A source or row that was passed over, where it stands and why; the others are read all the same.

    `harmless` marks what is passed over on purpose: a second copy of an article, files of other kinds in a folder.
    """

    where: str
    reason: SourceError
    harmless: bool = False


class EmptySource(SourceError):
    """There is nothing in it."""


class NotText(SourceError):
    """It is binary, or its bytes are not in a text encoding."""


class NoArticle(SourceError):
    """It holds no sentences that could be read."""


class WrongLanguage(SourceError):
    """It is written in a language other than English."""


class TooLarge(SourceError):
    """It is over one of the limits in `tertius.sources.limits`."""


class MissingColumn(SourceError):
    """A table has no column with the text."""


class BrokenRow(SourceError):
    """One row of a table cannot be read; the others can."""


class FetchRefused(SourceError):
    """An address may not be fetched."""


class WorldError(TertiusError):
    """A world table has a row that cannot be used."""

    exit_code = 4


class ModelError(TertiusError):
    """A weight file is missing, damaged or of another version."""

    exit_code = 5


class StudyError(TertiusError):
    """A study cannot be made from these acts."""

    exit_code = 7


class TooLittle(StudyError):
    """There are too few acts, actors or days to say anything."""


class NotIdentified(StudyError):
    """The record cannot tell effects apart or pin one down. `effects` names them."""

    def __init__(self, message: str, effects: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.effects = effects


class LedgerError(TertiusError):
    """The ledger folder cannot be used."""

    exit_code = 6


class NotALedger(LedgerError):
    """The folder holds something else."""


class NewerLedger(LedgerError):
    """The ledger was written by a later version of Tertius."""


class NoSuchRecord(LedgerError):
    """No record has that id."""


class CorrectedMeanwhile(LedgerError):
    """Somebody else has corrected the same mention since it was looked at."""
