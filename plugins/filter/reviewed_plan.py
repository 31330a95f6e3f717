# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: reviewed_plan
short_description: Find the reviewed plan of a host
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Takes what the playbooks of this collection hand over in check mode, such as C(onboarding_plans), and finds the C(plan_id) of
    a host in it.
  - A host that isn't among those with a plan is an error, since nobody has reviewed what would be done there.
positional: _input, host
options:
  _input:
    description: >-
      For each host the C(plan_id) of its reviewed plan. Empty when no plan is needed. V({"": ""}) stands for a plan
      that is needed and wasn't handed over.
    type: dict
    required: true
  host:
    description: Name of the host in the inventory.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Apply the plan that was handed over, or without one whatever is to be done
  identityops.dynatrace.dynatrace_access:
    users:
      - email: anna.lindqvist@example.com
    expected_plan: "{{ my_plans | default({}) | identityops.dynatrace.reviewed_plan(inventory_hostname) or omit }}"
"""

RETURN = r"""
_value:
  description: The C(plan_id). Empty when no plan is needed.
  type: str
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

PLAN_ID = re.compile(r"[0-9a-f]{64}")


def reviewed_plan(plans: Any, host: str) -> str:
    """The host's plan id, an empty text when there are no plans at all; raises AnsibleFilterError."""
    if not isinstance(plans, Mapping):
        raise AnsibleFilterError(f"Reviewed plans are a dictionary of hosts and plan ids, not {type(plans).__name__}.")
    if not plans:
        return ""
    if host not in plans:
        others = f"only for {', '.join(sorted(map(str, plans)))}" if any(plans) else "nor for any other host"
        raise AnsibleFilterError(
            f"There is no reviewed plan for {host}, {others}. Nothing was done. Plan again in check mode."
        )
    plan = plans[host]
    if not isinstance(plan, str) or not PLAN_ID.fullmatch(plan):
        raise AnsibleFilterError(f"What was handed over for {host} isn't the id of a plan. Nothing was done.")
    return str(plan)


class FilterModule:
    """What Ansible asks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filter by its name."""
        return {"reviewed_plan": reviewed_plan}
