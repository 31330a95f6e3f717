#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_group
short_description: Create, change and delete a group of a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Manages name, description and federated attribute values of a group. What the task doesn't name stays as it is.
  - Use M(identityops.dynatrace.dynatrace_group_membership) for members and M(identityops.dynatrace.dynatrace_env_permission)
    for permissions.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes
  - identityops.dynatrace.planning
  - identityops.dynatrace.planning.managed
options:
  name:
    description: Name of the group. Two groups of one name are an error that lists both ids.
    type: str
  id:
    description: Id of an existing group, instead of O(name).
    type: str
  new_name:
    description: The name to give to the group. A group that has it already counts as renamed.
    type: str
  description:
    description: What the group is for, at most 255 characters. An empty one clears it.
    type: str
  federated_attribute_values:
    description:
      - Values of the IdP's group attribute that map to this group. Setting some makes it a SAML group, whose members are
        decided at log-in; an empty list makes it a local one again.
      - If not given, they are kept, whatever else changes.
    type: list
    elements: str
  state:
    description: V(absent) deletes the group. That is permanent and takes its permissions from all members.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: identityops.dynatrace.dynatrace_group_info
  - module: identityops.dynatrace.dynatrace_access
"""

EXAMPLES = r"""
- name: A group for the checkout team
  identityops.dynatrace.dynatrace_group:
    name: Team Checkout
    description: Builds and runs the checkout

- name: Give it another name
  identityops.dynatrace.dynatrace_group:
    name: Team Checkout
    new_name: Team Payments

- name: Remove it
  identityops.dynatrace.dynatrace_group:
    name: Team Payments
    state: absent
"""

RETURN = r"""
group:
  description: The group as it is now or, in check mode, as it would be. None when it is absent.
  returned: success
  type: dict
  contains:
    id:
      description: The service's id of the group. None in check mode for one that would be created.
      type: str
    name:
      description: Name of the group.
      type: str
    description:
      description: Description of the group.
      type: str
    owner:
      description: Who manages it, V(LOCAL), V(SCIM), V(SAML), V(DCS) or V(ALL_USERS).
      type: str
    federated_attribute_values:
      description: Values of the IdP's attribute that map to the group.
      type: list
      elements: str
plan_id:
  description: Id of the plan, for O(expected_plan). It is the same in check mode and in the run, as long as nothing moves.
  returned: success
  type: str
  sample: 0bd2bd4ae1b0a7ab9d9d2d2a0c0d1b2b0fb0f4e0f6ad1c8b8b1a41ce8ee9ee0a
changes:
  description: What was changed or, in check mode, what would be, in the order of execution.
  returned: success
  type: list
  elements: dict
  contains:
    action:
      description: One of V(create), V(add), V(update), V(remove), V(delete).
      type: str
    kind:
      description: >-
        What it is about, one of V(user), V(group), V(membership), V(permission), V(policy), V(boundary), V(binding),
        V(service_user), V(scim_user), V(scim_group), V(scim_members), V(api_token), V(platform_token).
      type: str
    name:
      description: What people call it.
      type: str
    detail:
      description: The particulars, in names.
      type: dict
  sample:
    - action: add
      kind: membership
      name: anna@example.com in Prod Admins
      detail:
        user: anna@example.com
        group: Prod Admins
people:
  description: What the changes mean for each person, sorted by e-mail.
  returned: success
  type: list
  elements: dict
  contains:
    email:
      description: E-mail of the person.
      type: str
    gains:
      description: What they gain, in names.
      type: list
      elements: str
    loses:
      description: What they lose, in names.
      type: list
      elements: str
undo:
  description: An input for M(identityops.dynatrace.dynatrace_access) that restores what was changed.
  returned: success
  type: dict
  contains:
    users:
      description: For O(identityops.dynatrace.dynatrace_access#module:users).
      type: list
      elements: dict
    groups:
      description: For O(identityops.dynatrace.dynatrace_access#module:groups).
      type: list
      elements: dict
    lost:
      description: What can't come back, in words.
      type: list
      elements: str
stats:
  description: What the task cost. Requests for tokens aren't counted.
  returned: always, once the service was reached
  type: dict
  contains:
    requests:
      description: Requests sent, repeated ones included.
      type: int
    writes:
      description: Those of them that change something.
      type: int
    retries:
      description: Those of them that repeated an earlier one.
      type: int
    waited_seconds:
      description: Seconds spent waiting for the limit or for the service to recover.
      type: float
failure:
  description: The request that failed.
  returned: when a request failed
  type: dict
  contains:
    status:
      description: HTTP status, none when there was no answer.
      type: int
    code:
      description: The service's code for the error, if it gave one.
      type: str
    message:
      description: What happened and what to do.
      type: str
    method:
      description: HTTP method.
      type: str
    path:
      description: Path of the request.
      type: str
    request_id:
      description: Id to give to Dynatrace's support, if the service gave one.
      type: str
changes_planned:
  description: The plan, in the form of RV(changes).
  returned: when a guard refuses it
  type: list
  elements: dict
changes_applied:
  description: What was changed before the task failed.
  returned: failure
  type: list
  elements: dict
changes_pending:
  description: What was not changed since the task failed. Running it again carries it out.
  returned: failure
  type: list
  elements: dict
"""

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired, group_wish
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import (
    GROUP,
    GROUP_CONSTRAINTS,
    GUARD,
    ON_MANAGED,
    PLAN,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, manage
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.views import one_group


def wish(params: Params) -> Desired:
    return Desired(groups=(group_wish(params),), on_managed=params["on_managed"])


def main() -> None:
    module = create_module(GROUP, ON_MANAGED, GUARD, PLAN, **GROUP_CONSTRAINTS)
    manage(module, wish, one_group, view="group")


if __name__ == "__main__":
    main()
