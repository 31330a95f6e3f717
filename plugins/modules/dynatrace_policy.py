#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_policy
short_description: Create, change and delete a policy of a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Manages name, description, tags and statement of a policy. What the task doesn't name stays as it is.
  - Use M(identityops.dynatrace.dynatrace_policy_binding) to give it to groups.
  - Dynatrace's own policies can't be changed, and no new policy gets the name of one of them.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes
  - identityops.dynatrace.planning
  - identityops.dynatrace.planning.findings
options:
  name:
    description: Name of the policy. Two policies of one name at the same level are an error that lists both ids.
    type: str
  id:
    description: Id of an existing policy, instead of O(name).
    type: str
  new_name:
    description: The name to give to the policy. A policy that has it already counts as renamed.
    type: str
  environment:
    description:
      - Name or id of the environment that the policy belongs to. By default it belongs to the account and can be bound in all
        its environments. A policy of the same name at another level is another policy.
    type: str
  description:
    description: What the policy is for. An empty one clears it.
    type: str
  tags:
    description: The tags of the policy, in any order. An empty list clears them.
    type: list
    elements: str
  statement:
    description:
      - The statements, such as V(ALLOW storage:logs:read, storage:buckets:read;). A new policy needs it.
      - Texts are compared by what they mean. Order, comments, white space and the case of keywords make no difference, so
        a change of these alone is not carried out.
    type: str
  unbind:
    description:
      - Whether V(state=absent) takes the policy from all groups that it is bound to. By default the task fails and lists them.
    type: bool
    default: false
  state:
    description: V(absent) deletes the policy. That is permanent.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: identityops.dynatrace.dynatrace_policy_info
  - module: identityops.dynatrace.dynatrace_policy_binding
  - module: identityops.dynatrace.dynatrace_policy_boundary
"""

EXAMPLES = r"""
- name: The logs of one team, whichever that is
  identityops.dynatrace.dynatrace_policy:
    name: Team log readers
    description: Reads the logs of the team that the binding names
    tags:
      - team:platform
    statement: |
      ALLOW storage:logs:read, storage:buckets:read
        WHERE storage:dt.security_context = "${bindParam:team}";

- name: Give a policy another name, and nothing else
  identityops.dynatrace.dynatrace_policy:
    name: Search log readers
    new_name: Log readers of the search team

- name: Remove one, also from the groups that have it
  identityops.dynatrace.dynatrace_policy:
    name: Dashboards editors
    state: absent
    unbind: true
"""

RETURN = r"""
policy:
  description: The policy as it is now or, in check mode, as it would be. None when it is absent.
  returned: success
  type: dict
  contains:
    id:
      description: The service's id of the policy. None in check mode for one that would be created.
      type: str
    name:
      description: Name of the policy.
      type: str
    description:
      description: Description of the policy.
      type: str
    tags:
      description: Tags of the policy, sorted.
      type: list
      elements: str
    level:
      description: Where the policy belongs, V(account) or the name of an environment.
      type: str
    statement:
      description: The statements, as the service has them.
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
    policies:
      description: For O(identityops.dynatrace.dynatrace_access#module:policies). Only when something was changed.
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
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.policy_wishes import policy_wish
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import (
    GUARD,
    OBJECT_CONSTRAINTS,
    ON_FINDING,
    PLAN,
    POLICY,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, manage
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.views import one_policy


def wish(params: Params) -> Desired:
    return Desired(policies=(policy_wish(params),), on_finding=params["on_finding"])


def main() -> None:
    module = create_module(POLICY, ON_FINDING, GUARD, PLAN, **OBJECT_CONSTRAINTS)
    manage(module, wish, one_policy)


if __name__ == "__main__":
    main()
