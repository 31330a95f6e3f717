// Copyright (c) 2026, identityops contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// What is printed: the matrix does not fit on paper, a list does.

import { byId, count, day, h } from "./dom.js";
import { isLimited } from "./model.js";

function table(headings, rows) {
  return h("table", {},
    h("thead", {}, h("tr", {}, headings.map((heading) => h("th", { scope: "col" }, heading)))),
    h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell) => h("td", {}, cell))))));
}

function access(model, person) {
  const at = (level) => model.columns.filter((place, index) => person.cells[index].level === level).map(({ label }) => label);
  const parts = [["unlimited", at("full")], ["limited", at("limited")]].filter(([, places]) => places.length);
  return parts.length ? parts.map(([word, places]) => h("div", {}, h("em", {}, `${word}: `), places.join(", "))) : "none";
}

function personRow(model, person) {
  return [
    [h("strong", {}, person.label), h("br"), person.email], person.status, day(person.last_login),
    person.groups.map((group) => group.name).join("; "), access(model, person),
  ];
}

function grantText(model, grant) {
  const where = grant.environment === null ? "account" : model.columns[grant.environment + 1].label;
  const limits = [
    grant.zones.length && `zones: ${grant.zones.join(", ")}`,
    grant.boundaries.length && `boundaries: ${grant.boundaries.join(", ")}`,
    grant.conditional && "under conditions",
    grant.since && `since ${day(grant.since)}`,
  ].filter(Boolean);
  const policy = grant.policy && grant.policy !== grant.what ? ` by ${grant.policy}` : "";
  return `${grant.what}${policy} (${grant.mechanism}) at ${where}${isLimited(grant) ? ", limited" : ""}${limits.length ? `; ${limits.join("; ")}` : ""}`;
}

function groupRow(model, group) {
  return [
    [h("strong", {}, group.name), h("br"), group.owner], String(group.members.length),
    group.grants.length ? h("ul", {}, group.grants.map((grant) => h("li", {}, grantText(model, grant)))) : "none",
  ];
}

function findingPart(finding) {
  const subjects = finding.subjects.map(({ kind, name }) => `${kind}: ${name}`).join("; ");
  return h("li", {}, h("strong", {}, `${finding.severity}: ${finding.title}`), ` [${finding.rule}] ${subjects}`,
    h("p", {}, finding.evidence), finding.fix && h("pre", {}, finding.fix));
}

/** Fills the part that only a print shows: findings, the people of the view, groups. */
export function fillPrint(model, people, view) {
  byId("print").replaceChildren(
    h("h2", {}, count(model.findings.length, "finding")),
    h("ol", {}, model.findings.map(findingPart)),
    h("h2", {}, `${people.length.toLocaleString("en")} of ${count(model.people.length, "person", "people")}${view ? ` (${view})` : ""}`),
    table(["Person", "Status", "Last sign-in", "Groups", "Access"], people.map((person) => personRow(model, person))),
    h("h2", {}, count(model.groups.length, "group")),
    table(["Group", "Members", "Grants"], model.groups.map((group) => groupRow(model, group))));
}
