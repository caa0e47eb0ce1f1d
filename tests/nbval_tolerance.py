"""pytest plugin: makes nbval use the book's tolerances, and keeps progress bars out of outputs."""

import os

from nbval.plugin import IPyNbCell

from tools import tolerance

os.environ["TQDM_DISABLE"] = "1"
exactly = IPyNbCell.compare_outputs


def compare_outputs(self, test, ref, skip_compare=None):
    """Compare as nbval does, after outputs within the tolerances have been made equal."""
    tolerance.settle(test, ref)
    return exactly(self, test, ref, skip_compare)


IPyNbCell.compare_outputs = compare_outputs
