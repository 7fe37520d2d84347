"""`tertius read`: articles in, who did what to whom out; kept in a ledger if there is one."""

from __future__ import annotations

import errno
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tertius.cli.options import day_option, write_whole
from tertius.cli.output import Output, discard, output
from tertius.cli.progress import Progress
from tertius.errors import LedgerError, Skipped, TertiusError, UsageError
from tertius.sources import limits

if TYPE_CHECKING:
    from tertius.ledger.ledger import Ledger
    from tertius.records import Document, Reading
    from tertius.world.model import Entity

Located = tuple[str, "Document"]

INTERRUPTED = 130
EXIT_CODES = """\b
Exit codes:
  0    everything was read
  2    the command itself is wrong: an unknown option, date or file of options
  3    some or all sources could not be read; the others were, and are printed and kept
  6    the ledger cannot be used, or its disk is full; what was kept stays
  130  stopped with Ctrl-C; what was read is kept, and the same command reads the rest
"""


@click.command(epilog=EXIT_CODES)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@day_option("--published", "Day of publication of all articles (YYYY-MM-DD); wins over what they say.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "jsonl", "csv"]),
    help="How to print what was read.  [default: table; nothing with --ledger]",
)
@click.option("--ledger", metavar="FOLDER", help="Keep what was read in this ledger; what it holds is not read again.")
@click.option("--no-merge", is_flag=True, help="Leave merging mentions into events to 'tertius merge'.")
@click.option("--report", metavar="FILE.html", help="Write a report: one HTML file that needs no network.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Read in N processes.")
@click.option("--fetch", is_flag=True, help="Allow http(s) addresses as sources. Nothing is fetched without it.")
@click.option("--text-column", metavar="NAME", help="The column of a table that holds the text.")
@click.option("--any-language", is_flag=True, help="Read articles that are not in English as well as can be.")
@click.option("--actors", metavar="FILE.csv", help="Your own table of actors, over those that Tertius knows.")
@click.option("--quiet", is_flag=True, help="Print results and failures only: no progress, no summary.")
def read(sources: tuple[str, ...], **options: Any) -> None:
    """Read articles and show who did what to whom, when, where, how much, on whose word.

    A SOURCE is a text or HTML file, a table with a column of text (JSONL, JSON, CSV, Parquet), any of these with .gz,
    a folder of them, - for the standard input, or with --fetch an http(s) address.

    \b
    Examples:
      tertius read article.txt --published 2024-03-05 --report report.html
      tertius read articles/ --ledger ledger --jobs 4
      tertius read archive.jsonl.gz --text-column body --format jsonl
    """
    wanted = Options(sources=sources, **options)
    run = Run(wanted)
    try:
        run.all()
    except KeyboardInterrupt:
        kept = "is kept, and the same command reads the rest" if wanted.ledger else "is printed"
        run.progress.say(f"stopped: {run.tally.described()}; what was read {kept}")
        raise SystemExit(INTERRUPTED) from None
    raise SystemExit(run.tally.exit_code())


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the user asked for."""

    sources: tuple[str, ...]
    published: str | None
    format_: str | None
    ledger: str | None
    no_merge: bool
    report: str | None
    jobs: int
    fetch: bool
    text_column: str | None
    any_language: bool
    actors: str | None
    quiet: bool


@dataclass
class Tally:
    """What became of the articles so far."""

    read: int = 0
    events: int = 0
    failed: int = 0
    kept_before: int = 0
    warnings: Counter[str] = field(default_factory=Counter)

    def add(self, reading: Reading) -> None:
        self.read += 1
        self.events += len(reading.mentions)
        self.warnings.update(reading.warnings)

    def exit_code(self) -> int:
        return 3 if self.failed else 0

    def described(self) -> str:
        """'12 articles read, 40 events; 3 could not be read'."""
        parts = [f"{_counted(self.read, 'article')} read, {_counted(self.events, 'event')}"]
        if self.failed:
            parts.append(f"{self.failed} could not be read")
        if self.kept_before:
            parts.append(f"{self.kept_before} in the ledger before")
        return "; ".join(parts)


class Run:
    """One call of the command: sources in; output, ledger and report out."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.tally = Tally()
        self.report = Report(options.report, options.sources) if options.report else None
        self.keeper = Keeper(_ledger(options.ledger)) if options.ledger else None
        self.progress = Progress(_total(options), quiet=options.quiet)
        self.reader = self._with_actors(options.actors) if options.actors else None

    def all(self) -> None:
        """Read everything. What was read is printed and kept also when this ends with an error."""
        out = output(self.options.format_ or ("none" if self.keeper else "table"))
        try:
            with self.progress, closing(self._outcomes()) as outcomes:
                try:
                    for outcome in outcomes:
                        self._take(outcome, out)
                finally:
                    self._finish(out)
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of our output has had enough
                raise
            discard()
            cure = "free some space or choose another place, and run the same command again"
            raise TertiusError(f"the results cannot be written ({error.strerror or error}): {cure}") from error
        if self.keeper and not self.options.no_merge:
            self.keeper.ledger.merge()
        self._summarise()

    def _outcomes(self) -> Generator[tuple[str, Reading] | Skipped, None, None]:
        from tertius.reading.many import read_many
        from tertius.sources.articles import located

        wanted = self.options
        found = located(
            wanted.sources,
            published=wanted.published,
            fetch=wanted.fetch,
            text_column=wanted.text_column,
            any_language=wanted.any_language,
        )
        yield from read_many(
            self._new(found),
            jobs=wanted.jobs,
            seconds=limits.reading_seconds,
            megabytes=limits.READING_MEGABYTES,
            read=self.reader,
        )

    def _with_actors(self, file: str) -> ReadWith:
        from tertius.world import user

        own, warnings = user.read(file)
        for warning in warnings:
            self.progress.say(f"warning: {file}: {warning}")
        return ReadWith(own)

    def _new(self, found: Iterable[Located | Skipped]) -> Iterator[Located | Skipped]:
        """Without what the ledger holds."""
        known = self.keeper.ledger.known_ids() if self.keeper else frozenset()
        for item in found:
            if not isinstance(item, Skipped) and item[1].id in known:
                self.tally.kept_before += 1
                self.progress.step()
            else:
                yield item

    def _take(self, outcome: tuple[str, Reading] | Skipped, out: Output) -> None:
        if isinstance(outcome, Skipped):
            self._skip(outcome)
        else:
            where, reading = outcome
            self.tally.add(reading)
            if self.keeper:
                self.keeper.add(where, reading)
            if self.report:
                self.report.add(reading)
            with self.progress.aside():
                out.write(where, reading)
        self.progress.step()

    def _skip(self, skipped: Skipped) -> None:
        if skipped.harmless:
            if not self.options.quiet:
                self.progress.say(f"{skipped.where}: {skipped.reason.reason}")
            return
        self.tally.failed += 1
        self.progress.say(f"skipped: {skipped.where}: {skipped.reason.reason}")
        if self.keeper:
            self.keeper.skip(skipped)

    def _finish(self, out: Output) -> None:
        """Keep first, then complete what was printed: a broken pipe or a full disk there must not cost the ledger."""
        try:
            if self.keeper:
                self.keeper.commit()
        finally:
            try:
                if self.report:
                    self.report.write()
            finally:
                out.end()

    def _summarise(self) -> None:
        if self.options.quiet:
            return
        for warning, count in self.tally.warnings.items():
            self.progress.say(f"warning: {warning}" + (f" ({_counted(count, 'article')})" if count > 1 else ""))
        self.progress.say(self.tally.described())
        if self.keeper:
            self.progress.say(
                f"kept in {self.keeper.ledger.folder}: list with 'tertius events --ledger {self.options.ledger}'"
            )
        if self.report:
            self.progress.say(self.report.described())


