#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_env_permission
short_description: Manage what a group may do in environments of a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Gives a group permissions on the account, on environments or on management zones, and takes them away.
  - In environments and management zones, that goes through Dynatrace's ready-made policies called C(Environment role), or through
    role permissions, which stop working there on 11 January 2027. Role permissions on the account stay.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes
  - identityops.dynatrace.planning
options:
  group:
    description: Name or id of the group. Groups that SCIM or SAML manage can have permissions as well.
    type: str
    required: true
  permissions:
    description:
      - On environments and management zones, with or without a leading C(tenant-), V(viewer), V(manage-settings),
        V(agent-install), V(logviewer), V(view-sensitive-request-data), V(configure-request-capture-data),
        V(replay-sessions-with-masking), V(replay-sessions-without-masking), V(manage-security-problems),
        V(view-security-problems), V(manage-support-tickets).
      - On the account, V(account-viewer), V(account-user-management), V(account-company-info),
        V(account-saml-flexible-federation).
    type: list
    elements: str
    required: true
  environments:
    description: Names or ids of the environments on which to hold the permissions that aren't on the account.
    type: list
    elements: str
    default: []
  management_zones:
    description:
      - Names or ids of management zones. The permissions are then held on these only, in each of the O(environments).
    type: list
    elements: str
    default: []
  state:
    description:
      - V(present) adds the permissions, V(absent) removes them.
      - V(exact) does both on the places that the task names. Permissions on other environments and management zones stay, and
        so do those on the account unless O(permissions) has one of those.
    type: str
    choices: [present, absent, exact]
    default: present
  mechanism:
    description:
      - How access in environments is granted. V(policy) binds ready-made policies at the environment, for O(management_zones)
        within boundaries that name them. V(role) uses role permissions.
      - V(auto) takes a permission that is there by either for granted and removes it by either. It grants through policies where the
        OAuth client may read and bind them, else by role permissions with a warning.
      - No policy gives V(manage-support-tickets), and those for V(agent-install) and V(configure-request-capture-data) know no
        management zones. V(auto) uses role permissions for these, V(policy) fails.
    type: str
    choices: [auto, role, policy]
    default: auto
seealso:
  - module: identityops.dynatrace.dynatrace_group_info
  - module: identityops.dynatrace.dynatrace_environment_info
  - module: identityops.dynatrace.dynatrace_access
"""

EXAMPLES = r"""
- name: The checkout team sees production and staging
  identityops.dynatrace.dynatrace_env_permission:
    group: Team Checkout
    environments:
      - Production
      - Staging
    permissions:
      - viewer

- name: They may replay sessions of their own management zone, and nothing else there
  identityops.dynatrace.dynatrace_env_permission:
    group: Team Checkout
    environments:
      - Production
    management_zones:
      - Payments
    permissions:
      - viewer
      - replay-sessions-with-masking
    state: exact

- name: Auditors may look at the account
  identityops.dynatrace.dynatrace_env_permission:
    group: Auditors
    permissions:
      - account-viewer
"""

RETURN = r"""
group:
  description: The group and its role permissions, as they are now or, in check mode, as they would be.
  returned: success
  type: dict
  contains:
    id:
      description: The service's id of the group.
      type: str
    name:
      description: Name of the group.
      type: str
    permissions:
      description: All role permissions of the group.
      type: list
      elements: dict
      contains:
        permission:
          description: Name of the permission.
          type: str
        scope_type:
          description: One of V(account), V(tenant), V(management-zone).
          type: str
        scope:
          description: The account's UUID, an environment's id, or both of environment and management zone with a colon between.
          type: str
    bindings:
      description: The policies bound to the group in the environments that the task names, as far as that had to be read.
      type: list
      elements: dict
      contains:
        policy:
          description: Name of the policy.
          type: str
        level:
          description: Name of the environment.
          type: str
        parameters:
          description: Parameters of the binding.
          type: dict
        metadata:
          description: Metadata of the binding.
          type: dict
        boundaries:
          description: Names of its boundaries.
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

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired, permissions_wish
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import (
    ENV_PERMISSION,
    GUARD,
    PERMISSIONS,
    PLAN,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, manage
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.views import group_permissions


def wish(params: Params) -> Desired:
    return Desired(groups=(permissions_wish(params),))


def main() -> None:
    module = create_module(ENV_PERMISSION, PERMISSIONS, GUARD, PLAN)
    manage(module, wish, group_permissions, view="group")


if __name__ == "__main__":
    main()
