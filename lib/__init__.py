"""The shared code of the book: models, the training loop and the figures."""
