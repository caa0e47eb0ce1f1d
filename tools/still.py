"""Writes one of the lecture's figures as a picture, at the last step of its slider.

The README's is written by `python -m tools.still figure12 docs/figure.png`.
"""

import sys
from pathlib import Path

from _ext.plotly_figures.pictures import draw
from tools.lecture_figures import lecture_figures, picture


def main(name, path):
    """Write the figure with this name on the slides to a path that ends in `.png` or `.svg`."""
    figures, path = lecture_figures(), Path(path)
    if name not in figures:
        sys.exit(f"There is no figure {name}; there are {', '.join(sorted(figures))}.")
    draw({path.name: picture(figures[name][0], path.suffix[1:])}, path.resolve().parent)


if __name__ == "__main__":
    main(*sys.argv[1:])
