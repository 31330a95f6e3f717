#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_orphaned_tokens
short_description: Find and disable tokens whose owner has left a Dynatrace account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Deleting or deactivating somebody ends none of their tokens. This module finds the tokens of environments and the platform
    tokens whose owner isn't in the account any more, or is inactive, and where asked to disables them.
  - Nothing is ever deleted. The owners of tokens may be service users.
  - A token whose owner can't be told is reported and never disabled. The token that the task itself logs in with is reported
    and left, with a warning.
  - A place that can't be read is named in a warning and in RV(unread), and so is an active environment of the account that
    there is no token for, unless O(environments) names others. The others are looked at all the same.
  - Where the account lists no active user at all, the task fails, since each token would look orphaned.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.environments
  - identityops.dynatrace.attributes
  - identityops.dynatrace.planning
options:
  environments:
    description: Ids of the environments to look into. By default all that O(environment_tokens) names.
    type: list
    elements: str
  include:
    description: V(api) are access tokens of environments, V(platform) the platform tokens of the account. By default all that
      there are credentials for.
    type: list
    elements: str
    choices: [api, platform]
  action:
    description:
      - V(report) changes nothing. V(disable) disables the orphaned tokens, which can be taken back.
      - The share that O(guard.max_removal_percent) speaks of is that of all enabled tokens of a kind that were read.
    type: str
    choices: [report, disable]
    default: report
notes:
  - Users and service users of the account are read once, so that its credentials are needed, with the scope
    C(account-idm-read), for platform tokens also with C(platform-token:tokens:manage).
seealso:
  - module: identityops.dynatrace.dynatrace_token_info
  - module: identityops.dynatrace.dynatrace_api_token
  - module: identityops.dynatrace.dynatrace_platform_token
"""

EXAMPLES = r"""
- name: Whose owner has left?
  identityops.dynatrace.dynatrace_orphaned_tokens:
  register: found

- name: See what disabling them would change
  identityops.dynatrace.dynatrace_orphaned_tokens:
    action: disable
    guard:
      max_removal_percent: 50
  check_mode: true
  diff: true
"""

RETURN = r"""
orphaned_tokens:
  description: The orphaned tokens as they are now or, in check mode, as they would be, sorted by kind, environment, name and id.
  returned: success
  type: list
  elements: dict
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
      description: Name of the token.
      type: str
    owner:
      description: E-mail of whom the token belongs to. Empty where the service tells none.
      type: str
    reason:
      description: V(not in the account), V(inactive) or V(owner unknown).
      type: str
    enabled:
      description: Whether the service takes it, unless it has expired.
      type: bool
    age_days:
      description: Whole days since it was made. None where the service doesn't tell.
      type: int
    unused_days:
      description: Whole days since it was used last. None when it never was.
      type: int
    last_used:
      description: When it was used last. None when it never was.
      type: str
    expires:
      description: When it ends. None when it doesn't.
      type: str
report:
  description: RV(orphaned_tokens) for people, a line each.
  returned: success
  type: list
  elements: str
unread:
  description: Environments, and V(platform tokens), that couldn't be looked into, so that nothing is said of their tokens.
  returned: success
  type: list
  elements: dict
  contains:
    place:
      description: Id of the environment, or V(platform tokens).
      type: str
    problem:
      description: What happened and what to do.
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

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.desired import Desired
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.tokens.orphans_part import orphans_part
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.beside_options import (
    ENVIRONMENTS,
    ORPHANED_TOKENS,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import GUARD, PLAN
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import (
    Params,
    create_module,
    current_moment,
    manage,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.token_views import orphaned_tokens


def wish(params: Params) -> Desired:
    return Desired(parts=(orphans_part(params, current_moment()),))


def main() -> None:
    manage(create_module(ORPHANED_TOKENS, ENVIRONMENTS, GUARD, PLAN), wish, orphaned_tokens)


if __name__ == "__main__":
    main()
