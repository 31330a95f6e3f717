# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The targets of ansible-test, run by ansible-playbook against a simulator in this process, for both contracts."""

from __future__ import annotations

import pytest
import yaml

from tests.integration.helpers import HERE, ROOT, SECRET, Lab

TARGETS = sorted(
    folder.name
    for folder in (HERE / "targets").iterdir()
    if (folder / "tasks").is_dir() and "hidden" not in (folder / "aliases").read_text(encoding="utf-8")
)


# What they write, if anything, are the same calls in both contracts, and the unit tests see to both.
SAME_IN_BOTH = {
    "dynatrace_access_assert",
    "dynatrace_access_export",
    "dynatrace_api_token",
    "dynatrace_drift_assert",
    "dynatrace_offboarding",
    "dynatrace_orphaned_tokens",
    "dynatrace_platform_token",
    "dynatrace_policy",
    "dynatrace_policy_binding",
    "dynatrace_policy_boundary",
    "dynatrace_role_migration",
    "dynatrace_scim_group",
    "dynatrace_scim_user",
    "dynatrace_service_user",
    "info",
    "role_access_review",
}
RUNS = [
    (contract, target)
    for target in TARGETS
    for contract in ("published", "guide")
    if contract == "published" or target not in SAME_IN_BOTH
]


@pytest.mark.parametrize(("contract", "target"), RUNS)
def test_target(lab: Lab, target: str) -> None:
    """Check mode, run, read back, run again; the targets' own tasks assert what has to hold."""
    variables = {
        "simulator_url": lab.sim.url,
        "simulator_contract": lab.sim.contract,
        "simulator_client_secret": SECRET,
    }
    lab.run(lab.play(roles=[target]), variables=variables, environment={}).fine()


def test_everything_has_a_target() -> None:
    """A module or a role that comes without a target isn't done. A role's own name would mean the role itself."""
    managing = {path.stem for path in (ROOT / "plugins/modules").glob("*.py") if not path.stem.endswith("_info")}
    roles = {f"role_{path.name}" for path in (ROOT / "roles").iterdir()}
    assert managing | roles | {"info"} == set(TARGETS)
    assert set(TARGETS) >= SAME_IN_BOTH


def test_info_modules_are_all_read() -> None:
    """The target for info modules knows all of them."""
    tasks = yaml.safe_load((HERE / "targets/info/tasks/read.yml").read_text(encoding="utf-8"))
    used = {key.rpartition(".")[2] for item in tasks for key in item if key.endswith("_info")}
    assert used == {path.stem for path in (ROOT / "plugins/modules").glob("*_info.py")}
