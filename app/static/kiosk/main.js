// The kiosk. A tap is signed, numbered and on the disk before anybody is thanked; the sender brings
// it to the server when there is one.

import { bar } from "./bar.js";
import * as clock from "./clock.js";
import { read as readCode } from "./code.js";
import { fetchConfig, keptConfig } from "./config.js";
import { canSign, currentDevice, recordEvent } from "./device.js";
import { catchTyping, focusField, press, typed } from "./entry.js";
import { dayName, isClosed, localMoment, nextOpening } from "./hours.js";
import { listenToKeys } from "./keyboard.js";
import * as prompts from "./prompts.js";
import { isReachable, openForm } from "./reflect.js";
import { checkRight } from "./rights.js";
import { isAlone, listenToScanner } from "./scanner.js";
import * as screens from "./screens.js";
import { Sender } from "./sender.js";
import { forgetRefused, hasRoom, noted } from "./store.js";
import { reader, speaker } from "./texts.js";
import { keepPage, takeOver } from "./update.js";
import { Visit } from "./visit.js";

const GUARD_MS = 400; // a nervous second tap must not press what has come under the finger
const GOODBYE_MS = 3_000;
const TICK_MS = 250;
const REST_MS = 5_000;
const ROOM_MS = 5_000;
const REFUSED_MS = 30 * 86_400_000;
const OPTIONAL = new Set(["ask", "code", "helper", "more", "reflect"]);
const COUNTS_DOWN = new Set(["code", "helper", "reflect"]);
const FAULTS = {
  "already rated": "code_rated", expired: "code_expired", "unknown right": "code_unknown",
  "not finished": "code_unfinished",
};
const AT_REST = new Set(["full", "out", "asleep", "waiting"]);

const version = document.documentElement.dataset.version;
const place = document.getElementById("place");
const main = document.querySelector("main");
const controls = document.getElementById("controls");
const countdown = document.getElementById("countdown");
const said = document.getElementById("said");

let device = null;
let sender = null;
let config = null;
let nextConfig = null;
let visit = new Visit("vi");
let shown = "";
let busy = false;
let full = false;
let awake = false; // somebody woke a kiosk whose clock nobody has confirmed
let lastTouch = -Infinity;
let lastTap = -Infinity;
let lastTry = 0;
let unguarded = 0;

// ---- showing

function view(more = {}) {
  const say = speaker(visit.language, config);
  const read = config && reader(visit.language, config);
  return { config, visit, say, read, ...more };
}

function show(name, { more = {}, focus = true } = {}) {
  const changed = name !== shown;
  shown = name;
  const current = view(more);
  setDocument(current);
  main.replaceChildren(screens[name](current));
  controls.replaceChildren(...(config ? bar(current, name) : []));
  countdown.hidden = name !== "more";
  if (!changed) return;
  unguarded = clock.tick() + GUARD_MS;
  said.textContent = "";
  prompts.stop();
  scrollTo(0, 0);
  if (focus) document.getElementById("heading")?.focus({ preventScroll: true });
}

function setDocument({ say }) {
  document.documentElement.lang = visit.language;
  document.body.dataset.screen = shown;
  for (const tool of ["large", "contrast", "seated"]) {
    document.documentElement.classList.toggle(tool, visit.tools.has(tool));
  }
  const counter = config?.counter.name ?? device?.counter_name ?? "";
  const agency = config?.agency.name ?? device?.agency_name ?? "";
  const lines = counter.includes(agency) ? [counter] : [agency, counter];
  place.replaceChildren(...lines.filter(Boolean).map((line) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = line;
    return paragraph;
  }));
  document.title = [say("title"), ...lines.slice(-1)].filter(Boolean).join(" · ");
}

/** The screen for whoever comes next. */
function startOver() {
  if (nextConfig) [config, nextConfig] = [nextConfig, null];
  visit = new Visit(config?.default_language ?? "vi");
  lastTouch = -Infinity;
  shown = "";
  show(restingScreen() ?? "ask", { more: { opening: opening() } });
}

/** Which screen stands there when nobody can rate, if any. */
function restingScreen() {
  if (device.revoked) return "out";
  if (full) return "full";
  if (!config) return "waiting";
  // A clock that the server has not confirmed must not keep people out in office hours.
  if (isClosed(config, clock.now()) && !(awake && !clock.confirmed())) return "asleep";
  return null;
}

function opening() {
  const found = config && nextOpening(config, clock.now());
  if (!found) return null;
  const today = localMoment(clock.now(), config.timezone).day;
  const say = speaker(visit.language, config);
  const day = found.day === today ? say("today") : dayName(found.day, visit.language);
  return { time: found.time, day };
}

// ---- a person's steps

