"""Draws docs/figures/web.png: the page of examples/web in Chromium, light and dark.

    python docs/figures/web.py

Needs Node.js and Chromium.
"""

import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.environments import node  # noqa: E402

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        page = node.build_page(node.install(node.WEB, directory))
        browser = node.install(node.BROWSER, directory)
        node.run_script(browser, "screenshot.mjs", page, ROOT / "docs/figures/web.png")
