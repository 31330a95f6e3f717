# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the account is, how to log in, and how hard to push; checked before the first request."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .._core.errors import InvalidInput
from .records import is_uuid

CONTRACTS = ("auto", "published", "guide")
DYNATRACE_DOMAINS = ("dynatrace.com", "dynatracelabs.com")
SCIM_HOST = "https://api.sso.dynatrace.com"

_HOST = re.compile(r"[a-z0-9_.:-]+")
"""What all parsers of URLs agree on: with a backslash in it, one of them ends the host where another goes on."""
_ENVIRONMENT_ID = re.compile(r"[a-z]{3}[a-z0-9]{5}")


@dataclass(frozen=True)
class EnvironmentAccess:
    """The way to an environment's own API."""

    id: str
    url: str
    token: str = field(repr=False)

    @property
    def platform_url(self) -> str:
        """Where the platform's services are; the environment's own address elsewhere than at Dynatrace."""
        return re.sub(r"^(https://[^./]+)\.live\.(dynatrace\.com)$", r"\1.apps.\2", self.url)


@dataclass(frozen=True)
class Settings:
    """The connection options after checking; secrets never show in its repr."""

    account_uuid: str
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    scopes: tuple[str, ...] = ()
    api_url: str = "https://api.dynatrace.com"
    token_url: str = "https://sso.dynatrace.com/sso/oauth2/token"
    contract: str = "auto"
    verify: bool | str = True
    timeout: float = 30.0
    concurrency: int = 5
    rate_limit: int = 200
    retry_budget: float = 300.0
    allowed_hosts: tuple[str, ...] = ()
    scim_url: str | None = None
    scim_token: str | None = field(default=None, repr=False)
    environments: tuple[EnvironmentAccess, ...] = ()

    @property
    def may_log_in(self) -> bool:
        """Whether there are credentials for the account itself."""
        return bool(self.access_token or (self.client_id and self.client_secret))

    @property
    def scim_base(self) -> str:
        """The base URL of SCIM; the account's own where none is given."""
        return (self.scim_url or f"{SCIM_HOST}/idm/public/scim/{self.account_uuid}/v2").rstrip("/")

    def checked(self, login: bool = True) -> Settings:
        """This, when it is usable; raises InvalidInput otherwise. Without ``login`` the account itself isn't asked."""
        if login and not self.may_log_in:
            raise InvalidInput(
                "No way to log in: give client_id and client_secret of an OAuth client"
                " (or DYNATRACE_CLIENT_ID and DYNATRACE_CLIENT_SECRET), or an access_token."
            )
        urls = [("api_url", self.api_url), ("token_url", self.token_url), ("scim_url", self.scim_base)]
        for option, url in (*urls, *(("environment_urls", each.url) for each in self.environments)):
            check_host(option, url, self.allowed_hosts)
        for option, value in (
            ("concurrency", self.concurrency),
            ("rate_limit", self.rate_limit),
            ("timeout", self.timeout),
        ):
            if value <= 0:
                raise InvalidInput(f"{option} must be greater than 0, not {value}.")
        return self


def settings_of(options: Mapping[str, Any], login: bool = True) -> Settings:
    """The settings that connection options of these names and types say; raises InvalidInput.

    Without ``login`` it can do without credentials of the account itself.
    """
    uuid = options["account_uuid"] or ""
    scim_url = (options.get("scim_url") or "").strip()
    environments = environment_access(options.get("environment_tokens") or {}, options.get("environment_urls") or {})
    return Settings(
        account_uuid=account_uuid(uuid) if uuid or login or not (scim_url or environments) else "",
        client_id=options["client_id"],
        client_secret=options["client_secret"],
        access_token=options["access_token"],
        scopes=tuple(options["scopes"]),
        api_url=options["api_url"],
        token_url=options["token_url"],
        contract=options["api_contract"],
        verify=(options["ca_path"] or True) if options["validate_certs"] else False,
        timeout=options["timeout"],
        concurrency=options["concurrency"],
        rate_limit=options["rate_limit"],
        retry_budget=options["retry_budget"],
        allowed_hosts=tuple(options["allowed_hosts"]),
        scim_url=scim_url or None,
        scim_token=options.get("scim_token"),
        environments=environments,
    ).checked(login)


def account_uuid(given: str) -> str:
    """The account's UUID in lower case, without a pasted ``urn:dtaccount:``; raises InvalidInput for anything else."""
    text = given.strip().removeprefix("urn:dtaccount:").lower()
    if is_uuid(text):
        return text
    where = "The account UUID is shown in Account Management under Account > Account info."
    if not text:
        raise InvalidInput(f"Which account? Give account_uuid, or set DYNATRACE_ACCOUNT_UUID. {where}")
    if _ENVIRONMENT_ID.fullmatch(text):
        raise InvalidInput(f"account_uuid {given!r} looks like an environment id, not like an account UUID. {where}")
    raise InvalidInput(f"account_uuid {given!r} is not a UUID such as 12345678-90ab-cdef-1234-567890abcdef. {where}")


def environment_access(tokens: Mapping[str, str], urls: Mapping[str, str]) -> tuple[EnvironmentAccess, ...]:
    """From tokens and URLs by environment id; raises InvalidInput for a URL without a token, or an empty token."""
    useless = sorted(urls.keys() - tokens.keys())
    if useless:
        raise InvalidInput(f"environment_urls names {', '.join(useless)}, for which environment_tokens has no token.")
    found = []
    for name, given in sorted(tokens.items()):
        token = str(given or "").strip()
        if not token:
            raise InvalidInput(f"environment_tokens: the token of {name!r} is empty.")
        url = urls.get(name) or f"https://{name}.live.dynatrace.com"
        found.append(EnvironmentAccess(name, url.rstrip("/"), token))
    return tuple(found)


def check_host(option: str, url: str, allowed_hosts: Iterable[str] = ()) -> None:
    """Raise InvalidInput unless secrets may be sent to ``url``: an https host of Dynatrace or allowed, or loopback."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower() if parts.port != 0 else ""
    except ValueError:
        parts, host = urlsplit(""), ""
    plain = parts.username is None and _HOST.fullmatch(host)
    if plain and parts.scheme in ("http", "https") and _is_loopback(host):
        return
    if not plain or parts.scheme != "https":
        raise InvalidInput(f"{option} must be an https URL without user name, or point to a loopback address.")
    if any(host == domain or host.endswith("." + domain) for domain in DYNATRACE_DOMAINS):
        return
    if host not in {allowed.lower() for allowed in allowed_hosts}:
        raise InvalidInput(
            f"{option} points to {host}, which is not under {' or '.join(DYNATRACE_DOMAINS)}: no secret is sent there."
            f" If it is right, name it in allowed_hosts."
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
