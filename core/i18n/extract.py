"""Bring the catalogues up to the code: ``python -m core.i18n.extract`` (``--check`` only tells).

In: every ``_``, ``N_`` and ``ngettext`` of ``app.py``, ``core/`` and ``pages/``. Out: ``pt_BR.po``
with each sentence once, those new to it untranslated, those gone dropped; never a guessed
(fuzzy) translation. Exit code 1 where the catalogue differs from the code or is not complete.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = Path(__file__).parent / "pt_BR.po"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
HEADER = r"""# Ciclo in the Portuguese of Brazil. Kept up to the code by: python -m core.i18n.extract
msgid ""
msgstr ""
"Language: pt_BR\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"
"Content-Type: text/plain; charset=utf-8\n"

"""


def sources() -> Iterator[Path]:
    """Every file of ours that may speak to people."""
    yield ROOT / "app.py"
    for folder in ("core", "pages"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def spoken() -> "Catalog":
    """The sentences of the code, in the order of the files."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract

    found = Catalog(charset="utf-8")
    for path in sources():
        if path.exists():
            text = io.BytesIO(path.read_bytes())
            for _line, message, _notes, _context in extract("python", text, keywords=KEYWORDS):
                found.add(message, locations=[(str(path.relative_to(ROOT)), 0)])
    return found


def written() -> "Catalog":
    """The catalogue as it lies on disk."""
    from babel.messages.pofile import read_po

    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="pt_BR")


def update() -> "Catalog":
    """Write the catalogue anew: what the code says, with the translations there are."""
    from babel.messages.pofile import write_po

    fresh, known = spoken(), written() if CATALOGUE.exists() else None
    for message in fresh:
        old = known.get(message.id) if known and message.id else None
        message.string = old.string if old else message.string
    with CATALOGUE.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, fresh, width=100, include_lineno=False, omit_header=True)
    return fresh


def complaints() -> list[str]:
    """What is wrong with the catalogue, a line each; nothing when it is complete and true."""
    code = {message.id for message in spoken() if message.id}
    have = {message.id: message for message in written() if message.id}
    lines = [f"not in the catalogue: {_shown(id_)}" for id_ in code - have.keys()]
    lines += [f"no longer said: {_shown(id_)}" for id_ in have.keys() - code]
    for message in have.values():
        lines += _faults(message)
    return sorted(lines)


def _faults(message: "Message") -> Iterator[str]:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    if message.fuzzy:
        yield f"fuzzy: {_shown(message.id)}"
    texts = [text for text in strings if text]
    if len(texts) < len(strings):
        yield f"not translated: {_shown(message.id)}"
        return
    ids = message.id if isinstance(message.id, tuple | list) else [message.id]
    wanted = set.union(*(_fields(text) for text in ids))
    for text in texts:
        if _fields(text) != wanted:
            yield f"other placeholders: {_shown(message.id)} -> {text}"


def _fields(text: str) -> set[str]:
    """The placeholders of a sentence, with their formats."""
    return {f"{name}:{spec}" for _text, name, spec, _c in Formatter().parse(text) if name}


def _shown(id_: str | tuple[str, ...] | list[str]) -> str:
    return id_ if isinstance(id_, str) else id_[0]


def main() -> int:
    """Update (or only check) and tell what is left to do."""
    if "--check" not in sys.argv[1:]:
        update()
    found = complaints()
    sys.stdout.writelines(line + "\n" for line in found)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
