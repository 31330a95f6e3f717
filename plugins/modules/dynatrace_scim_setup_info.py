#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_scim_setup_info
short_description: Check how far SCIM provisioning of a Dynatrace account is set up
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Reports whether base URL and token are right, what the service can do, who is provisioned, who would be written from
    two sides, and what is left to do by hand in the identity provider.
  - Changes nothing, and asks nothing of the identity provider.
  - With credentials of the account, too, it tells who is in the account only, and who owns each group.
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
  idp:
    description: The identity provider.
    type: str
    required: true
    choices: [okta, entra]
  users:
    description:
      - People whom playbooks name, as e-mails or as the entries that the role P(identityops.dynatrace.onboarding#role) takes.
    type: list
    elements: raw
    default: []
  groups:
    description: Groups whose members or names playbooks manage, as names or as dictionaries with C(name).
    type: list
    elements: raw
    default: []
seealso:
  - module: identityops.dynatrace.dynatrace_scim_info
"""

EXAMPLES = r"""
- name: How far SCIM with Okta is set up
  identityops.dynatrace.dynatrace_scim_setup_info:
    idp: okta
    users: [external.rossi@example.com, grace.kim@example.com]
    groups: [Shop Developers]
  register: setup

- name: Print it
  ansible.builtin.debug:
    var: setup.report
"""

RETURN = r"""
checks:
  description: What was looked at.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: >-
        One of V(scim_url), V(scim_token), V(patch), V(filter), V(etag), V(ownership), V(conflicts), V(domains),
        V(prerequisites), V(identity_provider).
      type: str
    status:
      description: >-
        V(ok), V(problem), V(unknown) for what could not be found out, or V(by_hand) for what no API can tell or do.
      type: str
    message:
      description: What was found.
      type: str
problems:
  description: The messages of checks that found a problem.
  returned: success
  type: list
  elements: str
ownership:
  description: Who decides about whom.
  returned: success
  type: dict
  contains:
    users:
      description:
        - Users by C(name) and C(owner). V(scim) is somebody who has an id of the identity provider, or is in a group that SCIM
          owns. V(unclear) is shown by SCIM without such a sign. V(account) is in the account only.
      type: list
      elements: dict
    groups:
      description: Groups by C(name) and C(owner), as the account says it (V(SCIM), V(LOCAL), V(SAML)).
      type: list
      elements: dict
conflicts:
  description: Users and groups that SCIM provisions and that were named.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: V(user) or V(group).
      type: str
    name:
      description: Name of it.
      type: str
    message:
      description: What to do.
      type: str
to_do:
  description: What is left to do by hand, in this order.
  returned: success
  type: list
  elements: str
report:
  description: All of it as lines for people.
  returned: success
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

from functools import partial

from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.setup_read import read_setup
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.scim.setup_url import is_usable, own_url
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.beside_options import SCIM, SCIM_SETUP
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import create_module, inform


def main() -> None:
    module = create_module(SCIM_SETUP, SCIM)
    scim_url = (module.params["scim_url"] or "").strip()
    if scim_url and not is_usable(scim_url, ""):
        # reported instead of refused, so nothing may be sent there; nor is anything sent to this one
        module.params["scim_url"] = own_url("")
    inform(module, partial(read_setup, scim_url=scim_url), login=False)


if __name__ == "__main__":
    main()
