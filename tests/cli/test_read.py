from __future__ import annotations

import csv
import errno
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tertius.cli import read as command
from tertius.cli import tertius
from tertius.cli.progress import Progress
from tertius.errors import LedgerError, NotALedger, TertiusError, UsageError, WorldError
from tertius.ledger.ledger import Ledger
from tertius.reading import many
from tertius.records import Document, Reading
from tertius.show.marks import printable
from tertius.sources import limits
from tests import stub_readers
from tests.samples import TEXT
from tests.sources.test_language import GERMAN


@pytest.fixture(autouse=True)
def _stub_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_read", stub_readers.read)
    monkeypatch.setattr(command, "_reader", lambda: stub_readers.read)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with four articles."""
    made = tmp_path / "articles"
    made.mkdir()
    for n in range(4):
        (made / f"{n}.txt").write_text(f"{TEXT} Number {n}.")
    return made


def run(*arguments: str | Path, **options: object) -> Result:
    return CliRunner().invoke(tertius, ["read", *map(str, arguments)], catch_exceptions=False, **options)  # type: ignore


def ids(folder: Path) -> set[str]:
    return {Document.from_text(path.read_text()).id for path in folder.glob("*.txt")}


def test_the_table(folder: Path) -> None:
    ran = run(folder / "0.txt", "--published", "2024-03-06")
    assert ran.exit_code == 0
    assert "EXPEL" in ran.stdout or "SANCTION" in ran.stdout
    assert "Norway expelled two Russian diplomats" in ran.stdout
    assert "1 article read, 1 event" in ran.stderr
    assert "\x1b" not in ran.stdout


def test_an_article_without_events_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The sky was blue over the bay of Bergen.")
    assert "no events found" in run(tmp_path / "a.txt").stdout


def test_json_is_one_array_and_jsonl_a_line_each(folder: Path) -> None:
    array = json.loads(run(folder, "--format", "json").stdout)
    lines = [json.loads(line) for line in run(folder, "--format", "jsonl").stdout.splitlines()]
    assert array == lines
    assert {reading["document"]["id"] for reading in array} == ids(folder)
    assert [r["document"]["text"][-2] for r in array] == list("0123")


def test_an_empty_array_is_an_array(tmp_path: Path) -> None:
    ran = run(tmp_path / "none.txt", "--format", "json")
    assert json.loads(ran.stdout) == []
    assert ran.exit_code == 3


def test_csv_has_one_row_a_mention_and_no_formulas(tmp_path: Path) -> None:
    row = {"text": TEXT, "title": "=HYPERLINK(1)"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row) + "\n" + json.dumps(row | {"text": TEXT + " b.", "title": "@x"}))
    rows = list(csv.DictReader(io.StringIO(run(tmp_path / "a.jsonl", "--format", "csv").stdout)))
    assert [row["title"] for row in rows] == ["'=HYPERLINK(1)", "'@x"]
    assert rows[0]["sentence"].startswith("Norway expelled")


def test_quiet_prints_results_and_failures_only(folder: Path) -> None:
    assert run(folder, "--quiet", "--format", "jsonl").stderr == ""
    assert "skipped" in run(folder / "nope.txt", "--quiet").stderr


def test_what_cannot_be_read_is_named_and_the_rest_is_read(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "german.txt").write_text(GERMAN)
    ran = run(tmp_path / "empty.txt", folder, tmp_path / "german.txt", "--format", "jsonl")
    assert ran.exit_code == 3
    assert len(ran.stdout.splitlines()) == 4
    assert f"skipped: {tmp_path / 'empty.txt'}: it is empty" in ran.stderr
    assert "German" in ran.stderr
    assert "4 articles read, 4 events; 2 could not be read" in ran.stderr


def test_files_of_other_kinds_are_counted_and_harmless(folder: Path) -> None:
    (folder / "x.pdf").touch()
    ran = run(folder)
    assert ran.exit_code == 0
    assert "files of other kinds passed over: 1 .pdf" in ran.stderr


def test_the_standard_input(folder: Path) -> None:
    ran = run("-", "--format", "jsonl", input=TEXT)
    assert json.loads(ran.stdout)["document"]["text"] == TEXT


@pytest.mark.parametrize("day", ["2024-02-30", "yesterday", "05/03/2024"])
def test_an_impossible_date_says_the_form(folder: Path, day: str) -> None:
    with pytest.raises(UsageError, match="YYYY-MM-DD") as raised:
        run(folder, "--published", day)
    assert raised.value.exit_code == 2


def test_an_unknown_option_or_no_source_is_a_usage_error() -> None:
    assert run().exit_code == 2
    assert run("x", "--format", "xml").exit_code == 2
    assert run("x", "--jobs", "0").exit_code == 2


def test_a_missing_text_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"id,words\n1,{TEXT.splitlines()[0]}\n")
    ran = run(tmp_path / "a.csv")
    assert ran.exit_code == 3
    assert "id, words" in ran.stderr
    assert run(tmp_path / "a.csv", "--text-column", "words").exit_code == 0


def test_addresses_are_not_fetched_unless_asked_for() -> None:
    ran = run("http://news.example/a")
    assert ran.exit_code == 3
    assert "--fetch" in ran.stderr


def test_several_jobs_keep_the_order(folder: Path) -> None:
    one = run(folder, "--format", "jsonl").stdout
    assert run(folder, "--format", "jsonl", "--jobs", "2").stdout == one


def test_a_ledger_keeps_everything_and_nothing_is_read_twice(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "z.txt").touch()
    ledger = tmp_path / "ledger"
    ran = run(folder, "--ledger", ledger)
    assert ran.stdout == ""
    assert "tertius events --ledger" in ran.stderr
    assert Ledger.open(ledger).known_ids() == ids(folder) - {Document.from_text("").id}

    def refuse(document: Document) -> Reading:
        raise AssertionError("read again")

    monkeypatch.setattr(many, "_read", refuse)
    again = run(folder, "--ledger", ledger, "--format", "jsonl")
    assert again.stdout == ""
    assert "4 in the ledger before" in again.stderr


def test_a_ledger_folder_that_is_something_else(folder: Path) -> None:
    with pytest.raises(NotALedger, match="choose"):
        run(folder, "--ledger", folder)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BATCH_ARTICLES", 2)


@pytest.mark.usefixtures("small_batches")
def test_ctrl_c_keeps_what_was_read_and_the_next_run_finishes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(document: Document) -> Reading:
        if document.text.endswith("3."):
            raise KeyboardInterrupt
        return stub_readers.read(document)

    monkeypatch.setattr(many, "_read", interrupted)
    ran = run(folder, "--ledger", tmp_path / "ledger", "--format", "json")
    assert ran.exit_code == 130
    assert "stopped: 3 articles read" in ran.stderr
    assert len(json.loads(ran.stdout)) == 3
    assert len(Ledger.open(tmp_path / "ledger").known_ids()) == 3
    monkeypatch.setattr(many, "_read", stub_readers.read)
    assert len(json.loads(run(folder, "--ledger", tmp_path / "ledger", "--format", "json").stdout)) == 1
    assert Ledger.open(tmp_path / "ledger").known_ids() == ids(folder)


@pytest.mark.usefixtures("small_batches")
def test_a_full_disk_keeps_what_was_written_and_the_next_run_finishes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tertius.ledger import store

    written = store.append

    def full(*arguments: object) -> None:
        if Ledger.open(tmp_path / "ledger").known_ids():
            raise LedgerError("no space left: free some space")
        written(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "append", full)
    with pytest.raises(LedgerError, match="free some space"):
        run(folder, "--ledger", tmp_path / "ledger")
    assert len(Ledger.open(tmp_path / "ledger").known_ids()) == 2
    monkeypatch.setattr(store, "append", written)
    assert "2 in the ledger before" in run(folder, "--ledger", tmp_path / "ledger").stderr
    assert Ledger.open(tmp_path / "ledger").known_ids() == ids(folder)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_the_output_says_so_and_keeps_the_ledger(folder: Path, tmp_path: Path) -> None:
    arguments = [
        sys.executable,
        "-c",
        STUBBED,
        "read",
        str(folder),
        "--format",
        "jsonl",
        "--ledger",
        str(tmp_path / "l"),
    ]
    with open("/dev/full", "w") as full:  # noqa: PTH123
        ran = subprocess.run(arguments, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 1
    assert "tertius: the results cannot be written (No space left on device)" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert len(Ledger.open(tmp_path / "l").known_ids()) == 1


STUBBED = """
from tertius.reading import many
from tests import stub_readers
many._read = stub_readers.troubled
from tertius.cli import main
if __name__ == "__main__":
    main()
