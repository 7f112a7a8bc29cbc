"""The facts on disk: one file of plain arrays, replaced as a whole.

In: facts. Out: the same facts, or None where the file is missing, damaged or laid out otherwise.
Always holds: whatever moment a process dies in, the file is a whole one; no object is ever
unpickled; without room on the disk nothing is saved, and nothing is lost but time.
"""

import json
import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from core.config import settings
from core.metrics.facts import FRAMES, Facts, Frame, facts

log = logging.getLogger("ciclo.metrics")
LAYOUT = json.dumps(FRAMES)


def save(held: Facts) -> None:
    """Write the facts; a disk that refuses is logged."""
    import numpy as np

    head = {"layout": LAYOUT, "changed_ms": held.changed_ms, "names": dict(held.names)}
    arrays: dict[str, Any] = {"head": np.frombuffer(json.dumps(head).encode(), dtype=np.uint8)}
    for name, columns in FRAMES.items():
        told = getattr(held, name)
        arrays |= {f"{name}.{column}": told[column] for column in columns}
    at = place()
    written = at.with_name(f"{uuid4().hex}.part")
    try:
        at.parent.mkdir(parents=True, exist_ok=True)
        with written.open("wb") as file:
            np.savez(file, **arrays)
        os.replace(written, at)
    except OSError as error:
        written.unlink(missing_ok=True)
        log.warning("the figures could not be kept on disk: %s", error)


def load() -> Facts | None:
    """The facts that were saved last."""
    import numpy as np

    try:
        with place().open("rb") as file, np.load(file, allow_pickle=False) as found:
            head = json.loads(found["head"].tobytes())
            if head["layout"] != LAYOUT:
                return None
            frames = {
                name: Frame({column: found[f"{name}.{column}"] for column in columns})
                for name, columns in FRAMES.items()
            }
    except FileNotFoundError:
        return None
    except Exception as error:  # whatever a file may hold: it is a cache
        log.warning("the figures on disk are damaged and are read anew: %s", error)
        return None
    return replace(facts(frames, head["names"]), changed_ms=int(head["changed_ms"]), revision=1)


def place() -> Path:
    """Where the file lies."""
    return settings().home / "metrics" / "facts.npz"
