"""README.md shows the results as they are in the repository, and links only to what is there."""

import re
import runpy

import pytest

from tests.source_tree import ROOT, benchmark_script

README = (ROOT / "README.md").read_text(encoding="utf-8")
SCRIPT = runpy.run_path(str(ROOT / "docs/update_readme.py"))


def test_tables_are_those_of_the_results():
    assert SCRIPT["updated"](README, SCRIPT["tables"]()) == README


@pytest.mark.parametrize("page", SCRIPT["PAGES"])
def test_pages_show_the_results(page):
    text = (ROOT / f"docs/{page}.md").read_text(encoding="utf-8")
    assert SCRIPT["updated"](text, SCRIPT["results_of"](page)) == text


def test_counts_of_the_decomposition_are_those_of_the_script():
    with benchmark_script("decomposition_table") as script:
        counts = script.counts()
    results = ROOT / "benchmarks/results"
    assert counts == (results / "decomposition_counts.md").read_text(encoding="utf-8")


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)]+)\)", README):
        if not target.startswith("https://"):
            file, _, heading = target.partition("#")
            assert (ROOT / file).exists(), target
            assert not heading or heading in headings(ROOT / file), target


def headings(file):
    """The anchors of a page's headings."""
    lines = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), flags=re.M)
    return {line.lower().replace(" ", "-") for line in lines}


def test_public_names_in_the_readme_exist():
    import eelbert_tf

    for name in set(re.findall(r"eelbert_tf\.([a-zA-Z_]+)", README)):
        assert hasattr(eelbert_tf, name), name
