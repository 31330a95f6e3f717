# Copyright (c) 2026, identityops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the page of the access review together: skeleton, style and script become one template.

    python -m tests.tools.page

The role renders the template; its data is the one expression in it. Needs no network and no Node.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys

from tests.tools.tree import ROOT

SOURCES = ROOT / "roles/access_review/page"
TEMPLATE = ROOT / "roles/access_review/templates/review.html.j2"
# Each comes after what it imports.
SCRIPTS = ("dom", "model", "view", "matrix", "graph", "drawer", "findings", "summary", "groups", "print", "main")
IMPORT = re.compile(r'^import \{ ([^}]*) \} from "\./(\w+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?:class|const|function) (\w+)", re.MULTILINE)
HEADER = re.compile(r"\A(?://[^\n]*\n)+\n|\A/\*.*?\*/\n+", re.DOTALL)

# JSON may hold each of these escaped; escaped, none of them can end the script element or a line.
ESCAPED = ("<", ">", "&", "\u2028", "\u2029")
DATA = "review_data | to_json" + "".join(rf" | replace('\u{ord(sign):04x}', '\\u{ord(sign):04x}')" for sign in ESCAPED)


class BrokenPage(Exception):
    """The sources do not fit together."""


def _read(name: str) -> str:
    return HEADER.sub("", (SOURCES / name).read_text(encoding="utf-8"))


def script(names: tuple[str, ...] = SCRIPTS) -> str:
    """The modules as one script, each in a scope of its own: what it exports becomes an object that others unpack."""
    exported: dict[str, list[str]] = {}
    parts = []
    for name in names:
        text = _read(f"{name}.js")
        for imported, source in IMPORT.findall(text):
            if missing := set(imported.split(", ")) - set(exported.get(source, ())):
                raise BrokenPage(f"{name}.js imports {', '.join(sorted(missing))}, which {source}.js doesn't export")
        exported[name] = EXPORT.findall(text)
        body = re.sub(r"^export ", "", IMPORT.sub(r"const { \1 } = $\2;\n", text), flags=re.MULTILINE).strip()
        parts.append(f"const ${name} = (() => {{\n{body}\nreturn {{ {', '.join(exported[name])} }};\n}})();\n")
    return "\n" + "\n".join(parts)


def source_hash(text: str) -> str:
    """How a Content-Security-Policy names a script or a style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy(style: str, code: str) -> str:
    """Nothing is loaded and nothing runs but these two; no string becomes markup or code."""
    rules = [
        "default-src 'none'",
        f"script-src {source_hash(code)}",
        f"style-src {source_hash(style)}",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
    return "; ".join(rules)


def template() -> str:
    """The template that the role renders."""
    style, code = "\n" + _read("review.css"), script()
    if "endraw" in style + code or "</" in code:
        raise BrokenPage("endraw or </ in the sources would end what they stand in")
    skeleton = (SOURCES / "review.html").read_text(encoding="utf-8")
    parts = {"POLICY": policy(style, code), "STYLE": style, "SCRIPT": code}
    static = re.sub("%(POLICY|STYLE|SCRIPT)%", lambda match: parts[match[1]], skeleton)
    before, after = static.split("%DATA%")
    return f"{{% raw %}}{before}{{% endraw %}}{{{{ {DATA} }}}}{{% raw %}}{after}{{% endraw %}}"


def main() -> int:
    """The command line."""
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_text(template(), encoding="utf-8")
    print(f"{TEMPLATE.relative_to(ROOT)}: {TEMPLATE.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
