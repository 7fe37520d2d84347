"""Every limit on what comes in from outside, in one place. Text of others is hostile until it has passed them."""

from __future__ import annotations

# Files
TEXT_BYTES = 10_000_000  # one text or HTML file, unpacked
TEXT_CHARACTERS = 1_000_000  # one article: a long book; parsing takes about a gigabyte per million characters
GZIP_RATIO = 200  # unpacked bytes to packed ones; real text stays below 20
GZIP_FREE_BYTES = 1_000_000  # unpacked bytes from which on the ratio is looked at
CHUNK = 65_536  # bytes read at a time

# HTML
HTML_ATTRIBUTES = 100  # on one tag; the time of the parser grows with their square
HTML_HERE_BYTES = 300_000  # larger pages are read in a process of their own
HTML_SECONDS = 30.0
HTML_MEGABYTES = 2_000

# Tables
LINE_BYTES = 32_000_000  # one line of JSON
CELL_CHARACTERS = 32_000_000  # one cell of a CSV file while it is read; an article in it is bounded by TEXT_CHARACTERS
JSON_BYTES = 100_000_000  # one .json file that is an array: it has to be read whole
HEADER_ROWS = 20  # JSON lines that are looked at for the name of the text column
PARQUET_ROWS = 64  # rows handed over at a time
PARQUET_SECONDS = 60.0  # for those rows
PARQUET_MEGABYTES = 4_000
PARQUET_DUCKDB_MEGABYTES = 1_000

# Fetching
FETCH_BYTES = 10_000_000
FETCH_SECONDS = 20.0  # all redirects together
FETCH_HOPS = 5

# Language
LANGUAGE_CHARACTERS = 1_000  # at the head of the text
LANGUAGE_LETTERS = 40  # fewer are too thin to refuse a text
LANGUAGE_CERTAINTY = 0.6  # probability from which on another language is believed

# Sentences
SENTENCE_WORDS = 3  # a text with fewer words holds no sentence
PAGE_SENTENCE_WORDS = 8  # in the longest sentence of a page's article; navigation has none so long

# Reading
READING_SECONDS = 120.0  # one article in a process of its own, its start included ...
READING_SECONDS_PER_THOUSAND = 1.0  # ... and for each thousand characters of it
READING_MEGABYTES = 6_000

# Folders
COUNTED_FILES = 50_000  # files that are counted beforehand for the progress bar

# Results
BATCH_ARTICLES = 25  # written to a ledger at once: what a crash may cost ...
BATCH_SECONDS = 20.0  # ... and how long they may wait for that
REPORT_ARTICLES = 500  # in one report file


def reading_seconds(characters: int) -> float:
    """How long the reading of an article of that length may take before it is given up."""
    return READING_SECONDS + READING_SECONDS_PER_THOUSAND * characters / 1000
