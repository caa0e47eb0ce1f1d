"""The data sets come out of their script byte for byte."""

import runpy

from book import ROOT


def test_data_are_regenerated_byte_for_byte(tmp_path):
    script = tmp_path / "make_data.py"
    script.write_bytes((ROOT / "data" / "make_data.py").read_bytes())
    runpy.run_path(str(script), run_name="__main__")
    stored = {path.name: path.read_bytes() for path in (ROOT / "data").glob("*.csv")}
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")} == stored
