#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_platform_token
short_description: Disable, enable and delete a platform token of a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Disables, enables or deletes a platform token, whoever it belongs to, or moves its end.
  - Tokens aren't made here. Their secret is told once, and whoever makes one has to keep it.
  - The token that the task itself logs in with is neither disabled nor deleted.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes
  - identityops.dynatrace.planning
options:
  name:
    description: Name of the token. Two tokens of one name are an error that lists both ids.
    type: str
  id:
    description: Id of the token, its public part, instead of O(name).
    type: str
  status:
    description: Whether services take the token. If not given, that stays as it is. They may go on taking it for up to five
      minutes after it was disabled.
    type: str
    choices: [active, inactive]
  expiration_date:
    description: When the token ends, as an ISO 8601 moment with its zone such as V(2026-12-24T18:00:00Z). An empty one means
      never. If not given, that stays as it is.
    type: str
  state:
    description:
      - V(present) changes a token that is there, and fails when there is none.
      - V(absent) deletes it. That is permanent. Disabling it with O(status=inactive) can be taken back.
    type: str
    choices: [present, absent]
    default: present
notes:
  - The OAuth client needs the scope C(platform-token:tokens:manage).
seealso:
  - module: identityops.dynatrace.dynatrace_token_info
  - module: identityops.dynatrace.dynatrace_api_token
"""

EXAMPLES = r"""
- name: End the use of a token, in a way that can be taken back
  identityops.dynatrace.dynatrace_platform_token:
    name: nightly-report
    status: inactive

- name: Let one end by itself
  identityops.dynatrace.dynatrace_platform_token:
    name: nightly-report
    expiration_date: "2099-12-31T00:00:00Z"
"""

RETURN = r"""
token:
  description: The token as it is now or, in check mode, as it would be. None when it is absent.
  returned: success
  type: dict
  contains:
    kind:
      description: V(api_token) or V(platform_token).
      type: str
    environment:
      description: Id of the environment. None for a platform token.
      type: str
    id:
      description: The token's public part, which is its id.
      type: str
    name:
      description: Name of the token. Names aren't unique.
      type: str
    owner:
      description: E-mail of whom the token belongs to. Empty where the service tells none.
      type: str
    personal:
      description: Whether it is a personal access token.
      type: bool
    enabled:
      description: Whether the service takes it, unless it has expired.
      type: bool
    expired:
      description: Whether its end is over.
      type: bool
    scopes:
      description: What it may do.
      type: list
      elements: str
    resources:
      description: Where a platform token may be used, for example C(urn:dtenvironment:abc12345). Empty for an API token.
      type: list
      elements: str
    created:
      description: When it was made.
      type: str
    last_used:
      description: When it was used last. None when it never was.
      type: str
    expires:
      description: When it ends. None when it doesn't.
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
  description: The way back. M(identityops.dynatrace.dynatrace_access) knows no tokens, so that it is told in words.
  returned: success
  type: dict
  contains:
    users:
      description: Always empty.
      type: list
      elements: dict
    groups:
      description: Always empty.
      type: list
      elements: dict
    lost:
      description: For each change the task that takes it back, or that it can't be taken back.
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

from functools import partial

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.tokens.part import platform_token_part
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.beside_options import (
    PLATFORM_TOKEN,
    TOKEN_CONSTRAINTS,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import GUARD, PLAN
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import (
    Params,
    create_module,
    current_moment,
    manage,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.token_views import one_token


def wish(params: Params) -> Desired:
    return Desired(parts=(platform_token_part(params, current_moment()),))


def main() -> None:
    module = create_module(PLATFORM_TOKEN, GUARD, PLAN, **TOKEN_CONSTRAINTS)
    manage(module, wish, partial(one_token, now=current_moment()))


if __name__ == "__main__":
    main()
