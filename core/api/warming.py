"""Load what the first page and question would wait for, and put it out of the collector's sight.

Streamlit collects garbage after every run, over every object there is; what ``freeze`` has set
aside is not looked at again. ``load`` comes once after the start; ``settle`` does it again when
something large has been imported since. Measured in bench/server.py.
"""

import asyncio
import ctypes
import gc
import sys
from importlib import import_module

from core import i18n
from core.i18n import _

HEAVY = (
    "core.chat",
    "core.retrieval",
    "core.llm.embedded",
    "faiss",
    "tantivy",
    "Stemmer",
    "langchain_core.runnables",
    "tenacity",
    "ollama",
    "markdown_it",
    "babel.dates",
    "babel.messages.pofile",
)
FIRST_CALLS = (  # what they compile, open or look up is kept
    "core.loop:snapshot",
    "core.retrieval.index:warm",
    "core.retrieval.likeness:warm",
    "inspect:stack",  # Streamlit's first run does it and looks up 2,500 files
)
LOOK_EVERY = 5.0  # seconds
MANY = 100  # modules: pandas brings 300, a page 20


def load(modules: tuple[str, ...]) -> None:
    """Import our heavy modules and the pages' ``modules``; make the first calls; freeze."""
    for name in (*HEAVY, *modules):
        import_module(name)
    for language in i18n.LANGUAGES:
        with i18n.speaking(language):
            _("Language")  # reads the catalogue
    for verb in FIRST_CALLS:
        package, function = verb.split(":")
        getattr(import_module(package), function)()
    freeze()


async def settle() -> None:
    """Freeze again whenever many modules have come; runs until it is cancelled."""
    known = len(sys.modules)
    while True:
        await asyncio.sleep(LOOK_EVERY)
        if len(sys.modules) > known + MANY:
            await asyncio.to_thread(freeze)
            known = len(sys.modules)


def freeze() -> None:
    """Set aside all that lives now, and hand back the holes that importing leaves in the heap."""
    gc.collect()
    gc.freeze()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # where the C library has it
    if trim:
        trim(0)
