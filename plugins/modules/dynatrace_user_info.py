#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_user_info
short_description: Read users of a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Lists the people of an account and, where asked for, their groups and the environments that these open.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes.info
options:
  emails:
    description: E-mails of the users to read, in whatever case. By default all people of the account.
    type: list
    elements: str
  include:
    description:
      - What to read besides. V(groups) adds the groups of each user, V(environments) the environments that they can open
        and through which group.
      - Without it, one request is enough for all people of an account. Groups take as many requests as there are people or
        groups, whichever is less.
    type: list
    elements: str
    choices: [groups, environments]
    default: []
  environments:
    description: Names or ids of the environments to look at with O(include=environments). By default all.
    type: list
    elements: str
seealso:
  - module: identityops.dynatrace.dynatrace_user
"""

EXAMPLES = r"""
- name: Who is in the account
  identityops.dynatrace.dynatrace_user_info:
  register: account

- name: What can Anna open
  identityops.dynatrace.dynatrace_user_info:
    emails: [anna.lindqvist@example.com]
    include: [environments]
  register: anna

- name: Who has not accepted the invitation yet
  ansible.builtin.debug:
    msg: "{{ account.users | selectattr('status', 'equalto', 'PENDING') | map(attribute='email') }}"
"""

RETURN = r"""
users:
  description: The users found, sorted by e-mail. Empty when nobody matches.
  returned: success
  type: list
  elements: dict
  contains:
    uid:
      description: The service's id of the user.
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
      description: Names of the user's groups, without the one of all users. Only with O(include).
      type: list
      elements: str
    environments:
      description:
        - The environments that the user can open. Only with O(include=environments).
        - Policies count as far as their bindings may be read (scope C(iam:bindings:read)).
      type: list
      elements: dict
      contains:
        id:
          description: Id of the environment.
          type: str
        name:
          description: Name of the environment.
          type: str
        through:
          description: Names of the groups that open it.
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
"""

from typing import Any

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.account import Account
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import emails
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.inquiry import find_environments, read_people
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.shapes import environments_of, user_shape
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import NAMES, included
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import Params, create_module, inform


def read(account: Account, params: Params) -> dict[str, Any]:
    include = params["include"]
    snapshot, people = read_people(account, emails(params["emails"]), include)
    places = find_environments(snapshot, params["environments"]) if "environments" in include else ()
    users = [user_shape(user, snapshot.group_names(user.key) if include else None) for user in people]
    if "environments" in include:
        for user, shape in zip(people, users, strict=True):
            shape["environments"] = environments_of(snapshot, user.key, places)
    return {"users": users}


def main() -> None:
    options = {"emails": NAMES, "include": included("groups", "environments"), "environments": NAMES}
    inform(create_module(options), read)


if __name__ == "__main__":
    main()
