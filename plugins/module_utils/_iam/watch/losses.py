# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much one look finds gone: where that is a lot, the answers rather than the account may be at fault. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ..._core.errors import Refused
from ..model import Snapshot
from ..thresholds import Thresholds, is_too_large_a_share
from .changes import Change, gone_places, levels_read, moved, seen


@dataclass(frozen=True)
class Loss:
    """How many of a kind one look would end, of how many."""

    kind: str
    lost: int
    existing: int


def check_losses(found: Iterable[Loss], thresholds: Thresholds) -> None:
    """Raises Refused when too large a share of anything has gone."""
    for each in found:
        if is_too_large_a_share(each.lost, each.existing, thresholds):
            raise Refused(
                f"{each.lost} of {each.existing} {each.kind} have gone, more than"
                f" max_loss_percent={thresholds.max_removal_percent:g}. Nothing is told until they are back. If they"
                " have gone indeed, start the source once with max_loss_percent: 100."
            )


def losses(old: Snapshot, listed: Snapshot, read: Snapshot, changes: Iterable[Change]) -> list[Loss]:
    """For people, groups, memberships and permissions, of those that this look has seen again or missed.

    What goes with somebody or with a group that has gone doesn't count again, nor do the groups of those who have got
    another status: they are looked at apart from the turns, and who is deactivated may well leave all groups at once.
    What goes with its environment, which the list tells of all at once, is compared with all that is known.
    """
    apart, places = moved(old, listed), gone_places(old, listed)
    counted = [each for each in changes if _counts(each, listed, apart)]
    with_place = sum(each.kind == "permission_lost" and each.place in places for each in counted)
    lost = Counter(each.kind for each in counted)
    held = sum(len(was) for key, (was, _now) in seen(listed, read, old).items() if key not in apart)
    rights = sum(len(old.permissions.get(key, ())) for key in read.permissions)
    rights += sum(len(was) for _level, _now, was in levels_read(old, listed, read))
    all_rights = sum(len(each or ()) for each in (*old.permissions.values(), *old.bindings.values()))
    return [
        Loss("people", lost["deleted"], len(old.users)),
        Loss("groups", lost["group_deleted"], len(old.groups)),
        Loss("memberships", lost["left"], held),
        Loss("permissions", lost["permission_lost"] - with_place, rights),
        Loss("permissions", with_place, all_rights),
    ]


def _counts(change: Change, listed: Snapshot, apart: Collection[str]) -> bool:
    """Whether those are still there, as they were, whom a loss is about; of people and groups themselves, all count."""
    user, group = change.user, change.group
    if change.kind in ("deleted", "group_deleted"):
        return True
    there = user is None or (user.key in listed.users and user.key not in apart) or user.is_service_user
    return there and (group is None or group.id in listed.groups)
