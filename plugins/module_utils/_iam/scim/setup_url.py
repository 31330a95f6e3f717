# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a base URL of SCIM is the right one, by its looks."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from ..._api.settings import SCIM_HOST

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_OWN = re.compile(rf"/idm/public/scim/({_UUID})/v2")
_OF_ENVIRONMENT = re.compile(r"(/e/[^/]+)?/api/v2/scim")
_HOST_OF_ENVIRONMENT = re.compile(r"[a-z0-9-]+\.live\.dynatrace\.com")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def own_url(account_uuid: str) -> str:
    """The account's own address."""
    return f"{SCIM_HOST}/idm/public/scim/{account_uuid or 'ACCOUNT-UUID'}/v2"


def is_usable(url: str, account_uuid: str) -> bool:
    """Whether a token may be sent there: a slash too many does no harm here."""
    return not url_problem(url.rstrip("/"), account_uuid)


def url_problem(url: str, account_uuid: str) -> str:
    """What is wrong with a base URL, and the right one; empty when it looks right. An empty UUID isn't compared."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return f"it is no URL; the account's own is {own_url(account_uuid)}"
    host = parts.hostname or ""
    if parts.query or parts.fragment:
        return f"leave out what comes after its path: {url.partition('?')[0].partition('#')[0]}"
    if parts.scheme != "https" and host not in LOOPBACK:
        return f"it must begin with https://; the account's own is {own_url(account_uuid)}"
    if url.endswith("/"):
        return f"leave out the slash at its end, identity providers add their own: {url.rstrip('/')}"
    return _wrong_host(host) or _wrong_path(parts, account_uuid)


def _wrong_host(host: str) -> str:
    if ".apps." in host:
        environment = host.partition(".")[0]
        return (
            f"{host} is for people's browsers; SCIM of this environment is at"
            f" https://{environment}.live.dynatrace.com/api/v2/scim"
        )
    return ""


def _wrong_path(parts: SplitResult, account_uuid: str) -> str:
    own = _OWN.fullmatch(parts.path.lower())
    host = parts.hostname or ""
    if own and account_uuid and own.group(1) != account_uuid:
        return f"it names the account {own.group(1)}, this is {account_uuid}: {own_url(account_uuid)}"
    if own:
        right = host in (*LOOPBACK, urlsplit(SCIM_HOST).hostname)
        return "" if right else f"the account's own address has another host: {own_url(own.group(1))}"
    if _OF_ENVIRONMENT.fullmatch(parts.path):
        right = host in LOOPBACK or bool(_HOST_OF_ENVIRONMENT.fullmatch(host))
        return "" if right else "an environment's address is https://ENVIRONMENT-ID.live.dynatrace.com/api/v2/scim"
    if _OWN.fullmatch(f"{parts.path.lower()}/v2"):
        return f"/v2 is missing at its end: {parts.geturl()}/v2"
    return (
        f"its path isn't one of SCIM; the account's own is {own_url(account_uuid)}, an environment's"
        " https://ENVIRONMENT-ID.live.dynatrace.com/api/v2/scim"
    )
