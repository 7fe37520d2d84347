"""Every limit on a file of event data, in one place."""

from __future__ import annotations

BLOCK_BYTES = 1 << 20  # read at a time; a line is shorter than three of them
LINE_BYTES = 3 * BLOCK_BYTES + 65_536  # what DuckDB is told to expect of one line
PIECE_BYTES = 64 << 20  # one scratch file: what a large file is cut into
FLUSH_BYTES = 192 << 20  # text that becomes one write into the ledger
FLUSH_FILES = 400  # small files in one write
MEMBERS = 10_000  # of one zip archive
RATIO = 200  # unpacked bytes to packed ones; tables of event data stay below 30
FREE_BYTES = 10 << 20  # unpacked bytes from which on the ratio is looked at
MENDED = 10_000  # rows of one write with too many cells that are looked at one by one
NAMED = 1_000_000  # malformed rows of one write that are named
SHOWN = 5  # malformed rows that are printed
MEMORY = "900MB"  # for DuckDB
CELL_CHARACTERS = 131_072  # of a quoted cell: a longer one is a quotation mark that never closes
