# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""People leave: what is closed besides their users and memberships, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..._api.records import ScimUser, Token
from ..._core.errors import CallFailed, InvalidInput, Refused
from ..desired import UserWish
from ..draft import Draft
from ..lists import ListWish
from ..model import Snapshot
from ..part import Question, Steps
from ..scim.plan import deactivation
from ..scim.questions import ScimUserNamed, ScimUsers
from ..tokens.model import TokenList
from ..tokens.places import AllEnvironments
from ..tokens.plan import close
from ..tokens.questions import ApiTokens, PlatformTokensOfAccount
from .content import Dashboards, DocumentsOf

DELETING = ("delete", "leave_groups_then_delete")
FEW = 5
"""So many people are looked up in SCIM one by one; for more, all users are listed."""


@dataclass(frozen=True)
class Leaving:
    """Who leaves and how.

    ``action``: deactivate, leave_groups, leave_groups_then_delete or delete. ``tokens``: ignore, report, disable or
    delete. ``environments`` are the ids of those whose tokens are looked at. ``on_scim_managed`` (fail or warn) is
    about deleting whom SCIM would bring back. With ``keep_going``, what can't be read doesn't keep the rest open.
    """

    people: tuple[str, ...]
    action: str = "delete"
    tokens: str = "report"
    environments: tuple[str, ...] = ()
    has_scim: bool = False
    on_scim_managed: str = "fail"
    account_owner: str | None = None
    keep_going: bool = False
    content: bool = False
    """Whether to list what they leave behind."""
    only_named_environments: bool = False
    """Whether the task itself names the environments, so that no others are missed."""

    @cached_property
    def keys(self) -> frozenset[str]:
        """As in snapshots."""
        return frozenset(email.lower() for email in self.people)

    def users(self) -> tuple[UserWish, ...]:
        """What becomes of their users and memberships."""
        state = "absent" if self.action in DELETING else "existing"
        groups = ListWish(set=()) if self.action.startswith("leave_groups") else None
        return tuple(UserWish(email, state, groups=groups) for email in self.people)

    def questions(self, snapshot: Snapshot) -> Iterator[Question]:
        """Each environment once, however many people leave."""
        if self.has_scim:
            yield from [ScimUserNamed(each) for each in self.people] if len(self.people) <= FEW else [ScimUsers()]
        if self.tokens != "ignore":
            yield AllEnvironments()
            yield from self.token_lists()
        yield from self.content_lists(snapshot)

    def token_lists(self) -> list[ApiTokens | PlatformTokensOfAccount]:
        """Where tokens of theirs may be."""
        return [] if self.tokens == "ignore" else [PlatformTokensOfAccount(), *map(ApiTokens, self.environments)]

    def content_lists(self, snapshot: Snapshot) -> list[Dashboards | DocumentsOf]:
        """Where content of theirs may be; documents are found by the ids of users, so once those are known."""
        if not self.content:
            return []
        known = [snapshot.users[key].uid for key in self.keys & snapshot.users.keys()]
        uids = tuple(sorted(uid for uid in known if uid))
        documents = [DocumentsOf(each, uids) for each in self.environments if uids]
        return [*map(Dashboards, self.environments), *documents]

    def plan(self, draft: Draft) -> None:
        """Note what is closed; raises Refused or, where not even that could be read, CallFailed."""
        self._spare_the_owner()
        self._mind_the_identity_provider(draft)
        if self.action == "deactivate":
            self._deactivate(draft)
        for question in self.token_lists():
            found = draft.snapshot.answers[question]
            if isinstance(found, CallFailed):
                if not (self.keep_going or self.tokens == "report" or self.is_asleep(question, draft.snapshot)):
                    raise found
            elif self.tokens != "report":
                for token in self.theirs(found):
                    if token.id != found.in_use:
                        close(draft, token, self.tokens, follows=True)

    def start(self, account: Any, _snapshot: Snapshot) -> Steps:
        """Log-ins and tokens are closed side by side; reading back finds a token that was made in between."""
        from .steps import LeavingSteps

        return LeavingSteps(account)

    def theirs(self, found: TokenList) -> list[Token]:
        """The tokens whose owner is one of the people, whatever the case."""
        return [token for token in found.tokens if token.owner.lower() in self.keys]

    def is_asleep(self, question: ApiTokens | PlatformTokensOfAccount, snapshot: Snapshot) -> bool:
        """Whether it is about an environment that is inactive: it takes no token, and answers no question."""
        listed = snapshot.answers[AllEnvironments()] or ()
        inactive = {environment.id for environment in listed if environment.active is False}
        return isinstance(question, ApiTokens) and question.environment in inactive

    def scim_user(self, snapshot: Snapshot, email: str) -> ScimUser | None:
        """The person as SCIM knows them."""
        if not self.has_scim:
            return None
        if len(self.people) <= FEW:
            named: ScimUser | None = snapshot.answers[ScimUserNamed(email)]
            return named
        return next((each for each in snapshot.answers[ScimUsers()] if each.key == email.lower()), None)

    def managed(self, snapshot: Snapshot) -> list[str]:
        """E-mails of the people whom an identity provider has made: it gave them an id, or a group that it manages."""
        found = []
        for email in self.people:
            user = self.scim_user(snapshot, email)
            groups = [snapshot.groups.get(each) for each in snapshot.groups_of(email.lower())]
            if (user and user.external_id) or any(group and group.owner == "SCIM" for group in groups):
                found.append(email)
        return found

    def _spare_the_owner(self) -> None:
        owner = self.account_owner
        if owner and owner.lower() in self.keys:
            raise Refused(
                f"{owner} is the Account Owner, whom nobody can delete or deactivate. Have Dynatrace's support pass the"
                " ownership to somebody else first."
            )

    def _mind_the_identity_provider(self, draft: Draft) -> None:
        managed = [email for email in self.managed(draft.snapshot) if email.lower() in draft.snapshot.users]
        if not managed or self.action not in DELETING:
            return
        message = (
            f"Managed by SCIM: {', '.join(managed)}. Delete them in the IdP instead, or the next sync brings them back."
        )
        if self.on_scim_managed == "fail":
            raise Refused(f"{message} on_scim_managed=warn deletes them here nevertheless.")
        draft.warnings.append(message)

    def _deactivate(self, draft: Draft) -> None:
        unknown = []
        for email in self.people:
            user = self.scim_user(draft.snapshot, email)
            if user is None and email.lower() in draft.snapshot.users:
                unknown.append(email)
            elif user and user.active:
                change = deactivation(user)
                draft.change(change.action, change.fact)
        if unknown:
            raise InvalidInput(
                f"SCIM doesn't know {', '.join(unknown)}, so they can't be deactivated: their e-mail's domain may"
                " not be verified. Use action=leave_groups or action=delete for them."
            )
