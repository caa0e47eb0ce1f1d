"""Shows the reader the source of anything in lib, as it is at this very moment."""

import inspect

from IPython.display import Markdown


def show_source(thing):
    """Return the source code of a function or class, to be displayed by a notebook."""
    return Markdown(f"```python\n{inspect.getsource(thing)}```")
