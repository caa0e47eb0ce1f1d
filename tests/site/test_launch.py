"""Buttons and the first cell of notebooks lead to the repository from which the book is built."""

import os
import re
import subprocess
import sys

import nbformat
import pytest
import yaml

from tools.book import NOTEBOOKS, ROOT
from tools.browsing import Visit, build, copy_of_the_book, mounted, served
from tools.launch import launch_cell, repository
from tools.page_look import violations

BOOK = "https://github.com/some-one/the-book"
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])


on_linux = pytest.mark.skipif(os.name == "nt", reason="Colab runs Linux")


def repository_copy(folder):
    """Return a copy of the book that is a repository of its own."""
    book = copy_of_the_book(folder)
    who = ["-c", "user.name=a reader", "-c", "user.email=reader@example.org"]
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "a copy"]):
        subprocess.run(["git", *command], cwd=book, check=True, capture_output=True)
    return book


def on_colab(folder, address):
    """Run the launch cell, then one that reads data, in an empty folder where `google.colab` can be imported."""
    (folder / "google" / "colab").mkdir(parents=True)
    (folder / "google" / "colab" / "__init__.py").touch()
    (folder / "content").mkdir()
    (folder / "site").mkdir()
    (folder / "lib").mkdir()  # Colab, too, has one next to /content
    script = folder / "script.ipy"
    then = "import lib\nprint(lib.__file__)\nprint(open('../data/line.csv').readline())"
    script.write_text(f"import google.colab\n{launch_cell(address).source}\n\n{then}\n", encoding="utf-8")
    # pip installs `lib` into the test's own folder, and uses the packages that are already installed.
    pip = {"PIP_TARGET": f"{folder}/site", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0"}
    env = {**os.environ, **pip, "PYTHONPATH": f"{folder}/site:{folder}"}
    return subprocess.run([sys.executable, "-m", "IPython", script], cwd=folder / "content", env=env, capture_output=True, text=True)


@on_linux
def test_on_colab_the_first_cell_brings_lib_and_data(tmp_path):
    done = on_colab(tmp_path, f"file://{repository_copy(tmp_path / 'origin')}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{tmp_path}/site/lib/__init__.py" in done.stdout
    assert (ROOT / "data" / "line.csv").read_text(encoding="utf-8").splitlines()[0] in done.stdout


@on_linux
def test_on_colab_a_copy_without_a_repository_says_so(tmp_path):
    assert "This copy does not know where its book is." in on_colab(tmp_path, "").stdout


@pytest.fixture(scope="module")
def small_book(tmp_path_factory):
    """Build a few pages of a copy of the book whose origin is on GitHub; return their folder."""
    book = repository_copy(tmp_path_factory.mktemp("origin"))
    subprocess.run(["git", "remote", "add", "origin", f"{BOOK}.git"], cwd=book, check=True)
    pages = [{"file": "chapters/motivation"}, {"file": "chapters/references"}]
    toc = {"format": "jb-book", "root": "chapters/index", "chapters": pages}
    config = yaml.safe_load((book / "_config.yml").read_text(encoding="utf-8"))
    config["repository"]["url"] = ""
    (book / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "tools.launch"], cwd=book, check=True)
    (book / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    return build(book, book, warnings=False)


def test_buttons_lead_to_the_repository_the_book_is_built_from(small_book):
    page = (small_book / "chapters" / "motivation.html").read_text(encoding="utf-8")
    assert "https://mybinder.org/v2/gh/some-one/the-book/main?urlpath=lab/tree/chapters/motivation.ipynb" in page
    assert "https://colab.research.google.com/github/some-one/the-book/blob/main/chapters/motivation.ipynb" in page
    assert f"{BOOK}/issues/new" in page
    assert "executablebooks/jupyter-book" not in page


def test_buttons_are_for_everyone(browser, small_book):
    with served(small_book, mounted(small_book)) as address:
        one = Visit(browser, f"{address}/chapters/motivation.html")
        one.settle()
        for button in one.page.locator(".article-header-buttons .dropdown > button").all():
            button.click()
            assert not violations(one.page)
        one.context.close()


def test_without_a_repository_there_is_no_button(site):
    if repository():
        pytest.skip("this book has a repository")
    button = re.compile(r"mybinder\.org|colab\.research|github\.com/[\w-]+/[\w-]+/issues/new")
    assert not [path.name for path in (site / "chapters").glob("*.html") if button.search(path.read_text(encoding="utf-8"))]


@every_notebook
def test_a_page_offers_its_notebook(site, path):
    page = (site / "chapters" / f"{path.stem}.html").read_text(encoding="utf-8")
    assert f"_sources/chapters/{path.name}" in page
    assert nbformat.read(site / "_sources" / "chapters" / path.name, as_version=4).cells == nbformat.read(path, as_version=4).cells
