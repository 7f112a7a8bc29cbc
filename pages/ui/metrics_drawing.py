"""A chart as the plain data that plotly's script reads, without plotly's own objects.

In: traces, axes, lines and words. Out: what ``st.plotly_chart`` takes. Always holds: only names that
plotly's script knows are written here. Its Python objects check each of them, which takes longer than
all figures of the page together.
"""

from datetime import datetime
from typing import Any


class Drawing:
    """Its traces in ``data``, all else in ``layout``."""

    def __init__(self, **layout: Any) -> None:
        self.data: list[dict[str, Any]] = []
        self.layout: dict[str, Any] = {"shapes": [], "annotations": [], "xaxis": {}, "yaxis": {}}
        self.update_layout(**layout)

    def update_layout(self, **more: Any) -> None:
        """Change some of it; of axes and margins only what is named."""
        for name, value in more.items():
            known = self.layout.get(name)
            merged = known | value if isinstance(known, dict) and isinstance(value, dict) else value
            self.layout[name] = merged

    def update_xaxes(self, **more: Any) -> None:
        """Change the axis below."""
        self.update_layout(xaxis=more)

    def update_yaxes(self, **more: Any) -> None:
        """Change the axis at the side."""
        self.update_layout(yaxis=more)

    def add(self, kind: str, **trace: Any) -> None:
        """Draw a trace: "scatter" or "bar"."""
        self.data.append({"type": kind, **trace})

    def add_hline(self, y: float, **line: Any) -> None:
        """A line from side to side."""
        self._line({"x0": 0, "x1": 1, "xref": "x domain", "y0": y, "y1": y}, line)

    def add_vline(self, x: float | datetime, **line: Any) -> None:
        """A line from foot to top."""
        self._line({"y0": 0, "y1": 1, "yref": "y domain", "x0": x, "x1": x}, line)

    def add_annotation(self, **words: Any) -> None:
        """Words at a place."""
        self.layout["annotations"].append(words)

    def _line(self, where: dict[str, Any], line: dict[str, Any]) -> None:
        self.layout["shapes"].append({"type": "line", **where, "line": line})

    def plotly(self) -> Any:
        """As ``st.plotly_chart`` takes it without building plotly's objects."""
        from plotly.basedatatypes import BaseFigure

        class Plain(BaseFigure):  # type: ignore[misc]
            """A figure of which only its data is ever asked for."""

            def __init__(self, plain: dict[str, Any]) -> None:
                self._plain = plain

            def to_dict(self) -> dict[str, Any]:
                return self._plain

        return Plain({"data": self.data, "layout": self.layout})
