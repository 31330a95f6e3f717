# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options that lead to the environments' own APIs."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of all modules that look into environments."""

    DOCUMENTATION = r"""
options:
  environment_tokens:
    description:
      - Access tokens of environments by environment id. To read, they need the scope C(apiTokens.read), to change anything
        C(apiTokens.write).
      - If not set, the value of the environment variable E(DYNATRACE_ENVIRONMENT_TOKENS) is used, a JSON object.
    type: dict
    default: {}
  environment_urls:
    description:
      - URLs of environments by environment id, where they aren't C(https://ID.live.dynatrace.com).
      - If not set, the value of the environment variable E(DYNATRACE_ENVIRONMENT_URLS) is used, a JSON object.
    type: dict
    default: {}
attributes:
  action_group:
    description:
      - Use C(group/identityops.dynatrace.all) and, for O(environment_tokens) and O(environment_urls),
        C(group/identityops.dynatrace.environments) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - identityops.dynatrace.all
      - identityops.dynatrace.environments
"""
