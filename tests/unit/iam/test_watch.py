# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What changes in an account is told, whichever contract tells it, and only that."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import (
    CallFailed,
    InvalidInput,
    Refused,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.limit import Limiter
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.model import Snapshot
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.thresholds import Thresholds
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.arguments import (
    ARGUMENTS,
    Orders,
    orders,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.changes import ORDER, Change, compare
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.cursor import Page
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.events import events_of, harmless
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.memory import from_json, to_json
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.rounds import Watched
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.watching import Stop, Stopped, poll
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import CONNECTION

from ..builders import (
    CONTRACTS,
    Bench,
    State,
    account,
    bot,
    bound,
    gid,
    held,
    person,
    pid,
    place,
    policy,
    snapshot,
    team,
    uid,
)

Start = Callable[..., Bench]
ADA, BOB, CARL, EVE = "Ada@example.com", "bob@example.com", "carl@example.com", "eve@example.com"
MOMENT = "2026-11-22T12:00:00Z"
SECRET = "dt0s02.CLIENT.a-secret-that-nobody-may-see"
GIVEN = {"account_uuid": snapshot(account()).account, "client_id": "c", "client_secret": SECRET, "state_dir": "/x"}


def example() -> State:
    """Three people in two groups, one of which administers, with a policy in one of two environments."""
    return account(
        users=[person(ADA, "Admins", "Shop"), person(BOB, "Shop"), person(CARL, status="PENDING")],
        groups=[team("Admins", held("account-user-management")), team("Shop", held("tenant-viewer", "prod"))],
        environments=[place("Prod"), place("Test")],
        policies=[policy("Logs"), policy("Traces")],
        bindings=[bound(pid("Logs"), "Shop", on="prod")],
    )


def watching(bench: Bench, requests: int = 1000, **more: Any) -> Orders:
    """Orders for a simulated account."""
    settings = bench.settings()
    everything = Watched(frozenset(ORDER))
    found = Orders(settings, Path("nowhere"), 60, requests, everything, initial=False, thresholds=Thresholds())
    return replace(found, **more)


def after(bench: Bench, state: State, page: Page | None = None, **more: Any) -> Page:
    """The page of a poll that sees ``state``."""
    bench.sim.load(state)
    return poll(watching(bench, **more), bench.runtime(), page, MOMENT)


def told(page: Page) -> list[str]:
    """The events of a page, each in a line of names."""
    return [in_words(event["account_changes"]) for event in page.events]


def in_words(change: dict[str, Any]) -> str:
    """Kind, previous, person, group, permission or policy, environment."""
    parts = [change["kind"], change.get("previous"), change.get("user", {}).get("email")]
    parts += [change.get(key, {}).get("name") for key in ("group", "permission", "policy", "environment")]
    return " ".join(filter(None, parts))


def edited(change: Callable[[State], Any]) -> State:
    """The example after a change."""
    state = example()
    change(state)
    return state


def users(state: State, *people: State) -> None:
    """Other people."""
    state["users"] = list(people)


CHANGES: dict[str, tuple[Callable[[State], Any], list[str]]] = {
    "nothing": (lambda state: None, []),
    "a name": (lambda state: state["users"][0].update(name="Adele"), []),
    "invited": (lambda state: state["users"].append(person(EVE, status="PENDING")), [f"invited {EVE}"]),
    "invited, accepted, joined": (
        lambda state: state["users"].append(person(EVE, "Shop")),
        [f"invited {EVE}", f"activated PENDING {EVE}", f"joined {EVE} Shop"],
    ),
    "accepted": (lambda state: state["users"][2].update(status="ACTIVE"), [f"activated PENDING {CARL}"]),
    "deactivated": (lambda state: state["users"][0].update(status="INACTIVE"), [f"deactivated ACTIVE {ADA}"]),
    "deleted": (lambda state: state["users"].pop(1), [f"left {BOB} Shop", f"deleted {BOB}"]),
    "deleted and invited anew": (
        lambda state: state["users"][1].update(uid=gid("another"), status="PENDING"),
        [f"left {BOB} Shop", f"deleted {BOB}", f"invited {BOB}", f"joined {BOB} Shop"],
    ),
    "joined and left": (
        lambda state: state["users"][1].update(groups=[gid("Admins")]),
        [f"joined {BOB} Admins", f"left {BOB} Shop"],
    ),
    "a group with all it has": (
        lambda state: (
            state["groups"].append(team("New", held("account-viewer"))),
            state["users"][1]["groups"].append(gid("New")),
            state["bindings"].append(bound(pid("Traces"), "New")),
        ),
        [
            "group_created New",
            "permission_gained New Traces",
            "permission_gained New account-viewer",
            f"joined {BOB} New",
        ],
    ),
    "a group renamed": (lambda state: state["groups"][2].update(name="Store"), ["group_renamed Shop Store"]),
    "a group deleted": (
        lambda state: (
            state["groups"].pop(2),
            state["users"][0]["groups"].remove(gid("Shop")),
            state["users"][1]["groups"].remove(gid("Shop")),
            state["bindings"].clear(),
        ),
        [
            "permission_lost Shop Logs Prod",
            "permission_lost Shop tenant-viewer Prod",
            f"left {ADA} Shop",
            f"left {BOB} Shop",
            "group_deleted Shop",
        ],
    ),
    "permissions": (
        lambda state: state["groups"][2].update(permissions=[held("tenant-viewer", "test")]),
        ["permission_gained Shop tenant-viewer Test", "permission_lost Shop tenant-viewer Prod"],
    ),
    "policies": (
        lambda state: state.update(bindings=[bound(pid("Traces"), "Shop")]),
        ["permission_gained Shop Traces", "permission_lost Shop Logs Prod"],
    ),
    "an environment deleted": (
        lambda state: (
            state["environments"].pop(0),
            state["bindings"].pop(0),
            state["groups"][2]["permissions"].pop(),
        ),
        ["permission_lost Shop Logs Prod", "permission_lost Shop tenant-viewer Prod"],
    ),
    "an environment deleted with a group": (
        lambda state: (
            CHANGES["a group deleted"][0](state),
            state["environments"].pop(0),
        ),
        [
            "permission_lost Shop Logs Prod",
            "permission_lost Shop tenant-viewer Prod",
            f"left {ADA} Shop",
            f"left {BOB} Shop",
            "group_deleted Shop",
        ],
    ),
    "a new environment with a policy": (
        lambda state: (
            state["environments"].append(place("New")),
            state["bindings"].append(bound(pid("Logs"), "Admins", on="new")),
        ),
        ["permission_gained Admins Logs New"],
    ),
}


def lines(changes: Iterable[Change], known: Snapshot) -> list[str]:
    """Changes as ``told`` has them."""
    names = {pid(name): name for name in ("Logs", "Traces")} | {name.lower(): name for name in ("Prod", "Test", "New")}
    events = events_of(changes, known, names, Watched(frozenset(ORDER)), (1, MOMENT))
    return [in_words(event["account_changes"]) for event in events]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_kind(contract: str) -> None:
    """Each change by itself, what is known afterwards, and the way over the disk."""
    old, kinds = snapshot(example(), contract), set()
    for name, (change, expected) in CHANGES.items():
        now = snapshot(edited(change), contract)
        changes, known = compare(old, now, now)
        assert lines(changes, known) == expected, name
        kinds |= {each.kind for each in changes}
        again = from_json(known.account, json.loads(json.dumps(to_json(known))))
        assert to_json(again) == to_json(known)
        assert compare(again, now, now)[0] == [], name
    assert kinds == set(ORDER)


MANY = ("invited, accepted, joined", "accepted", "joined and left", "permissions", "policies")


def many(state: State) -> None:
    """Several changes at once."""
    for name in MANY:
        CHANGES[name][0](state)


def test_both_contracts_tell_it(start: Start) -> None:
    """Polls of a simulated account, one after the other."""
    bench = start(example())
    first = after(bench, example())
    assert told(first) == []
    page = after(bench, edited(many), first)
    assert sorted(told(page)) == sorted(line for name in MANY for line in CHANGES[name][1])
    back = after(bench, example(), page)
    assert len(back.events) == len(page.events) - 1  # nobody goes back to PENDING by two steps
    assert told(after(bench, example(), back)) == []


def test_an_event_tells_ids_and_names(start: Start) -> None:
    bench = start(example())
    first = after(bench, example())
    page = after(bench, edited(lambda state: state["users"][1]["groups"].append(gid("Admins"))), first)
    assert [event["account_changes"] for event in page.events] == [
        {
            "kind": "joined",
            "account": bench.sim.account_uuid,
            "seen_at": MOMENT,
            "user": {"email": BOB, "uid": page.events[0]["account_changes"]["user"]["uid"], "status": "ACTIVE"}
            | {"service_user": False},
            "group": {"id": gid("Admins"), "name": "Admins", "owner": "LOCAL", "administers": True},
        }
    ]
    again = after(bench, edited(lambda state: state["users"][1]["groups"].append(gid("Admins"))), first)
    assert again.events == page.events


def test_the_first_poll_may_tell_what_is_there(start: Start) -> None:
    """Whoever applies it to an empty account has the account."""
    page = after(start(example()), example(), initial=True)
    lines = told(page)
    assert lines[:3] == ["group_created Admins", "group_created Everybody", "group_created Shop"]
    assert f"joined {ADA} Admins" in lines
    assert "permission_gained Shop Logs Prod" in lines
    assert [line for line in lines if ADA in line][:2] == [f"invited {ADA}", f"activated PENDING {ADA}"]


def test_little_by_little_is_the_same(start: Start) -> None:
    """With room for two looks a poll, changes are told later, and none is lost or told twice."""
    bench = start(example())
    slow = len(lists(bench)) + 2
    page = after(bench, example(), requests=slow)
    for _turn in range(6):
        page = after(bench, example(), page, requests=slow)
        assert told(page) == []
    assert to_json(from_json(GIVEN["account_uuid"], page.known)) == page.known

    found = []
    for _turn in range(7):
        bench.sim.clear()
        page = after(bench, edited(many), page, requests=slow)
        assert len(account_requests(bench)) <= slow + POLICY_LISTS
        found += told(page)
    expected = [line for name in MANY for line in CHANGES[name][1]]
    assert sorted(found) == sorted(expected)


POLICY_LISTS = 3
"""What a change of a policy's binding takes besides, to tell its name."""


def lists(bench: Bench) -> list[Any]:
    """The requests of a poll that reads only lists."""
    bench.sim.clear()
    poll(watching(bench, watched=Watched(frozenset({"invited"}))), bench.runtime(), None, MOMENT)
    return account_requests(bench)


def account_requests(bench: Bench) -> list[Any]:
    """All but those for a token."""
    return [entry for entry in bench.sim.requests if "/sso/" not in entry["path"]]


def test_newcomers_are_looked_at_first(start: Start) -> None:
    bench = start(example())
    page = None
    for _turn in range(8):
        page = after(bench, example(), page, requests=len(lists(bench)) + 2)
    page = after(bench, edited(CHANGES["invited, accepted, joined"][0]), page, requests=len(lists(bench)) + 2)
    assert f"joined {EVE} Shop" in told(page)


def test_service_users_in_groups(start_as: Start) -> None:
    """Nobody invites them, but they join groups like people."""
    state = example()
    state["users"].append(bot("robot", "Shop"))
    bench = start_as("published", state)
    first = after(bench, state)
    changed = example()
    changed["users"].append(bot("robot", "Admins"))
    robot = "robot@service.sso.dynatrace.com"
    assert told(after(bench, changed, first)) == [f"joined {robot} Admins", f"left {robot} Shop"]


@pytest.mark.parametrize(
    ("watched", "expected"),
    [
        (Watched(frozenset({"left"})), [f"left {BOB} Store"]),
        (Watched(frozenset(ORDER), users=("ada@*",)), ["group_renamed Shop Store", f"deactivated ACTIVE {ADA}"]),
        (Watched(frozenset(ORDER), groups=("Adm*",)), [f"joined {BOB} Admins", f"deactivated ACTIVE {ADA}"]),
        (Watched(frozenset({"joined"}), groups=("Shop",)), []),
        (Watched(frozenset({"group_renamed"}), groups=("Shop",)), ["group_renamed Shop Store"]),
        (Watched(frozenset({"group_renamed"}), groups=("Store",)), ["group_renamed Shop Store"]),
        (Watched(frozenset({"group_renamed"}), groups=("Adm*",)), []),
    ],
)
def test_only_what_is_watched(start: Start, watched: Watched, expected: list[str]) -> None:
    """A group can't leave by another name without a word."""
    bench = start(example())
    first = after(bench, example(), watched=watched)

    def change(state: State) -> None:
        for name in ("joined and left", "deactivated", "a group renamed"):
            CHANGES[name][0](state)

    assert told(after(bench, edited(change), first, watched=watched)) == expected


def crowd(number: int, groups: Iterable[str] = ("Shop",)) -> State:
    """So many people in groups."""
    return {**example(), "users": [person(f"user{each}@example.com", *groups) for each in range(number)]}


@pytest.mark.parametrize(
    ("seen", "message"),
    [
        (crowd(0), "20 of 20 people have gone, more than max_loss_percent=25"),
        (crowd(14), "6 of 20 people have gone"),
        (crowd(20, ()), "20 of 20 memberships have gone"),
    ],
)
def test_a_great_loss_is_held_back(start_as: Start, seen: State, message: str) -> None:
    """A list that comes back short must not become a wave of leavers."""
    bench, limits = start_as("published", crowd(20)), Thresholds(max_removal_percent=25, min_existing=10)
    first = after(bench, crowd(20), thresholds=limits)
    with pytest.raises(Refused, match=message):
        after(bench, seen, first, thresholds=limits)
    assert told(after(bench, crowd(20), first, thresholds=limits)) == []
    assert len(told(after(bench, crowd(15), first, thresholds=limits))) == 5 + 5
    assert told(after(bench, seen, first, thresholds=Thresholds(max_removal_percent=100, min_existing=10)))


@pytest.mark.parametrize(
    ("now", "others"),
    [
        ({"status": "INACTIVE"}, [f"deactivated ACTIVE {ADA}"]),
        ({"uid": gid("another")}, [f"deleted {ADA}", f"invited {ADA}", f"activated PENDING {ADA}"]),
    ],
)
def test_somebody_who_leaves_all_groups_is_no_great_loss(start: Start, now: State, others: list[str]) -> None:
    """Who changes is looked at apart from the turns: what they lose says nothing about the answers."""
    bench, limits = start(example()), Thresholds(max_removal_percent=25, min_existing=10)
    names = [f"Team {letter}" for letter in "ABCDEFGHIJKL"]
    state = {**example(), "groups": [*example()["groups"], *map(team, names)]}
    before = {**state, "users": [person(ADA, *names), person(BOB, "Shop")]}
    after_it = {**state, "users": [{**person(ADA), **now}, person(BOB, "Shop")]}
    first = after(bench, before)
    seen = told(after(bench, after_it, first, thresholds=limits, requests=len(lists(bench)) + 2))
    assert seen == [*(f"left {ADA} {name}" for name in names), *others]


def test_a_short_list_of_environments_is_held_back(start_as: Start) -> None:
    """What goes with an environment is a share of all that is known, however few groups this poll read."""
    names = [f"Team {letter}" for letter in "ABCDEFGHIJKL"]
    bindings = [bound(pid("Logs"), name, on="prod") for name in names]
    before = {**example(), "groups": [*example()["groups"], *map(team, names)], "bindings": bindings}
    short = {**before, "environments": [place("Test")], "bindings": []}
    bench, limits = start_as("published", before), Thresholds(max_removal_percent=25, min_existing=10)
    first = after(bench, before)
    with pytest.raises(Refused, match="12 of 14 permissions have gone"):
        after(bench, short, first, thresholds=limits, requests=len(lists(bench)) + 2)
    assert told(after(bench, before, first, thresholds=limits)) == []


def test_what_was_held_in_an_environment_is_looked_at_first(start: Start) -> None:
    """Role permissions go with their environment, and only the group tells whether they have."""
    bench, page = start(example()), None
    room = len(lists(bench)) + 2
    for _turn in range(8):
        page = after(bench, example(), page, requests=room)
    change, expected = CHANGES["an environment deleted"]
    assert told(after(bench, edited(change), page, requests=room)) == expected


@pytest.mark.parametrize("path", ["/users", "/groups", "/environments"])
def test_a_poll_that_fails_tells_nothing(start: Start, path: str) -> None:
    bench = start(example())
    first = after(bench, example())
    bench.sim.faults([{"match": {"path": f".*{path}.*"}, "times": 50, "fault": {"status": 500}}])
    with pytest.raises(CallFailed):
        after(bench, edited(CHANGES["deleted"][0]), first)
    bench.sim.clear()
    assert told(after(bench, edited(CHANGES["deleted"][0]), first)) == CHANGES["deleted"][1]


@pytest.mark.parametrize(
    ("path", "unit", "later"),
    [
        (f"groups/{gid('Shop')}/permissions", "permissions", CHANGES["permissions"][1]),
        ("environment/prod/bindings", "bindings environment prod", ["permission_lost Shop Logs Prod"]),
        (f"(groups/[^/]+/users|users/{uid(BOB)})", "(groups|members)", CHANGES["joined and left"][1]),
    ],
)
def test_what_cannot_be_read_holds_up_nothing_else(
    start: Start, caplog: pytest.LogCaptureFixture, path: str, unit: str, later: list[str]
) -> None:
    """It keeps what was known, its changes come when it can be read again, and it is said once."""
    bench = start(example())
    first = after(bench, example())
    bench.sim.faults([{"match": {"path": f".*/{path}"}, "times": 50, "fault": {"status": 500}}])
    unseen = after(bench, example())
    page = after(bench, edited(many), first)
    again = after(bench, edited(many), page)
    bench.sim.clear()
    last = after(bench, edited(many), again)
    everything = [line for name in MANY for line in CHANGES[name][1]]
    assert sorted([*told(page), *later]) == sorted(everything)
    assert told(again) == []
    assert sorted(told(last)) == sorted(later)
    assert told(after(bench, example(), unseen)) == []
    said = [re.sub(r"\d+", "N", message).split(",")[0] for message in caplog.messages]
    assert said == ["N of N parts of the account can't be read"] * 2 + ["Of what couldn't be read"] * 2
    assert re.search(f"such as '{unit}", caplog.messages[0])


def test_who_is_listed_and_not_there_has_left_nothing(start: Start) -> None:
    """The service may know somebody in one place and not in another."""
    bench = start(example())
    first = after(bench, example())
    path = f".*/users/({uid(ADA)}|Ada(@|%40)example.com)"
    room = len(lists(bench)) + 1
    bench.sim.faults([{"match": {"path": path}, "times": 50, "fault": {"status": 404}}])
    page = after(bench, edited(CHANGES["deactivated"][0]), first, requests=room)
    assert told(page) == CHANGES["deactivated"][1]
    # one contract tells it by the groups in their turn
    assert page.unread == ([["groups", ADA.lower(), ""]] if bench.sim.contract == "guide" else [])


def test_what_may_not_be_read_is_not_lost(start: Start) -> None:
    """Without the scope for bindings there are none to tell of, and none that have gone."""
    bench = start(example())
    first = after(bench, example())
    bench.sim.faults([{"match": {"path": ".*bindings.*"}, "times": 50, "fault": {"status": 403}}])
    page = after(bench, edited(CHANGES["policies"][0]), first)
    assert told(page) == []
    bench.sim.clear()
    assert told(after(bench, edited(CHANGES["policies"][0]), page)) == CHANGES["policies"][1]


def test_a_pinned_contract_must_be_that_of_the_cursor(start_as: Start) -> None:
    bench = start_as("guide", example())
    page = after(bench, example())
    pinned = replace(watching(bench).settings, contract="published")
    with pytest.raises(InvalidInput, match="written with api_contract guide, not published"):
        after(bench, example(), page, settings=pinned)


def test_what_is_sent_again_costs_no_share(start: Start) -> None:
    """A service in trouble mustn't look like an account that is too large."""
    bench = start(example())
    room = len(lists(bench)) + 1
    page = after(bench, example(), requests=room)
    bench.sim.faults([{"match": {"path": ".*/users"}, "times": 3, "fault": {"status": 503}}])
    assert told(after(bench, edited(CHANGES["deactivated"][0]), page, requests=room)) == CHANGES["deactivated"][1]


def test_polls_share_one_limit(start: Start) -> None:
    """Also those that follow upon each other at once, after one that took long."""
    bench = start(example())
    after(bench, example())
    often = len(account_requests(bench))
    limiter = Limiter(often, bench.time.clock, bench.time.sleep)
    runtime = replace(bench.runtime(), limiter=limiter)
    page = poll(watching(bench), runtime, None, MOMENT)
    assert bench.time.passed == 0
    poll(watching(bench), runtime, page, MOMENT)
    assert bench.time.passed >= 60


def test_too_few_requests_are_an_error(start: Start) -> None:
    with pytest.raises(InvalidInput, match="The lists of this account take"):
        after(start(example()), example(), requests=2)


def test_names_are_harmless() -> None:
    """A playbook would take them for templates, since extra variables are trusted."""
    hostile = "#jinja2:x:'[['\n{{ lookup('pipe', 'id') }} {% raw %} {{{# a }} $ANSIBLE_VAULT;1.1 {ok} ${x}"
    made = harmless(hostile)
    assert not [opening for opening in ("{{", "{%", "{#", "$ANSIBLE_VAULT", "#jinja2:") if opening in made]
    assert made.replace(" ", "") == hostile.replace(" ", "")
    assert harmless("half \ud83d") == "half ?"
    assert harmless("Shop {a} $5") == "Shop {a} $5"


# --- arguments


def test_arguments_are_those_of_the_modules() -> None:
    """Names, defaults and environment variables of the connection; only the share of the limit is its own."""
    own = {"rate_limit"}
    theirs = {
        name: (spec.get("default") or None, *spec.get("fallback", (None, [None]))[1])
        for name, spec in CONNECTION.items()
    }
    ours = {name: (ARGUMENTS[name].default or None, ARGUMENTS[name].variable) for name in CONNECTION}
    assert {name: ours[name] for name in ours if name not in own} == {
        name: told for name, told in theirs.items() if name not in own
    }


def test_arguments_from_the_environment() -> None:
    variables = {f"DYNATRACE_{key.upper()}": value for key, value in GIVEN.items()} | {
        "DYNATRACE_EVENTS_STATE_DIR": "/y"
    }
    found = orders({"interval": "30", "users": "a@x.org, b@x.org", "validate_certs": "no"}, variables)
    assert (found.state_dir, found.interval, found.requests) == (Path("/y"), 30.0, 30)
    assert found.settings.client_secret == SECRET
    assert found.settings.verify is False
    assert found.watched.users == ("a@x.org", "b@x.org")
    assert orders({**GIVEN, "state_dir": "/z"}, variables).state_dir == Path("/z")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"intervall": 5}, '"intervall" isn\'t known; interval is.'),
        ({"clientsecret": SECRET}, '"clientsecret" isn\'t known; client_secret is.'),
        ({"zzz": 1}, '"zzz" isn\'t known; known are account_uuid, '),
        ({"include": ["joind"]}, 'include: "joind" isn\'t known; joined is.'),
        ({"interval": 4}, "An interval of 4 s leaves 4 requests for a poll.*give at least 5 s"),
        ({"interval": "soon"}, "interval must be a number."),
        ({"interval": "inf"}, "interval must be a number."),
        ({"initial": "perhaps"}, "initial must be true or false."),
        ({"users": 5}, "users must be a list."),
        ({"client_secret": [SECRET]}, "client_secret must be a text."),
        ({"api_contract": "other"}, "api_contract must be one of auto, published, guide."),
        ({"state_dir": None}, "Give state_dir"),
        ({"client_secret": None}, "No way to log in"),
        ({"account_uuid": "abc12345"}, "looks like an environment id"),
        ({"api_url": "http://example.com"}, "api_url must be an https URL"),
        ({"rate_limit": 0}, "rate_limit must be greater than 0"),
    ],
)
def test_wrong_arguments(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message) as error:
        orders({**GIVEN, **given}, {})
    assert SECRET not in str(error.value)


def test_a_poll_can_be_stopped(start: Start) -> None:
    """While it waits, and before its next request."""
    bench, stop = start(example()), Stop()
    stop.ask()
    with pytest.raises(Stopped):
        stop.sleep(3600)
    with pytest.raises(Stopped):
        poll(watching(bench), replace(bench.runtime(), clock=stop.clock), None, MOMENT)
    assert bench.sim.requests == []
