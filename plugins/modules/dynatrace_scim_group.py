#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_scim_group
short_description: Create, rename and delete a group of a Dynatrace account through SCIM, with its members
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Manages a group as an identity provider does, with SCIM 2.0. What the task doesn't name stays as it is.
  - Groups that are made here are owned by SCIM. Their name and members can be changed through SCIM only, but they get
    permissions and policies as other groups do.
  - SCIM doesn't know the groups that were made in Dynatrace.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.scim
  - identityops.dynatrace.attributes
  - identityops.dynatrace.planning
attributes:
  action_group:
    membership:
      - identityops.dynatrace.all
      - identityops.dynatrace.scim
options:
  name:
    description: Name of the group. It is looked for in this case first.
    type: str
  id:
    description: Id of an existing group, instead of O(name).
    type: str
  new_name:
    description: The name to give to the group. A group that has it already counts as renamed.
    type: str
  members:
    description: Who is in the group, by user name or id. If not given, members stay as they are.
    type: dict
    suboptions:
      add:
        description: Users to take in.
        type: list
        elements: str
      remove:
        description: Users to take out. Who isn't there is passed over.
        type: list
        elements: str
      set:
        description: The users to be in the group, and no others. An empty list means none.
        type: list
        elements: str
  state:
    description: V(absent) deletes the group, and takes its access from all members. That is permanent.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: identityops.dynatrace.dynatrace_scim_user
  - module: identityops.dynatrace.dynatrace_scim_info
  - module: identityops.dynatrace.dynatrace_group
    description: Manages groups that no identity provider owns.
"""

EXAMPLES = r"""
- name: A group with its first members
  identityops.dynatrace.dynatrace_scim_group:
    name: Consultants
    members:
      add:
        - external.meier@example.com
        - external.silva@example.com

- name: One comes and another leaves
  identityops.dynatrace.dynatrace_scim_group:
    name: Contractors
    members:
      add:
        - paul.martin@example.com
      remove:
        - external.rossi@example.com

- name: Another name
  identityops.dynatrace.dynatrace_scim_group:
    name: Contractors
    new_name: External staff
"""

RETURN = r"""
scim_group:
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
    external_id:
      description: The identity provider's own id of the group, if it gave one.
      type: str
    members:
      description:
        - User names of those members that the task names, with O(members.set) of all. Missing when the task doesn't manage
          members.
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
  description: The way back. What SCIM has changed is not restored by an input, so there are only words for it.
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

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.plan import ScimPart
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.wishes import scim_group_wish
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.beside_options import SCIM, SCIM_GROUP
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import (
    GROUP_CONSTRAINTS,
    GUARD,
    PLAN,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, manage
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.scim_views import one_scim_group


def wish(params: Params) -> Desired:
    return Desired(parts=(ScimPart(groups=(scim_group_wish(params),)),))


def main() -> None:
    module = create_module(SCIM_GROUP, SCIM, GUARD, PLAN, **GROUP_CONSTRAINTS)
    manage(module, wish, one_scim_group)


if __name__ == "__main__":
    main()
