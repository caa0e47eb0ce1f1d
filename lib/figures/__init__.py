"""Builders of the book's figures: each takes data and models and returns a plotly Figure."""

from lib.figures.curves import curves
from lib.figures.descent import learning_rate_slider, loss_contours
from lib.figures.lines import epoch_slider, lines, weight_slider

__all__ = ["curves", "epoch_slider", "learning_rate_slider", "lines", "loss_contours", "weight_slider"]
