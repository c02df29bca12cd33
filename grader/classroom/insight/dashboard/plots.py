"""Plots as pictures that are part of the page: SVG, made by Vega-Lite without a browser, network or script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from grader.classroom import pages

if TYPE_CHECKING:
    import altair
    from markupsafe import Markup

WIDTH, HEIGHT, ROW = 300, 130, 18
"""Pixels, of the scales alone; ROW is the height of a bar that lies."""
_BAR = "#123456"
"""Stands for the colour that the style gives to bars, which is another one in the dark."""
_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
"""Of single strokes. What a plot shows is said by the label around it, and by a table."""
_Rows = Sequence[tuple[str, float]]


class Plots:
    """Draws them.

    Raises:
        UsageError: what draws plots is not installed.
    """

    def __init__(self) -> None:
        try:
            import altair
            import vl_convert
            from markupsafe import Markup
        except ModuleNotFoundError as error:
            raise pages.missing_package(error.name or "altair") from error
        self._altair, self._convert, self._markup = altair, vl_convert, Markup

    def histogram(self, title: str, bars: _Rows) -> Markup:
        """Standing bars: how many people there are in each part of a scale."""
        alt = self._altair
        x = alt.X("name:N", sort=None, title=title, axis=alt.Axis(labelAngle=-45))
        y = alt.Y("count:Q", title="people", axis=alt.Axis(tickMinStep=1, format="d"))
        return self._drawn(bars, x, y, height=HEIGHT)

    def shares(self, title: str, shares: Sequence[tuple[str, float | None]]) -> Markup:
        """Lying bars: a share from 0 to 1 for each name."""
        alt = self._altair
        rows = [(name, 100 * (share or 0)) for name, share in shares]
        y = alt.Y("name:N", sort=None, title="check")
        x = alt.X("count:Q", title=title, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(values=[0, 25, 50, 75, 100]))
        return self._drawn(rows, x, y, height=ROW * max(1, len(rows)))

    def _drawn(self, rows: _Rows, x: altair.X, y: altair.Y, *, height: int) -> Markup:
        alt = self._altair
        values: list[dict[str, Any]] = [{"name": name, "count": count} for name, count in rows]
        ink: dict[str, Any] = {f"{part}Color": "currentColor" for part in ("label", "title", "domain", "tick", "grid")}
        chart = (
            alt.Chart(alt.Data(values=values))
            .mark_bar(color=_BAR)
            .encode(x=x, y=y)
            .properties(width=WIDTH, height=height)
            .configure(background="transparent", font="sans-serif")
            .configure_view(stroke=None)
            .configure_axis(
                **ink, gridOpacity=0.2, labelFontSize=11, titleFontSize=12, titleFontWeight="normal", titlePadding=8
            )
        )
        svg = self._convert.vegalite_to_svg(chart.to_dict())
        return self._markup(_ROLES.sub("", svg))
