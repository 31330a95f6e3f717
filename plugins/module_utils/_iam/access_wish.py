# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``dynatrace_access`` wants, from all of its options."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .desired import Desired, group_wishes, user_wishes
from .policy_wishes import boundary_wish, once, policy_wish, service_user_wish
from .purge import make_purge


def access_wish(given: Mapping[str, Any], now: datetime) -> Desired:
    """From validated options; ``now`` decides about time-boxed groups. Raises InvalidInput."""
    return Desired(
        users=user_wishes(given["users"], now),
        groups=group_wishes(given["groups"]),
        policies=once("policies", map(policy_wish, given["policies"])),
        boundaries=once("boundaries", map(boundary_wish, given["boundaries"])),
        service_users=once("service_users", map(service_user_wish, given["service_users"])),
        on_managed=given["on_managed"],
        on_finding=given["on_finding"],
        purge=make_purge(given, given["guard"]),
    )
