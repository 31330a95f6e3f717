#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_access
short_description: Manage many users and groups of a Dynatrace account in one task
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Brings groups and people of an account to the state given, in one plan, with policies, their boundaries, where they are bound,
    and service users. Groups are created before people join them, policies and boundaries before they are bound, and whatever is
    added comes before what is removed.
  - It reads each thing once and sends the fewest requests, where a loop over single modules would read anew for each person.
  - What isn't named stays as it is.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes
  - identityops.dynatrace.planning
  - identityops.dynatrace.planning.managed
  - identityops.dynatrace.planning.findings
options:
  users:
    description: People, and what M(identityops.dynatrace.dynatrace_user) takes for each of them.
    type: list
    elements: dict
    default: []
    suboptions:
      email:
        description: E-mail of the user, in whatever case.
        type: str
        required: true
      first_name:
        description: First name. An empty one clears it. If not given, it stays as it is.
        type: str
      last_name:
        description: Last name. An empty one clears it. If not given, it stays as it is.
        type: str
      groups:
        description: The user's groups, by name or id. If not given, they stay as they are.
        type: dict
        suboptions:
          add:
            description:
              - Groups to join. Instead of a name, a dictionary of C(name) and C(until) gives access that ends. From that moment on
                the same task removes it. The moment is ISO 8601 with its time zone, such as V(2026-12-24T18:00:00Z), in quotes.
            type: list
            elements: raw
          remove:
            description: Groups to leave.
            type: list
            elements: str
          set:
            description: The groups to be in, and no others. An empty list means none. Entries may end as in O(users[].groups.add).
            type: list
            elements: raw
          within:
            description: Names (with C(*) and C(?) as wildcards) or ids of the groups that O(users[].groups.set) may remove
              the user from.
            type: list
            elements: str
      state:
        description: V(present) invites if need be, V(existing) passes over who isn't there, V(absent) deletes for good.
        type: str
        choices: [present, existing, absent]
        default: present
  groups:
    description: Groups, and what M(identityops.dynatrace.dynatrace_group) takes for each of them.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the group.
        type: str
      id:
        description: Id of an existing group, instead of O(groups[].name).
        type: str
      new_name:
        description: The name to give to the group.
        type: str
      description:
        description: What the group is for. An empty one clears it.
        type: str
      federated_attribute_values:
        description: Values of the IdP's group attribute that map to this group.
        type: list
        elements: str
      permissions:
        description: Role permissions, and what M(identityops.dynatrace.dynatrace_env_permission) takes for them.
        type: list
        elements: dict
        suboptions:
          permissions:
            description: Names of permissions.
            type: list
            elements: str
            required: true
          environments:
            description: Names or ids of environments.
            type: list
            elements: str
            default: []
          management_zones:
            description: Names or ids of management zones in these environments.
            type: list
            elements: str
            default: []
          state:
            description: V(present) adds, V(absent) removes, V(exact) does both on the places named.
            type: str
            choices: [present, absent, exact]
            default: present
          mechanism:
            description: Through ready-made policies, by role permissions, or V(auto) for either.
            type: str
            choices: [auto, role, policy]
            default: auto
      bindings:
        description: Policies of the group, and what M(identityops.dynatrace.dynatrace_policy_binding) takes for them.
        type: list
        elements: dict
        suboptions:
          policies:
            description: Names or ids of policies, or dictionaries of C(policy), C(parameters), C(metadata) and C(boundaries).
            type: list
            elements: raw
            required: true
          environments:
            description: Names or ids of environments to bind them in. By default they are bound at the account.
            type: list
            elements: str
            default: []
          state:
            description:
              - V(present) binds, V(absent) takes away, V(exact) does both where the entry binds.
              - V(exact) leaves what O(groups[].permissions) of the same group give through ready-made policies.
            type: str
            choices: [present, absent, exact]
            default: present
      state:
        description: V(absent) deletes the group for good.
        type: str
        choices: [present, absent]
        default: present
  policies:
    description: Policies, and what M(identityops.dynatrace.dynatrace_policy) takes for each of them.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the policy.
        type: str
      id:
        description: Id of an existing policy, instead of O(policies[].name).
        type: str
      new_name:
        description: The name to give to the policy.
        type: str
      environment:
        description: Name or id of the environment whose own policy it is. By default it is the account's.
        type: str
      description:
        description: What the policy is for.
        type: str
      tags:
        description: Tags, and no others.
        type: list
        elements: str
      statement:
        description: What it allows and denies. A new policy needs it.
        type: str
      unbind:
        description: Whether V(absent) takes it from the groups that it is bound to.
        type: bool
        default: false
      state:
        description: V(absent) deletes the policy for good.
        type: str
        choices: [present, absent]
        default: present
  boundaries:
    description: Policy boundaries, and what M(identityops.dynatrace.dynatrace_policy_boundary) takes for each of them.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the boundary.
        type: str
      id:
        description: Id of an existing boundary, instead of O(boundaries[].name).
        type: str
      new_name:
        description: The name to give to the boundary.
        type: str
      query:
        description: Its conditions. A new boundary needs them.
        type: str
      state:
        description: V(absent) deletes the boundary for good.
        type: str
        choices: [present, absent]
        default: present
  service_users:
    description: Service users, and what M(identityops.dynatrace.dynatrace_service_user) takes for each of them.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the service user.
        type: str
      id:
        description: Id or e-mail of an existing service user, instead of O(service_users[].name).
        type: str
      new_name:
        description: The name to give to the service user.
        type: str
      description:
        description: What the service user is for.
        type: str
      groups:
        description: The service user's groups, by name or id. If not given, they stay as they are.
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
            description: The groups to be in, and no others.
            type: list
            elements: str
          within:
            description: Names (with C(*) and C(?) as wildcards) or ids of the groups that O(service_users[].groups.set) may leave.
            type: list
            elements: str
      state:
        description: V(absent) deletes the service user for good.
        type: str
        choices: [present, absent]
        default: present
  scope:
    description: Where O(purge) may take something away.
    type: dict
    suboptions:
      groups:
        description: Names (with C(*) and C(?) as wildcards) or ids of groups.
        type: list
        elements: str
      email_domains:
        description: Domains of e-mails, such as V(example.com). Without them, people of all domains are meant.
        type: list
        elements: str
  purge:
    description:
      - Takes away what the task doesn't name. It does nothing unless it is asked for, and only within O(scope).
      - What others manage, service users, and what O(guard) protects is never purged.
    type: dict
    default: {}
    suboptions:
      users:
        description: Deletes the people of O(scope.email_domains) whom the task doesn't name. That is permanent.
        type: bool
        default: false
      groups:
        description: Deletes the groups of O(scope.groups) that the task doesn't name.
        type: bool
        default: false
      memberships:
        description: Removes people from the groups of O(scope.groups) whom the task doesn't put there.
        type: bool
        default: false
      permissions:
        description: Removes permissions that the task doesn't give, from groups of O(scope.groups) whose permissions it names.
        type: bool
        default: false
