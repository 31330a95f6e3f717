# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of modules that change an account."""

from __future__ import annotations


class ModuleDocFragment:
    """Reviewed plans, guards, and what others manage."""

    DOCUMENTATION = r"""
options:
  expected_plan:
    description:
      - The C(plan_id) that a run in check mode returned. The task then applies exactly that plan, or fails without writing
        anything when the account or the task has changed since.
      - It also lets a plan through that goes beyond the thresholds of O(guard), since somebody has looked at it. When the plan
        was kept in O(plan_file), the failure says what moved.
    type: str
  plan_file:
    description:
      - File to write the plan to as JSON, for its owner only, as a whole path on the host that runs the task. Beside it, with
        the ending C(.md), it is written as Markdown for a ticket. That is done in check mode as well.
    type: path
  on_error:
    description:
      - What to do when a change fails. V(stop) begins no other one. V(continue) carries out all that doesn't depend on it.
      - Either way the task fails in the end and lists what was done and what wasn't. Running it again carries out the rest.
    type: str
    choices: [stop, continue]
    default: stop
  progress_file:
    description:
      - File, as a whole path, to append a line to about every ten seconds that says how the run goes. The lines go to the
        system's log, too.
      - M(identityops.dynatrace.dynatrace_access) shows them in the output of the task while it runs locally.
    type: path
  guard:
    description: What a plan may not do. A plan that would is refused before anything is written.
    type: dict
    default: {}
    suboptions:
      max_removals:
        description: How much a plan may take away at most, counted for members, users, groups and permissions separately.
        type: int
      max_removal_percent:
        description:
          - The largest share that a plan may take away, counted separately as well. For members and permissions it is a
            share of what the groups concerned have.
          - The failure names the O(expected_plan) that lets exactly this plan through.
        type: float
        default: 25
      min_existing:
        description: Where there are fewer than that, O(guard.max_removal_percent) doesn't count.
        type: int
        default: 10
      protected_groups:
        description:
          - Names (with C(*) and C(?) as wildcards) or ids of groups that are never deleted or renamed, and never lose a member
            or a permission.
        type: list
        elements: str
        default: []
      min_admins:
        description: How many active users with C(account-user-management) must remain.
        type: int
        default: 1
      protected_users:
        description:
          - E-mails of users who are never deleted and never lose a group or a token. Name the subject user of the OAuth
            client here, and the account's owner.
        type: list
        elements: str
        default: []
      blank_screen:
        description:
          - What to do about people named by the task whose groups open no environment, who would log in to a blank screen.
            V(fail) refuses the plan before anything is written.
          - A group opens an environment by a role permission, or by any policy bound to it there or on the account.
        type: str
        choices: [fail, warn, ignore]
        default: ignore
      environments:
        description: Names or ids of the environments that each of these people must be able to open. By default any will do.
        type: list
        elements: str
        default: []
notes:
  - The last active users with C(account-user-management) can't be deleted and can't lose the group that gives it.
"""

    MANAGED = r"""
options:
  on_managed:
    description:
      - What to do when the task would change the name, the description or the members of a group that SCIM, SAML or the
        service itself manages. V(fail) refuses the task, V(warn) leaves the group as it is with a warning, V(skip) without.
      - Permissions on such groups are never concerned. Neither is a SAML group whose C(federated_attribute_values) the same
        task sets.
    type: str
    choices: [fail, warn, skip]
    default: fail
"""

    FINDINGS = r"""
options:
  on_finding:
    description:
      - Texts of policies and boundaries are checked before anything is written, and so are the parameters and boundaries of
        what is bound.
      - What to do when one certainly doesn't do what it says, for example since a condition can never be true. V(fail)
        refuses the task, V(warn) warns and goes on. Mere doubts are always warnings.
    type: str
    choices: [fail, warn]
    default: fail
"""
