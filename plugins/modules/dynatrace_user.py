#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_user
short_description: Invite, change and delete a user of a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Brings a user into an account, into and out of groups, and out of the account.
  - A user is invited once. Who is in the account already, through SSO, SCIM or an earlier invitation, is adopted.
  - For more than one user use M(identityops.dynatrace.dynatrace_access), which does them in one task.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes
  - identityops.dynatrace.planning
  - identityops.dynatrace.planning.managed
options:
  email:
    description:
      - E-mail of the user. The account's spelling is found whatever its case.
      - It can't be changed later, the user would have to be deleted and invited anew.
    type: str
    required: true
  first_name:
    description:
      - First name. An empty one clears it. If not given, it stays as it is.
      - It can be set with O(api_contract=guide) only. With the published contract names come from the login, the IdP or SCIM,
        and the task warns when they differ.
    type: str
  last_name:
    description: Last name, as O(first_name).
    type: str
  groups:
    description:
      - The user's groups, by name or id. If not given, they stay as they are.
      - The group of all users and groups of service users are never touched, groups that SCIM or SAML manage only when
        they are named.
    type: dict
    suboptions:
      add:
        description:
          - Groups to join. Instead of a name, a dictionary of C(name) and C(until) gives access that ends. From that moment on
            the same task removes it. The moment is ISO 8601 with its time zone, such as V(2026-12-24T18:00:00Z).
        type: list
        elements: raw
      remove:
        description: Groups to leave.
        type: list
        elements: str
      set:
        description: The groups to be in, and no others. An empty list means none. Entries may end as in O(groups.add).
        type: list
        elements: raw
      within:
        description:
          - Names (with C(*) and C(?) as wildcards) or ids of the groups that O(groups.set) may remove the user from.
        type: list
        elements: str
  state:
    description:
      - V(present) invites the user if need be.
      - V(existing) changes the user if they are in the account, and does nothing if they aren't.
      - V(absent) deletes the user. That is permanent; to come back they have to be invited again. With O(groups.set=[])
        they leave their groups first.
      - Leaving all groups doesn't close the account of a user, they can still log in.
    type: str
    choices: [present, existing, absent]
    default: present
seealso:
  - module: identityops.dynatrace.dynatrace_user_info
  - module: identityops.dynatrace.dynatrace_access
"""

EXAMPLES = r"""
- name: Invite Anna and let her see production
  identityops.dynatrace.dynatrace_user:
    email: anna.lindqvist@example.com
    groups:
      add:
        - Production Viewers

- name: Move her to another team, without touching groups outside the teams
  identityops.dynatrace.dynatrace_user:
    email: anna.lindqvist@example.com
    groups:
      set:
        - Team Checkout
      within:
        - Team *

- name: Take her out of the account
  identityops.dynatrace.dynatrace_user:
    email: anna.lindqvist@example.com
    state: absent
"""

RETURN = r"""
user:
  description: The user as they are now or, in check mode, as they would be. None when the user isn't in the account.
  returned: success
  type: dict
  contains:
    uid:
      description: The service's id of the user. None in check mode for one who would be invited.
      type: str
    email:
      description: The e-mail as the account spells it.
      type: str
    first_name:
      description: First name, if the service has one.
      type: str
    last_name:
      description: Last name, if the service has one.
      type: str
    status:
      description: V(PENDING) until the invitation is accepted, then V(ACTIVE); V(INACTIVE) when deactivated.
      type: str
    groups:
      description: Names of the user's groups, without the one of all users. Missing when the task doesn't manage groups.
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

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired, user_wish
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import GUARD, ON_MANAGED, PLAN, USER
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import (
    Params,
    create_module,
    current_moment,
    manage,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.views import one_user


def wish(params: Params) -> Desired:
    return Desired(users=(user_wish(params, current_moment()),), on_managed=params["on_managed"])


def main() -> None:
    module = create_module(USER, ON_MANAGED, GUARD, PLAN)
    manage(module, wish, one_user)


if __name__ == "__main__":
    main()
