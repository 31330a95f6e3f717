# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credential type for the controller of Event-Driven Ansible: it says what the event source reads."""

from __future__ import annotations

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.settings import Settings
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.watch.arguments import ARGUMENTS, orders
from tests.awx import pattern, rules
from tests.tools.tree import ROOT

FILE = ROOT / "extensions/eda/controller/credential_types.yml"
(KIND,) = pattern.loaded(FILE)["eda_credential_types"]
FIELDS = {field["id"]: field for field in KIND["inputs"]["fields"]}
FILLED = {"account_uuid": "7f3c1d9a-2b64-4e18-9c05-6a1e8d2f4b70", "client_id": "c", "client_secret": "s"}


def test_its_fields_are_those_of_the_pattern() -> None:
    """Whoever has both knows them; the controller takes what AWX takes, but for its own names."""
    theirs = {
        field["id"]: field for field in pattern.controller()["controller_credential_types"][0]["inputs"]["fields"]
    }
    assert {name: theirs[name] for name in FIELDS} == FIELDS
    assert rules.credential_type(KIND["inputs"], KIND["injectors"]) == []
    assert KIND.keys() == {"name", "description", "inputs", "injectors"}
    assert KIND["injectors"].keys() == {"env"}
    assert not [name for name in FIELDS if name.startswith("eda")]


@pytest.mark.parametrize(
    ("given", "api_url", "contract"),
    [
        ({}, Settings.api_url, "auto"),
        ({"api_url": "", "token_url": "", "api_contract": "guide"}, Settings.api_url, "guide"),
        ({"api_url": "https://eu.dynatrace.com"}, "https://eu.dynatrace.com", "auto"),
    ],
)
def test_the_source_sees_what_was_filled_in(given: dict[str, str], api_url: str, contract: str) -> None:
    variables = {argument.variable for name, argument in ARGUMENTS.items() if name in FIELDS}
    assert KIND["injectors"]["env"].keys() == variables
    injected = {name: rules.render(text, {**FILLED, **given}) for name, text in KIND["injectors"]["env"].items()}
    found = orders({"state_dir": "/state"}, injected).settings
    assert (found.account_uuid, found.client_id, found.client_secret) == tuple(FILLED.values())
    assert (found.api_url, found.token_url, found.contract) == (api_url, Settings.token_url, contract)
