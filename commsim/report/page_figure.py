"""A figure that shows itself where Python shows pictures, as in a notebook, without a magic line before it."""

from __future__ import annotations

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


class PageFigure(Figure):
    """matplotlib's figure, which a notebook asks for its picture by the method below."""

    def _repr_png_(self) -> bytes:
        """The picture as PNG."""
        FigureCanvasAgg(self)
        picture = io.BytesIO()
        self.savefig(picture, format="png", metadata={"Software": None})
        return picture.getvalue()
