# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account as files, by the playbooks as somebody would run them. Names from the account run nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.integration.helpers import Lab, demo

EXPORT, DRIFT = "identityops.dynatrace.export", "identityops.dynatrace.drift"
RUN = "{{ lookup('pipe', 'touch owned') }}"


def test_export(make_lab: Callable[..., Lab], tmp_path: Path) -> None:
    """A group that is gone takes its file along; a name that is a template stays a name, there and back."""
    seed = demo()
    seed["groups"].append({"uuid": "1b7c0d2e-5f3a-4c61-9e0d-8a2b4c6d8e0f", "name": RUN, "description": RUN})
    lab = make_lab("published", seed)
    variables: dict[str, Any] = {**lab.variables, "export_dir": str(tmp_path / "account")}
    first = lab.run(EXPORT, "--diff", variables=variables).fine()
    assert first.changed == 1
    assert "members of group 'SRE On-Call': SAML decides about them" in first.stdout
    (strange,) = [path for path in (tmp_path / "account" / "groups").iterdir() if "pipe" in path.name]
    assert f'name: !unsafe "{RUN}"' in strange.read_text(encoding="utf-8")
    lab.sim.clear()
    files = "{{ lookup('identityops.dynatrace.access_files', export_dir) }}"
    task = {"identityops.dynatrace.dynatrace_access": {"groups": "{{ files.groups }}"}, "vars": {"files": files}}
    back = lab.run(lab.play(task), variables=variables).fine()
    assert back.of("dynatrace_access")[0].result["changes"] == []
    lab.run(DRIFT, variables=variables).fine()
    gone = lab.sim.state()
    gone["groups"] = [each for each in gone["groups"] if each["name"] != RUN]
    lab.sim.load(gone)
    drifted = lab.run(DRIFT, variables=variables).failed()
    assert f"group {RUN} is gone" in drifted.message
    again = lab.run(EXPORT, "--diff", variables=variables).fine()
    assert again.of("dynatrace_access_export")[0].result["removed"] == [f"groups/{strange.name}"]
    assert not strange.exists()
    assert not list(tmp_path.rglob("owned"))
