# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole account in one task: people from CSV files, schedules, plans for review, access that ends."""

from __future__ import annotations

import csv
import json
import re
import stat
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.integration.helpers import SECRET, Lab, Outcome, Play, task

ONBOARD_CSV = "identityops.dynatrace.onboard_csv"
RECONCILE = "identityops.dynatrace.reconcile"
TEAM = "Shop Developers"
COLUMNS = {"email": "E-Mail", "first_name": "Given name", "last_name": "Surname", "groups": "Teams"}
LOOKUP = "lookup('identityops.dynatrace.people_csv'"


def write_csv(path: Path, *rows: list[str], header: list[str] | None = None, delimiter: str = ",") -> Path:
    """A file as spreadsheets save it: with a byte order mark and Windows' line ends."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([header or [*COLUMNS.values()], *rows])
    return path


def members(lab: Lab, group: str = TEAM) -> list[str]:
    """Sorted e-mails of a group's members."""
    state = lab.sim.state()
    (uuid,) = [each["uuid"] for each in state["groups"] if each["name"] == group]
    return sorted(user["email"] for user in state["users"] if uuid in user["groups"])


def user(lab: Lab, email: str) -> dict[str, Any]:
    """Somebody in the account."""
    (found,) = [each for each in lab.sim.state()["users"] if each["email"].lower() == email.lower()]
    return dict(found)


def access(run: Outcome) -> dict[str, Any]:
    """What the last task of dynatrace_access gave."""
    return run.of("dynatrace_access")[-1].result


def check_run_again(lab: Lab, playbook: str, variables: dict[str, Any]) -> dict[str, Any]:
    """Check mode writes nothing, the run does what it said, a second run nothing."""
    before = lab.sim.state()
    preview = access(lab.run(playbook, "--check", variables=variables).fine())
    lab.untouched(before)
    done = access(lab.run(playbook, variables=variables).fine())
    for key in ("plan_id", "changes", "people", "undo"):
        assert done[key] == preview[key]
    state = lab.sim.state()
    lab.sim.clear()
    assert lab.run(playbook, variables=variables).fine().changed == 0
    lab.untouched(state)
    return done


