"""The proximity theory of voting, as a layer for a network."""

from torch import nn

from lib import checks


class Proximity(nn.Module):
    """How much nearer the second candidate stands than the first.

    inputs (..., 3): the placements of oneself and of the two candidates;
    outputs (..., 1): |self - first| - |self - second|, in points of their
    scale. There is nothing to train in it. Source: Downs (1957), An
    Economic Theory of Democracy. Raises ValueError for other shapes.
    """

    def forward(self, inputs):
        got = f"shape {tuple(inputs.shape)}"
        checks.require(inputs.shape[-1:] == (3,), "inputs", "shape (..., 3)", got)
        own, first, second = inputs.split(1, dim=-1)
        return (own - first).abs() - (own - second).abs()
