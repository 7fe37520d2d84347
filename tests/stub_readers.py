"""Readers that stand in for the real one, at module level so that worker processes can import them."""

from __future__ import annotations

import os
import time

import msgspec

from tertius.errors import ModelError, NoArticle
from tertius.records import Document, Reader, Reading
from tests import samples


def read(document: Document) -> Reading:
    """The sample's events for a text that begins as the sample does, and none for other texts."""
    if document.text.startswith(samples.TEXT):
        return msgspec.structs.replace(samples.reading(document.text), document=document)
    reader = Reader(tertius="0.1.0", models={})
    return Reading(document=document, reader=reader, actors=(), mentions=(), attributions=(), figures=())


def troubled(document: Document) -> Reading:
    """Does what the first word of the text says."""
    match document.text.split()[0]:
        case "die":
            os._exit(9)
        case "hang":
            time.sleep(600)
        case "fail":
            raise ValueError("no such thing")
        case "refuse":
            raise NoArticle("nothing there")
        case "damaged":
            raise ModelError("the weights are damaged: install again")
        case "slow":
            time.sleep(0.2)
        case "threads":
            return msgspec.structs.replace(read(document), warnings=(os.environ.get("OMP_NUM_THREADS", ""),))
        case "memory":
            return msgspec.structs.replace(read(document), warnings=(str(len(bytearray(3 << 30))),))
    return read(document)
