// Copyright (c) 2026, identityops contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Puts the page together.

import { byId, count, h } from "./dom.js";
import { Drawer } from "./drawer.js";
import { Findings } from "./findings.js";
import { Groups } from "./groups.js";
import { Matrix, legend, toolbar } from "./matrix.js";
import { readModel } from "./model.js";
import { fillPrint } from "./print.js";
import { drawSummary } from "./summary.js";
import { EVERYONE, ONLY, describe, select } from "./view.js";

const THEMES = { "": "Auto", light: "Light", dark: "Dark" };

class Page {
  constructor(model) {
    this.model = model;
    this.view = EVERYONE;
    this.drawer = new Drawer(model, (group) => this.showPeople({ group: group.index }));
    const open = (subject) => this.drawer.open(subject);
    this.matrix = new Matrix(model, {
      open: (person, column) => open(column === null ? person : { person, column }),
      sort: (key) => this.sortBy(key),
    });
    byId("toolbar").replaceChildren(...toolbar(model, ONLY, (part) => this.change(part)));
    byId("legend").replaceChildren(...legend());
    this.findings = new Findings(model, open);
    this.groups = new Groups(model, open);
    drawSummary(model, this.ways());
    this.change(null);
  }

  ways() {
    const to = (id) => { byId(id).scrollIntoView(); byId(id).focus({ preventScroll: true }); };
    return {
      findings: () => to("findings"),
      groups: () => to("groups"),
      people: (view) => this.showPeople(view),
    };
  }

  showPeople(view) {
    this.change({ ...EVERYONE, ...view });
    byId("people").scrollIntoView();
    byId("people").focus({ preventScroll: true });
  }

  /** Changes parts of the view; null resets it. */
  change(part) {
    this.view = part ? { ...this.view, ...part } : EVERYONE;
    this.shown = select(this.model, this.view);
    this.matrix.show(this.shown, this.view);
    for (const control of byId("toolbar").querySelectorAll("[name]")) {
      if (control.value !== this.view[control.name]) control.value = this.view[control.name];
    }
    this.drawCount();
    byId("nobody").hidden = this.shown.length > 0;
  }

  drawCount() {
    const group = this.model.groups[this.view.group]?.name;
    const number = `${this.shown.length.toLocaleString("en")} of ${count(this.model.people.length, "person", "people")}`;
    byId("count").textContent = group === undefined ? number : `${number}, in the group ${group}`;
  }

  sortBy(sort) {
    const again = this.view.sort === sort;
    const { at } = this.matrix;
    this.change({ sort, descending: again ? !this.view.descending : sort !== "name" });
    this.matrix.go(-1, at.column);
  }

  fillPrint() {
    fillPrint(this.model, this.shown, describe(this.model, this.view));
  }
}

function nextTheme() {
  const names = Object.keys(THEMES);
  const root = document.documentElement;
  const theme = names[(names.indexOf(root.dataset.theme ?? "") + 1) % names.length];
  root.dataset.theme = theme;
  byId("theme").textContent = `Theme: ${THEMES[theme]}`;
}

function start() {
  const page = new Page(readModel(JSON.parse(byId("review-data").textContent)));
  byId("theme").addEventListener("click", nextTheme);
  byId("print-page").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", () => page.fillPrint());
  matchMedia("print").addEventListener("change", (event) => { if (event.matches) page.fillPrint(); });
}

try {
  start();
} catch (error) {
  byId("main").replaceChildren(h("p", { class: "broken", role: "alert" }, `The data of this page could not be read: ${error.message}`));
  throw error;
}