class TestOnboardCsv:
    """The playbook, with files as HR sends them."""

    def test_onboarding(self, lab: Lab, tmp_path: Path) -> None:
        file = write_csv(
            tmp_path / "people.csv",
            ["anna.lindqvist@example.com", "Anna", "Lindqvist", f"{TEAM};Environment Users"],
            ["tom.okafor@example.com", "Tom", "Okafor", ""],
            ["", "", "", ""],
            ["PAUL.Martin@example.com", "", "", ""],
        )
        before = members(lab)
        variables = {
            "onboard_csv_file": str(file),
            "onboard_csv_columns": COLUMNS,
            "onboard_csv_groups": ["Environment Users"],
        }
        done = check_run_again(lab, ONBOARD_CSV, variables)
        assert members(lab) == sorted([*before, "anna.lindqvist@example.com"])
        assert {"anna.lindqvist@example.com", "tom.okafor@example.com"} <= set(members(lab, "Environment Users"))
        gains = {each["email"]: each["gains"] for each in done["people"]}
        assert gains["tom.okafor@example.com"] == ["group Environment Users", "the account"]
        assert all(each["loses"] == [] for each in done["people"])

    def test_a_team_in_sync(self, lab: Lab, tmp_path: Path) -> None:
        """Who isn't in the file leaves the team, and nothing else; newcomers join it."""
        leaver, *rest = members(lab)
        file = write_csv(
            tmp_path / "team.csv",
            *([email.upper()] for email in rest),
            ["new.one@example.com"],
            header=["email"],
        )
        groups_before = user(lab, leaver)["groups"]
        variables = {"onboard_csv_file": str(file), "onboard_csv_groups": [TEAM], "onboard_csv_sync": [TEAM]}
        check_run_again(lab, ONBOARD_CSV, {**variables, "onboard_csv_blank_screen": "ignore"})
        assert members(lab) == sorted([*rest, "new.one@example.com"])
        assert len(user(lab, leaver)["groups"]) == len(groups_before) - 1

    def test_a_file_that_lost_half_its_rows(self, lab: Lab, tmp_path: Path) -> None:
        """The guards stop it; somebody who has looked at the plan can let it pass."""
        everybody = members(lab)
        assert len(everybody) >= 10
        file = write_csv(tmp_path / "team.csv", *([email] for email in everybody[::2]), header=["email"])
        before = lab.sim.state()
        variables: dict[str, Any] = {
            "onboard_csv_file": str(file),
            "onboard_csv_groups": [TEAM],
            "onboard_csv_sync": [TEAM],
        }
        for options in (("--check",), ()):
            refused = lab.run(ONBOARD_CSV, *options, variables=variables).failed()
            assert f"takes away {len(everybody) // 2} of {len(everybody)} members" in refused.message
            assert len(refused.failure["changes_planned"]) == len(everybody) // 2
        lab.untouched(before)
        (plan,) = re.findall(r"expected_plan=([0-9a-f]{64})", refused.message)
        lab.run(ONBOARD_CSV, variables={**variables, "onboard_csv_expected_plan": plan}).fine()
        assert members(lab) == everybody[::2]

    def test_an_empty_file_is_no_reason_to_empty_a_team(self, published: Lab, tmp_path: Path) -> None:
        file = write_csv(tmp_path / "team.csv", header=["email"])
        before = published.sim.state()
        variables = {"onboard_csv_file": str(file), "onboard_csv_sync": [TEAM]}
        assert "max_removal_percent" in published.run(ONBOARD_CSV, variables=variables).failed().message
        published.untouched(before)

    def test_cells_are_never_run(self, make_lab: Any, tmp_path: Path) -> None:
        """Neither by Ansible nor by anything else: they arrive as they are."""
        lab = make_lab("guide")
        mark = tmp_path / "run"
        template, formula = f"{{{{ lookup('pipe', 'touch {mark}') }}}}", '=HYPERLINK("http://evil.example")'
        file = write_csv(
            tmp_path / "people.csv",
            ["a@example.com", template, formula, "Environment Users"],
            ["b@example.com", "{% for x in y %}", "{{ dynatrace_client_secret }}", "Environment Users"],
        )
        variables = {**lab.variables, "onboard_csv_file": str(file), "onboard_csv_columns": COLUMNS}
        run = lab.run(ONBOARD_CSV, variables=variables, environment={}).fine()
        assert (user(lab, "a@example.com")["name"], user(lab, "a@example.com")["surname"]) == (template, formula)
        assert user(lab, "b@example.com")["name"] == "{% for x in y %}"
        assert user(lab, "b@example.com")["surname"] == "{{ dynatrace_client_secret }}"
        assert not mark.exists()
        assert SECRET not in run.everything

    def test_a_group_in_a_cell_is_only_a_name(self, published: Lab, tmp_path: Path) -> None:
        mark = tmp_path / "run"
        cell = f"{{{{ lookup('pipe', 'touch {mark}') }}}}"
        file = write_csv(tmp_path / "people.csv", ["a@example.com", "", "", cell])
        variables = {"onboard_csv_file": str(file), "onboard_csv_columns": COLUMNS}
        assert "There is no group" in published.run(ONBOARD_CSV, variables=variables).failed().message
        assert not mark.exists()
        assert published.sim.writes == []

    def test_what_is_wrong_is_told_before_any_request(self, published: Lab, tmp_path: Path) -> None:
        file = write_csv(
            tmp_path / "people.csv",
            ["nobody", "", "", ""],
            ["a@example.com", "", "", ""],
            ["A@Example.com", "", "", ""],
            ["b@example.com", ""],
        )
        variables = {"onboard_csv_file": str(file), "onboard_csv_columns": COLUMNS}
        message = published.run(ONBOARD_CSV, variables=variables).failed().everything
        for words in ("line 2: 'nobody'", "line 4: A@Example.com is in line 3", "line 5: 2 cells"):
            assert words in message
        assert published.sim.requests == []


