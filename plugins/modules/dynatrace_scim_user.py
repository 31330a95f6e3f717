#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_scim_user
short_description: Create, change, deactivate and delete a user of a Dynatrace account through SCIM
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Manages a user as an identity provider does, with SCIM 2.0. What the task doesn't name stays as it is.
  - Deactivating closes the door without deleting anybody. The REST API for accounts has nothing like it.
  - Where an identity provider provisions the account, change people there. It may write its own view of them again.
  - Only people whose e-mail domain is verified for the account can be written.
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
  user_name:
    description:
      - The user name, which is the person's e-mail. Case doesn't matter.
      - It is the person's identity and can't be changed. With O(id), a task that gives another one fails.
    type: str
  id:
    description: Id of an existing user, instead of O(user_name).
    type: str
  given_name:
    description: First name. An empty one clears it.
    type: str
  family_name:
    description: Last name. An empty one clears it.
    type: str
  active:
    description:
      - Whether the person can log in. If not given it stays as it is, and a new user is active.
      - Groups stay when somebody is deactivated, so activating brings back all that they could do.
    type: bool
  external_id:
    description: The identity provider's own id of the user.
    type: str
  state:
    description: V(absent) deletes the user. That is permanent.
    type: str
    choices: [present, absent]
    default: present
  update_method:
    description:
      - How to change a user. V(auto) tries the other three in their order until the service takes one.
      - V(patch) names the path of each attribute.
      - V(patch_without_path) sends all changed attributes as one value, which is how Okta does it.
      - V(replace) reads the whole user and sends it back with the changes in it.
    type: str
    choices: [auto, patch, patch_without_path, replace]
    default: auto
seealso:
  - module: identityops.dynatrace.dynatrace_scim_group
  - module: identityops.dynatrace.dynatrace_scim_info
  - module: identityops.dynatrace.dynatrace_user
    description: Invites people and deletes them without an identity provider.
"""

EXAMPLES = r"""
- name: Deactivate somebody, which can be undone
  identityops.dynatrace.dynatrace_scim_user:
    user_name: external.rossi@example.com
    active: false

- name: A new user, who needs no invitation
  identityops.dynatrace.dynatrace_scim_user:
    user_name: eva.neumann@example.com
    given_name: Eva
    family_name: Neumann

- name: Delete somebody
  identityops.dynatrace.dynatrace_scim_user:
    user_name: external.silva@example.com
    state: absent
"""

RETURN = r"""
scim_user:
  description: The user as it is now or, in check mode, as it would be. None when it is absent.
  returned: success
  type: dict
  contains:
    id:
      description: The service's id of the user. None in check mode for one that would be created.
      type: str
    user_name:
      description: The user name, which is the e-mail.
      type: str
    given_name:
      description: First name.
      type: str
    family_name:
      description: Last name.
      type: str
    active:
      description: Whether the person can log in.
      type: bool
    external_id:
      description: The identity provider's own id of the user, if it gave one.
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
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.wishes import scim_user_wish
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.beside_options import SCIM, SCIM_USER
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import GUARD, PLAN
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, manage
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.scim_views import one_scim_user


def wish(params: Params) -> Desired:
    part = ScimPart(users=(scim_user_wish(params),), update_method=params["update_method"])
    return Desired(parts=(part,))


def main() -> None:
    module = create_module(SCIM_USER, SCIM, GUARD, PLAN, required_one_of=[["user_name", "id"]])
    manage(module, wish, one_scim_user)


if __name__ == "__main__":
    main()
