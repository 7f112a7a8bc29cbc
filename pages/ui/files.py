"""Files that a browser takes along: made when they are asked for, and only as large as memory bears.

Streamlit takes what a download holds into memory as a whole, whatever it is made of, and keeps it
while the page is open. So pieces become one run of bytes without a second copy, and more rows than
that bears are not offered: it is said, with the command that writes them piece by piece.
"""

import io
from collections.abc import Iterable

import streamlit as st

from core.i18n import _, number


def whole(pieces: Iterable[str]) -> bytes:
    """The pieces as one file, UTF-8."""
    file = io.BytesIO()
    for piece in pieces:
        file.write(piece.encode())
    return file.getvalue()


def fits(rows: int, most: int, command: str) -> bool:
    """Whether so many rows may become a file here; where not, the command that makes it is named."""
    if rows > most:
        told = _("For more than {n} rows: `{command}` writes them into a file.")
        st.caption(told.format(n=number(most), command=command))
    return rows <= most
