# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# /// script
# dependencies = ["nox==2026.10.20", "antsibull-nox==1.10.0"]
# ///

"""Sessions of antsibull-nox, as antsibull-nox.toml says. `make bars` runs them; `nox` does as well."""

import sys

import antsibull_nox
import nox

antsibull_nox.load_antsibull_nox_toml()

if __name__ == "__main__":
    sys.exit(nox.main())
