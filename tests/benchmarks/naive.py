# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that bring users and groups to a state the way other tools do, for comparison.

They do as little as those tools can do: no policies, no bindings, no waiting for a limit; and they send as many
requests at once as the collection does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from tests.tools.playbook import Reachable

AT_ONCE = 5


@dataclass(frozen=True)
class Job:
    """E-mail → ids of the groups to be in; id of a group → its name and its role permissions."""

    users: dict[str, list[str]]
    groups: dict[str, tuple[str, list[dict[str, str]]]]


class Naive:
    """Sends requests, with a token that it asks for first."""

    def __init__(self, place: Reachable) -> None:
        self._base = f"{place.url}/iam/v1/accounts/{place.account_uuid}"
        self._session = requests.Session()
        form = {
            "grant_type": "client_credentials",
            "client_id": "simulated-client",
            "client_secret": "simulated-secret",
        }
        token = self._session.post(place.token_url, data=form, timeout=60).json()["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"

    def send(self, method: str, path: str, body: Any = None) -> requests.Response:
        """One request; what isn't there is an answer, too."""
        answer = self._session.request(method, f"{self._base}/{path}", json=body, timeout=60)
        if answer.status_code != 404:
            answer.raise_for_status()
        return answer

    @staticmethod
    def side_by_side(work: Callable[[Any], None], items: Iterable[Any]) -> None:
        """Do it for each of them."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(work, items))


def write_all(place: Reachable, job: Job) -> None:
    """As a tool that deploys configurations: it looks who is there, then writes each group, its permissions and each
    user's groups anew, whatever they are."""
    client = Naive(place)

    def group(group_id: str) -> None:
        name, permissions = job.groups[group_id]
        client.send("PUT", f"groups/{group_id}", {"name": name, "description": ""})
        client.send("PUT", f"groups/{group_id}/permissions", permissions)

    def user(email: str) -> None:
        if client.send("GET", f"users/{quote(email)}").status_code == 404:
            client.send("POST", "users", {"email": email})
        client.send("PUT", f"users/{quote(email)}/groups", job.users[email])

    client.send("GET", "groups")
    client.send("GET", "users")
    client.side_by_side(group, job.groups)
    client.side_by_side(user, job.users)


def keep_state(place: Reachable, job: Job, known: Iterable[str]) -> None:
    """As a tool that keeps a state of its own: it reads each user in that state and the permissions of each group, one
    by one, then invites who is missing, sets the groups, and reads the user again."""
    client = Naive(place)
    users = set(known)

    def permission(group_id: str) -> None:
        client.send("GET", f"groups/{group_id}/permissions")

    def look(email: str) -> None:
        client.send("GET", f"users/{quote(email)}")

    def create(email: str) -> None:
        client.send("POST", "users", {"email": email})
        client.send("PUT", f"users/{quote(email)}/groups", job.users[email])
        look(email)

    client.side_by_side(look, sorted(users))
    client.side_by_side(permission, job.groups)
    client.side_by_side(create, [email for email in job.users if email not in users])
