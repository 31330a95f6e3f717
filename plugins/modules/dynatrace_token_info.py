#!/usr/bin/python
# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module."""

from __future__ import annotations

DOCUMENTATION = r"""
module: dynatrace_token_info
short_description: Read access tokens of Dynatrace environments and platform tokens of an account
version_added: 1.0.0
author:
  - identityops contributors (@identityops)
description:
  - Lists tokens of any number of environments, side by side, and the platform tokens of the account. Secrets are never told.
  - It takes one request for an environment with up to 10,000 tokens, whatever is asked for.
  - An environment that can't be read fails the task, since a list without it would look complete.
extends_documentation_fragment:
  - identityops.dynatrace.account
  - identityops.dynatrace.environments
  - identityops.dynatrace.attributes.info
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
  owners:
    description:
      - E-mails of the people whose tokens to read, whatever their case. By default everybody's.
      - The service's own C(owner) selector takes an e-mail only in the case in which the token has it, so that all tokens are
        read and compared here.
    type: list
    elements: str
  selector:
    description: Passed on to the environments as C(apiTokenSelector), for example C(scope("metrics.read")). It doesn't concern
      platform tokens.
    type: str
notes:
  - Platform tokens need credentials of the account, with the scope C(platform-token:tokens:manage). API tokens don't.
seealso:
  - module: identityops.dynatrace.dynatrace_api_token
  - module: identityops.dynatrace.dynatrace_platform_token
  - module: identityops.dynatrace.dynatrace_orphaned_tokens
"""

EXAMPLES = r"""
- name: All tokens that somebody has
  identityops.dynatrace.dynatrace_token_info:
    owners: [matteo.ricci@example.com]
  register: found

- name: Personal access tokens of one environment
  identityops.dynatrace.dynatrace_token_info:
    environments: [prd48213]
    include: [api]
    selector: personalAccessToken(true)
"""

RETURN = r"""
tokens:
  description: The tokens found, sorted by kind, environment, name and id. Empty when none matches.
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
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.tokens.inquiry import read_tokens
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.beside_options import ENVIRONMENTS, TOKENS
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.run import (
    Params,
    create_module,
    current_moment,
    inform,
)


def read(account: Account, params: Params) -> dict[str, Any]:
    return {"tokens": read_tokens(account, params, current_moment())}


def main() -> None:
    inform(create_module(TOKENS, ENVIRONMENTS), read, login=False)


if __name__ == "__main__":
    main()
