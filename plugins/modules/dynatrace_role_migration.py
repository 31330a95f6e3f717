#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_role_migration
short_description: Replace role permissions in environments of a Dynatrace account by policies
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Role permissions on environments and management zones stop working on 11 January 2027. This module binds Dynatrace's ready-made
    C(Environment role) policies to the groups that hold them, so that everybody can do afterwards what they could do before.
  - A permission on a management zone becomes a policy within a boundary that names the zone. A boundary that says just that is used
    if there is one.
  - Policies are bound before any role permission is removed, and a group keeps its role permissions as long as one of its bindings
    fails. Running the task again goes on where it stopped.
  - What no policy gives stays as it is, with a warning, and so does everything in environments that are switched off.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes
  - identityops.dynatrace.planning
options:
  groups:
    description: Names (with C(*) and C(?) as wildcards) or ids of the groups to migrate, whoever manages them.
    type: list
    elements: str
    default: ["*"]
  remove_role_permissions:
    description:
      - Also removes the role permissions that a policy replaces, after all policies of the group are bound.
      - The service knows no removal of several, so that this is one request for each of them.
    type: bool
    default: false
  sample:
    description: How many people to return in RV(sample), for M(identityops.dynatrace.dynatrace_access_assert).
    type: int
    default: 0
seealso:
  - module: identityops.dynatrace.dynatrace_env_permission
  - module: identityops.dynatrace.dynatrace_access_assert
"""

EXAMPLES = r"""
- name: See what it would take
  identityops.dynatrace.dynatrace_role_migration:
  check_mode: true
  diff: true

- name: Give the same access through policies, and keep the role permissions for now
  identityops.dynatrace.dynatrace_role_migration:
    groups: ["Shop *"]
    sample: 3

- name: Take the role permissions away that are no longer needed
  identityops.dynatrace.dynatrace_role_migration:
    groups: ["Shop *"]
    remove_role_permissions: true
    guard:
      max_removal_percent: 100
"""

RETURN = r"""
sample:
  description: People of the groups concerned, and what they could do by role permissions before. Empty unless O(sample) asks for some.
  returned: success
  type: list
  elements: dict
  contains:
    email:
      description: E-mail of the person.
      type: str
    environment:
      description: Id of the environment.
      type: str
    management_zone:
      description: Id of the management zone, none for the whole environment.
      type: str
    must:
      description: Names of role permissions, for O(identityops.dynatrace.dynatrace_access_assert#module:must).
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

from typing import Any

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.engine import Result
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.migration import Migration
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import GUARD, MIGRATION, PLAN
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, manage


def wish(params: Params) -> Desired:
    migration = Migration(tuple(params["groups"]), remove=params["remove_role_permissions"], sample=params["sample"])
    return Desired(migration=migration)


def show(result: Result, _desired: Desired) -> dict[str, Any]:
    return {"sample": result.sample}


def main() -> None:
    module = create_module(MIGRATION, GUARD, PLAN)
    manage(module, wish, show, view="group")


if __name__ == "__main__":
    main()
