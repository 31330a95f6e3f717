#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_group_info
short_description: Read groups of a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Lists the groups of an account and, where asked for, their members and role permissions.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes.info
options:
  groups:
    description: Names or ids of the groups to read. By default all.
    type: list
    elements: str
  include:
    description:
      - What to read besides. V(members) and V(permissions) take a request for each group; with O(api_contract=guide),
        V(members) takes one for each user of the account.
    type: list
    elements: str
    choices: [members, permissions]
    default: []
seealso:
  - module: identityops.dynatrace.dynatrace_group
  - module: identityops.dynatrace.dynatrace_group_membership
  - module: identityops.dynatrace.dynatrace_env_permission
"""

EXAMPLES = r"""
- name: All groups
  identityops.dynatrace.dynatrace_group_info:
  register: account

- name: Who administers production, and what may they do
  identityops.dynatrace.dynatrace_group_info:
    groups: [Production Admins]
    include: [members, permissions]
  register: admins
"""

RETURN = r"""
groups:
  description: The groups found, sorted by name. Empty when none matches.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The service's id of the group.
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
    members:
      description: E-mails of the members. Only with O(include=members).
      type: list
      elements: str
    permissions:
      description: Role permissions of the group. Only with O(include=permissions).
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

from typing import Any

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.account import Account
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.inquiry import read_groups
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.shapes import group_shape, permission_shapes
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import NAMES, included
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, inform


def read(account: Account, params: Params) -> dict[str, Any]:
    snapshot, groups = read_groups(account, params["groups"], params["include"])
    shapes = [group_shape(group) for group in groups]
    for group, shape in zip(groups, shapes, strict=True):
        if "members" in params["include"]:
            shape["members"] = sorted(snapshot.users[key].email for key in snapshot.members_of(group.id))
        if "permissions" in params["include"]:
            shape["permissions"] = permission_shapes(snapshot, group.id)
    return {"groups": shapes}


def main() -> None:
    inform(create_module({"groups": NAMES, "include": included("members", "permissions")}), read)


if __name__ == "__main__":
    main()