async function tap(button, touchedAt) {
  const rest = lastTap + config.repeat_seconds * 1000 - clock.tick();
  if (rest > 0) {
    announce("again", { seconds: Math.ceil(rest / 1000) });
    return;
  }
  button.classList.add("chosen");
  const id = crypto.randomUUID();
  const [overall] = config.questionnaire.questions.overall;
  const answers = { [overall.name]: Number(button.dataset.code) };
  if (!(await keep("tap", id, answers, visit.right))) {
    visit = new Visit(config.default_language);
    show("full");
    return;
  }
  visit.rating = id;
  lastTap = clock.tick();
  show("more");
  performance.measure("tap to thanks", { start: touchedAt, end: performance.now() });
}

/** Put an event on the disk; whether that worked. */
async function keep(kind, id, answers, right = null) {
  const { key } = config.questionnaire;
  try {
    const content = { id, kind, questionnaire: key, answers, assisted: visit.assisted };
    await recordEvent(device, content, right);
  } catch (error) {
    console.warn(`A ${kind} could not be kept: ${error.name}`);
    setFull(true);
    return false;
  }
  setTimeout(() => sender.nudge()); // the thank-you comes first
  return true;
}

/** End the visit: what was tapped is kept, what was typed only if it is sent. */
async function finish({ withText }) {
  const answers = visit.details({ withText });
  const kept = !Object.keys(answers).length || (await keep("details", visit.rating, answers));
  if (withText || !kept) {
    show("done", { more: { problem: !kept } });
    await new Promise((resolve) => setTimeout(resolve, GOODBYE_MS));
  }
  startOver();
}

function end(how) {
  const goes = how === "reflect" || (how === "with" && visit.turns && visit.comment);
  return goes ? goOn() : finish({ withText: how === "with" });
}

/** End the visit and go on to a reflection; a comment goes along when that was wished. */
async function goOn() {
  const turned = visit.turns ? visit.comment : "";
  if (turned && !(await isReachable())) {
    announce("reflect_offline");
    return;
  }
  const answers = visit.details({ withText: !turned });
  if (Object.keys(answers).length && !(await keep("details", visit.rating, answers))) {
    show("done", { more: { problem: true } });
    return;
  }
  const { language, tools } = visit;
  visit = Object.assign(new Visit(config.default_language), { language, tools, turned });
  show("reflect");
}

async function writeHere() {
  if (await isReachable()) openForm(config.reflect, visit);
  else announce("reflect_offline");
}

/** Take a code or a scanned link; one that opens nothing is told before the faces. */
async function useCode(entered) {
  const mine = visit;
  const found = readCode(entered);
  mine.fault = found.fault ? { key: found.fault, values: found.values } : null;
  if (!mine.fault) {
    announce("code_checking");
    try {
      mine.right = await checkRight(found);
    } catch (error) {
      const key = FAULTS[error.code];
      mine.fault = key ? { key } : { text: error.message };
    }
  }
  if (visit !== mine) return;
  touched();
  if (!mine.fault) mine.code = "";
  if (mine.fault) askForCode();
  else show("ask");
}

function askForCode() {
  show("code", { focus: false });
  focusField();
}

function scanned(text) {
  if (shown === "ask" || shown === "code") once(() => useCode(text));
}

/** One step at a time; what is touched meanwhile is a double tap. */
async function once(step) {
  if (busy) return;
  busy = true;
  try {
    await step();
  } finally {
    busy = false;
  }
}

function announce(key, values) {
  const text = speaker(visit.language, config)(key, values);
  said.textContent = text;
  said.classList.add("visible");
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => said.classList.remove("visible"), 3_000);
}

// ---- what a touch does

const ACTIONS = {
  code: (button, event) =>
    button.dataset.factor ? chooseFactor(button) : once(() => tap(button, event.timeStamp)),
  choice: chooseReason,
  finish: (button) => once(() => end(button.dataset.finish)),
  turn: (button) => change(button, () => { visit.turns = !visit.turns; }),
  reflect: () => busy || show("reflect"),
  writeHere: () => once(writeHere),
  language: (button) => change(button, () => { visit.language = button.dataset.language; }),
  tool: (button) => change(button, () => toggleTool(button.dataset.tool)),
  assisted: () => askWhoHelps(),
  helper: (button) => once(() => setHelper(button.dataset.helper)),
  haveCode: () => busy || askForCode(),
  leaveCode: () => busy || startOver(),
  sign: (button) => press(button.dataset.sign, visit, speaker(visit.language, config)),
  erase: () => press("", visit, speaker(visit.language, config)),
  prompt: (button) => prompts.play(button.dataset.prompt),
};

function act(event) {
  if (clock.tick() < unguarded) return;
  const button = event.target.closest?.("button");
  if (!button) {
    if (shown === "asleep" && !clock.confirmed()) wake();
    return;
  }
  for (const [name, action] of Object.entries(ACTIONS)) {
    if (name in button.dataset) {
      action(button, event);
      return;
    }
  }
}

function wake() {
  awake = true;
  startOver();
}

function chooseFactor(button) {
  visit.choose(button.dataset.factor, Number(button.dataset.code));
  for (const one of button.parentElement.children) {
    const chosen = visit.answers[one.dataset.factor] === Number(one.dataset.code);
    one.setAttribute("aria-pressed", String(chosen));
  }
}

