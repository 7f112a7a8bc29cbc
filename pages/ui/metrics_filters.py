"""Which conversations the metrics are of: chosen above them, kept in the address."""

from pages.ui.filters import Filters

FILTERS = Filters(
    "metrics",
    usual=("period", "assistant", "version", "data"),
    more=("channel", "mode", "tier", "language", "topic", "document", "outcome", "weekday", "hour"),
)
