"""Web pages written for the tests."""

from __future__ import annotations

PARAGRAPHS = (
    "The Norwegian foreign minister expelled two Russian diplomats on Monday, calling the decision unavoidable.",
    "“We had to act,” she told reporters in Oslo. Moscow promised an answer in kind within the week.",
    "Trade between the two countries fell by a tenth last year, according to the customs service in Bergen.",
)


def page(*paragraphs: str, head: str = "", before: str = "") -> str:
    """A page with a navigation, an article and a footer."""
    body = "".join(f"<p>{p}</p>" for p in paragraphs or PARAGRAPHS)
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>Norway expels two | The Fjord Times</title>{head}</head>"
        f"<body>{before}"
        "<nav><ul><li><a href='/'>Home</a></li><li><a href='/world'>World</a></li></ul></nav>"
        f"<article><h1>Norway expels two</h1>{body}</article><footer>Terms of use</footer></body></html>"
    )


METADATA = """<meta property="og:site_name" content="The Fjord Times">
<meta property="article:published_time" content="2024-03-05T08:30:00Z">
<link rel="canonical" href="https://fjord.example/2024/03/05/norway-expels-two">"""

JSON_LD = """<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Norway expels two", "datePublished": "2024-03-05T08:30:00+01:00",
"author": {"@type": "Person", "name": "Anna Lie"},
"publisher": {"@type": "Organization", "name": "The Fjord Times"}}</script>"""
