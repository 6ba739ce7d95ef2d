"""Charts as SVG that read well on a light page and on a dark one."""

import math
import statistics
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from benchmarks.goals import Goal

WIDTH, LABELS, RIGHT = 860, 330, 110
ROW, TOP = 26, 34
STYLE = """
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #24292f }
.small { font-size: 11px; fill: #57606a }
.line { stroke: #d0d7de } .goal { stroke: #57606a; stroke-dasharray: 4 3 }
.bar { fill: #8c959f } .ours { fill: #0969da } .whisker { stroke: #24292f }
.ok { fill: #1a7f37; stroke: #1a7f37 } .short { fill: #cf222e; stroke: #cf222e }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .small { fill: #9198a1 }
.line { stroke: #3d444d } .goal { stroke: #9198a1 }
.bar { fill: #656c76 } .ours { fill: #4493f8 } .whisker { stroke: #e6edf3 }
.ok { fill: #3fb950; stroke: #3fb950 } .short { fill: #f85149; stroke: #f85149 }
}
"""


def bars(title: str, unit: str, rounds: Mapping[str, Sequence[float]]) -> str:
    """A bar for each variant, its median, with a whisker from the least to the most of its rounds.

    :param rounds: the figures of all rounds by variant; those of ours are coloured.
    """
    most = max(max(figures) for figures in rounds.values()) or 1.0
    scale = (WIDTH - LABELS - RIGHT) / most
    chart = _chart(title, len(rounds))
    for number, (variant, figures) in enumerate(rounds.items()):
        middle, y = statistics.median(figures), TOP + number * ROW
        _text(chart, variant, LABELS - 10, y + 17, anchor="end")
        shape = {"x": LABELS, "y": y + 4, "width": middle * scale, "height": ROW - 8, "rx": 2}
        _add(chart, "rect", "ours" if variant.startswith("ours") else "bar", **shape)
        if len(figures) > 1:
            low, high = LABELS + min(figures) * scale, LABELS + max(figures) * scale
            _add(chart, "line", "whisker", x1=low, x2=high, y1=y + ROW / 2, y2=y + ROW / 2)
        _text(chart, f"{_short(middle)} {unit}", max(LABELS + max(figures) * scale, LABELS) + 8, y + 17, "small")
    return _written(chart)


def margins(title: str, goals: Sequence[Goal]) -> str:
    """How far each ratio is from its goal, on a logarithmic scale: what is right of the line keeps it.

    :param goals: all of them with a ratio and a bound.
    """
    spans = {goal.name: _margin(goal) for goal in goals}
    reach = max(2.0, *(max(1 / low, high) for low, _, high in spans.values()))
    half = (WIDTH - LABELS - RIGHT) / 2

    def place(share: float) -> float:
        return LABELS + half + half * math.log(share) / math.log(reach)

    chart = _chart(title, len(goals) + 1)
    bottom = TOP + len(goals) * ROW
    for share in (0.5, 1.0, 2.0, 4.0, 8.0, 16.0):
        if 1 / reach <= share <= reach:
            x = place(share)
            _add(chart, "line", "goal" if share == 1 else "line", x1=x, x2=x, y1=TOP, y2=bottom)
            _text(chart, "goal" if share == 1 else f"{share:g}×", x, bottom + 16, "small", anchor="middle")
    for number, goal in enumerate(goals):
        low, middle, high = spans[goal.name]
        y, style = TOP + number * ROW + ROW / 2, "ok" if goal.passed else "short"
        _text(chart, _cut(goal.name), LABELS - 10, y + 4, "small", anchor="end")
        _add(chart, "line", style, x1=place(low), x2=place(high), y1=y, y2=y, **{"stroke-width": 3})
        _add(chart, "circle", style, cx=place(middle), cy=y, r=4)
        assert goal.ratio is not None
        _text(chart, f"{goal.ratio.median:.2f} ({goal.bound})", WIDTH - RIGHT + 8, y + 4, "small")
    return _written(chart)


def _margin(goal: Goal) -> tuple[float, float, float]:
    """The ends and the middle of the interval as shares of the bound; more is better."""
    assert goal.ratio is not None
    word, _, number = goal.bound.partition(" ")
    found, bound = goal.ratio, float(number)
    if word == ">=":
        return found.low / bound, found.median / bound, found.high / bound
    return bound / found.high, bound / found.median, bound / found.low


def _chart(title: str, rows: int) -> Element:
    height = TOP + rows * ROW + 6
    box = {"viewBox": f"0 0 {WIDTH} {height}", "width": str(WIDTH), "height": str(height), "role": "img"}
    chart = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **box})
    SubElement(chart, "title").text = title
    SubElement(chart, "style").text = STYLE
    _text(chart, title, 10, 20)
    return chart


def _add(chart: Element, name: str, style: str, **numbers: float) -> Element:
    return SubElement(chart, name, {"class": style, **{key: f"{value:g}" for key, value in numbers.items()}})


def _text(chart: Element, words: str, x: float, y: float, style: str = "", anchor: str = "start") -> None:
    item = _add(chart, "text", style, x=x, y=y)
    item.set("text-anchor", anchor)
    item.text = words


def _written(chart: Element) -> str:
    indent(chart, " ")
    return tostring(chart, encoding="unicode") + "\n"


def _cut(name: str) -> str:
    return name if len(name) <= 56 else name[:55] + "…"


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"
