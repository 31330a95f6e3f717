# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx makes the site of what antsibull-docs writes, without the network. ``make docs``."""

from __future__ import annotations

import gc
import re

from docutils import nodes
from sphinx.application import Sphinx

gc.disable()  # one short run: saves a sixth of its time

project = "identityops.dynatrace"
extensions = ["sphinx_antsibull_ext"]
nitpicky = True
smartquotes_action = "D"  # dashes, no quotes
highlight_language = "text"
pygments_style = "tango"

html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_use_index = False
# what antsibull-docs adds has light colours only: its tables take the theme's, which has a switch for the dark
TABLES = {
    "antsibull-links-background": "var(--color-background-hover)",
    "antsibull-links-background-active": "var(--color-background-border)",
    "antsibull-links-text": "var(--color-foreground-primary)",
    "antsibull-table-background-header": "var(--color-background-border)",
    "antsibull-table-background-even": "var(--color-background-primary)",
    "antsibull-table-background-odd": "var(--color-background-secondary)",
    "antsibull-table-border": "var(--color-background-border)",
}
IN_THE_DARK = {
    "antsibull-option-type": "#ff93ff",
    "antsibull-option-elements": "#ff93ff",
    "antsibull-option-required": "#ff8282",
    "antsibull-option-version-added": "#71d471",
    "antsibull-option-aliases": "#71d471",
    "antsibull-option-default": "#adadff",
    "antsibull-option-sample": "#adadff",
    "antsibull-option-sample-header": "var(--color-foreground-primary)",
    "antsibull-attribute-support-none": "#ff8282",
    "antsibull-attribute-support-partial": "#b6b600",
    "antsibull-attribute-support-full": "#00cc00",
}
html_theme_options = {"light_css_variables": TABLES, "dark_css_variables": {**TABLES, **IN_THE_DARK}}

PICTURES = "https://raw.githubusercontent.com/identityops/ansible-collection-dynatrace/main/docs/images/"
CONTENTS = re.compile(r"^\.\. contents::\n(?: +:.*\n)*", re.MULTILINE)
ANSIBLE = "https://docs.ansible.com/projects/ansible/latest/"
ELSEWHERE = {
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}
"""Labels of ansible-core's documentation, so that no inventory has to be fetched."""


def adapt(source: list[str]) -> None:
    """Pictures come from the site itself, and the theme has a table of contents of its own."""
    source[0] = CONTENTS.sub("", source[0].replace(PICTURES, "/images/"))


def lead_elsewhere(node: nodes.Element, text: nodes.Element) -> nodes.Node | None:
    """A link to ansible-core's documentation."""
    target = node["reftarget"]
    of_ansible = node["reftype"] == "envvar" and target.startswith("ANSIBLE_")
    page = f"{ELSEWHERE['ansible_configuration_settings']}#envvar-{target}" if of_ansible else ELSEWHERE.get(target)
    return nodes.reference("", "", text, internal=False, refuri=ANSIBLE + page) if page else None


def setup(app: Sphinx) -> None:
    """What Sphinx calls."""
    app.connect("source-read", lambda app, name, source: adapt(source))
    app.connect("missing-reference", lambda app, environment, node, text: lead_elsewhere(node, text))
