# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logging in: one token for all, renewed in time, and messages that say what to do without telling a secret."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.auth import AccessToken, ClientCredentials
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.settings import Settings
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import CallFailed
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.retry import Answer
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.workers import run_side_by_side
from tests.simulator.auth import TOKEN_PATH

from ..builders import (
    ACCOUNT,
    Bench,
    FakeTime,
    account,
    desired,
    gid,
    held,
    person,
    team,
    wanted_permissions,
    wanted_user,
)
from ..conftest import Start

SECRET = "dt0s02.CLIENT.GEHEIM"
READ, WRITE = "account-idm-read", "account-idm-write"


def client(*scopes: str, **more: Any) -> dict[str, Any]:
    return {"client_id": "client", "client_secret": SECRET, "scopes": list(scopes), **more}


def logins(bench: Bench) -> int:
    return sum(entry["path"] == TOKEN_PATH for entry in bench.sim.requests)


class TestTokens:
    def test_one_for_many_workers(self, start: Start) -> None:
        bench = start(account([person(f"u{number}@example.com") for number in range(20)]))
        with bench.client(contract=bench.contract, concurrency=8) as made:
            api = made.contract
            users = bench.state().users.values()
            run_side_by_side(api.user_with_groups, users, 8)
        assert logins(bench) == 1
        assert len(bench.requests) == 20

    def test_scopes_only_where_asked_for(self, start_as: Start) -> None:
        bench = start_as("published", account())
        for scopes in ((), (READ, WRITE)):
            with bench.client(scopes=scopes) as made:
                made.groups()
        forms = [entry["body"] for entry in bench.sim.requests if entry["path"] == TOKEN_PATH]
        assert [form.get("scope") for form in forms] == [None, f"{READ} {WRITE}"]
        assert all(form["resource"] == f"urn:dtaccount:{ACCOUNT}" for form in forms)

    @pytest.mark.parametrize(
        ("lifetime", "passed", "count"),
        [
            pytest.param(300, 280, 1, id="good for a while"),
            pytest.param(300, 286, 2, id="too near its end"),
            pytest.param(300, 400, 2, id="over"),
            pytest.param(20, 9, 1, id="a short life, first half"),
            pytest.param(20, 11, 2, id="a short life, second half"),
        ],
    )
    def test_renewed_before_the_end(self, start_as: Start, lifetime: int, passed: float, count: int) -> None:
        bench = start_as("published", account(token_lifetime=lifetime))
        with bench.client() as made:
            made.groups()
            bench.time.passed += passed
            made.groups()
        assert logins(bench) == count
        assert made.stats.retries == 0

    def test_refused_in_the_middle(self, start: Start) -> None:
        bench = start(account([person(f"u{number}@example.com") for number in range(6)]))
        bench.sim.faults([{"match": {"path": "/users/"}, "skip": 2, "fault": {"expire_tokens": True}}])
        with bench.client(contract=bench.contract, concurrency=1) as made:
            found = [made.contract.user_with_groups(user) for user in bench.state().users.values()]
        assert all(found)
        assert logins(bench) == 2
        assert made.stats.requests == 7
        assert made.stats.retries == 1

    def test_refused_for_all_workers_at_once(self, start: Start) -> None:
        bench = start(account([person(f"u{number}@example.com") for number in range(30)]))
        with bench.client(contract=bench.contract, concurrency=6) as made:
            made.contract.users()
            bench.sim.expire_tokens()
            found = run_side_by_side(made.contract.user_with_groups, bench.state().users.values(), 6)
        assert all(found)
        assert logins(bench) == 2

    def test_refused_for_good(self, start_as: Start) -> None:
        bench = start_as("published", account())
        bench.sim.faults([{"times": None, "fault": {"unauthorized": True}}])
        with (
            bench.client() as made,
            pytest.raises(CallFailed, match="has ended or belongs to another account") as error,
        ):
            made.groups()
        assert error.value.status == 401
        assert logins(bench) == 2

    def test_a_given_token_is_not_renewed(self, start_as: Start) -> None:
        state = {**account(), "access_tokens": [{"token": "dt0s16.GEHEIM"}]}
        bench = start_as("published", state)
        with bench.client(access_token="dt0s16.GEHEIM") as made:
            made.groups()
        with bench.client(access_token="dt0s16.ALT") as made, pytest.raises(CallFailed) as error:
            made.groups()
        assert logins(bench) == 0
        assert error.value.status == 401
        assert "ALT" not in str(error.value)

    @pytest.mark.parametrize("fault", [{"retry_after": 7}, {"status": 503, "headers": {"Retry-After": "7"}}])
    def test_the_token_service_may_ask_to_wait(self, start_as: Start, fault: dict[str, Any]) -> None:
        bench = start_as("published", account())
        bench.sim.faults([{"match": {"path": TOKEN_PATH}, "times": 2, "fault": fault}])
        with bench.client() as made:
            made.groups()
        assert logins(bench) == 3
        assert bench.time.slept == [7.0, 7.0]

    def test_without_a_lifetime_until_it_is_refused(self) -> None:
        asked = []

        def post(_url: str, form: Any) -> Answer:
            asked.append(form)
            return Answer(200, {}, '{"access_token": "t"}')

        time = FakeTime()
        auth = ClientCredentials(Settings(ACCOUNT, "a", "b"), post, time.clock)
        assert auth.token() == auth.token() == "t"
        assert len(asked) == 1


