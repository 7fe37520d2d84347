"""The pages in a real browser: nothing of a page is refused by its own policy, nothing hostile runs, all can use it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from tertius.ledger.ledger import Ledger
from tertius.web import serve
from tertius.web.app import create
from tertius.web.jobs import Jobs
from tests.datasets import samples
from tests.web.browser import BROWSER, Browser
from tests.web.conftest import many
from tests.web.test_coded import coded_rows
from tests.web.test_hostile import EVIL, hostile
from tests.web.test_read import stub

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium here: install it to run the browser tests")
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SCREENS = ("/", "/events", "/events?source=SDN", "/acts", "/acts?between=NOR-RUS", "/pair/SDN/TCD", "/pair/NOR/RUS",
           "/answers", "/answers?x=RUS&b=NOR&a=SWE", "/answers?screen=yes", "/disputes", "/articles", "/publishers",
           "/failures", "/read", "/sql", "/outlook", "/corrections", "/nothing", "/events?since=never", "ARTICLE",
           "EVENT")  # fmt: skip


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    listening = serve.bound("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(create(folder, jobs=Jobs(stub)), log_level="error"))
    running = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    running.start()
    for _ in range(100):
        if server.started:
            break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    running.join(10)


@pytest.fixture(scope="module")
def evil_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    ledger = Ledger.create_or_open(tmp_path_factory.mktemp("browser") / "ledger")
    ledger.add([hostile(evil) for evil in EVIL], EVIL)
    ledger.merge()
    with serving(ledger.folder) as address:
        yield address


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A ledger with everything in it: articles, event data, failures."""
    folder = tmp_path_factory.mktemp("browser")
    ledger = Ledger.create_or_open(folder / "ledger")
    readings = many()
    ledger.add(readings, [f"file{n}.txt" for n, _ in enumerate(readings)])
    ledger.skipped([("broken.pdf", "a PDF: turn it into text first")])
    ledger.merge()
    path = folder / "events.tab"
    path.write_text(samples.tabbed(coded_rows(), samples.columns("icews")), encoding="utf-8")
    samples.run(ledger, "icews", path)
    with serving(ledger.folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    made = Browser(tmp_path_factory.mktemp("profile"))
    yield made
    made.close()


def opened(browser: Browser, address: str, path: str) -> None:
    if path in ("ARTICLE", "EVENT"):
        listed, wanted = {"ARTICLE": ("/articles", "/article/"), "EVENT": ("/events", "/event/")}[path]
        browser.open(address + listed)
        path = browser.run(f"document.querySelector('main a[href^=\"{wanted}\"]').getAttribute('href')")
    browser.open(address + path)


@pytest.mark.parametrize("path", ["/", "/events", "/answers", "/acts"])
def test_the_browser_shows_the_page_and_refuses_nothing_of_it(browser: Browser, evil_address: str, path: str) -> None:
    browser.look()
    browser.open(evil_address + path)
    assert browser.run("document.querySelector('h1') !== null")
    assert browser.run("[...document.scripts].every(one => one.src.startsWith(location.origin + '/assets/'))")
    assert browser.run("document.querySelectorAll('main img').length") == 0
    assert browser.complaints == []


def test_the_marked_article_is_shown_whole(browser: Browser, evil_address: str) -> None:
    browser.look()
    browser.open(f"{evil_address}/article/{hostile(EVIL[0]).document.id[7:19]}")
    assert "<script>alert(1)</script>" in browser.run("document.querySelector('main').textContent")
    assert browser.run("document.getElementById('d-m1-text') !== null")
    assert browser.run("document.scripts.length") == 0
    assert browser.complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", SCREENS)
def test_axe_finds_no_violation(browser: Browser, address: str, path: str, dark: bool) -> None:
    browser.look(dark=dark)
    opened(browser, address, path)
    browser.run(AXE.read_text(encoding="utf-8") + "; true")
    found = browser.run("axe.run({resultTypes: ['violations']}).then(told => told.violations.map(one => "
                        "[one.id, one.help, one.nodes.slice(0, 3).map(node => node.html.slice(0, 200))]))")  # fmt: skip
    assert found == []


@pytest.mark.parametrize("path", SCREENS)
def test_a_phone_need_not_scroll_sideways(browser: Browser, address: str, path: str) -> None:
    browser.look(width=390, height=800)
    opened(browser, address, path)
    assert browser.run("document.documentElement.scrollWidth") <= 390


def test_the_first_tab_leads_past_the_bar_and_focus_is_seen(browser: Browser, address: str) -> None:
    browser.look()
    browser.open(address + "/events")
    browser.press("Tab", 9)
    assert browser.run("document.activeElement.className") == "skip"
    assert browser.run("document.activeElement.getBoundingClientRect().left") >= 0
    browser.press("Enter", 13)
    browser.wait("location.hash == '#main'")
    browser.press("Tab", 9)
    assert browser.run("document.querySelector('main').contains(document.activeElement)")
    assert browser.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_network_is_drawn_and_leads_to_the_acts(browser: Browser, address: str) -> None:
    browser.look()
    browser.open(address + "/answers?actor=NOR")
    browser.wait("document.querySelector('.network').dataset.drawn > 1")
    assert browser.run("document.querySelector('.network-still').hidden")
    assert browser.run("document.querySelectorAll('.network canvas').length") > 0
    assert browser.complaints == []


def test_without_a_script_the_network_is_a_picture(browser: Browser, address: str) -> None:
    browser.look()
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(address + "/answers?actor=NOR")
        assert browser.run("document.querySelector('.network-still svg').getBoundingClientRect().width") > 300
        assert browser.run("document.querySelector('.network').hidden")
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)


