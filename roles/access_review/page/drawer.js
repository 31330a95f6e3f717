// Copyright (c) 2026, identityops contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// The drawer: why somebody has access, everything of a person, everything of a group.

import { button, byId, count, day, h } from "./dom.js";
import { drawGraph, graphOfGroup, graphOfPerson, isCrowded } from "./graph.js";
import { isLimited, reasons } from "./model.js";

const MOST_CHIPS = 60;

/** A list of names and what they say; without those that say nothing. */
function facts(entries) {
  const told = entries.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl", { class: "facts" }, told.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

function chips(targets, open) {
  const shown = targets.slice(0, MOST_CHIPS).map((target) =>
    button(target.label ?? target.name, () => open(target), { class: "chip" }));
  const rest = targets.length - MOST_CHIPS;
  return h("div", { class: "chips" }, shown, rest > 0 && h("span", { class: "more" }, `and ${count(rest, "more", "more")}`));
}

function limitsOf(grant) {
  return [
    ["Zones", grant.zones.join(", ")],
    ["Boundaries", grant.boundaries.join(", ")],
    ["Condition", grant.conditional ? "only under conditions that the policy states" : ""],
  ];
}

function placeOf(model, grant) {
  if (grant.environment !== null) return model.columns[grant.environment + 1].label;
  return grant.mechanism === "role" ? "the account" : "the account, so every environment";
}

function reason(model, group, grant, open) {
  const limited = isLimited(grant);
  return h("li", { class: limited ? "reason limited" : "reason" },
    h("h4", {}, grant.what, " ", h("span", { class: limited ? "badge limited" : "badge full" }, limited ? "limited" : "unlimited")),
    facts([
      ["Through group", group && h("span", {}, button(group.name, () => open(group), { class: "chip" }), ` ${group.owner}`)],
      [grant.mechanism === "policy" ? "Policy" : "Permission", grant.policy ?? grant.what],
      ["Given at", placeOf(model, grant)],
      ...limitsOf(grant),
      ["Since", grant.since ? day(grant.since) : "not recorded"],
    ]));
}

function findingsPart(findings) {
  if (findings.length === 0) return null;
  return [
    h("h3", {}, count(findings.length, "finding")),
    h("ul", { class: "brief" }, findings.map((finding) =>
      h("li", {}, h("span", { class: `severity ${finding.severity}` }, finding.severity), " ", finding.title))),
  ];
}

function picture(graph, label, open) {
  return h("figure", {},
    h("div", { class: "picture", tabindex: 0, role: "region", "aria-label": label }, drawGraph(graph, label, open)),
    h("figcaption", {}, "A dashed line is limited. Point at a box to see the ways through it."));
}

function personPicture(model, person, open) {
  const label = `Access of ${person.label}`;
  const draw = (bundled) => picture(graphOfPerson(model, person, { bundled }), label, open);
  if (!isCrowded(person)) return draw(false);
  const box = h("div", {}, draw(true));
  const choose = (event) => {
    const bundled = event.currentTarget.getAttribute("aria-pressed") === "true";
    event.currentTarget.setAttribute("aria-pressed", String(!bundled));
    box.replaceChildren(draw(bundled));
  };
  const every = button("Every permission", choose, { class: "chip", "aria-pressed": "false" });
  return [h("div", { class: "picture-bar" }, "What a group gives is drawn as one.", every), box];
}

function cellView(model, { person, column }, open) {
  const place = model.columns[column].label;
  const found = reasons(person, column);
  const title = `${person.label} in ${place}`;
  if (found.length === 0) {
    return { title, parts: [h("p", {}, `No group gives ${person.label} anything in ${place}.`), chips([person], open)] };
  }
  return {
    title,
    parts: [
      h("p", {}, `${count(found.length, "grant")}. `, button(`Everything of ${person.label}`, () => open(person), { class: "chip" })),
      h("ol", { class: "reasons" }, found.map(({ group, grant }) => reason(model, group, grant, open))),
      h("h3", {}, "Where it comes from"),
      picture(graphOfPerson(model, person, { column }), `Access of ${title}`, open),
    ],
  };
}

function personView(model, person, open) {
  return {
    title: person.label,
    parts: [
      facts([
        ["Mail", person.email],
        ["Kind", person.kind === "service_user" ? "service user" : "user"],
        ["Status", person.status],
        ["Last sign-in", day(person.last_login)],
        ["Tokens", person.tokens === null ? "not read" : String(person.tokens)],
        ["Environments", String(person.reach)],
      ]),
      findingsPart(person.findings),
      h("h3", {}, count(person.groups.length, "group")),
      chips(person.groups, open),
      h("h3", {}, "Where the access comes from"),
      personPicture(model, person, open),
    ],
  };
}

function groupView(model, group, open, showMembers) {
  return {
    title: group.name,
    parts: [
      facts([["Kind", "group"], ["Managed by", group.owner], ["Description", group.description]]),
      findingsPart(group.findings),
      h("h3", {}, count(group.members.length, "member")),
      chips(group.members, open),
      group.members.length > 0 && button("Show the members in the matrix", () => showMembers(group), { class: "quiet" }),
      h("h3", {}, "What it gives"),
      picture(graphOfGroup(model, group), `Access of the group ${group.name}`, open),
      h("ol", { class: "reasons" }, group.grants.map((grant) => reason(model, null, grant, open))),
    ],
  };
}

/** Opens people, groups and cells ({person, column}) one after the other; Back leads through them. */
export class Drawer {
  constructor(model, showMembers) {
    this.model = model;
    this.trail = [];
    this.box = byId("drawer");
    this.showMembers = (group) => { this.box.close(); showMembers(group); };
    this.back = byId("drawer-back");
    this.back.addEventListener("click", () => { this.trail.pop(); this.draw(); });
    byId("drawer-close").addEventListener("click", () => this.box.close());
    this.box.addEventListener("close", () => { this.trail = []; });
    this.box.addEventListener("click", (event) => { if (event.target === this.box) this.box.close(); });
  }

  open(subject) {
    this.trail.push(subject);
    if (!this.box.open) this.box.showModal();
    this.draw();
  }

  view(subject) {
    const open = (target) => this.open(target);
    if (subject.person) return cellView(this.model, subject, open);
    if (subject.type === "person") return personView(this.model, subject, open);
    return groupView(this.model, subject, open, this.showMembers);
  }

  draw() {
    const { title, parts } = this.view(this.trail.at(-1));
    const heading = byId("drawer-title");
    heading.textContent = title;
    this.back.hidden = this.trail.length < 2;
    byId("drawer-content").replaceChildren(...parts.flat(2).filter(Boolean));
    byId("drawer-content").scrollTop = 0;
    heading.focus();
  }
}
