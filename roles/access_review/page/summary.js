// Copyright (c) 2026, identityops contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// The figures at the top, and how many people reach which environment.

import { byId, count, h, minute } from "./dom.js";
import { hasAccess, isStale } from "./model.js";

function figure(number, label, detail, more = {}) {
  const { click, tone } = more;
  const parts = [h("strong", {}, number.toLocaleString("en")), h("span", {}, label), detail && h("small", {}, detail)];
  const look = `figure ${number > 0 && tone ? tone : ""}`;
  return h("li", {}, click
    ? h("button", { type: "button", class: look, on: { click } }, parts)
    : h("div", { class: look }, parts));
}

function figures(model, show) {
  const users = model.people.filter((person) => person.kind === "user");
  const services = model.people.length - users.length;
  const places = model.columns.slice(1);
  const idle = places.filter((place) => !place.active).length;
  const severe = model.findings.filter((finding) => finding.severity === "high").length;
  const without = model.people.filter((person) => !hasAccess(person)).length;
  const stale = model.people.filter((person) => isStale(model, person)).length;
  const empty = model.groups.filter((group) => group.members.length === 0).length;
  return [
    figure(model.findings.length, "findings", `${severe} high`, { tone: severe ? "bad" : "warn", click: show.findings }),
    figure(users.length, "users", null, { click: () => show.people({ kind: "user" }) }),
    figure(services, "service users", null, { click: () => show.people({ kind: "service_user" }) }),
    figure(model.groups.length, "groups", empty ? `${empty} without members` : null, { click: show.groups }),
    figure(places.length, "environments", idle ? `${idle} inactive` : null),
    figure(without, "without any access", null, { click: () => show.people({ only: "nothing" }) }),
    figure(stale, "not seen lately", `no sign-in for ${model.dormantDays} days`, { tone: "warn", click: () => show.people({ only: "stale" }) }),
  ];
}

function bar(model, place, index, show) {
  const levels = ["full", "limited"].map((level) => model.people.filter((person) => person.cells[index].level === level).length);
  const [full, limited] = levels;
  const parts = ["full", "limited"].map((level, at) => {
    const part = h("i", { class: level });
    part.style.width = `${(100 * levels[at]) / Math.max(model.people.length, 1)}%`;
    return part;
  });
  const said = `${place.label}: ${count(full + limited, "person has", "people have")} access, ${limited} of them limited`;
  return h("li", {}, h("button", {
    type: "button", class: place.active ? "reach" : "reach inactive", title: said, "aria-label": said,
    on: { click: () => show.people({ column: String(index) }) },
  }, h("span", { class: "where" }, place.label), h("span", { class: "bar" }, parts), h("b", {}, (full + limited).toLocaleString("en"))));
}

/** Fills the figures; show.people(view), show.findings() and show.groups() lead on from them. */
export function drawSummary(model, show) {
  const name = model.account.name || model.account.id;
  document.title = `Access review: ${name}`;
  byId("account").textContent = name;
  const version = model.version ? [`identityops.dynatrace ${model.version}`] : [];
  byId("read-at").textContent = [model.account.id, `read ${minute(model.readAt)} UTC`, ...version].join(" \u00B7 ");
  byId("figures").replaceChildren(...figures(model, show));
  byId("reach").replaceChildren(...model.columns.map((place, index) => bar(model, place, index, show)));
}
