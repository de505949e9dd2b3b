"""README.md shows the results as they are in the repository, and links only to what is there."""

import pathlib
import re
import runpy

ROOT = pathlib.Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_tables_are_those_of_the_results():
    script = runpy.run_path(str(ROOT / "docs/update_readme.py"))
    assert script["updated"](README, script["tables"]()) == README


def test_ablations_are_those_of_the_results():
    script = runpy.run_path(str(ROOT / "docs/update_readme.py"))
    page = (ROOT / "docs/ablations.md").read_text(encoding="utf-8")
    assert script["updated"](page, script["ablations"]()) == page


def test_mediapipe_is_that_of_the_results():
    script = runpy.run_path(str(ROOT / "docs/update_readme.py"))
    page = (ROOT / "docs/mediapipe.md").read_text(encoding="utf-8")
    assert script["updated"](page, script["mediapipe"]()) == page


def test_compression_is_that_of_the_results():
    script = runpy.run_path(str(ROOT / "docs/update_readme.py"))
    page = (ROOT / "docs/compression.md").read_text(encoding="utf-8")
    assert script["updated"](page, script["compression"]()) == page


def test_embedding_compression_is_that_of_the_results():
    script = runpy.run_path(str(ROOT / "docs/update_readme.py"))
    page = (ROOT / "docs/embedding-compression.md").read_text(encoding="utf-8")
    assert script["updated"](page, script["embedding_compression"]()) == page


def test_mixed_vocabulary_is_that_of_the_results():
    script = runpy.run_path(str(ROOT / "docs/update_readme.py"))
    page = (ROOT / "docs/mixed-vocabulary.md").read_text(encoding="utf-8")
    assert script["updated"](page, script["mixed_vocabulary"]()) == page


def test_decomposition_is_that_of_the_results():
    script = runpy.run_path(str(ROOT / "docs/update_readme.py"))
    page = (ROOT / "docs/decomposition.md").read_text(encoding="utf-8")
    assert script["updated"](page, script["decomposition"]()) == page


def test_counts_of_the_decomposition_are_those_of_the_script():
    script = runpy.run_path(str(ROOT / "benchmarks/decomposition_table.py"))
    results = ROOT / "benchmarks/results"
    assert script["counts"]() == (results / "decomposition_counts.md").read_text(encoding="utf-8")


def test_distillation_is_that_of_the_results():
    script = runpy.run_path(str(ROOT / "docs/update_readme.py"))
    page = (ROOT / "docs/distillation.md").read_text(encoding="utf-8")
    assert script["updated"](page, script["distillation"]()) == page


def test_scaling_is_that_of_the_results():
    script = runpy.run_path(str(ROOT / "docs/update_readme.py"))
    page = (ROOT / "docs/scaling.md").read_text(encoding="utf-8")
    assert script["updated"](page, script["scaling"]()) == page


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def test_public_names_in_the_readme_exist():
    import eelbert_tf

    for name in set(re.findall(r"eelbert_tf\.([a-zA-Z_]+)", README)):
        assert hasattr(eelbert_tf, name), name
