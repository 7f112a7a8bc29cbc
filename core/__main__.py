"""``python -m core`` is ``ciclo``."""

from core.cli import main

main()
