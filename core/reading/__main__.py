"""``python -m core.reading``: the child that parses; started by ``core.reading.parent`` alone."""

from core.reading.child import main

main()
