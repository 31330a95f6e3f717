# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source for Event-Driven Ansible: what changes in a Dynatrace account."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

DOCUMENTATION = r"""
---
short_description: Tell what changes in a Dynatrace account.
description:
  - An ansible-rulebook event source that polls users, groups, memberships and permissions.
  - It gives one event for each change.
  - What it knows is kept in a folder, so that nothing is missed or told twice over a restart.
  - Needs Python's requests where ansible-rulebook runs.
options:
  account_uuid:
    description:
      - The UUID of the account; or set the environment variable DYNATRACE_ACCOUNT_UUID.
    type: str
  client_id:
    description:
      - Id of the OAuth client; or set DYNATRACE_CLIENT_ID.
    type: str
  client_secret:
    description:
      - Secret of the OAuth client. Better set DYNATRACE_CLIENT_SECRET: rulebooks end up in git.
    type: str
  access_token:
    description:
      - A bearer token instead of client_id and client_secret; or set DYNATRACE_ACCESS_TOKEN.
    type: str
  scopes:
    description:
      - Scopes to ask for; those of the OAuth client by default.
    type: list
    elements: str
    default: []
  api_url:
    description:
      - Base URL of the API; or set DYNATRACE_API_URL.
    type: str
    default: "https://api.dynatrace.com"
  token_url:
    description:
      - Where tokens come from; or set DYNATRACE_TOKEN_URL.
    type: str
    default: "https://sso.dynatrace.com/sso/oauth2/token"
  api_contract:
    description:
      - The shape of the API; or set DYNATRACE_API_CONTRACT.
    type: str
    default: auto
    choices: [auto, published, guide]
  validate_certs:
    description:
      - Whether to check the service's certificate.
    type: bool
    default: true
  ca_path:
    description:
      - A file with certificates of authorities to trust.
    type: str
  timeout:
    description:
      - Seconds to wait for an answer.
    type: float
    default: 30
  concurrency:
    description:
      - How many requests are sent side by side.
    type: int
    default: 5
  rate_limit:
    description:
      - How many requests a minute the source may send. The account allows 200 to all its clients together.
    type: int
    default: 60
  retry_budget:
    description:
      - Seconds that one poll may spend waiting for the service to recover.
    type: float
    default: 300
  allowed_hosts:
    description:
      - Hosts besides Dynatrace's own to which secrets may be sent.
    type: list
    elements: str
    default: []
  state_dir:
    description:
      - A folder that is kept over restarts, and that no other source uses; or set DYNATRACE_EVENTS_STATE_DIR.
    type: str
    required: true
  interval:
    description:
      - Seconds from one poll to the next.
    type: float
    default: 60
  include:
    description:
      - The kinds of changes to tell; all by default. What isn't asked for isn't read, either.
    type: list
    elements: str
    choices: [group_created, group_renamed, invited, activated, permission_gained, joined, permission_lost, left,
      deactivated, deleted, group_deleted]
  users:
    description:
      - E-mails whose changes are told, with * and ? as wildcards.
    type: list
    elements: str
    default: ["*"]
  groups:
    description:
      - Names (with * and ? as wildcards) or ids of the groups whose changes are told and read.
    type: list
    elements: str
    default: ["*"]
  initial:
    description:
      - Whether the very first poll tells everything that there is as a change.
    type: bool
    default: false
  max_loss_percent:
    description:
      - Where there are ten or more people, groups, memberships or permissions, and a poll misses a larger share of
        them, nothing is told until they are back.
    type: float
    default: 25
  feedback:
    description:
      - Whether ansible-rulebook confirms each event. It needs --persistence-id.
    type: bool
    default: false
"""

EXAMPLES = r"""
- identityops.dynatrace.account_changes:
    state_dir: /var/lib/eda/dynatrace
    interval: 60
    include: [activated, deactivated, deleted]
"""

COLLECTION = Path(__file__).absolute().parents[4]
NAME = "ansible_collections.identityops.dynatrace"


def _place_collection() -> None:
    """Give the collection that this file belongs to its name: it is nowhere where Python would look for it."""
    parts = NAME.split(".")
    for depth in range(1, len(parts) + 1):
        package = ModuleType(".".join(parts[:depth]))
        package.__path__ = (
            [str(COLLECTION.parents[len(parts) - depth - 1])] if depth < len(parts) else [str(COLLECTION)]
        )
        sys.modules.setdefault(package.__name__, package)


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Tell changes until cancelled."""
    _place_collection()
    try:
        import requests  # noqa: F401
    except ImportError as error:
        raise RuntimeError(f"account_changes needs requests: install it for {sys.executable}") from error
    from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.arguments import orders
    from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.watching import watch

    given = dict(args)
    feedback = given.pop("eda_feedback_queue", None)
    await watch(queue, feedback, orders(given, os.environ))
