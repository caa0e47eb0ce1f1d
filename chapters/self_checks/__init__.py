"""The self-checks of the exercises, one module for each chapter: each says whether an answer is right, and if not, why."""
