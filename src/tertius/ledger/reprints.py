"""Which articles are prints of one story: near-duplicate texts, found with MinHash and checked exactly.

Two texts are prints of one story when half of their shingles (runs of four words) are common to both, or when four
fifths of the shorter one stand in the longer one, which may have more paragraphs. Broder (1997), "On the resemblance
and containment of documents".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from zlib import crc32

SHINGLE = 4  # words
RESEMBLANCE = 0.5
CONTAINMENT = 0.8
LEAST = 8  # shingles under which containment says nothing
LONGEST = 200_000  # characters of a text that are looked at

PERMUTATIONS, BANDS, SEED = 128, 64, 1  # bands of two: finds what resembles by a third almost surely (1 - (1-r²)^64)

_WORD = re.compile(r"\w+")


def stories(texts: Mapping[str, str]) -> dict[str, str]:
    """For each article id the smallest id among the prints of its story, its own where it has no others."""
    from rensa import RMinHash, RMinHashLSH

    ids = sorted(texts)
    story = {id_: id_ for id_ in ids}
    index = RMinHashLSH(threshold=RESEMBLANCE, num_perm=PERMUTATIONS, num_bands=BANDS)
    for number, id_ in enumerate(ids):
        sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
        sketch.update([str(shingle) for shingle in shingles(texts[id_])])
        for earlier in sorted(index.query(sketch)):
            first, mine = _root(story, ids[earlier]), _root(story, id_)
            if first != mine and same_story(texts[ids[earlier]], texts[id_]):
                story[max(first, mine)] = min(first, mine)
        index.insert(number, sketch)
    return {id_: _root(story, id_) for id_ in ids}


def same_story(one: str, other: str) -> bool:
    """Whether two texts are prints of one story."""
    a, b = shingles(one), shingles(other)
    common, least = len(a & b), min(len(a), len(b))
    if not common:
        return False
    return common >= RESEMBLANCE * len(a | b) or (least >= LEAST and common >= CONTAINMENT * least)


def shingles(text: str) -> frozenset[int]:
    """The runs of four words of a text, as checksums; a shorter text is one run."""
    words = _WORD.findall(text[:LONGEST].casefold())
    runs = range(max(1, len(words) - SHINGLE + 1))
    return frozenset(crc32(" ".join(words[n : n + SHINGLE]).encode("utf-8", "replace")) for n in runs)


def _root(story: dict[str, str], id_: str) -> str:
    while story[id_] != id_:
        story[id_] = story[story[id_]]
        id_ = story[id_]
    return id_