function chooseReason(button) {
  visit.toggle(button.dataset.reason, button.dataset.choice);
  const chosen = (visit.answers[button.dataset.reason] ?? []).includes(button.dataset.choice);
  button.setAttribute("aria-pressed", String(chosen));
}

function toggleTool(tool) {
  if (!visit.tools.delete(tool)) visit.tools.add(tool);
}

/** Change how the screen looks; the finger and the focus stay where they are. */
function change(button, setting) {
  setting();
  const scroll = scrollY;
  const [name, value] = Object.entries(button.dataset)[0];
  show(shown, { focus: false });
  scrollTo(0, scroll);
  document.querySelector(`[data-${name}="${value}"]`)?.focus({ preventScroll: true });
}

function askWhoHelps() {
  if (busy) return;
  if (shown === "helper") show("ask");
  else if (visit.assisted) {
    visit.assisted = "";
    shown = "";
    show("ask");
  } else show("helper");
}

function setHelper(who) {
  visit.assisted = who;
  show("ask");
}

async function digit(number, event) {
  if (clock.tick() < unguarded || !(await isAlone(event))) return;
  const row = shown === "ask" ? document.querySelector(".faces") : event.target.closest(".steps");
  const button = row?.querySelectorAll("button")[number - 1];
  if (shown === "helper") document.querySelectorAll(".choices button")[number - 1]?.click();
  // A click made by script has no moment of its own; the key's is the one that counts.
  else if (button && shown === "ask") once(() => tap(button, event.timeStamp));
  else button?.click();
}

function escape() {
  if (shown === "more") once(() => finish({ withText: false }));
  else if (OPTIONAL.has(shown) && !busy) startOver();
}

// ---- the clock's steps

function tickOver() {
  if (busy) return;
  const idle = clock.tick() - lastTouch;
  if (COUNTS_DOWN.has(shown) || (OPTIONAL.has(shown) && visit.touched)) countDown(idle);
  else rest(idle);
}

const limit = () => config.idle_seconds * 1000;

function countDown(idle) {
  const left = 1 - idle / limit();
  countdown.firstElementChild.style.transform = `scaleX(${Math.max(0, left)})`;
  if (left > 0) return;
  if (shown === "more") once(() => finish({ withText: false }));
  else startOver();
}

/** Nobody stands here: sleep or wake, take the new configuration or the new page. */
function rest(idle) {
  const wanted = restingScreen() ?? "ask";
  if (full) tryRoom();
  if (shown === "ask" && idle < REST_MS) return;
  if (wanted !== shown || nextConfig) startOver();
  if (AT_REST.has(shown) || idle > REST_MS) takeOver();
}

async function tryRoom() {
  if (clock.tick() - lastTry < ROOM_MS) return;
  lastTry = clock.tick();
  if (await hasRoom()) setFull(false);
}

function setFull(value) {
  if (full === value) return;
  full = value;
  sender.full = value;
  lastTry = clock.tick();
  sender.beat();
  if (!value && shown === "full") startOver();
}

// ---- the server's steps

async function refreshConfig() {
  const found = await fetchConfig(device).catch(() => null);
  if (!found || found.version === config?.version) return;
  sender.configVersion = found.version;
  nextConfig = found;
  if (!config) startOver();
}

function heard({ detail }) {
  if (detail.config && detail.config !== sender.configVersion) refreshConfig();
}

function touched() {
  lastTouch = clock.tick();
}

function listen() {
  // A screen reader clicks without a pointer.
  for (const type of ["pointerdown", "click", "keydown", "input", "wheel"]) {
    addEventListener(type, touched, { passive: true });
  }
  addEventListener("scroll", () => visit.touched && touched(), { passive: true });
  addEventListener("click", act);
  addEventListener("input", ({ target }) => {
    if (shown === "code") typed(visit, speaker(visit.language, config));
    else visit.type(target.name, target.value);
  });
  addEventListener("submit", (event) => {
    event.preventDefault();
    once(() => useCode(visit.code));
  });
  listenToScanner(scanned);
  addEventListener("keydown", (event) => shown === "code" && catchTyping(event));
  addEventListener("contextmenu", (event) => event.preventDefault());
  listenToKeys({ onDigit: digit, onEscape: escape });
  addEventListener("online", () => config || refreshConfig());
  setInterval(tickOver, TICK_MS);
  setInterval(() => config || refreshConfig(), REST_MS);
}

async function start() {
  device = canSign() ? await currentDevice() : null;
  if (!device) {
    location.replace("/kiosk/enrol");
    return;
  }
  clock.assume(await noted("offset"));
  config = await keptConfig(device);
  sender = new Sender(device, version);
  sender.configVersion = config?.version ?? "";
  sender.addEventListener("heard", heard);
  sender.addEventListener("service", () => shown === "more" || startOver());
  startOver();
  listen();
  sender.start(config?.heartbeat_seconds ?? 60);
  refreshConfig();
  forgetRefused(Date.now() - REFUSED_MS).catch(() => {});
}

keepPage().catch(() => {});
start();
