#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_group_membership
short_description: Manage the members of a group of a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Adds users to a group, removes them, or makes the list the whole membership, in the fewest requests.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes
  - identityops.dynatrace.planning
  - identityops.dynatrace.planning.managed
options:
  group:
    description: Name or id of the group.
    type: str
    required: true
  users:
    description: E-mails of the users, in whatever case.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(present) adds the users, V(absent) removes them.
      - V(exact) does both, so that the users are all the members. Service users stay members unless O(state=absent) names
        them.
    type: str
    choices: [present, absent, exact]
    default: present
  lookup_failure:
    description: What to do about users who aren't in the account.
    type: str
    choices: [fail, warn, ignore]
    default: fail
seealso:
  - module: identityops.dynatrace.dynatrace_group_info
  - module: identityops.dynatrace.dynatrace_access
"""

EXAMPLES = r"""
- name: Two more for the checkout team
  identityops.dynatrace.dynatrace_group_membership:
    group: Team Checkout
    users:
      - anna.lindqvist@example.com
      - tom.okafor@example.com

- name: These and nobody else administer production
  identityops.dynatrace.dynatrace_group_membership:
    group: Production Admins
    users:
      - tom.okafor@example.com
    state: exact
"""

RETURN = r"""
group:
  description: The group and its members, as they are now or, in check mode, as they would be.
  returned: success
  type: dict
  contains:
    id:
      description: The service's id of the group.
      type: str
    name:
      description: Name of the group.
      type: str
    members:
      description: E-mails of those members whom the task names; with O(state=exact), of all members.
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

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired, members_wish
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import (
    GUARD,
    MEMBERS,
    ON_MANAGED,
    PLAN,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, manage
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.views import group_members


def wish(params: Params) -> Desired:
    return Desired(
        groups=(members_wish(params),), on_managed=params["on_managed"], lookup_failure=params["lookup_failure"]
    )


def main() -> None:
    module = create_module(MEMBERS, ON_MANAGED, GUARD, PLAN)
    manage(module, wish, group_members, view="group")


if __name__ == "__main__":
    main()
