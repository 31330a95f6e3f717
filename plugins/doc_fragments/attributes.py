# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules support."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes of modules that change an account, and of those that only read."""

    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/identityops.dynatrace.all) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - identityops.dynatrace.all
  check_mode:
    description: Can run in check mode and predicts the changes without writing anything.
    support: full
  diff_mode:
    description: Shows what changed, or in check mode what would change, with one block for each object.
    support: full
  idempotent:
    description: Running it again changes nothing.
    support: full
"""

    INFO = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/identityops.dynatrace.all) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - identityops.dynatrace.all
  check_mode:
    description: Only reads, in check mode as well.
    support: full
  diff_mode:
    description: Changes nothing, so there is nothing to show.
    support: none
"""
