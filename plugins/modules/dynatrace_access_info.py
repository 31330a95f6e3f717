#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_access_info
short_description: Read who has access to what in a Dynatrace account, and ask questions about it
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Reads an account once, whole, with the fewest requests - users, service users, groups, who is in which, role permissions,
    environments, policies, bindings and boundaries - and returns it as a table, as a graph, or as answers to questions.
  - Findings name what somebody should look at, each with the evidence and a task that mends it.
  - What policies allow is evaluated here rather than by the service. It is on the safe side; what depends on a condition or a
    boundary, or on a policy whose text can't be read, is V(conditional), never V(granted).
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes.info
  - identityops.dynatrace.scim
  - identityops.dynatrace.environments
options:
  include:
    description:
      - What to return. V(table) is one row for each person, environment and grant, V(graph) typed nodes and edges.
      - V(review) is what the role P(identityops.dynatrace.access_review#role) makes its page and its CSV file of.
      - V(export) is the account as input of M(identityops.dynatrace.dynatrace_access), in names, which plans nothing when it is
        fed back. M(identityops.dynatrace.dynatrace_access_export) writes it into files.
      - For V(graph), V(findings) and V(review) the tokens of the account, of the environments in O(environment_tokens), SCIM and the limits are read,
        too, as far as there are credentials and scopes for them.
    type: list
    elements: str
    choices: [table, graph, findings, review, export]
    default: []
  who_can:
    description: Who can do something in an environment.
    type: dict
    suboptions:
      permission:
        description: A role permission such as V(viewer), or a policy's permission such as V(storage:logs:read).
        type: str
        required: true
      environment:
        description: Name or id of the environment.
        type: str
        required: true
  what_can:
    description: E-mail of a person; what they can do, where, and through what.
    type: str
  opens_nothing:
    description: Whether to list the groups that open no environment.
    type: bool
    default: false
  compare_users:
    description: E-mails of two people; what only one of them has.
    type: list
    elements: str
  compare_environments:
    description: Names or ids of two environments; what groups have in only one of them.
    type: list
    elements: str
  pending_days:
    description: After how many days an invitation that nobody accepted is a finding.
    type: int
    default: 14
  dormant_days:
    description:
      - After how many days without a login somebody is a finding. People of whom the service doesn't know it, as with single
        sign-on, never are.
    type: int
    default: 90
  sibling_environments:
    description: Lists of environments, by name or id, that groups should open all or none of.
    type: list
    elements: list
    default: []
  progress_file:
    description: A file, as a whole path, to which the task adds a line about every ten seconds.
    type: path
seealso:
  - module: identityops.dynatrace.dynatrace_access
  - module: identityops.dynatrace.dynatrace_access_assert
"""

EXAMPLES = r"""
- name: Who can read logs in production
  identityops.dynatrace.dynatrace_access_info:
    who_can:
      permission: storage:logs:read
      environment: Production
  register: access

- name: What somebody can do, and what they have that a colleague doesn't
  identityops.dynatrace.dynatrace_access_info:
    what_can: zoe.papadaki@example.com
    compare_users: [zoe.papadaki@example.com, yuki.tanaka@example.com]

- name: All that somebody should look at
  identityops.dynatrace.dynatrace_access_info:
    include: [findings]
    sibling_environments:
      - [Production, Staging]
"""

RETURN = r"""
summary:
  description: How many there are of what.
  returned: success
  type: dict
  sample:
    bindings: 14
    boundaries: 2
    environments: 3
    groups: 18
    policies: 4
    service_users: 3
    users: 40
    users_by_status:
      ACTIVE: 36
      INACTIVE: 1
      PENDING: 3
table:
  description: Who has access to what, sorted by person and environment. Only with O(include=table).
  returned: success
  type: list
  elements: dict
  contains:
    person:
      description: E-mail.
      type: str
    status:
      description: Status of the user.
      type: str
    environment:
      description: Id of the environment, none for the account itself. A policy at the account has a row for each environment.
      type: str
    environment_name:
      description: Its name.
      type: str
    what:
      description: The role permission, or the policy.
      type: str
    mechanism:
      description: V(role) or V(policy).
      type: str
    group:
      description: Name of the group that it comes through.
      type: str
    group_id:
      description: Its id.
      type: str
    group_owner:
      description: Who decides about the group's members, as in M(identityops.dynatrace.dynatrace_group_info).
      type: str
    policy:
      description: Name of the policy, none for a role permission.
      type: str
    policy_id:
      description: Its id, none for a role permission.
      type: str
    parameters:
      description: What the policy is bound with. The same policy can be bound several times with other ones.
      type: dict
    level:
      description: Where it was given, V(account) or V(environment).
      type: str
    management_zones:
      description: Names of the management zones that it is limited to.
      type: list
      elements: str
    boundaries:
      description: Names of the boundaries that it is limited by.
      type: list
      elements: str
    since:
      description: When it was given. The service tells it of role permissions only.
      type: str
graph:
  description: The account as nodes and edges, sorted. Only with O(include=graph).
  returned: success
  type: dict
  contains:
    nodes:
      description: >-
        C(id), C(kind) and C(name), and what else is known. Kinds are V(account), V(environment), V(management_zone), V(user),
        V(service_user), V(group), V(policy), V(boundary), V(api_token), V(platform_token), V(scim_user).
      type: list
      elements: dict
    edges:
      description: >-
        C(kind), C(source) and C(target). Kinds are V(member_of), V(permission), V(binding), V(part_of), V(owns), V(in_scim).
      type: list
      elements: dict
findings:
  description: What somebody should look at, the worst first. Only with O(include=findings).
  returned: success
  type: list
  elements: dict
  contains:
    rule:
      description: What was looked for.
      type: str
      sample: blank_screen
    severity:
      description: V(high), V(medium) or V(low).
      type: str
    title:
      description: What was found, in words.
      type: str
    subject:
      description: The C(kind) and the C(name) of what it is about.
      type: dict
    evidence:
      description: What it was found by.
      type: dict
    fix:
      description: A task that mends it, as YAML. Words in capitals are for people to decide.
      type: str
unread:
  description: >-
    What couldn't be read, in words. What beside the account couldn't be is told with V(graph), V(findings) or V(review) in
    O(include). Where policies are bound that can't be read, answers and the table are without them, and findings that they
    could contradict aren't there.
  returned: success
  type: list
  elements: str
review:
  description: What the role P(identityops.dynatrace.access_review#role) needs. Only with O(include=review).
  returned: success
  type: dict
  contains:
    page:
      description: Data of the page.
      type: dict
    csv:
      description: The text of a CSV file with one row for each grant, and columns for decision, reviewer and date.
      type: str
export:
  description: The account as input of M(identityops.dynatrace.dynatrace_access). Only with O(include=export).
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
      description: For O(identityops.dynatrace.dynatrace_access#module:policies).
      type: list
      elements: dict
    boundaries:
      description: For O(identityops.dynatrace.dynatrace_access#module:boundaries).
      type: list
      elements: dict
    service_users:
      description: For O(identityops.dynatrace.dynatrace_access#module:service_users).
      type: list
      elements: dict
    left_out:
      description: What is in the account and can't be expressed, in words.
      type: list
      elements: str
answers:
  description: The answer to each question that was asked, by its option.
  returned: success
  type: dict
  contains:
    who_can:
      description: >-
        A list of C(email), C(status), C(state) (V(granted) or V(conditional)) and C(through).
      type: list
      elements: dict
    what_can:
      description: Rows as in RV(table).
      type: list
      elements: dict
    opens_nothing:
      description: >-
        A list of C(id), C(name) and C(members), their number.
      type: list
      elements: dict
    compare_users:
      description: >-
        C(groups) and C(access), each with C(only_first) and C(only_second).
      type: dict
    compare_environments:
      description: >-
        C(access), with C(only_first) and C(only_second).
      type: dict
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
"""

from ansible_collections.identityops.dynatrace.plugins.module_utils._module.beside_options import (
    ACCESS_MAP,
    ENVIRONMENTS,
    SCIM,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.map_views import read_access
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import create_module, inform


def main() -> None:
    inform(create_module(ACCESS_MAP, SCIM, ENVIRONMENTS), read_access)


if __name__ == "__main__":
    main()
