#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_policy_boundary
short_description: Create, change and delete a policy boundary of a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Manages name and query of a policy boundary. What the task doesn't name stays as it is.
  - A boundary does nothing by itself. It restricts the policies that are bound with it, see
    M(identityops.dynatrace.dynatrace_policy_binding). Changing its query changes what all these bindings allow.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes
  - identityops.dynatrace.planning
  - identityops.dynatrace.planning.findings
options:
  name:
    description: Name of the boundary. Two boundaries of one name are an error that lists both ids.
    type: str
  id:
    description: Id of an existing boundary, instead of O(name).
    type: str
  new_name:
    description: The name to give to the boundary. A boundary that has it already counts as renamed.
    type: str
  query:
    description:
      - The conditions, each with its own semicolon, such as V(environment:management-zone = "Shop";). A new boundary needs it.
      - Queries are compared by what they mean. Order, comments, white space and the case of keywords make no difference, so
        a change of these alone is not carried out.
    type: str
  state:
    description:
      - V(absent) deletes the boundary. That is permanent. It fails, and lists the bindings, as long as there are any with this
        boundary, since these would then allow more.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: identityops.dynatrace.dynatrace_policy_boundary_info
  - module: identityops.dynatrace.dynatrace_policy_binding
"""

EXAMPLES = r"""
- name: The part of the search team
  identityops.dynatrace.dynatrace_policy_boundary:
    name: Only the search team
    query: |
      environment:management-zone = "Search";
      storage:dt.security_context = "search";
      settings:dt.security_context = "search";

- name: Remove one that nothing is bound with
  identityops.dynatrace.dynatrace_policy_boundary:
    name: Only management zone Shop
    state: absent
"""

RETURN = r"""
boundary:
  description: The boundary as it is now or, in check mode, as it would be. None when it is absent.
  returned: success
  type: dict
  contains:
    id:
      description: The service's id of the boundary. None in check mode for one that would be created.
      type: str
    name:
      description: Name of the boundary.
      type: str
    query:
      description: The conditions, as the service has them.
      type: str
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
    boundaries:
      description: For O(identityops.dynatrace.dynatrace_access#module:boundaries). Only when something was changed.
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

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.policy_wishes import boundary_wish
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import (
    BOUNDARY,
    GUARD,
    OBJECT_CONSTRAINTS,
    ON_FINDING,
    PLAN,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, manage
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.views import one_boundary


def wish(params: Params) -> Desired:
    return Desired(boundaries=(boundary_wish(params),), on_finding=params["on_finding"])


def main() -> None:
    module = create_module(BOUNDARY, ON_FINDING, GUARD, PLAN, **OBJECT_CONSTRAINTS)
    manage(module, wish, one_boundary)


if __name__ == "__main__":
    main()
