// The way to a reflection: on one's own phone by the code, or here, in a page that needs the network
// and clears itself. What is written there is never part of a rating.

import { element } from "./element.js";

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 3;
const CHECK_MS = 4_000;
const HANDED_OVER = "sipas-reflect"; // the form takes it out at once

/** The code to scan, and the button to write here. */
export function reflect({ config, visit, say }) {
  const { address, qr } = config.reflect;
  return element(
    "section", { class: "screen reflect message", "data-screen": "reflect", "aria-labelledby": "heading" },
    element("h1", { id: "heading", tabindex: "-1" }, say("reflect_title")),
    visit.turned && element("p", { class: "helped" }, say("reflect_turned")),
    element("p", { class: "hint" }, say("reflect_hint")),
    element(
      "div", { class: "reflect-ways" },
      element("div", {}, drawn(qr), element("p", { class: "hint" }, say("reflect_scan")),
        element("p", { class: "reflect-address" }, address.replace(/^https?:\/\//, ""))),
      element("div", {},
        element("button", { type: "button", class: "send", "data-write-here": true }, say("reflect_here")),
        element("p", { class: "hint" }, say("reflect_network"))),
    ),
    element("button", { type: "button", class: "plain quiet", "data-leave-code": true }, say("code_back")),
  );
}

/** Offered under the comment: the comment alone would get no answer. */
export const offer = ({ visit, say }) => element(
  "button",
  { type: "button", class: "turn", "data-turn": true, "aria-pressed": String(visit.turns) },
  element("span", {}, say("turn_offer")), element("span", { class: "hint" }, say("turn_hint")),
);

export const wayIn = ({ config, say }) => config.reflect && element(
  "button", { type: "button", class: "have-code way-in", "data-reflect": true }, say("reflect_title"),
);

/** Whether the form can be had now; a kiosk that has left its page offline would show nothing. */
export async function isReachable() {
  try {
    const options = { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(CHECK_MS) };
    return (await fetch("/reflect", options)).ok;
  } catch {
    return false;
  }
}

/** Leave the kiosk's page for the form; a comment goes along in this browser alone. */
export function openForm({ agency }, visit) {
  if (visit.turned) sessionStorage.setItem(HANDED_OVER, JSON.stringify({ text: visit.turned }));
  else sessionStorage.removeItem(HANDED_OVER);
  const page = visit.turned ? "/reflect/from-comment" : "/reflect";
  const query = new URLSearchParams({ agency, channel: "kiosk", lang: visit.language });
  location.replace(`${page}?${query}`);
}

function drawn(rows) {
  const size = rows.length + 2 * QUIET;
  const svg = document.createElementNS(SVG, "svg");
  const marks = [...rows].flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map(({ 0: run, index: x }) =>
      `M${x + QUIET} ${y + QUIET}h${run.length}v1h-${run.length}z`));
  const attributes = { class: "reflect-code", viewBox: `0 0 ${size} ${size}`, "aria-hidden": "true", "shape-rendering": "crispEdges" };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  for (const [fill, d] of [["#fff", `M0 0h${size}v${size}h-${size}z`], ["#000", marks.join("")]]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("fill", fill);
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}