"""


def hears_ctrl_c() -> None:
    """Tests that are started in the background of a shell inherit that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_real_ctrl_c(tmp_path: Path, jobs: str) -> None:
    rows = [f"slow {TEXT} {n}." for n in range(500)]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"text": row}) for row in rows))
    arguments = [sys.executable, "-c", STUBBED, "read", str(tmp_path / "a.jsonl"), "--format", "jsonl"]
    arguments += ["--ledger", str(tmp_path / "l"), "--jobs", jobs]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=hears_ctrl_c,
    ) as ran:  # fmt: skip
        assert ran.stdout
        assert ran.stderr
        first = ran.stdout.readline()
        os.killpg(ran.pid, signal.SIGINT)
        rest, said = ran.stdout.read(), ran.stderr.read()
    assert ran.returncode == 130
    assert "stopped" in said
    assert "Traceback" not in said
    printed = {json.loads(line)["document"]["id"] for line in [first, *rest.splitlines()]}
    assert Ledger.open(tmp_path / "l").known_ids() == printed


def test_a_broken_pipe_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        "\n".join(json.dumps({"text": f"{TEXT} {n}. " + "More. " * 99}) for n in range(500))
    )
    arguments = [sys.executable, "-c", STUBBED, "read", str(tmp_path / "a.jsonl"), "--format", "jsonl", "--quiet"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as ran:
        assert ran.stdout
        assert ran.stderr
        json.loads(ran.stdout.readline())
        ran.stdout.close()
        said = ran.stderr.read()
    assert said == ""


def test_the_report(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text("an older report")
    ran = run(folder, "--report", file)
    assert ran.exit_code == 0
    assert "Norway expelled two Russian diplomats" in file.read_text()
    assert f"report: {file}" in ran.stderr
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["report.html"]


def test_no_report_of_nothing(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text("an older report")
    assert "no report" in run(tmp_path / "none.txt", "--report", file).stderr
    assert file.read_text() == "an older report"


@pytest.mark.parametrize("place", ["no/such/folder.html", "articles", "articles/0.txt"])
def test_a_report_that_cannot_be_written_is_said_first(folder: Path, tmp_path: Path, place: str) -> None:
    with pytest.raises(UsageError, match="name a"):
        run(folder / "0.txt", "--report", tmp_path / place)


def test_a_disk_that_is_full_for_the_report(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, *arguments: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(TertiusError, match=r"No space left.*free some space"):
        run(folder, "--report", tmp_path / "r.html")


def test_a_report_shows_so_many_articles(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REPORT_ARTICLES", 2)
    assert "the first 2 articles" in run(folder, "--report", tmp_path / "r.html").stderr


def test_names_cannot_command_the_terminal(tmp_path: Path) -> None:
    assert printable("a\x1b[2Jb\u202ec\n") == "a�[2Jb�c�"
    (tmp_path / "x\x1b[2J.txt").touch()
    assert "\x1b" not in run(tmp_path / "x\x1b[2J.txt").stderr


def shown_at_a_terminal(monkeypatch: pytest.MonkeyPatch, total: int, quiet: bool) -> str:
    """What a terminal shows when two articles are done and a line is said in between."""
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)
    with os.fdopen(theirs, "w") as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        patch.setattr("tertius.cli.progress.PATIENCE", 0.0)
        patch.setenv("TERM", "xterm")
        with Progress(total, quiet=quiet) as progress:
            time.sleep(0.01)
            progress.step()
            progress.say("skipped: a line beside the bar")
            progress.step()
        stream.flush()
        parts = []
        with suppress(BlockingIOError):  # a terminal gives at most a few kilobytes at once
            while part := os.read(ours, 100_000):
                parts.append(part)
    os.close(ours)
    return b"".join(parts).decode()


def test_a_bar_appears_on_long_work_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = shown_at_a_terminal(monkeypatch, total=40, quiet=False)
    assert "/40" in shown  # which step is drawn last depends on the clock
    assert "skipped: a line beside the bar" in shown


@pytest.mark.parametrize(("total", "quiet"), [(1, False), (40, True)])
def test_no_bar_for_one_article_or_in_quiet(monkeypatch: pytest.MonkeyPatch, total: int, quiet: bool) -> None:
    assert shown_at_a_terminal(monkeypatch, total, quiet).strip() == "skipped: a line beside the bar"


def test_own_actors_are_merged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from tertius.world import entities

    merged: list[object] = []
    monkeypatch.setattr(entities, "merge", merged.append)
    reader = command.ReadWith(())
    for _ in range(2):
        reader(Document.from_text(TEXT))
    assert merged == [()]


def test_own_actors_come_from_a_file(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "actors.csv"
    file.write_text(
        "id,name,kind,country,sector\nour-port,Port Authority,organisation,NOR,GOV\nodd,Odd,nokind,NOR,GOV\n"
    )
    ran = run(folder / "0.txt", "--actors", file)
    assert ran.exit_code == 0
    assert f"warning: {file}: line 3" in ran.stderr
    with pytest.raises(WorldError):
        run(folder / "0.txt", "--actors", tmp_path / "none.csv")


def test_the_help_documents_the_exit_codes() -> None:
    shown = run("--help").stdout
    assert all(code in shown for code in ("Exit codes:", "130", "--any-language", "--fetch"))
