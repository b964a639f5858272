"""Plots as inline SVG: a plane of points, and bars. Text takes the page's colour, so light and dark both read well."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["Bar", "Point", "bars", "key_mark", "plane"]

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 640, 380, 56, 44, 16, 16
_BAR_HEIGHT, _GAP, _NAME_WIDTH = 11, 9, 220
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a plane.

    Args:
        x: its place on the horizontal axis.
        y: its place on the vertical axis.
        title: shown when the point is hovered.
        colour: of its mark.
        shape: ``circle``, ``square`` (an open one), ``triangle`` or ``diamond``.
        label: short words beside it; empty for none.
        line: points of one line are joined in their order; empty for none.
    """

    x: float
    y: float
    title: str
    colour: str
    shape: str
    label: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a group."""

    value: float
    title: str
    colour: str


def plane(points: Sequence[Point], *, x_title: str, y_title: str) -> str:
    """Points over two axes that begin at 0; hovering a point shows its title."""
    width, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    x_end, y_end = (_round_up(max((value for value in values), default=1.0)) for values in _axes(points))

    def place(x: float, y: float) -> tuple[float, float]:
        return _LEFT + width * x / x_end, _TOP + height * (1 - y / y_end)

    parts = [f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(y_title)} by {escape(x_title)}">']
    for step in range(_TICKS + 1):
        x, y = x_end * step / _TICKS, y_end * step / _TICKS
        across, up = place(x, 0)[0], place(0, y)[1]
        parts += [
            f'<line class="grid" x1="{_LEFT}" y1="{up:.1f}" x2="{_WIDTH - _RIGHT}" y2="{up:.1f}"/>',
            f'<text x="{_LEFT - 6}" y="{up + 4:.1f}" text-anchor="end">{y:g}</text>',
            f'<text x="{across:.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{x:g}</text>',
        ]
    middle = _TOP + height / 2
    parts += [
        f'<text x="{_LEFT + width / 2}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(x_title)}</text>',
        f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">{escape(y_title)}</text>',
        *_joined([(point, *place(point.x, point.y)) for point in points]),
        *(_marker(point, *place(point.x, point.y)) for point in points),
        *(_label(point, *place(point.x, point.y)) for point in points if point.label),
        "</svg>",
    ]
    return "".join(parts)


def bars(groups: Sequence[tuple[str, Sequence[Bar]]], *, unit: str, logarithmic: bool = False) -> str:
    """Groups of horizontal bars, from 0, or from 0.01 on a logarithmic scale."""
    top = max((bar.value for _, group in groups for bar in group), default=1.0)
    room = _WIDTH - _NAME_WIDTH - 60

    def length(value: float) -> float:
        if not logarithmic:
            return room * value / (top or 1.0)
        return room * max(0.0, math.log10(max(value, 0.01)) + 2) / (math.log10(max(top, 0.1)) + 2)

    parts: list[str] = []
    y = 4.0
    for name, group in groups:
        middle = y + len(group) * _BAR_HEIGHT / 2 + 4
        parts.append(f'<text x="{_NAME_WIDTH - 8}" y="{middle:.1f}" text-anchor="end">{escape(name)}</text>')
        for bar in group:
            long = length(bar.value)
            box = f'x="{_NAME_WIDTH}" y="{y:.1f}" width="{max(long, 1):.1f}" height="{_BAR_HEIGHT - 2}"'
            parts += [
                f'<rect {box} fill="{bar.colour}"><title>{escape(bar.title)}</title></rect>',
                f'<text class="small" x="{_NAME_WIDTH + long + 4:.1f}" y="{y + 8:.1f}">{bar.value:.3g}{unit}</text>',
            ]
            y += _BAR_HEIGHT
        y += _GAP
    return f'<svg viewBox="0 0 {_WIDTH} {y:.0f}" role="img">{"".join(parts)}</svg>'


def _axes(points: Iterable[Point]) -> Iterator[list[float]]:
    some = list(points)
    yield [point.x for point in some]
    yield [point.y for point in some]


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50, 100 and so on."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if value <= step * power * (1 + 1e-9))


def _joined(placed: Sequence[tuple[Point, float, float]]) -> Iterator[str]:
    for name in dict.fromkeys(point.line for point, _, _ in placed if point.line):
        some = [each for each in placed if each[0].line == name]
        path = " ".join(f"{x:.1f},{y:.1f}" for _, x, y in some)
        yield f'<polyline class="line" points="{path}" stroke="{some[0][0].colour}"/>'


def _label(point: Point, x: float, y: float) -> str:
    # At the right border the words would leave the picture.
    side, anchor = (-8, "end") if x > _WIDTH - _RIGHT - 60 else (8, "start")
    below = 16 if point.shape == "triangle" else -7
    place = f'x="{x + side:.1f}" y="{y + below:.1f}" text-anchor="{anchor}"'
    return f'<text class="small" {place}>{escape(point.label)}</text>'


def key_mark(shape: str) -> str:
    """A mark for the key, in the colour of the text."""
    mark = _marker(Point(0, 0, shape, "currentColor", shape), 7, 7)
    return f'<svg class="mark-key" viewBox="-2 -2 18 18">{mark}</svg>'


def _marker(point: Point, x: float, y: float) -> str:
    title = f"<title>{escape(point.title)}</title>"
    size = 5.5
    match point.shape:
        case "square":
            # Open and larger: a generic row lies where the typed one does.
            wide = size + 2.5
            inner = f"M{x - wide:.1f} {y - wide:.1f}h{2 * wide}v{2 * wide}h{-2 * wide}z"
            return f'<path class="open" d="{inner}" fill="none" stroke="{point.colour}">{title}</path>'
        case "triangle":
            inner = f"M{x:.1f} {y - size:.1f}l{size} {2 * size}h{-2 * size}z"
        case "diamond":
            inner = f"M{x:.1f} {y - size:.1f}l{size} {size}l{-size} {size}l{-size} {-size}z"
        case _:
            return f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="{size}" fill="{point.colour}">{title}</circle>'
    return f'<path class="mark" d="{inner}" fill="{point.colour}">{title}</path>'
