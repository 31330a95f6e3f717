#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_scim_info
short_description: Read users and groups of a Dynatrace account through SCIM
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Reads what an identity provider sees of an account through SCIM 2.0, and what the service says it can do.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.scim
  - identityops.dynatrace.attributes.info
attributes:
  action_group:
    membership:
      - identityops.dynatrace.all
      - identityops.dynatrace.scim
options:
  include:
    description:
      - What to read. By default users and groups, or only those of them that other options choose.
    type: list
    elements: str
    choices: [users, groups, service_provider_config, schemas, resource_types]
  user_names:
    description: User names of the users to read, in whatever case. By default all.
    type: list
    elements: str
  user_filter:
    description: A filter of SCIM for users, as in C(userName sw "external."), instead of O(user_names).
    type: str
  group_names:
    description: Names of the groups to read. By default all.
    type: list
    elements: str
  group_filter:
    description: A filter of SCIM for groups, as in C(displayName eq "Contractors"), instead of O(group_names).
    type: str
seealso:
  - module: identityops.dynatrace.dynatrace_scim_user
  - module: identityops.dynatrace.dynatrace_scim_group
  - module: identityops.dynatrace.dynatrace_scim_setup_info
"""

EXAMPLES = r"""
- name: Who is in the groups that the identity provider owns
  identityops.dynatrace.dynatrace_scim_info:
    include: [groups]
  register: provisioned

- name: What the service can do
  identityops.dynatrace.dynatrace_scim_info:
    include: [service_provider_config]
  register: service

- name: Somebody, whatever the case of their e-mail
  identityops.dynatrace.dynatrace_scim_info:
    user_names: [External.Meier@example.com]
  register: person
"""

RETURN = r"""
users:
  description: The users found, sorted by user name. Empty when none matches.
  returned: when users are read
  type: list
  elements: dict
  contains:
    id:
      description: The service's id of the user.
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
groups:
  description: The groups found, sorted by name. Empty when none matches. SCIM shows only groups that it owns.
  returned: when groups are read
  type: list
  elements: dict
  contains:
    id:
      description: The service's id of the group.
      type: str
    name:
      description: Name of the group.
      type: str
    external_id:
      description: The identity provider's own id of the group, if it gave one.
      type: str
    members:
      description: User names of its members, or ids of those that SCIM doesn't show.
      type: list
      elements: str
service_provider_config:
  description: What the service says it can do, in its own words.
  returned: with O(include=service_provider_config)
  type: dict
schemas:
  description: The attributes that the service knows, in its own words.
  returned: with O(include=schemas)
  type: list
  elements: dict
resource_types:
  description: The kinds of resources that the service knows, in its own words.
  returned: with O(include=resource_types)
  type: list
  elements: dict
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

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.inquiry import read_scim
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.beside_options import SCIM, SCIM_READ
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import create_module, inform


def main() -> None:
    either = [["user_names", "user_filter"], ["group_names", "group_filter"]]
    inform(create_module(SCIM_READ, SCIM, mutually_exclusive=either), read_scim, login=False)


if __name__ == "__main__":
    main()
