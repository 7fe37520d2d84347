"""What no page may hold, whatever words are in it."""

from __future__ import annotations

from tests.web.crawl import Reader


def check(html: str) -> None:
    """Whether nothing of a page was made by the words in it."""
    for tag, attributes in Reader(html).tags:
        assert tag != "img", attributes
        assert tag != "script" or str(attributes.get("src")).startswith("/assets/"), attributes
        assert not any(name.startswith("on") or name == "style" for name in attributes), attributes
        assert not (attributes.get("href") or "/").lower().startswith("javascript"), attributes
    assert "<script" not in html.replace('<script src="/assets/', "")
    assert "49{" not in html
