"""Scripts for authors and maintainers: `python -m tools.NAME`. See docs/MAINTAINING.md."""
