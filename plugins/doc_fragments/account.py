# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options and notes that several modules share."""

from __future__ import annotations


class ModuleDocFragment:
    """How to reach and log in to an account."""

    DOCUMENTATION = r"""
requirements:
  - "Python >= 3.10"
  - "requests >= 2.28"
options:
  account_uuid:
    description:
      - UUID of the Dynatrace account. A pasted V(urn:dtaccount:) in front of it is taken off.
      - It is needed. It is shown in Account Management under Account > Account info. An environment id such as V(abc12345) is
        not it.
      - If not set, the value of the environment variable E(DYNATRACE_ACCOUNT_UUID) is used.
    type: str
  client_id:
    description:
      - Id of an OAuth client of the account.
      - If not set, the value of the environment variable E(DYNATRACE_CLIENT_ID) is used.
    type: str
  client_secret:
    description:
      - Secret of the OAuth client.
      - If not set, the value of the environment variable E(DYNATRACE_CLIENT_SECRET) is used.
    type: str
  access_token:
    description:
      - A bearer token to use instead of O(client_id) and O(client_secret). It isn't refreshed.
      - If not set, the value of the environment variable E(DYNATRACE_ACCESS_TOKEN) is used.
    type: str
  scopes:
    description:
      - Scopes to ask for. By default the token has all scopes of the OAuth client.
      - Asking for one that the client lacks makes the log-in fail.
    type: list
    elements: str
    default: []
  api_url:
    description:
      - Where the account API is.
      - If not set, the value of the environment variable E(DYNATRACE_API_URL) is used.
    type: str
    default: https://api.dynatrace.com
  token_url:
    description:
      - Where tokens are issued.
      - If not set, the value of the environment variable E(DYNATRACE_TOKEN_URL) is used.
    type: str
    default: https://sso.dynatrace.com/sso/oauth2/token
  api_contract:
    description:
      - The shape of the account API. V(published) is what Dynatrace's OpenAPI document says, V(guide) addresses users by
        uid and groups by C(groupId).
      - V(auto) lists the groups and sees which one answers; pinning it saves that call where groups are given by id.
      - If not set, the value of the environment variable E(DYNATRACE_API_CONTRACT) is used.
    type: str
    choices: [auto, published, guide]
    default: auto
  validate_certs:
    description: Whether to verify TLS certificates.
    type: bool
    default: true
  ca_path:
    description: File or directory with the certificates of authorities to trust.
    type: path
  timeout:
    description: Seconds to wait for an answer.
    type: float
    default: 30
  concurrency:
    description: How many requests are under way at once.
    type: int
    default: 5
  rate_limit:
    description:
      - Requests a minute. What is below it runs at full speed.
      - Live accounts allow 200, shared by everything that uses the account.
    type: int
    default: 200
  retry_budget:
    description:
      - Seconds that a task may spend waiting for the service to recover, for example after it has answered 429 or 503.
      - Waiting for O(rate_limit) doesn't count.
    type: float
    default: 300
  allowed_hosts:
    description:
      - Hosts besides those under C(dynatrace.com) and C(dynatracelabs.com) to which secrets may be sent over https.
      - Loopback addresses are always allowed.
    type: list
    elements: str
    default: []
notes:
  - The modules run where Ansible's task runs, mostly on localhost, and need C(requests) there. A localhost that is listed in
    an inventory uses a discovered Python; give it C(ansible_python_interpreter) with the value
    C({{ ansible_playbook_python }}).
  - Set the connection once for all modules with C(module_defaults) and the action group
    C(group/identityops.dynatrace.all).
"""

    # Modules have fallbacks in their argument specs, other plugins look here. Without api_contract: none of them needs it,
    # and Ansible would refuse an empty variable.
    VARIABLES = r"""
options:
  account_uuid:
    env:
      - name: DYNATRACE_ACCOUNT_UUID
  client_id:
    env:
      - name: DYNATRACE_CLIENT_ID
  client_secret:
    env:
      - name: DYNATRACE_CLIENT_SECRET
  access_token:
    env:
      - name: DYNATRACE_ACCESS_TOKEN
  api_url:
    env:
      - name: DYNATRACE_API_URL
  token_url:
    env:
      - name: DYNATRACE_TOKEN_URL
"""
