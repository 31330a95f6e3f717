# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be asked of SCIM while planning. The answers are found in ``Snapshot.answers``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..._api.records import ScimGroup, ScimUser

if TYPE_CHECKING:
    from ..._api.account import Account


@dataclass(frozen=True)
class ScimUserNamed:
    """The user with this user name, or None."""

    user_name: str

    def ask(self, account: Account, /) -> ScimUser | None:
        """Raises CallFailed."""
        return account.scim.user_named(self.user_name)


@dataclass(frozen=True)
class ScimUserWithId:
    """The user with this id, or None."""

    id: str

    def ask(self, account: Account, /) -> ScimUser | None:
        """Raises CallFailed."""
        return account.scim.user(self.id)


@dataclass(frozen=True)
class ScimUsers:
    """All users, as a tuple."""

    def ask(self, account: Account, /) -> tuple[ScimUser, ...]:
        """Raises CallFailed."""
        return tuple(account.scim.users())


@dataclass(frozen=True)
class ScimGroupNamed:
    """The group with this name and its members, or None."""

    name: str

    def ask(self, account: Account, /) -> ScimGroup | None:
        """Raises CallFailed, or InvalidInput for namesakes."""
        return account.scim.group_named(self.name)


@dataclass(frozen=True)
class ScimGroupWithId:
    """The group with this id and its members, or None."""

    id: str

    def ask(self, account: Account, /) -> ScimGroup | None:
        """Raises CallFailed."""
        return account.scim.group(self.id)


@dataclass(frozen=True)
class ScimGroups:
    """All groups without their members, as a tuple."""

    def ask(self, account: Account, /) -> tuple[ScimGroup, ...]:
        """Raises CallFailed."""
        return tuple(account.scim.groups(members=False))
