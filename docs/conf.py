"""Sphinx configuration: MyST, strict references, the API from docstrings."""

from memveil.version import __version__

project = "memveil"
author = "the memveil authors"
copyright = "2026, the memveil authors"
release = version = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.doctest"]
exclude_patterns = ["_build"]
html_extra_path = ["privacy-utility.html"]
html_theme = "furo"
html_title = "memveil"
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "deflist"]
autodoc_typehints = "description"
autodoc_member_order = "bysource"
nitpicky = True
# Names that live in other libraries, are private, or belong to the inside of the vault.
nitpick_ignore_regex = [
    ("py:.*", r"(?!memveil\.).*"),
    ("py:.*", r"memveil\..*\._.*"),
    ("py:.*", r"memveil\.vault\.(rows|opened|header|table|migrations)\..*|memveil\..*\.T"),
]
