"""docs/on-device.md: code on the first screen, versions and numbers as in the repository."""

import json
import re

from tests.source_tree import ROOT

FILE = ROOT / "docs/on-device.md"
PAGE = FILE.read_text(encoding="utf-8")
LITERT_APP = ROOT / "examples/android/app/src/litert/java/io/github/eelbert/Classifier.kt"
FIRST_SCREEN = 40


def test_the_first_screen_holds_ten_lines_of_kotlin():
    first, second = re.findall(r"```kotlin\n(.*?)```", PAGE, flags=re.S)[:2]
    assert PAGE[: PAGE.index(second) + len(second)].count("\n") <= FIRST_SCREEN
    assert max(first.count("\n"), second.count("\n")) <= 11  # a comment names the library
    for call in re.findall(r"\b(?:EelbertText|CompiledModel|model|inputs\[0\])\.\w+\(", second):
        assert call in LITERT_APP.read_text(), call


def test_versions_are_those_of_the_examples():
    gradle = (ROOT / "examples/android/app/build.gradle.kts").read_text()
    libraries = re.findall(r'Implementation"\("([^"]+)"\)', gradle)
    assert len(libraries) == 2
    for library in libraries:
        assert f'implementation("{library}")' in PAGE
    for folder in ("examples/web", "tests/environments/browser"):
        packages = json.loads((ROOT / folder / "package.json").read_text())["dependencies"]
        for name in {"@litertjs/core", "@mediapipe/tasks-text"} & set(packages):
            assert f"`{name}` {packages[name]}" in PAGE


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        assert target.startswith("https://") or (FILE.parent / target).exists(), target
