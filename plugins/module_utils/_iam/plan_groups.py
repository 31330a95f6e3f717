# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the planner that deals with groups themselves."""

from __future__ import annotations

from dataclasses import replace

from .._api.records import Group
from .._core.change import Action
from .._core.errors import InvalidInput
from .desired import GroupWish
from .draft import Draft
from .facts import GroupFact, new_group_id


def plan_group(draft: Draft, wish: GroupWish) -> Group | None:
    """Note what happens to the group itself; returns it as it will be, None when it is to go or isn't there."""
    found = _existing_group(draft, wish)
    if wish.state == "absent":
        if found and draft.may_change(found, "existence"):
            draft.change(Action.DELETE, GroupFact(found, gone=True))
        return None
    if found:
        return _update_group(draft, wish, found)
    if wish.name is None:
        raise InvalidInput(f"There is no group with the id {wish.id!r}.")
    if wish.state == "existing":
        return draft.directory.group(wish.ref)
    name = wish.new_name or wish.name
    federated = wish.federated or ()
    owner = "SAML" if federated else "LOCAL"
    group = Group(new_group_id(name), name, wish.description or "", owner, federated)
    draft.change(Action.CREATE, GroupFact(group))
    draft.expect_group(group)
    return group


def check_named_once(draft: Draft) -> None:
    """Raise InvalidInput when two entries mean one group, be it by its name and by its id."""
    found = [group for wish in draft.desired.groups if (group := _existing_group(draft, wish))]
    twice = sorted({group.name for group in found if sum(other.id == group.id for other in found) > 1})
    if twice:
        raise InvalidInput(f"{', '.join(twice)} is named more than once in groups.")


def _existing_group(draft: Draft, wish: GroupWish) -> Group | None:
    """The group by its name or id or, when it was renamed in an earlier run, by its new name."""
    found = draft.directory.find_group(wish.ref)
    if wish.id and (found is None or found.id != wish.id):
        return None
    renamed = draft.directory.find_group(wish.new_name) if wish.new_name else None
    if found and renamed and found.id != renamed.id:
        raise InvalidInput(f"Group {found.name!r} can't be renamed to {wish.new_name!r}: there is one of that name.")
    return found or renamed


def _update_group(draft: Draft, wish: GroupWish, found: Group) -> Group:
    """All that the task doesn't name is kept: the call replaces the group, its federated values included."""
    federated = found.federated if wish.federated is None else wish.federated
    wanted = replace(
        found,
        name=wish.new_name or found.name,
        description=found.description if wish.description is None else wish.description,
        federated=found.federated if set(federated) == set(found.federated) else federated,
    )
    if wanted == found:
        return found
    own_mapping = found.owner == "SAML" and wish.federated is not None
    if not own_mapping and not draft.may_change(found, "name and description"):
        return found
    if found.owner in ("LOCAL", "SAML"):
        wanted = replace(wanted, owner="SAML" if wanted.federated else "LOCAL")
    draft.change(Action.UPDATE, GroupFact(wanted, was=found))
    draft.expect_group(wanted)
    return wanted
