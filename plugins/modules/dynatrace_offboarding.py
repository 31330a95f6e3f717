#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_offboarding
short_description: Take people out of a Dynatrace account, with their tokens, and keep proof of it
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Deletes people, takes them out of their groups or deactivates them through SCIM, and closes the tokens that they own in
    all environments and in the account. Deleting a user alone leaves these tokens valid.
  - Looks once more in the end, and fails when something stays open that should be closed. Running again carries out the rest.
  - Reversible steps come first, deletions last, and nothing is ever opened, so a failure in the middle leaves no more access
    than before.
  - Reads the tokens of each environment once, however many people leave.
  - Content such as dashboards and notebooks stays where it is, by design.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.attributes
  - identityops.dynatrace.planning
  - identityops.dynatrace.scim
  - identityops.dynatrace.environments
options:
  users:
    description:
      - E-mails of the people, in whatever case. Of those who aren't in the account any more only tokens are closed.
      - A service user is refused, since automation may live on it. M(identityops.dynatrace.dynatrace_service_user) deletes it.
    type: list
    elements: str
    required: true
  action:
    description:
      - V(delete) deletes the people. That is permanent, they lose all groups and environments at once.
      - V(leave_groups_then_delete) takes them out of their groups before.
      - V(leave_groups) only takes them out of their groups, as far as nobody else manages those. They can still log in.
      - V(deactivate) sets them inactive through SCIM. They can't log in any more, and can be activated again. It needs
        O(scim_token).
    type: str
    choices: [deactivate, leave_groups, leave_groups_then_delete, delete]
    default: delete
  tokens:
    description:
      - What becomes of the tokens that they own, API tokens of environments and platform tokens of the account. Owners are
        compared whatever the case.
      - V(report) lists them. V(disable) can be taken back, V(delete) can't. V(ignore) doesn't look.
      - The token that the task itself logs in with is never closed, but named among the RV(open_ends).
    type: str
    choices: [ignore, report, disable, delete]
    default: report
  environments:
    description:
      - Ids of the environments to look for tokens in. By default all that O(environment_tokens) names; then an active
        environment of the account without a token is an open end.
    type: list
    elements: str
  on_scim_managed:
    description:
      - What to do about deleting people whom an identity provider manages through SCIM. Its next sync brings them back, so they
        should be deleted there. They are known by the identity provider's id in SCIM, or by a group that SCIM manages.
    type: str
    choices: [fail, warn]
    default: fail
  account_owner:
    description: E-mail of the Account Owner, whom nobody can delete or deactivate. A task that tries to is refused.
    type: str
  on_open:
    description:
      - What to do when something stays open that should be closed, such as tokens of an environment that can't be read.
      - With O(on_error=continue) the task closes all that it can before it fails.
    type: str
    choices: [fail, warn]
    default: fail
  content:
    description:
      - Whether to list dashboards, notebooks and the like that they own, which stay. By default it is listed for
        O(evidence_dir).
      - Classic dashboards need the scope C(ReadConfig) of the environment's token, all else C(document:documents:read) and
        C(document:documents:admin) of the OAuth client. Where they may not be read, a warning says so.
    type: bool
  evidence_dir:
    description:
      - A folder on the host that runs the task, as a whole path. A run adds a folder with C(before.json), C(after.json), C(report.md) for the
        ticket and C(SHA256SUMS), for the owner only. No secret is in it. In check mode nothing is written.
    type: path
seealso:
  - module: identityops.dynatrace.dynatrace_service_user
  - module: identityops.dynatrace.dynatrace_token_info
  - module: identityops.dynatrace.dynatrace_orphaned_tokens
  - module: identityops.dynatrace.dynatrace_scim_user
"""

EXAMPLES = r"""
- name: Somebody leaves, and so do the tokens in all environments
  identityops.dynatrace.dynatrace_offboarding:
    users: [matteo.ricci@example.com]
    tokens: disable
    account_owner: amara.okafor@example.com
    guard:
      protected_users: [henrik.lindqvist@example.com]

- name: Somebody is away for a year
  identityops.dynatrace.dynatrace_offboarding:
    users: [lena.bauer@example.com]
    action: deactivate
    tokens: disable
"""

RETURN = r"""
leavers:
  description: The people as they are now or, in check mode, as they would be. Empty when they couldn't be read again.
  returned: always, unless nothing was begun
  type: list
  elements: dict
  contains:
    email:
      description: E-mail of the person.
      type: str
    in_account:
      description: Whether there is such a user.
      type: bool
    status:
      description: Status of the user.
      type: str
    groups:
      description: Names of their groups, without the one of all users. None when they weren't read.
      type: list
      elements: str
    scim:
      description: The id in SCIM, and whether the user is active there. None when SCIM wasn't asked or doesn't know them.
      type: dict
    tokens:
      description: The tokens that they own, as in RV(identityops.dynatrace.dynatrace_token_info#module:tokens).
      type: list
      elements: dict
open_ends:
  description: What stays open.
  returned: always, unless nothing was begun
  type: list
  elements: dict
  contains:
    email:
      description: Whom it belongs to; none when it is an environment that nobody looked into.
      type: str
    what:
      description: What stays open.
      type: str
    why:
      description: Why it does.
      type: str
    to_do:
      description: What to do about it.
      type: str
    by_choice:
      description: Whether the task didn't want it closed.
      type: bool
content:
  description: What they leave behind in the environments, as far as O(content) was listed and may be read.
  returned: always, unless nothing was begun
  type: list
  elements: dict
  contains:
    environment:
      description: Id of the environment.
      type: str
    kind:
      description: V(classic dashboard), V(dashboard), V(notebook) or what else the document service keeps.
      type: str
    name:
      description: Its name.
      type: str
    id:
      description: Its id.
      type: str
    owner:
      description: E-mail of the owner.
      type: str
evidence:
  description: The folder that was written, if any.
  returned: always, unless nothing was begun
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
  returned: when a guard refuses it, or when in check mode something would stay open
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

from ansible_collections.identityops.dynatrace.plugins.module_utils._module.beside_options import (
    ENVIRONMENTS,
    OFFBOARDING,
    SCIM,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.offboarding import (
    close_books,
    offboarding_wish,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import GUARD, PLAN
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import create_module, manage


def main() -> None:
    module = create_module(OFFBOARDING, SCIM, ENVIRONMENTS, GUARD, PLAN)
    wish = partial(offboarding_wish, check_mode=module.check_mode)
    manage(module, wish, lambda _result, _desired: {}, afterwards=close_books)


if __name__ == "__main__":
    main()
