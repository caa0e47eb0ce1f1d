"""What is measured rather than tested, and the results: `python -m tools.measure.NAME`."""
