"""A whisker as SVG: a dot with its interval, beside the line of no difference. No script, no request."""

from core.comparison.report.figures import Whisker

WIDTH, HEIGHT, ROOM = 120, 16, 6


def svg(whisker: Whisker) -> str:
    """Numbers alone: no text of anybody is in it. Readers of the screen have the words beside it."""

    def x(value: float) -> float:
        return round(WIDTH / 2 + value * (WIDTH / 2 - ROOM), 1)

    middle = HEIGHT / 2
    pieces = [f'<line class="grid" x1="{x(0)}" x2="{x(0)}" y1="0" y2="{HEIGHT}"/>']
    if whisker.low is not None and whisker.high is not None:
        low, high = x(max(-1.0, whisker.low)), x(min(1.0, whisker.high))
        pieces.append(
            f'<line class="range" x1="{low}" x2="{high}" y1="{middle}" y2="{middle}"/>'
            f'<line class="range" x1="{low}" x2="{low}" y1="{middle - 3}" y2="{middle + 3}"/>'
            f'<line class="range" x1="{high}" x2="{high}" y1="{middle - 3}" y2="{middle + 3}"/>'
        )
    pieces.append(f'<circle class="dot" cx="{x(whisker.value)}" cy="{middle}" r="4"/>')
    return (
        f'<svg class="whisker" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">'
        f"{''.join(pieces)}</svg>"
    )
