# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access that ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identityops.dynatrace.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.planner import make_access_plan
from ansible_collections.identityops.dynatrace.plugins.module_utils._iam.timebox import moment, split_by_time

from ..builders import CONTRACTS, access, account, person, snapshot, team, told
from ..conftest import Start

ADA = "ada@example.com"
EVE = datetime(2026, 12, 24, 18, tzinfo=timezone.utc)
UNTIL = "2026-12-24T18:00:00Z"
SECOND = timedelta(seconds=1)


class TestMoments:
    @pytest.mark.parametrize(
        "text",
        [
            UNTIL,
            "2026-12-24t18:00:00z".upper(),
            " 2026-12-24T18:00:00z ",
            "2026-12-24T18:00:00+00:00",
            "2026-12-24 18:00:00+00:00",
            "2026-12-24T18:00Z",
            "2026-12-24T18:00:00.000000Z",
            "2026-12-24T19:00:00+01:00",
            "2026-12-25T03:00:00+09:00",
            "2026-12-24T23:30:00+05:30",
            "2026-12-24T10:00:00-08:00",
        ],
    )
    def test_all_of_these_are_one(self, text: str) -> None:
        assert moment("until", text) == EVE

    @pytest.mark.parametrize("text", ["2026-12-24T18:00:00", "2026-12-24 18:00", "2026-12-24"])
    def test_without_zone_is_refused(self, text: str) -> None:
        with pytest.raises(InvalidInput, match=r"groups\.add of Shop: .* has no time zone; write 2026-12-24T18:00:00Z"):
            moment("groups.add of Shop", text)

    @pytest.mark.parametrize(
        "text",
        ["", "Z", "tomorrow", "1798135200", "24.12.2026 18:00", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "T18Z"],
    )
    def test_garbage_is_refused(self, text: str) -> None:
        with pytest.raises(InvalidInput, match="is not a moment such as 2026-12-24T18:00:00Z"):
            moment("until", text)

    @pytest.mark.parametrize("text", ["9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+14:00"])
    def test_the_ends_of_time(self, text: str) -> None:
        assert split_by_time("groups.add", [{"name": "Shop", "until": text}], EVE).over == (
            ("Shop",) if text.startswith("0") else ()
        )

    @given(
        st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)),
        st.integers(-14 * 60, 14 * 60),
        st.integers(-2, 2),
    )
    def test_whatever_the_zone(self, local: datetime, minutes: int, seconds: int) -> None:
        """The same moment written in any zone ends at the same time: then, and not a second earlier."""
        until = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
        now = until.astimezone(timezone.utc) + seconds * SECOND
        boxes = split_by_time("groups.add", [{"name": "Shop", "until": until.isoformat()}], now)
        assert bool(boxes.over) is (seconds >= 0)


class TestEntries:
    @pytest.mark.parametrize(
        ("entry", "name"),
        [("Shop", "Shop"), ({"name": "Shop"}, "Shop"), ({"name": "Shop", "until": None}, "Shop"), (7, "7")],
    )
    def test_without_an_end(self, entry: Any, name: str) -> None:
        boxes = split_by_time("groups.add", [entry], EVE)
        assert (boxes.valid, boxes.over) == ((name,), ())

    @pytest.mark.parametrize(
        "entry",
        [
            {},
            {"until": UNTIL},
            {"name": ""},
            {"name": None, "until": UNTIL},
            {"name": "Shop", "untill": UNTIL},
            {"name": "Shop", "until": UNTIL, "from": UNTIL},
            {"group": "Shop", "until": UNTIL},
        ],
    )
    def test_of_another_shape_are_refused(self, entry: Any) -> None:
        with pytest.raises(InvalidInput, match=r"groups\.add: an entry is a name, or a dictionary of name and until"):
            split_by_time("groups.add", ["Ops", entry], EVE)

    def test_a_datetime_is_as_good_as_a_text(self) -> None:
        """YAML makes one of an unquoted moment."""
        assert split_by_time("groups.add", [{"name": "Shop", "until": EVE}], EVE).over == ("Shop",)
        with pytest.raises(InvalidInput, match="no time zone"):
            split_by_time("groups.add", [{"name": "Shop", "until": EVE.replace(tzinfo=None)}], EVE)
        with pytest.raises(InvalidInput, match="no time zone"):
            split_by_time("groups.add", [{"name": "Shop", "until": EVE.date()}], EVE)


