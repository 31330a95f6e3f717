# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account to talk to: a transport and the contract that the service speaks."""

from __future__ import annotations

from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any

from .calls import Call
from .contracts.base import Contract
from .contracts.guide import Guide
from .contracts.published import Published, read_groups
from .contracts.recognise import recognise
from .http import path_of
from .records import Group
from .settings import Settings
from .transport import Runtime, Stats, Transport

if TYPE_CHECKING:
    from .policies import Policies
    from .service_users import ServiceUsers

_CONTRACTS: dict[str, type[Published | Guide]] = {"published": Published, "guide": Guide}


class Account:
    """One account, for the time of one run. Use it as a context manager."""

    def __init__(self, settings: Settings, runtime: Runtime, read_only: bool = False) -> None:
        self.uuid = settings.account_uuid
        self.workers = settings.concurrency
        self._transport = Transport(settings, runtime, read_only)
        self._groups: list[Group] | None = None
        self._pinned = settings.contract
        self._contract: Contract | None = None

    def __enter__(self) -> Account:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    @property
    def contract(self) -> Contract:
        """The contract in use; with ``auto`` the first use lists the groups to see which one answers."""
        if self._contract is None:
            self._contract = self._make(self._pinned) if self._pinned in _CONTRACTS else self._recognised()
        return self._contract

    def groups(self) -> list[Group]:
        """All groups, read anew unless recognising the contract has just listed them."""
        contract = self.contract
        groups, self._groups = self._groups, None
        return contract.groups() if groups is None else groups

    @cached_property
    def policies(self) -> Policies:
        """The calls about policies, for those who need them."""
        from .policies import Policies

        return Policies(self._transport.send, self.uuid)

    @cached_property
    def service_users(self) -> ServiceUsers:
        """The calls about service users, for those who need them."""
        from .service_users import ServiceUsers

        return ServiceUsers(self._transport.send, self.uuid)

    @property
    def may_bind(self) -> bool:
        """Whether the client's scopes are enough to bind policies; True where nobody told its scopes."""
        granted = self._transport.granted
        return granted is None or not granted.isdisjoint(("iam:bindings:write", "iam-policies-management"))

    @property
    def stats(self) -> Stats:
        """What the run has cost so far."""
        return self._transport.stats

    @property
    def sunsets(self) -> frozenset[str]:
        """Dates after which a call that was used will be gone."""
        return self._transport.sunsets

    def _make(self, name: str) -> Published | Guide:
        return _CONTRACTS[name](self._transport.send, self.uuid)

    def _recognised(self) -> Contract:
        """Asks without ``pageSize``: the published contract doesn't know it."""
        path = path_of("iam", "v1", "accounts", self.uuid, "groups")
        body: Any = self._transport.send(Call("GET", path, Contract.READ))
        contract = self._make(recognise(body))
        self._groups = contract.more_groups(body) if isinstance(contract, Guide) else read_groups(body)
        return contract
