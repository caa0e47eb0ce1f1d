"""Right answers to the exercises in other styles than the solutions, one module for each page."""
