#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_service_user
short_description: Create, change and delete a service user of a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Manages name, description and groups of a service user. What the task doesn't name stays as it is.
  - No secret is ever created or returned. Whoever is to act as the service user gets credentials in Account Management, from
    an OAuth client or a platform token that is made for this service user.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes
  - identityops.dynatrace.planning
  - identityops.dynatrace.planning.managed
options:
  name:
    description:
      - Name of the service user. Two service users of one name are an error that lists both ids.
      - An e-mail that Dynatrace gave to a service user is taken as its O(id), and never becomes its name.
    type: str
  id:
    description: Id or e-mail of an existing service user, instead of O(name).
    type: str
  new_name:
    description: The name to give to the service user. A service user that has it already counts as renamed.
    type: str
  description:
    description: What the service user is for. An empty one clears it.
    type: str
  groups:
    description:
      - The service user's groups, by name or id. If not given, they stay as they are.
      - The group of all users and the group that is the service user's own are never touched, groups that SCIM or SAML manage
        only when they are named.
    type: dict
    suboptions:
      add:
        description: Groups to join.
        type: list
        elements: str
      remove:
        description: Groups to leave.
        type: list
        elements: str
      set:
        description: The groups to be in, and no others. An empty list means none.
        type: list
        elements: str
      within:
        description:
          - Names (with C(*) and C(?) as wildcards) or ids of the groups that O(groups.set) may remove the service user from.
        type: list
        elements: str
  state:
    description:
      - V(absent) deletes the service user. That is permanent, and its credentials stop working.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: identityops.dynatrace.dynatrace_service_user_info
  - module: identityops.dynatrace.dynatrace_policy_binding
"""

EXAMPLES = r"""
- name: A service user for the nightly export
  identityops.dynatrace.dynatrace_service_user:
    name: Nightly export
    description: Exports logs for the auditors
    groups:
      add:
        - Auditors

- name: Say what another one is for, without touching its groups
  identityops.dynatrace.dynatrace_service_user:
    name: Deployment pipeline
    description: Announces deployments from the build servers, owned by the platform team

- name: Remove one, after which its credentials no longer work
  identityops.dynatrace.dynatrace_service_user:
    name: Deployment pipeline
    state: absent
"""

RETURN = r"""
service_user:
  description: The service user as it is now or, in check mode, as it would be. None when it is absent.
  returned: success
  type: dict
  contains:
    id:
      description: The service's id of the service user. None in check mode for one that would be created.
      type: str
    email:
      description: The e-mail that the service gave to it. None in check mode for one that would be created.
      type: str
    name:
      description: Name of the service user.
      type: str
    description:
      description: Description of the service user.
      type: str
    groups:
      description:
        - Names of its groups, without the one of all users and its own. Missing when the task doesn't manage groups.
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
    service_users:
      description: For O(identityops.dynatrace.dynatrace_access#module:service_users). Only when something was changed.
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
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.policy_wishes import service_user_wish
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import (
    GUARD,
    OBJECT_CONSTRAINTS,
    ON_MANAGED,
    PLAN,
    SERVICE_USER,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, manage
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.views import one_service_user


def wish(params: Params) -> Desired:
    return Desired(service_users=(service_user_wish(params),), on_managed=params["on_managed"])


def main() -> None:
    module = create_module(SERVICE_USER, ON_MANAGED, GUARD, PLAN, **OBJECT_CONSTRAINTS)
    manage(module, wish, one_service_user)


if __name__ == "__main__":
    main()
