# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection options: what is refused before anything is sent, and where secrets may go."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identityops.dynatrace.plugins.module_utils._api.records import is_uuid
from ansible_collections.identityops.dynatrace.plugins.module_utils._api.settings import (
    Settings,
    account_uuid,
    check_host,
)
from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput

from ..builders import ACCOUNT

SECRETS = {"client_id": "dt0s02.ID", "client_secret": "dt0s02.ID.GEHEIM", "access_token": "dt0s16.GEHEIM"}


def settings(**more: Any) -> Settings:
    return Settings(**{"account_uuid": ACCOUNT, "client_id": "a", "client_secret": "b", **more})


class TestAccountUuid:
    @pytest.mark.parametrize(
        "given",
        [ACCOUNT, ACCOUNT.upper(), f"urn:dtaccount:{ACCOUNT}", f"  urn:dtaccount:{ACCOUNT}\n"],
        ids=["as it is", "upper case", "urn", "blanks around"],
    )
    def test_is_taken(self, given: str) -> None:
        assert account_uuid(given) == ACCOUNT

    @pytest.mark.parametrize("given", ["abc12345", "ABC12345", "xyz98765", " abc12345 "])
    def test_an_environment_id_is_recognised(self, given: str) -> None:
        with pytest.raises(InvalidInput, match="looks like an environment id, not like an account UUID") as error:
            account_uuid(given)
        assert "Account info" in str(error.value)

    @pytest.mark.parametrize("given", ["", "  ", "urn:dtaccount:"])
    def test_a_missing_one_says_where_it_comes_from(self, given: str) -> None:
        with pytest.raises(InvalidInput, match="set DYNATRACE_ACCOUNT_UUID"):
            account_uuid(given)

    @pytest.mark.parametrize("given", ["my account", ACCOUNT[:-1], ACCOUNT + "0", ACCOUNT.replace("-", ""), "../x"])
    def test_anything_else_is_no_uuid(self, given: str) -> None:
        with pytest.raises(InvalidInput, match="is not a UUID such as"):
            account_uuid(given)

    def test_any_version_will_do(self) -> None:
        assert is_uuid("00000000-0000-0000-0000-000000000000")
        assert not is_uuid("g0000000-0000-0000-0000-000000000000")


class TestHosts:
    @pytest.mark.parametrize(
        "url",
        [
            "https://api.dynatrace.com",
            "https://api.dynatrace.com:443/x",
            "https://API.Dynatrace.Com",
            "https://dynatrace.com",
            "https://sso-dev.dynatracelabs.com/sso/oauth2/token",
            "http://127.0.0.1:8080",
            "http://localhost:8080/sso",
            "https://localhost",
            "http://[::1]:8080",
        ],
    )
    def test_allowed(self, url: str) -> None:
        check_host("api_url", url)

    @pytest.mark.parametrize(
        "url",
        [
            "https://evil-dynatrace.com",
            "https://evildynatrace.com",
            "https://dynatrace.com.evil.org",
            "https://evil.org/dynatrace.com",
            "https://evil.org/.dynatrace.com",
            "https://evil.org?x=.dynatrace.com",
            "https://evil.org#.dynatrace.com",
            "https://evil.org\\.dynatrace.com",
            "https://evil.org\\@api.dynatrace.com",
            "https://api.dynatrace.com@evil.org",
            "https://user:word@api.dynatrace.com",
            "http://user:word@127.0.0.1",
            "http://api.dynatrace.com",
            "ftp://api.dynatrace.com",
            "api.dynatrace.com",
            "//api.dynatrace.com",
            "",
            "https://",
            "https://[::1",
            "https://api.dynatrace.com:port",
            "https://api.dynatrace.com:99999",
            "https://api.dynatrace.com .evil.org",
            "https://evil.org\u3002dynatrace.com",
            "http://localhost.evil.org",
            "http://127.0.0.1.evil.org",
            "http://0.0.0.0",
            "http://10.0.0.1",
        ],
    )
    def test_refused(self, url: str) -> None:
        with pytest.raises(InvalidInput, match="token_url"):
            check_host("token_url", url)

    def test_others_have_to_be_named(self) -> None:
        with pytest.raises(InvalidInput, match=r"proxy\.example\.com.*no secret is sent there.*allowed_hosts"):
            check_host("api_url", "https://proxy.example.com")
        check_host("api_url", "https://Proxy.example.com/dt", ["proxy.EXAMPLE.com"])
        with pytest.raises(InvalidInput, match="allowed_hosts"):
            check_host("api_url", "https://other.proxy.example.com", ["proxy.example.com"])
        with pytest.raises(InvalidInput, match="https"):
            check_host("api_url", "http://proxy.example.com", ["proxy.example.com"])

    @pytest.mark.parametrize("option", ["api_url", "token_url"])
    def test_both_urls_are_looked_at(self, option: str) -> None:
        with pytest.raises(InvalidInput, match=option):
            settings(**{option: "https://evil.org"}).checked()

    def test_what_is_refused_does_not_show_a_password(self) -> None:
        with pytest.raises(InvalidInput) as error:
            check_host("api_url", "https://user:geheim@api.dynatrace.com")
        assert "geheim" not in str(error.value)


class TestTheOthers:
    @pytest.mark.parametrize(
        "given",
        [
            {"client_id": None, "client_secret": None},
            {"client_secret": None},
            {"client_id": None},
            {"client_id": "", "client_secret": ""},
        ],
    )
    def test_a_way_to_log_in_is_needed(self, given: dict[str, Any]) -> None:
        with pytest.raises(InvalidInput, match=r"DYNATRACE_CLIENT_SECRET.*access_token"):
            settings(**given).checked()
        settings(**given, access_token="x").checked()

    @pytest.mark.parametrize("option", ["concurrency", "rate_limit", "timeout"])
    @pytest.mark.parametrize("value", [0, -1])
    def test_figures_are_positive(self, option: str, value: int) -> None:
        with pytest.raises(InvalidInput, match=f"{option} must be greater than 0, not {value}"):
            settings(**{option: value}).checked()

    def test_no_secret_in_the_repr(self) -> None:
        assert "GEHEIM" not in repr(settings(**SECRETS))
        assert "GEHEIM" not in str(settings(**SECRETS))
