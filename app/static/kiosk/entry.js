// The screen for the code of a receipt: large keys, and a field that keyboards and scanners reach.

import { grouped, LENGTH, plain, SIGNS } from "./code.js";
import { element } from "./element.js";

const field = () => document.getElementById("receipt");

export function code({ visit, say }) {
  const fault = visit.fault && (visit.fault.text ?? say(visit.fault.key, visit.fault.values));
  const input = element("input", {
    id: "receipt", name: "receipt", inputmode: "none", autocomplete: "off", autocapitalize: "characters",
    spellcheck: "false", "aria-describedby": "receipt-hint receipt-fault", "aria-invalid": fault ? "true" : null,
  });
  input.value = visit.code;
  return element(
    "section", { class: "screen entry", "data-screen": "code", "aria-labelledby": "heading" },
    element("h1", { id: "heading", tabindex: "-1" }, say("code_title")),
    element("p", { class: "hint", id: "receipt-hint" }, say("code_hint")),
    element(
      "form", { class: "receipt", novalidate: true },
      element("label", { for: "receipt" }, say("code_label")),
      input,
      element("p", { class: "failure", id: "receipt-fault", role: "alert", hidden: !fault }, fault),
      element("p", { class: "hint count", id: "receipt-count", role: "status" }, counted(visit, say)),
      element("div", { class: "keypad", role: "group", "aria-label": say("code_keys") }, keys(say)),
      element(
        "div", { class: "entry-actions" },
        element("button", { type: "button", class: "plain quiet", "data-leave-code": true }, say("code_back")),
        element("button", { type: "submit", class: "send" }, say("code_next")),
      ),
    ),
  );
}

function keys(say) {
  const signs = [...SIGNS].map((sign) => element("button", { type: "button", "data-sign": sign }, sign));
  const erase = element("button", { type: "button", class: "erase", "data-erase": true }, say("code_erase"));
  return [...signs, erase];
}

const counted = ({ code: typed }, say) => say("code_count", { count: plain(typed).length, length: LENGTH });

/** Put a sign at the end, or take the last one away with "". */
export function press(sign, visit, say) {
  const signs = plain(visit.code);
  visit.code = grouped(sign ? (signs + sign).slice(0, LENGTH) : signs.slice(0, -1));
  field().value = visit.code;
  tell(visit, say);
}

/** Somebody typed in the field itself. */
export function typed(visit, say) {
  visit.code = field().value;
  tell(visit, say);
}

function tell(visit, say) {
  visit.fault = null;
  document.getElementById("receipt-count").textContent = counted(visit, say);
  document.getElementById("receipt-fault").hidden = true;
  field().removeAttribute("aria-invalid");
}

/** What is typed while the focus is on a key belongs into the field. */
export function catchTyping(event) {
  if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target !== field()) focusField();
}

export function focusField() {
  const input = field();
  input?.focus({ preventScroll: true });
  input?.setSelectionRange(input.value.length, input.value.length);
}
