# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan changes of tokens."""

from __future__ import annotations

from dataclasses import replace

from ..._api.records import Token
from ..._core.change import Action
from ..._core.errors import Refused
from ..draft import Draft
from .facts import NOUNS, TokenFact, name_of
from .model import is_in_use

DISABLE, DELETE = "disable", "delete"


def close(draft: Draft, token: Token, how: str, follows: bool = False) -> None:
    """Note that the token shall be of no use any more: disabled, or deleted for good.

    ``how`` is "disable" or "delete". Nothing is noted for what is disabled already. The token that this run logs in
    with is refused. ``follows``: it goes since its owner does.
    """
    if how == DELETE:
        keep_in_use(draft, token)
        draft.change(Action.DELETE, TokenFact(token, gone=True, follows=follows))
    else:
        alter(draft, token, replace(token, enabled=False), follows)


def alter(draft: Draft, token: Token, wanted: Token, follows: bool = False) -> None:
    """Note that the token shall be like ``wanted``, unless it is; raises Refused if that ends the one in use."""
    if wanted == token:
        return
    if not wanted.enabled:
        keep_in_use(draft, token)
    draft.change(Action.UPDATE, TokenFact(wanted, was=token, follows=follows))


def keep_in_use(draft: Draft, token: Token) -> None:
    """Raise Refused for the token that this run logs in with."""
    if is_in_use(draft.snapshot, token):
        raise Refused(
            f"{NOUNS[token.kind]} {name_of(token)} ({token.id}) is the one that this task logs in with, so it is"
            " neither disabled nor deleted. Give the task another one first."
        )