class TestMessages:
    """Three things that go wrong at first, and what each of them tells to do."""

    def message(self, bench: Bench, **more: Any) -> CallFailed:
        with pytest.raises(CallFailed) as error:
            bench.run(desired(wanted_user("new@example.com", add=["Shop"])), client_secret=SECRET, **more)
        assert SECRET not in str(error.value)
        assert SECRET not in repr(error.value)
        assert SECRET not in str(error.value.as_dict())
        return error.value

    def test_wrong_secret(self, start: Start) -> None:
        bench = start(account(groups=[team("Shop")], clients=[{**client(READ), "client_secret": "another"}]))
        error = self.message(bench)
        assert "client_id client and client_secret don't fit together" in str(error)
        assert "DYNATRACE_CLIENT_SECRET" in str(error)
        assert (error.code, error.status) == ("invalid_client", 400)
        assert bench.requests == []

    def test_missing_scope(self, start: Start) -> None:
        bench = start(account(groups=[team("Shop")], clients=[client("account-env-read")]))
        error = self.message(bench)
        assert f"the OAuth client lacks the scope {READ}: grant it" in str(error)
        assert error.status == 403
        assert bench.writes == []

    def test_missing_scope_for_writing(self, start: Start) -> None:
        bench = start(account(groups=[team("Shop")], clients=[client(READ)]))
        with bench.client(client_secret=SECRET) as made, pytest.raises(CallFailed, match=f"lacks the scope {WRITE}"):
            made.contract.delete_user(bench.state().users.get("x") or _user())

    def test_a_scope_that_the_client_has_not_got(self, start_as: Start) -> None:
        bench = start_as("published", account(clients=[client(READ)]))
        error = self.message(bench, scopes=(READ, WRITE))
        assert "lacks one of the scopes asked for" in str(error)
        assert WRITE in str(error)
        assert error.code == "invalid_scope"

    def test_a_subject_user_without_rights(self, start: Start) -> None:
        bench = start(account(groups=[team("Shop")], clients=[client(READ, WRITE, subject_may=False)]))
        error = self.message(bench)
        assert "its subject user may not do this: give that user the permission account-user-management" in str(error)

    def test_they_differ(self, start: Start) -> None:
        groups = [team("Shop")]
        wrong = start(account(groups=groups, clients=[{**client(READ), "client_secret": "another"}]))
        lacking = start(account(groups=groups, clients=[client("account-env-read")]))
        subject = start(account(groups=groups, clients=[client(READ, WRITE, subject_may=False)]))
        assert len({str(self.message(bench)) for bench in (wrong, lacking, subject)}) == 3

    def test_permissions_of_the_guide_have_scopes_of_their_own(self, start_as: Start) -> None:
        bench = start_as("guide", account(groups=[team("Shop", held("account-viewer"))], clients=[client(READ, WRITE)]))
        with pytest.raises(CallFailed, match="lacks the scope account-env-read"):
            bench.run(desired(wanted_permissions("Shop", "account-viewer")), client_secret=SECRET)

    def test_a_token_of_unknown_scopes(self, start_as: Start) -> None:
        tokens = [{"token": "t", "scopes": ["account-env-read"]}]
        bench = start_as("published", {**account(), "access_tokens": tokens})
        with bench.client(access_token="t") as made, pytest.raises(CallFailed, match="may lack the scope"):
            made.groups()

    def test_nothing_secret_in_what_is_printed(self) -> None:
        settings = Settings(ACCOUNT, "client", SECRET, "GEHEIM")
        auth = ClientCredentials(settings, lambda _url, _form: Answer(500, {}), lambda: 0.0)
        for thing in (settings, auth, AccessToken("GEHEIM")):
            assert "GEHEIM" not in repr(thing)
        with pytest.raises(CallFailed) as error:
            auth.token()
        assert "GEHEIM" not in str(error.value)


def _user() -> Any:
    from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import User

    return User("tom@example.com", gid("tom"))


class Elsewhere(BaseHTTPRequestHandler):
    """A place that redirects lead to; it keeps what it is told."""

    told: list[str]

    def do_GET(self) -> None:
        self.told.append(str(self.headers))
        self.send_response(200)
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *_words: Any) -> None:
        """Quiet."""


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    told: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Elsewhere,), {"told": told}))
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", told
    server.shutdown()
    server.server_close()
    thread.join()


class TestWhereSecretsGo:
    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    @pytest.mark.parametrize("path", [TOKEN_PATH, "/groups$"], ids=["token", "api"])
    def test_redirects_are_not_followed(
        self, start_as: Start, elsewhere: tuple[str, list[str]], status: int, path: str
    ) -> None:
        url, told = elsewhere
        bench = start_as("published", account())
        bench.sim.faults([{"match": {"path": path}, "fault": {"status": status, "headers": {"Location": url}}}])
        with bench.client() as made, pytest.raises(CallFailed) as error:
            made.groups()
        assert told == []
        assert error.value.status == status
        assert ("token_url" if path == TOKEN_PATH else "redirects are not followed") in str(error.value)

    def test_a_netrc_is_not_looked_into(self, start_as: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password else\n")
        (tmp_path / ".netrc").chmod(0o600)
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
        seen: list[Any] = []
        from tests.simulator.server import serve

        with serve("published", account(), observer=seen.append) as sim:
            bench = Bench(sim, "published")
            with bench.client() as made:
                made.groups()
        headers = [exchange.request_headers.get("authorization", "") for exchange in seen]
        assert headers[0] == ""
        assert headers[1].startswith("Bearer ")
        assert start_as
