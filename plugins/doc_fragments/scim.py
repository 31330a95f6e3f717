# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options that lead to SCIM."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of all modules that speak SCIM."""

    DOCUMENTATION = r"""
options:
  scim_url:
    description:
      - Base URL of SCIM, as Account Management shows it under Identity & access management > SCIM configuration.
      - By default C(https://api.sso.dynatrace.com/idm/public/scim/) with O(account_uuid) and C(/v2) behind it. The address that
        guides name, C(https://ENVIRONMENT.live.dynatrace.com/api/v2/scim), works as well.
      - If not set, the value of the environment variable E(DYNATRACE_SCIM_URL) is used.
    type: str
  scim_token:
    description:
      - Token for SCIM, made where its base URL is shown.
      - If not set, the value of the environment variable E(DYNATRACE_SCIM_TOKEN) is used.
    type: str
"""