seealso:
  - module: identityops.dynatrace.dynatrace_user
  - module: identityops.dynatrace.dynatrace_group
"""

EXAMPLES = r"""
- name: A team, what it may do, and who is in it
  identityops.dynatrace.dynatrace_access:
    groups:
      - name: Team Search
        description: Builds and runs the search
        permissions:
          - environments: [Production, Staging]
            permissions: [viewer, logviewer]
    users:
      - email: anna.lindqvist@example.com
        groups:
          add: [Team Search]
      - email: tom.okafor@example.com
        groups:
          add: [Team Search]
      - email: someone.who.left@example.com
        state: absent
    guard:
      blank_screen: fail
      protected_users: [owner@example.com]

- name: A policy, bound to a group in production within a boundary
  identityops.dynatrace.dynatrace_access:
    policies:
      - name: Checkout log readers
        statement: |
          ALLOW storage:logs:read WHERE storage:bucket-name = "${bindParam:bucket}";
    boundaries:
      - name: Only the checkout
        query: storage:dt.security_context = "checkout";
    groups:
      - name: Team Checkout
        bindings:
          - environments: [Production]
            policies:
              - policy: Checkout log readers
                parameters:
                  bucket: checkout_logs
                boundaries: [Only the checkout]
    service_users:
      - name: Checkout deployment
        groups:
          add: [Team Checkout]

- name: Help in production, until Christmas
  identityops.dynatrace.dynatrace_access:
    users:
      - email: tom.okafor@example.com
        groups:
          add:
            - name: Production Admins
              until: "2026-12-24T18:00:00Z"

- name: These are the members of the team groups, and nobody else
  identityops.dynatrace.dynatrace_access:
    users:
      - email: anna.lindqvist@example.com
        groups:
          add: [Team Search]
    scope:
      groups: ["Team *"]
    purge:
      memberships: true
"""

RETURN = r"""
users:
  description: The people whom the task names, as they are now or, in check mode, as they would be.
  returned: success
  type: list
  elements: dict
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
      description: Names of the user's groups, without the one of all users. Missing when they didn't have to be read.
      type: list
      elements: str
groups:
  description: The groups that the task names, as they are now or, in check mode, as they would be.
  returned: success
  type: list
  elements: dict
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
    permissions:
      description: All role permissions of the group. Missing when the task doesn't manage them.
      type: list
      elements: dict
    bindings:
      description: Policies of the group where the task binds some. Missing when the task doesn't manage them.
      type: list
      elements: dict
policies:
  description: The policies that the task names, as they are now or, in check mode, as they would be.
  returned: success
  type: list
  elements: dict
boundaries:
  description: The policy boundaries that the task names, as they are now or, in check mode, as they would be.
  returned: success
  type: list
  elements: dict
service_users:
  description: The service users that the task names, as they are now or, in check mode, as they would be.
  returned: success
  type: list
  elements: dict
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
    boundaries:
      description: For O(identityops.dynatrace.dynatrace_access#module:boundaries). Only when something was changed.
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

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.access_wish import access_wish
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import (
    ACCESS,
    GUARD,
    ON_FINDING,
    ON_MANAGED,
    PLAN,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import (
    Params,
    create_module,
    current_moment,
    manage,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.views import everything


def wish(params: Params) -> Desired:
    return access_wish(params, current_moment())


def main() -> None:
    module = create_module(ACCESS, ON_MANAGED, ON_FINDING, GUARD, PLAN)
    manage(module, wish, everything)


if __name__ == "__main__":
    main()
