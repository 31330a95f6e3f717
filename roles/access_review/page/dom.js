// Copyright (c) 2026, identityops contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Elements. Whatever comes from the account becomes a text node or an attribute, never markup.

const SVG = "http://www.w3.org/2000/svg";

function setProperty(element, name, value) {
  if (name === "on") {
    for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
  } else if (value !== null && value !== undefined && value !== false) {
    element.setAttribute(name, value === true ? "" : value);
  }
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) setProperty(element, name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An HTML element; properties are attributes, `on` holds listeners by event. */
export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** An SVG element. */
export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

export function byId(id) {
  return document.getElementById(id);
}

export function button(label, click, properties = {}) {
  return h("button", { type: "button", on: { click }, ...properties }, label);
}

export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** A moment in UTC, to the minute; what is no moment stays as it is. */
export function minute(moment) {
  const at = new Date(moment);
  return Number.isNaN(at.getTime()) ? moment : at.toISOString().slice(0, 16).replace("T", " ");
}

export function day(moment) {
  return moment ? minute(moment).slice(0, 10) : "none recorded";
}
