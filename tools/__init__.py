"""What authors and maintainers run: `python -m tools.NAME`. See docs/MAINTAINING.md."""
