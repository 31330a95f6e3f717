# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an offboarding refuses before it asks anything."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.beside_options import (
    ENVIRONMENTS,
    OFFBOARDING,
    SCIM,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.offboarding import offboarding_wish
from ansible_collections.identityops.dynatrace.plugins.module_utils._module.options import PLAN

ROBOT = "5211B18c-65cb@Service.sso.dynatrace.com"


def options(*users: str, **more: Any) -> dict[str, Any]:
    """The module's, with their defaults."""
    found = ArgumentSpecValidator({**OFFBOARDING, **SCIM, **ENVIRONMENTS, **PLAN}).validate({"users": [*users], **more})
    assert found.error_messages == []
    parameters: dict[str, Any] = found.validated_parameters
    return parameters


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (options("ada@example.com", ROBOT), rf"No people but service users: {ROBOT}[.] .* by dynatrace_service_user"),
        (options(ROBOT, action="leave_groups", tokens="ignore"), "No people but service users"),
        (options("ada@example.com", "Ada@example.com"), "Ada@example.com is named more than once"),
        (options("ada@example.com", action="deactivate"), "give scim_token"),
        (options("ada@example.com", account_owner="ada"), "'ada' is not an e-mail address"),
    ],
)
def test_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        offboarding_wish(given)


def test_people_whose_domain_only_looks_like_it() -> None:
    users = ("ada@service.sso.dynatrace.com.example.com", "bob@myservice.sso.dynatrace.com")
    assert [wish.email for wish in offboarding_wish(options(*users)).users] == [*users]
