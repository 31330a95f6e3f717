# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: lines
short_description: Make a list of what somebody typed or pasted
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Takes the lines of a text, such as an answer in a form, without blanks around them, empty ones and repetitions. Line ends may
    be those of any system.
  - What is in the text is data. Something that looks like a template is never run.
positional: _input
options:
  _input:
    description: The text, or a list of texts. None is like an empty text.
    type: raw
    required: true
  separators:
    description: Characters that end an entry besides the end of a line, such as V(,;) for e-mails.
    type: str
    default: ""
  key:
    description: Makes a dictionary of each entry, with the entry under this key.
    type: str
  needed:
    description: What the text is called. It is an error that says so when nothing is in the text. Without this option nothing is
      an empty list.
    type: str
"""

EXAMPLES = r"""
- name: Bring in whoever somebody typed into a form
  ansible.builtin.import_role:
    name: identityops.dynatrace.onboarding
  vars:
    form_emails: "anna.lindqvist@example.com, tom.okafor@example.com"
    form_groups: "Shop Developers\r\nEnvironment Users\r\n"
    new_groups:
      groups:
        add: "{{ form_groups | identityops.dynatrace.lines }}"
    onboarding_people: "{{ form_emails | identityops.dynatrace.lines(',; ', key='email', needed='E-mails') | map('combine', new_groups) }}"
"""

RETURN = r"""
_value:
  description: The entries in their order, or a dictionary for each where O(key) is given.
  type: list
  elements: raw
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

BYTE_ORDER_MARK = "\ufeff"


def lines(text: Any, separators: str = "", key: str | None = None, needed: str | None = None) -> Any:
    """The entries of a text or of several; raises AnsibleFilterError."""
    texts = [text or ""] if text is None or isinstance(text, str) else text
    if not isinstance(texts, (list, tuple)) or not all(isinstance(each, str) for each in texts):
        raise AnsibleFilterError(
            f"{needed or 'lines'}: this takes a text or a list of texts, not {type(text).__name__}."
        )
    whole = "\n".join(texts).replace(BYTE_ORDER_MARK, "")
    for separator in separators:
        whole = whole.replace(separator, "\n")
    entries = [*dict.fromkeys(stripped for line in whole.splitlines() if (stripped := line.strip()))]
    if needed and not entries:
        raise AnsibleFilterError(f"{needed}: there is nothing in it.")
    return wrap_var([{key: entry} for entry in entries] if key else entries)


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filter by its name."""
        return {"lines": lines}
