# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account to talk to: a transport and the contract that the service speaks."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any

from .._core.errors import InvalidInput
from .calls import Call, Sent
from .contracts.base import Contract
from .contracts.guide import Guide
from .contracts.published import Published, read_groups
from .contracts.recognise import recognise
from .http import path_of
from .records import Group, token_id
from .settings import Settings, account_uuid
from .transport import Runtime, Stats, Transport

if TYPE_CHECKING:
    from .audit import AuditLog
    from .dialects import Dialect
    from .documents import Documents
    from .environment import EnvironmentApi
    from .limits import Limits
    from .platform_tokens import PlatformTokens
    from .policies import Policies
    from .scim import Scim
    from .service_users import ServiceUsers

_CONTRACTS: dict[str, type[Published | Guide]] = {"published": Published, "guide": Guide}


class Account:
    """One account, for the time of one run. Use it as a context manager."""

    def __init__(self, settings: Settings, runtime: Runtime, read_only: bool = False) -> None:
        self.uuid = settings.account_uuid
        self.workers = settings.concurrency
        self._settings = settings
        self._runtime = runtime
        self._read_only = read_only
        self._transport = Transport(settings, runtime, read_only)
        self._transports = [self._transport]
        self._groups: list[Group] | None = None
        self._pinned = settings.contract
        self._contract: Contract | None = None
        self._recognising = Lock()

    def __enter__(self) -> Account:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for transport in self._transports:
            transport.close()

    @property
    def name(self) -> str:
        """What tells this account from others: its UUID, or where SCIM has its base when that is all one knows."""
        return self.uuid or self._settings.scim_base

    @property
    def token_in_use(self) -> str | None:
        """The id of the platform token that this logs in with; None when it uses none."""
        return token_id(self._settings.access_token or "")

    @property
    def contract(self) -> Contract:
        """The contract in use; with ``auto`` the first use lists the groups, once, to see which one answers."""
        with self._recognising:
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

    @cached_property
    def platform_tokens(self) -> PlatformTokens:
        """The calls about platform tokens, for those who need them."""
        from .platform_tokens import PlatformTokens

        return PlatformTokens(self._transport.send, self.uuid)

    @cached_property
    def audit(self) -> AuditLog:
        """Who changed what, for those who need it."""
        from .audit import AuditLog

        return AuditLog(self._transport.send, self.uuid)

    @cached_property
    def limits(self) -> Limits:
        """How much is in use, for those who need it."""
        from .limits import Limits

        return Limits(self._transport.send, self.uuid)

    @cached_property
    def scim(self) -> Scim:
        """SCIM, for those who need it; raises InvalidInput without a token."""
        from .scim import DIALECT, Scim

        token = self._settings.scim_token
        if not token:
            raise InvalidInput("No way to speak SCIM: give scim_token, or set DYNATRACE_SCIM_TOKEN.")
        return Scim(self._another(self._settings.scim_base, token, DIALECT))

    @cached_property
    def environments(self) -> dict[str, EnvironmentApi]:
        """The environments' own APIs by environment id, as far as there are tokens for them."""
        from .environment import DIALECT, EnvironmentApi

        return {
            each.id: EnvironmentApi(self._another(each.url, each.token, DIALECT), each.id, token_id(each.token))
            for each in self._settings.environments
        }

    @property
    def may_log_in(self) -> bool:
        """Whether there are credentials for the account itself."""
        return self._settings.may_log_in

    def check_login(self) -> None:
        """Raise InvalidInput unless it is known which account it is, and there are credentials for it."""
        account_uuid(self.uuid)
        self._settings.checked()

    @property
    def may_bind(self) -> bool:
        """Whether the client's scopes are enough to bind policies; True where nobody told its scopes."""
        granted = self._transport.granted
        return granted is None or not granted.isdisjoint(("iam:bindings:write", "iam-policies-management"))

    @property
    def stats(self) -> Stats:
        """What the run has cost so far, at all services."""
        found = Stats()
        for each in (transport.stats for transport in self._transports):
            found.requests += each.requests
            found.writes += each.writes
            found.retries += each.retries
            found.waited_seconds = round(found.waited_seconds + each.waited_seconds, 3)
        return found

    @property
    def sent(self) -> list[Sent]:
        """The requests so far that were to change something, in their order."""
        return sorted((each for transport in self._transports for each in transport.sent), key=lambda each: each.moment)

    @property
    def sunsets(self) -> frozenset[str]:
        """Dates after which a call that was used will be gone."""
        return self._transport.sunsets

    @cached_property
    def documents(self) -> dict[str, Documents]:
        """The document services of the environments that there are tokens for; they take the account's own login."""
        from .documents import DIALECT, Documents

        return {
            each.id: Documents(self._another(each.platform_url, None, DIALECT), each.id)
            for each in self._settings.environments
        }

    def _another(self, url: str, token: str | None, dialect: Dialect) -> Transport:
        """The way to another service, by a token of its own or else by the account's login."""
        settings = replace(self._settings, api_url=url, access_token=token)
        auth = None if token else self._transport.auth
        transport = Transport(settings, self._runtime, self._read_only, dialect, auth)
        self._transports.append(transport)
        return transport

    def _make(self, name: str) -> Published | Guide:
        return _CONTRACTS[name](self._transport.send, self.uuid)

    def _recognised(self) -> Contract:
        """Asks without ``pageSize``: the published contract doesn't know it."""
        path = path_of("iam", "v1", "accounts", self.uuid, "groups")
        body: Any = self._transport.send(Call("GET", path, Contract.READ))
        contract = self._make(recognise(body))
        self._groups = contract.more_groups(body) if isinstance(contract, Guide) else read_groups(body)
        return contract