def planned(groups: dict[str, Any], now: datetime, *have: str, contract: str = "published") -> list[str]:
    """What happens to Ada's groups at a moment."""
    seen = snapshot(account([person(ADA, *have)], [team("Shop"), team("Ops")]), contract)
    wish = access(now, users=[{"email": ADA, "groups": groups}])
    return told(make_access_plan(wish, seen).changes)


BOX = {"name": "Shop", "until": UNTIL}
JOIN, LEAVE = f"add membership {ADA} in Shop", f"remove membership {ADA} in Shop"


@pytest.mark.parametrize("contract", CONTRACTS)
@pytest.mark.parametrize("part", ["add", "set"])
class TestPlans:
    """The same file before and after."""

    def test_before(self, contract: str, part: str) -> None:
        groups = {part: [BOX]}
        assert planned(groups, EVE - SECOND, contract=contract) == [JOIN]
        assert planned(groups, EVE - SECOND, "Shop", contract=contract) == []

    @pytest.mark.parametrize("later", [timedelta(), SECOND, timedelta(days=4000)])
    def test_after(self, contract: str, part: str, later: timedelta) -> None:
        groups = {part: [BOX]}
        assert planned(groups, EVE + later, "Shop", contract=contract) == [LEAVE]
        assert planned(groups, EVE + later, contract=contract) == []

    def test_others_stay(self, contract: str, part: str) -> None:
        groups = {part: ["Ops", BOX]}
        assert planned(groups, EVE, "Shop", "Ops", contract=contract) == [LEAVE]
        assert planned(groups, EVE - SECOND, "Ops", contract=contract) == [JOIN]


def test_set_leaves_only_within_its_bounds() -> None:
    groups = {"set": [BOX], "within": ["Op*"]}
    assert planned(groups, EVE, "Shop", "Ops") == [f"remove membership {ADA} in Ops"]


def test_time_for_some_and_not_for_others() -> None:
    later = {"name": "Ops", "until": "2026-12-24T18:00:01Z"}
    assert planned({"add": [BOX, later]}, EVE, "Shop") == [f"add membership {ADA} in Ops", LEAVE]


@pytest.mark.parametrize("now", [EVE, EVE - SECOND])
def test_in_and_out_is_refused(now: datetime) -> None:
    """Whether its time is up or not."""
    with pytest.raises(InvalidInput, match=r"in both add and remove|both in and out"):
        planned({"add": ["Shop", BOX], "remove": ["Shop"]}, now)


@pytest.mark.parametrize("groups", [{"add": [BOX | {"until": "soon"}]}, {"set": [BOX | {"until": "2026-12-24"}]}])
def test_wrong_moments_are_refused_with_the_options(groups: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match=r"groups\.(add|set) of Shop"):
        planned(groups, EVE)


def test_from_the_first_run_to_the_last(start: Start) -> None:
    """Join, stay, leave, stay away."""
    bench = start(account([person(ADA)], [team("Shop")]))
    options = {"users": [{"email": ADA, "groups": {"add": [BOX]}}]}
    for now, expected in ((EVE - SECOND, [JOIN]), (EVE - SECOND, []), (EVE, [LEAVE]), (EVE, [])):
        assert told(bench.run(access(now, **options)).applied) == expected


def test_purge_takes_over_whose_time_is_up() -> None:
    """Both want the same removal; it is planned once."""
    seen = snapshot(account([person(ADA, "Shop")], [team("Shop")]))
    options = {"purge": {"memberships": True}, "scope": {"groups": ["Shop"]}}
    for now, expected in ((EVE - SECOND, []), (EVE, [LEAVE])):
        wish = access(now, users=[{"email": ADA, "groups": {"add": [BOX]}}], **options)
        assert told(make_access_plan(wish, seen).changes) == expected