def test_the_lookup(published: Lab, tmp_path: Path) -> None:
    """Its options, and what it says about files that it can't use."""
    plain = write_csv(tmp_path / "plain.csv", ["a@example.com"], header=["email"])
    other = write_csv(tmp_path / "other.csv", ["b@example.com", "X/Y"], header=["Wer", "Wohin"], delimiter=";")
    for name, encoding in (("latin", "latin-1"), ("wide", "utf-16")):
        (tmp_path / f"{name}.csv").write_bytes("email,x\na@example.com,Zoë\n".encode(encoding))
    (tmp_path / "empty.csv").touch()
    semicolon = "columns={'email': 'Wer', 'groups': 'Wohin'}, delimiter=';'"
    good = {
        f"'{plain}'": [{"email": "a@example.com"}],
        f"'{plain}', groups=['X'], groups_as='set'": [{"email": "a@example.com", "groups": {"set": ["X"]}}],
        f"'{other}', {semicolon}, group_separator='/'": [{"email": "b@example.com", "groups": {"add": ["X", "Y"]}}],
        f"'{plain}', '{plain}', wantlist=true": [[{"email": "a@example.com"}]] * 2,
        "text='\ufeffemail\r\n\r\na@example.com\r\n', groups=['X']": [
            {"email": "a@example.com", "groups": {"add": ["X"]}}
        ],
        f"'', text='Wer;Wohin\nb@example.com;\"X|Y\"', {semicolon}, group_separator='|'": [
            {"email": "b@example.com", "groups": {"add": ["X", "Y"]}}
        ],
    }
    bad = {
        "'nowhere.csv'": "There is no file 'nowhere.csv'",
        f"'{tmp_path / 'latin.csv'}'": "not UTF-8 text (byte",
        f"'{tmp_path / 'wide.csv'}'": "not UTF-8 text (byte 0)",
        f"'{tmp_path / 'empty.csv'}'": "no column 'email'",
        f"'{other}'": "no column 'email' for email",
        f"'{plain}', columns={{'email': 'email', 'mail': 'x', 'Groups': 'y'}}": "not Groups, mail",
        f"'{plain}', columns={{'first_name': 'email'}}": "email is missing",
        f"'{plain}', columns={{'email': 'emial'}}": "did you mean 'email'",
        f"'{plain}', delimiter=',,'": "delimiter must be one character",
        f"'{plain}', groups_as='remove'": "groups_as",
        "''": "either files or a text, and got neither",
        f"'{plain}', text='email'": "either files or a text, and got both",
        "text=' '": "CSV text: It has no column 'email'",
        "text='email\n\n'": "CSV text: it names nobody",
        "text='email\nx\n'": "CSV text: It can't be used: line 2: 'x'",
    }
    tasks: list[Play] = [
        {"name": f"Look {number}", "ansible.builtin.set_fact": {f"found_{number}": f"{{{{ {LOOKUP}, {terms}) }}}}"}}
        for number, terms in enumerate([*good, *bad])
    ]
    for each in tasks[len(good) :]:
        each["ignore_errors"] = True
    run = published.run(published.play(*tasks)).fine()
    looks = [each for each in run.tasks if each.name.startswith("Look")]
    assert len(looks) == len(tasks), run.report()
    for number, (look, expected) in enumerate(zip(looks, good.values(), strict=False)):
        assert look.result["ansible_facts"] == {f"found_{number}": expected}
    for look, words in zip(looks[len(good) :], bad.values(), strict=True):
        assert look.status == "failed"
        assert words in look.result["msg"], look.result["msg"]
        assert "Traceback" not in look.result["msg"]


