# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory of environments, by real ansible-inventory and ansible-playbook."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.identityops.dynatrace.plugins.inventory import environments as plugin
from tests.integration.helpers import BIN, PATIENCE, ROOT, SECRET, Lab, demo, settings, task
from tests.simulator.auth import TOKEN_PATH
from tests.tools.pages import YAML, blocks

PLUGIN = "identityops.dynatrace.environments"
PAGE = (ROOT / "docs/docsite/rst/scale_out.rst").read_text(encoding="utf-8")
ACCOUNT = "dynatrace_account_7d2f9c1e_4b6a_4d0e_9a53_1c8e5f7b2a90"


def source(lab: Lab, **options: Any) -> Path:
    """A file for the plugin."""
    file = lab.place / "shop.dynatrace.yml"
    file.write_text(yaml.safe_dump({"plugin": PLUGIN, **options}, allow_unicode=True), encoding="utf-8")
    return file


def listing(lab: Lab, *files: Path, **environment: str) -> tuple[dict[str, Any], str]:
    """What ansible-inventory lists, and what it complains of."""
    done = ansible_inventory(lab, "--list", *(f"--inventory={file}" for file in files), **environment)
    return json.loads(done.stdout), done.stderr


def ansible_inventory(lab: Lab, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A run that ended well and showed no secret."""
    done = subprocess.run(
        [str(BIN / "ansible-inventory"), *arguments],
        cwd=lab.place,
        env={**settings(lab.place, lab.means), **lab.environment, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stdout + done.stderr
    return done


def plain(value: Any) -> Any:
    """Without Ansible's mark of texts that are no templates."""
    if isinstance(value, dict):
        return value.get("__ansible_unsafe") or {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def paths(lab: Lab) -> list[str]:
    """The requests besides those for tokens."""
    return [entry["path"] for entry in lab.sim.requests if entry["path"] != TOKEN_PATH]


def modules_read(lab: Lab) -> dict[str, Any]:
    """What a module says of the environments that --limit names: it runs on this machine, once for each."""
    info = task("dynatrace_environment_info", environments=["{{ dynatrace_environment.id }}"])
    run = lab.run(lab.play(info, hosts="all"), "--limit", "dynatrace_active", inventory=source(lab)).fine()
    (first, second) = (each.result["environments"] for each in run.tasks)
    return {each["id"]: each for each in (*first, *second)}


def test_hosts_groups_and_variables(lab: Lab) -> None:
    """As dynatrace_environment_info shows them, by two requests."""
    empty = dict.fromkeys(("DYNATRACE_ACCESS_TOKEN", "DYNATRACE_API_CONTRACT"), "")
    found, complaints = listing(lab, source(lab), **empty)
    assert [path.split("/")[1:3] for path in paths(lab)] == [["env", "v1"], ["env", "v2"]]
    assert complaints == ""
    assert set(found[ACCOUNT]["hosts"]) == {"prd48213", "stg48213", "sbx48213"}
    assert set(found["dynatrace_active"]["hosts"]) == {"prd48213", "stg48213"}
    assert found["dynatrace_inactive"]["hosts"] == ["sbx48213"]
    variables = plain(found["_meta"]["hostvars"])
    info = task("dynatrace_environment_info")
    told = lab.run(lab.play(info)).fine().of("dynatrace_environment_info")[0].result["environments"]
    assert {key: each["dynatrace_environment"] for key, each in variables.items()} == {
        each["id"]: each for each in told
    }
    del variables["prd48213"]["dynatrace_environment"]
    assert variables["prd48213"] == {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "dynatrace_account_uuid": lab.sim.account_uuid,
    }


def test_choice_and_construction(published: Lab) -> None:
    """Patterns, names, keyed groups and templates in options of any type; a pattern of no use is told."""
    found, complaints = listing(
        published,
        source(
            published,
            hostname="name",
            include=["Prod*", "stg48213", "Prodction"],
            exclude="{{ ['Staging'] }}",
            rate_limit="{{ 100 + 50 }}",
            compose={"zones": "dynatrace_environment.management_zones | map(attribute='name')"},
            groups={"shop": "'Shop' in zones"},
            keyed_groups=[{"key": "zones", "prefix": "zone"}],
            strict=True,
        ),
    )
    assert list(found["_meta"]["hostvars"]) == ["Production"]
    assert plain(found["_meta"]["hostvars"]["Production"]["zones"]) == ["Payments", "Platform", "Shop"]
    assert found["zone_Platform"]["hosts"] == found["shop"]["hosts"] == ["Production"]
    assert "no environment is called Prodction" in complaints


def test_names_are_data(published: Lab) -> None:
    """No name of an environment is evaluated, from the account or from a cache, and none takes another host's place."""
    trap = published.place / "trap"
    hostile = f"{{{{ lookup('ansible.builtin.pipe', 'touch {trap}') }}}}"
    state = published.sim.state()
    for environment, name in zip(state["environments"], [hostile, "all", "webserver"], strict=True):
        environment["name"] = name
    published.sim.load(state)
    servers = published.place / "servers.yml"
    servers.write_text(yaml.safe_dump({"web": {"hosts": {"webserver": {"ansible_host": "192.0.2.1"}}}}))
    options = {
        "hostname": "name",
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(published.place / "cache"),
        "compose": {"label": "'x' ~ dynatrace_environment.name"},
        "keyed_groups": [{"key": "dynatrace_environment.name"}],
    }
    file = source(published, **options)
    for _turn in range(2):
        found, _complaints = listing(published, servers, file)
    variables = found["_meta"]["hostvars"]
    assert variables["webserver"] == {"ansible_host": "192.0.2.1"}
    (odd,) = variables.keys() - {"webserver", "stg48213", "sbx48213"}
    assert not {"{", "}", " ", "(", "'", "/"} & set(odd)
    show = {
        "ansible.builtin.debug": {"msg": "{{ [inventory_hostname, dynatrace_environment.name, label, group_names] }}"}
    }
    run = published.run(published.play(show, hosts="dynatrace_active"), inventory=file).fine()
    told = {each.result["msg"][1]: each.result["msg"][2] for each in run.tasks}
    assert told == {hostile: f"x{hostile}", "all": "xall"}
    assert not trap.exists()


def test_cache(published: Lab) -> None:
    """Asks once; a change of the file counts at once, another account isn't mistaken for this one."""
    place = published.place / "cache"
    caching = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(place)}
    asked = []
    for more in ({}, {"exclude": ["Staging"]}):
        found, _complaints = listing(published, source(published, **caching, **more))
        asked.append(len(paths(published)))
    assert asked == [2, 2]
    assert set(found["_meta"]["hostvars"]) == {"prd48213", "sbx48213"}
    texts = "".join(file.name + file.read_text(encoding="utf-8") for file in place.iterdir())
    assert "prd48213" in texts
    assert [file.name for file in place.iterdir() if not file.name.endswith(published.sim.account_uuid)] == []
    assert [secret for secret in (SECRET, *published.witness.tokens) if secret in texts] == []
    other = "11111111-2222-4333-8444-555555555555"
    published.sim.load({**demo(), "account_uuid": other, "environments": []})
    found, _complaints = listing(published, source(published, **caching), DYNATRACE_ACCOUNT_UUID=other)
    assert found["_meta"]["hostvars"] == {}
    assert len(paths(published)) == 4


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"client_secret": {"a": SECRET}}, "client_secret should be text"),
    ({"client_secret": f"{SECRET} {{{{ oops"}, "client_secret: "),
    ({"client_secret": f"{SECRET}{{{{ oops }}}}"}, "'oops' is undefined"),
    ({"client_secret": "", "access_token": ""}, "No way to log in"),
    ({"account_uuid": "abc12345"}, "looks like an environment id"),
    ({"api_url": "https://api.example.com"}, "no secret is sent there"),
    ({"hostnames": "name"}, "no option hostnames"),
    ({"timeout": 0}, "timeout must be greater than 0"),
]


