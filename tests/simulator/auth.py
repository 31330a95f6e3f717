# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OAuth client credentials: tokens, their scopes and their end."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .account import Account
from .model import Client, Refused

TOKEN_PATH = "/sso/oauth2/token"


class TokenRefused(Exception):
    """The SSO refuses to issue a token: an OAuth error code and a sentence, always with status 400."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


@dataclass(frozen=True)
class Grant:
    """What a bearer may do, and until when (None: for ever)."""

    scopes: frozenset[str]
    expires_at: float | None
    subject_may: bool


def new_token() -> str:
    """A token that nobody can guess."""
    return "dt0s02.token-" + secrets.token_urlsafe(32)


class Authority:
    """Issues tokens for an account's clients and checks them."""

    def __init__(self, account: Account, now: Callable[[], float], make: Callable[[], str] = new_token) -> None:
        self._account = account
        self._now = now
        self._make = make
        self._issued: dict[str, Grant] = {}

    def issue(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Answer a token request. A scope that the client lacks refuses the whole request, as on the real SSO."""
        if form.get("grant_type") != "client_credentials":
            raise TokenRefused("unsupported_grant_type", "Only client_credentials is supported")
        client = self._client(form.get("client_id", ""), form.get("client_secret", ""))
        own = f"urn:dtaccount:{self._account.uuid}"
        if form.get("resource", own) != own:
            raise TokenRefused("invalid_target", "The requested resource is not one of this client")
        asked = form.get("scope", "").split()
        lacking = sorted(set(asked) - set(client.scopes))
        if lacking:
            raise TokenRefused("invalid_scope", "The client may not request: " + " ".join(lacking))
        granted = asked or client.scopes
        lifetime = self._account.options.token_lifetime
        token = self._make()
        self._issued[token] = Grant(frozenset(granted), self._now() + lifetime, client.subject_may)
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": lifetime,
            "scope": " ".join(granted),
            "resource": own,
        }

    def _client(self, client_id: str, secret: str) -> Client:
        """The client with this id and secret; any, when the state names none."""
        if not self._account.clients and client_id and secret:
            return Client(client_id, secret, self._account.scopes_of_any_client())
        for client in self._account.clients:
            if client.client_id == client_id and secrets.compare_digest(client.client_secret.encode(), secret.encode()):
                return client
        raise TokenRefused("invalid_client", "Client authentication failed")

    def check(self, header: str | None, scopes: Sequence[str]) -> frozenset[str]:
        """Let a request pass whose bearer holds one of the scopes and whose subject may manage users.

        Gives all scopes that the bearer holds.
        """
        grant = self._grant(bearer(header))
        if grant is None:
            raise Refused(401, "Failed to validate access token.")
        if not grant.scopes.intersection(scopes):
            raise Refused(403, "Forbidden", form="gateway")
        if not grant.subject_may:
            raise Refused(403, "User not authorized")
        return grant.scopes

    def _grant(self, token: str) -> Grant | None:
        """What a token allows; None when it is unknown or over."""
        for item in self._account.access_tokens:
            if item["token"] == token:
                scopes = item.get("scopes", self._account.scopes_of_any_client())
                return Grant(frozenset(scopes), None, item.get("subject_may", True))
        grant = self._issued.get(token)
        if grant is not None and grant.expires_at is not None and self._now() >= grant.expires_at:
            return None
        return grant

    def revoke(self, header: str | None) -> None:
        """End one issued token."""
        self._issued.pop(bearer(header), None)

    def revoke_all(self) -> None:
        """End all issued tokens."""
        self._issued.clear()


def bearer(header: str | None) -> str:
    """The token of an Authorization header, empty when there is none."""
    kind, _space, token = (header or "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""
