# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows how a long reading goes, as for dynatrace_access."""

from __future__ import annotations

from ansible_collections.identityops.dynatrace.plugins.action.dynatrace_access import ActionModule

__all__ = ["ActionModule"]
