# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Platform tokens: the account's tokens for the platform's services; the same in both contracts."""

from __future__ import annotations

from .calls import Send


class PlatformTokens:
    """The calls under ``/platform-tokens``."""

    def __init__(self, send: Send, account_uuid: str) -> None:
        self._send = send
        self._account = account_uuid