class Keeper:
    """Writes readings to a ledger in batches: one batch is one commit, and what is committed stays."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._readings: list[tuple[str, Reading]] = []
        self._skipped: list[tuple[str, str]] = []
        self._since = time.monotonic()

    def add(self, where: str, reading: Reading) -> None:
        self._readings.append((where, reading))
        self._commit_when_due()

    def skip(self, skipped: Skipped) -> None:
        self._skipped.append((skipped.where, skipped.reason.reason))
        self._commit_when_due()

    def commit(self) -> None:
        """Write what is pending. Raises LedgerError."""
        readings, skipped = self._readings, self._skipped
        self._readings, self._skipped = [], []  # a batch that failed is not tried again on the way out
        if readings:
            self.ledger.add([reading for _, reading in readings], [where for where, _ in readings])
        if skipped:
            self.ledger.skipped(skipped)
        self._since = time.monotonic()

    def _commit_when_due(self) -> None:
        many = len(self._readings) + len(self._skipped) >= limits.BATCH_ARTICLES
        if many or time.monotonic() - self._since > limits.BATCH_SECONDS:
            self.commit()


class Report:
    """The readings for a report, and the file that it is written to in one go."""

    def __init__(self, file: str, sources: Iterable[str]) -> None:
        self.path = Path(file)
        self._readings: list[Reading] = []
        self._more = 0
        if self.path.is_dir() or not self.path.parent.is_dir():
            raise UsageError(f"--report {file}: no file can be made there: name a file in a folder that exists")
        if any(self.path.exists() and Path(s).exists() and self.path.samefile(s) for s in sources):
            raise UsageError(f"--report {file} is one of the sources: name another file")

    def add(self, reading: Reading) -> None:
        if len(self._readings) < limits.REPORT_ARTICLES:
            self._readings.append(reading)
        else:
            self._more += 1

    def write(self) -> None:
        """Write the report; a report that was there stays whole until the new one is. Raises OSError."""
        if not self._readings:
            return
        from tertius.show.report import report_html

        write_whole(self.path, report_html(self._readings))

    def described(self) -> str:
        if not self._readings:
            return "no report: no article was read"
        first = f" (the first {len(self._readings)} articles)" if self._more else ""
        return f"report: {self.path}{first}"


class ReadWith:
    """Reads with the user's own actors over the tables, in whichever process it is called."""

    def __init__(self, own: tuple[Entity, ...]) -> None:
        self.own = own
        self.merged = False

    def __call__(self, document: Document) -> Reading:
        from tertius.world import entities

        if not self.merged:
            entities.merge(self.own)
            self.merged = True
        return _reader()(document)


def _reader() -> Callable[[Document], Reading]:
    from tertius.reading import reader

    return reader.read


def _ledger(folder: str) -> Ledger:
    from tertius.ledger.ledger import Ledger

    try:
        return Ledger.create_or_open(folder)
    except OSError as error:
        raise LedgerError(f"{folder} cannot be used ({error.strerror}): choose another folder") from error


def _total(options: Options) -> int | None:
    from tertius.sources.articles import count

    return count(options.sources) if sys.stderr.isatty() and not options.quiet else None


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