UNTIL = """
- name: Until
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Time-boxed
      identityops.dynatrace.dynatrace_access:
        users:
          - email: tom.okafor@example.com
            groups:
              add:
                - {name: Shop Developers, until: %s}
"""


class TestTimeBoxed:
    """Moments as people write them in YAML, quoted or not."""

    @pytest.mark.parametrize(
        ("moment", "joins"),
        [
            ("2999-12-24T18:00:00Z", True),
            ("2999-12-24 18:00:00+01:00", True),
            ('"2999-12-24T18:00:00Z"', True),
            ("2001-12-24T18:00:00Z", False),
            ("2001-12-24T18:00:00.5-08:00", False),
        ],
    )
    def test_with_zone(self, published: Lab, tmp_path: Path, moment: str, joins: bool) -> None:
        (tmp_path / "until.yml").write_text(UNTIL % moment, encoding="utf-8")
        published.run(str(tmp_path / "until.yml")).fine()
        assert ("tom.okafor@example.com" in members(published)) is joins

    @pytest.mark.parametrize("moment", ["2999-12-24T18:00:00", "2999-12-24", '"2999-12-24 18:00"'])
    def test_without(self, published: Lab, tmp_path: Path, moment: str) -> None:
        (tmp_path / "until.yml").write_text(UNTIL % moment, encoding="utf-8")
        refused = published.run(str(tmp_path / "until.yml")).failed()
        assert "has no time zone" in refused.message
        assert published.sim.requests == []

    def test_the_schedule_ends_it(self, lab: Lab, tmp_path: Path) -> None:
        """The same person in files of before and after: the next scheduled run takes the access away."""
        names = {"on time": 2999, "too late": 2001}
        for name, year in names.items():
            (tmp_path / f"{name}.yml").write_text(
                "reconcile_users:\n"
                "  - email: karin.svensson@example.com\n"
                "    groups:\n"
                "      add:\n"
                f'        - {{name: Environment Admins, until: "{year}-12-24T18:00:00Z"}}\n',
                encoding="utf-8",
            )
        for name, inside in (("on time", True), ("too late", False), ("too late", False)):
            lab.run(RECONCILE, "-e", f"@{tmp_path / name}.yml").fine()
            assert ("karin.svensson@example.com" in members(lab, "Environment Admins")) is inside