def test_errors_are_sentences(published: Lab) -> None:
    """Each file is refused with what is wrong, and nothing of a secret is shown."""
    files = []
    for number, (options, _words) in enumerate(WRONG):
        files.append(source(published, **options).rename(published.place / f"{number}.environments.yaml"))
    found, complaints = listing(published, *files)
    flat = " ".join(complaints.split())
    assert [words for _options, words in WRONG if words not in flat] == []
    assert found["_meta"]["hostvars"] == {}
    assert paths(published) == []
    refusing = {**published.sim.state(), "clients": [{"client_id": "dt0s02.OTHER", "client_secret": "other"}]}
    published.sim.load(refusing)
    _found, complaints = listing(published, source(published))
    assert "Login refused" in " ".join(complaints.split())


EXAMPLES = [yaml.safe_load(plugin.EXAMPLES), {"plugin": PLUGIN}]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{len(example)}")
def test_examples(published: Lab, example: dict[str, Any]) -> None:
    """Each is read without a complaint, and gives hosts."""
    given = {**example, "account_uuid": published.sim.account_uuid, "strict": True}
    found, complaints = listing(published, source(published, **given))
    assert found["_meta"]["hostvars"]
    assert complaints == ""


def test_the_page(published: Lab) -> None:
    """Its play does something for each host of its inventory."""
    inventory, play = (
        made
        for block in blocks(PAGE, YAML)
        if "plugin" in (made := yaml.safe_load(block.text)) or isinstance(made, list)
    )
    run = published.run(play, inventory=source(published, **inventory)).fine()
    assert [len(each.result["answers"]["who_can"]) > 0 for each in run.tasks] == [True, True]