def test_paper_has_no_bar_and_no_forms(browser: Browser, address: str) -> None:
    browser.look(media="print")
    for path in ("/", "/events", "/pair/NOR/RUS", "/answers"):
        browser.open(address + path)
        hidden = "[...document.querySelectorAll('.bar nav, .facets, form.ask')].every(one => one.offsetHeight == 0)"
        assert browser.run(hidden), path
    browser.look()


def test_a_pasted_text_is_read_in_two_steps(browser: Browser, address: str) -> None:
    browser.look()
    browser.open(address + "/read")
    browser.run("document.querySelector('#text').value = 'any words'; document.querySelector('form').submit(); true")
    browser.wait("location.pathname.startsWith('/article/') && document.readyState == 'complete'")
    assert "Norway" in browser.run("document.querySelector('main').textContent")


def test_a_change_of_pace_leads_to_its_acts(browser: Browser, address: str) -> None:
    browser.look()
    browser.open(address + "/pair/NOR/RUS")
    assert browser.run("document.querySelectorAll('svg.chart a[href^=\"#change-\"]').length") > 0
    browser.run("document.querySelector('.changes a.n').click(); true")
    browser.wait("location.pathname == '/acts' || location.pathname == '/events'")


def test_files_are_read_with_progress_and_a_stopped_reader_goes_on(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    browser.look()
    browser.open(address + "/read")
    for name, words in (("a.txt", "half of it"), ("b.txt", "crash"), ("c.txt", "refuse")):
        (tmp_path / name).write_text(words, encoding="utf-8")
    browser.choose("#file", [tmp_path / name for name in ("a.txt", "b.txt", "c.txt")])
    browser.run("document.querySelector('form .button').click(); true")
    browser.wait("document.querySelector('main form[method=post] .button')?.textContent == 'Go on'")
    assert "1 of 3 dealt with" in browser.run("document.querySelector('main').textContent")
    browser.run("document.querySelector('main form .button').click(); true")
    browser.wait("document.querySelector('h1')?.textContent == 'Read'")
    told = browser.run("document.querySelector('main').textContent")
    assert "b.txt: the process that read it gave up twice" in told
    assert "c.txt: it holds no sentences" in told
    assert browser.run("document.querySelector('main a[href^=\"/article/\"]') !== null")
