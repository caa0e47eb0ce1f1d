"""Builders of the book's figures: each takes data and models and returns a plotly Figure."""

from lib.figures.curves import calibration, curves, intervals, survival
from lib.figures.lines import epoch_slider, learning_rate_slider, lines, loss_contours, weight_slider
from lib.figures.networks import backprop, network, neurons
from lib.figures.surfaces import boundary_band, response_slider, surface, surface_slider, two_labels

__all__ = [
    "backprop", "boundary_band", "calibration", "curves", "epoch_slider", "intervals", "learning_rate_slider", "lines",
    "loss_contours", "network", "neurons", "response_slider", "surface", "surface_slider", "survival", "two_labels", "weight_slider",
]
