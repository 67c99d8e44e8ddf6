// Enrolment: the office's one-time code makes this browser the kiosk of a counter. Afterwards the
// page says how the device is, for whoever looks after it.

import * as clock from "./clock.js";
import { fetchConfig, keptConfig } from "./config.js";
import { canSign, currentDevice, enrol, EnrolmentError } from "./device.js";
import { element } from "./element.js";
import { Sender } from "./sender.js";
import { queue, readAll, usage } from "./store.js";
import { shippedLanguages, speaker } from "./texts.js";
import { keepPage } from "./update.js";

const NAMES = { vi: "Tiếng Việt", en: "English" };
const CODE_LENGTH = 8;
const MEGABYTE = 1_048_576;

const main = document.querySelector("main");
const controls = document.getElementById("controls");
const version = document.documentElement.dataset.version;

let language = "vi";
let say = speaker(language);
let typed = codeOfAddress();
let redraw = () => {};

/** The code that came as #CODE of a QR; it does not stay in the address. */
function codeOfAddress() {
  const code = decodeURIComponent(location.hash.slice(1));
  if (code) history.replaceState(null, "", location.pathname);
  return code;
}

const plain = (code) => code.toUpperCase().replace(/[^A-Z0-9]/g, "");

function grouped(code) {
  return plain(code).slice(0, CODE_LENGTH).replace(/^(.{4})(.)/, "$1-$2");
}

function show(...children) {
  document.documentElement.lang = language;
  document.title = say("enrol_title");
  main.replaceChildren(element("section", { class: "screen enrol", "aria-labelledby": "heading" }, children));
  controls.replaceChildren(languageButtons());
}

function languageButtons() {
  const buttons = shippedLanguages.map((code) =>
    element("button", {
      type: "button", lang: code, "aria-pressed": String(code === language),
      click: () => {
        language = code;
        say = speaker(code);
        redraw();
      },
    }, NAMES[code] ?? code),
  );
  return element("div", { class: "group languages", role: "group", "aria-label": say("languages") }, buttons);
}

const heading = (text) => element("h1", { id: "heading", tabindex: "-1" }, text);
const paragraph = (text, attributes = { class: "hint" }) => element("p", attributes, text);

// ---- before

function showForm(problem = "") {
  redraw = () => showForm(problem);
  const field = element("input", {
    id: "code", name: "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
    inputmode: "text", maxlength: String(CODE_LENGTH + 3), "aria-describedby": "code-hint problem",
    "aria-invalid": problem ? "true" : null,
  });
  field.value = grouped(typed);
  field.addEventListener("input", () => {
    typed = field.value;
    field.value = grouped(typed);
  });
  const form = element(
    "form", { class: "code", submit: (event) => submit(event, field) },
    element("label", { for: "code" }, say("enrol_code")),
    element("p", { class: "hint", id: "code-hint" }, say("enrol_code_hint")),
    element("p", { class: "failure", id: "problem", role: "alert", hidden: !problem }, problem),
    field,
    element("button", { type: "submit", class: "send" }, say("enrol_send")),
  );
  show(heading(say("enrol_title")), paragraph(say("enrol_hint")), form);
  (grouped(typed) && !problem ? form.querySelector("button") : field).focus();
}

async function submit(event, field) {
  event.preventDefault();
  const code = plain(field.value);
  if (code.length !== CODE_LENGTH) {
    showForm(say("enrol_short", { length: CODE_LENGTH }));
    return;
  }
  event.submitter?.setAttribute("disabled", "");
  try {
    await navigator.storage?.persist?.();
    const device = await enrol(code);
    await fetchConfig(device).catch(() => null);
    location.replace("/kiosk");
  } catch (error) {
    const told = error instanceof EnrolmentError ? error.message : "";
    showForm(told || say(navigator.onLine ? "enrol_failed" : "enrol_offline"));
  }
}

// ---- after

async function showDevice(device) {
  redraw = () => showDevice(device);
  const refused = await readAll("refused");
  const space = await usage();
  const facts = [
    ["enrol_counter", `${device.counter_name} (${device.counter})`],
    ["enrol_agency", device.agency_name],
    ["enrol_state", say(device.revoked ? "out_title" : "enrol_in_service")],
    ["enrol_queue", String(await queue())],
    ["enrol_refused", String(refused.length)],
    ["enrol_offset", offsetText()],
    ["enrol_space", say("enrol_space_text", {
      used: (space.usage / MEGABYTE).toFixed(1), quota: Math.round(space.quota / MEGABYTE),
    })],
    ["enrol_persisted", say(space.persisted ? "yes" : "no")],
    ["enrol_device", device.id],
    ["enrol_version", version],
  ];
  show(
    heading(say("enrol_done")),
    element("p", { class: "actions" }, element("a", { class: "send", href: "/kiosk" }, say("enrol_open"))),
    element("dl", { class: "facts" }, facts.map(([key, value]) =>
      element("div", {}, element("dt", {}, say(key)), element("dd", {}, value)))),
    refused.length ? refusedTable(refused) : null,
    element("p", { class: "actions" }, element(
      "button", { type: "button", class: "plain quiet", click: () => showForm() }, say("enrol_again"))),
    paragraph(say("enrol_again_hint")),
  );
}

function offsetText() {
  if (!clock.confirmed()) return say("enrol_offset_unknown");
  return say("enrol_offset_text", { seconds: Math.round(-clock.knownOffset() / 1000) });
}

/** What the server would not take is not thrown away: somebody has to look at it. */
function refusedTable(refused) {
  console.table(refused.map(({ number, id, code, message }) => ({ number, id, code, message })));
  return element("div", {},
    element("h2", {}, say("enrol_refused")),
    element("ul", { class: "refused" }, refused.slice(-50).map(({ number, code, message }) =>
      element("li", {}, `${number}: ${message || code}`))));
}

async function start() {
  keepPage().catch(() => {});
  if (!canSign()) {
    redraw = () => show(heading(say("enrol_title")), paragraph(say("enrol_insecure")));
    redraw();
    return;
  }
  const device = await currentDevice();
  if (!device || typed) {
    showForm();
    return;
  }
  await showDevice(device);
  const sender = new Sender(device, version);
  sender.configVersion = (await keptConfig(device))?.version ?? "";
  await sender.flush();
  await sender.beat();
  await showDevice((await currentDevice()) ?? device);
}

start();