class TestReconcile:
    """What a schedule runs."""

    WISH: ClassVar[dict[str, Any]] = {
        "reconcile_groups": [
            {"name": "Team Search", "permissions": [{"permissions": ["viewer"], "environments": ["Production"]}]}
        ],
        "reconcile_users": [
            {"email": "anna.lindqvist@example.com", "groups": {"add": ["Team Search"]}},
            {"email": "karin.svensson@example.com", "groups": {"add": ["Team Search"]}},
        ],
        "reconcile_scope": {"groups": ["Team *", TEAM]},
        "reconcile_purge": {"memberships": True},
        "reconcile_guard": {"max_removal_percent": 100},
    }

    def test_files_decide(self, lab: Lab) -> None:
        done = check_run_again(lab, RECONCILE, self.WISH)
        assert members(lab) == []
        assert members(lab, "Team Search") == ["anna.lindqvist@example.com", "karin.svensson@example.com"]
        back = {"reconcile_users": done["undo"]["users"], "reconcile_groups": done["undo"]["groups"]}
        assert done["undo"]["lost"] == []
        check_run_again(lab, RECONCILE, back)
        assert len(members(lab)) == 10
        assert "Team Search" not in [each["name"] for each in lab.sim.state()["groups"]]

    def test_nothing_is_nothing(self, published: Lab) -> None:
        assert published.run(RECONCILE).fine().changed == 0
        assert published.sim.writes == []

    @pytest.mark.parametrize("kind", ["users", "groups", "memberships", "permissions"])
    def test_a_purge_without_bounds_is_refused_before_any_request(self, published: Lab, kind: str) -> None:
        refused = published.run(RECONCILE, variables={"reconcile_purge": {kind: True}}).failed()
        assert "scope" in refused.message
        assert published.sim.requests == []

    def test_a_plan_for_review(self, lab: Lab, tmp_path: Path) -> None:
        """Written in check mode for its owner only; expected later, and explained when it isn't the same any more."""
        file = tmp_path / "plan.json"
        variables = {**self.WISH, "reconcile_plan_file": str(file)}
        preview = access(lab.run(RECONCILE, "--check", variables=variables).fine())
        plan = json.loads(file.read_text(encoding="utf-8"))
        for key in ("plan_id", "changes", "people"):
            assert plan[key] == preview[key]
        assert [stat.S_IMODE(path.stat().st_mode) for path in (file, file.with_suffix(".md"))] == [0o600, 0o600]
        assert f"Plan id: `{preview['plan_id']}`" in file.with_suffix(".md").read_text(encoding="utf-8")
        assert SECRET not in file.read_text(encoding="utf-8")
        moved = lab.sim.state()
        leaver = next(each for each in moved["users"] if each["email"] == members(lab)[0])
        (team,) = [each["uuid"] for each in moved["groups"] if each["name"] == TEAM]
        leaver["groups"].remove(team)
        lab.sim.load(moved)
        refused = lab.run(RECONCILE, variables={**variables, "reconcile_expected_plan": preview["plan_id"]}).failed()
        assert f"No longer in it: remove membership {leaver['email']} in {TEAM}" in refused.message
        assert "New in it: nothing." in refused.message
        lab.untouched(moved)
        assert json.loads(file.read_text(encoding="utf-8")) == plan

    @pytest.mark.parametrize("name", ["plan.md", "nowhere/plan.json", ""])
    def test_a_plan_that_cannot_be_written_stops_the_task(self, published: Lab, tmp_path: Path, name: str) -> None:
        """Before anything is done, rather than after."""
        variables = {**self.WISH, "reconcile_plan_file": f"{tmp_path}/{name}"}
        assert "plan_file" in published.run(RECONCILE, variables=variables).failed().message
        assert published.sim.requests == []

    def test_what_fails_stops_nothing_else(self, lab: Lab) -> None:
        lab.sim.faults([{"match": {"method": "POST", "path": "groups$"}, "fault": {"status": 403}}])
        failed = lab.run(RECONCILE, variables=self.WISH).failed()
        lab.sim.faults([])
        pending = [(each["action"], each["kind"]) for each in failed.failure["changes_pending"]]
        assert pending == [("create", "group"), ("add", "binding"), ("add", "membership"), ("add", "membership")]
        assert failed.failure["failure"]["status"] == 403
        assert len(failed.failure["changes_applied"]) == 11
        assert members(lab) == []
        done = access(lab.run(RECONCILE, variables=self.WISH).fine())
        assert done["changes"] == failed.failure["changes_pending"]


def test_in_the_background(published: Lab) -> None:
    """A long run may be an async task."""
    joins = task("dynatrace_access", users=[{"email": "new@example.com"}])
    published.run(published.play({**joins, "async": 100, "poll": 1})).fine()
    assert user(published, "new@example.com")


def test_progress_may_go_to_a_file(published: Lab, tmp_path: Path) -> None:
    """A short run has nothing to say; the option is passed on as it is, and isn't told otherwise."""
    joins = {"users": [{"email": "new@example.com"}]}
    run = published.run(published.play(task("dynatrace_access", **joins))).fine()
    assert "progress_file" not in run.of("dynatrace_access")[0].result.get("invocation", {}).get("module_args", {})
    published.run(published.play(task("dynatrace_access", progress_file=str(tmp_path / "log"), **joins))).fine()
