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
    type: str
  guard:
    description: What a plan may not do. A plan that would is refused before anything is written.
    type: dict
    default: {}
    suboptions:
      protected_users:
        description:
          - E-mails of users who are never deleted and never lose a group. Name the subject user of the OAuth client here,
            and the account's owner.
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
  - The last active user with C(account-user-management) can't be deleted and can't lose the group that gives it.
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
