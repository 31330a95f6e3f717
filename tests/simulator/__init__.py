# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Dynatrace account that lives in memory and answers like the account management API.

It speaks two contracts: "published" (users by e-mail, what a real account speaks) and "guide" (users by uid).
Start it with `python -m tests.simulator --help`, or in a test with `tests.simulator.server.serve`.
"""
