// Copyright (c) 2026, identityops contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// The findings, the worst first.

import { button, byId, h } from "./dom.js";

const FIRST = 10;
const MORE = 50;

async function copy(text, source) {
  const told = source.textContent;
  try {
    await navigator.clipboard.writeText(text);
    source.textContent = "Copied";
  } catch {
    // a page from a disk may not write the clipboard everywhere: then the text is at least marked
    window.getSelection().selectAllChildren(source.previousElementSibling);
    source.textContent = "Marked";
  }
  setTimeout(() => { source.textContent = told; }, 2000);
}

function subject({ kind, name, target }, open) {
  const label = `${kind.replaceAll("_", " ")}: ${name}`;
  return target ? button(label, () => open(target), { class: "chip" }) : h("span", { class: "chip plain" }, label);
}

function body(finding, open) {
  return h("div", { class: "body" },
    h("div", { class: "chips" }, finding.subjects.map((one) => subject(one, open))),
    h("p", {}, finding.evidence),
    finding.fix && [
      h("h4", {}, "A task that mends it"),
      h("div", { class: "fix" },
        h("pre", { tabindex: 0 }, h("code", {}, finding.fix)),
        button("Copy", (event) => copy(finding.fix, event.currentTarget), { class: "quiet" })),
    ].flat());
}

function entry(finding, open) {
  const details = h("details", { class: `finding ${finding.severity}` },
    h("summary", {},
      h("span", { class: `severity ${finding.severity}` }, finding.severity),
      h("span", { class: "title" }, finding.title),
      h("code", {}, finding.rule)));
  details.addEventListener("toggle", () => details.append(body(finding, open)), { once: true });
  return details;
}

/** Shows the findings of a severity, page by page. */
export class Findings {
  constructor(model, open) {
    this.model = model;
    this.open = open;
    this.severity = "";
    this.shown = FIRST;
    this.draw();
  }

  wanted() {
    return this.model.findings.filter(({ severity }) => !this.severity || severity === this.severity);
  }

  choice(severity, label) {
    const number = this.model.findings.filter((finding) => !severity || finding.severity === severity).length;
    const choose = () => this.choose(severity);
    const chosen = severity === this.severity;
    return button(`${label} ${number.toLocaleString("en")}`, choose, { class: "chip", "aria-pressed": String(chosen), "data-severity": severity });
  }

  choose(severity) {
    Object.assign(this, { severity, shown: FIRST });
    this.draw();
    byId("severities").querySelector(`[data-severity="${severity}"]`).focus();
  }

  draw() {
    const choices = [["", "All"], ["high", "High"], ["medium", "Medium"], ["low", "Low"]];
    byId("severities").replaceChildren(...choices.map(([severity, label]) => this.choice(severity, label)));
    const wanted = this.wanted();
    const list = wanted.slice(0, this.shown).map((finding) => entry(finding, this.open));
    byId("finding-list").replaceChildren(...(list.length ? list : [h("p", { class: "empty" }, "Nothing was found.")]));
    const rest = wanted.length - this.shown;
    if (rest > 0) byId("finding-list").append(this.moreButton(rest));
  }

  moreButton(rest) {
    const label = rest > MORE ? `Show ${MORE} of ${rest.toLocaleString("en")} more` : `Show the other ${rest}`;
    return button(label, () => this.more(), { class: "quiet" });
  }

  more() {
    const first = this.shown;
    this.shown += MORE;
    this.draw();
    byId("finding-list").children[first].querySelector("summary").focus();
  }
}
