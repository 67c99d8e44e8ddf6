// The screens. Each is a function of what is shown; none of them knows what a touch will do.

import { drawing, element } from "./element.js";
import { code } from "./entry.js";
import { promptOf } from "./prompts.js";
import { offer, reflect, wayIn } from "./reflect.js";

export { code, reflect };

const HELPERS = ["official", "relative", "other"];
const given = (question) => question.levels.filter((level) => !level.missing);

const heading = (text, id = "heading") => element("h1", { id, tabindex: "-1" }, text);

function screen(name, ...children) {
  return element("section", { class: `screen ${name}`, "data-screen": name, "aria-labelledby": "heading" }, children);
}

function message(name, mark, title, ...lines) {
  return screen(
    `${name} message`,
    mark && drawing(mark, { class: "big" }),
    heading(title),
    lines.filter(Boolean).map((line) => element("p", { class: "hint" }, line)),
  );
}

function listen({ config, visit, say }, question, label) {
  const address = promptOf(config, question.name, visit.language);
  if (!address) return null;
  const name = `${say("listen")}: ${label}`;
  return element(
    "button", { type: "button", class: "listen", "data-prompt": address, "aria-label": name },
    drawing("sound"), say("listen"),
  );
}

/** The question and its faces: five equal columns, nothing chosen. */
export function ask(view) {
  const { config, visit, say, read } = view;
  const [overall] = config.questionnaire.questions.overall;
  const levels = given(overall);
  const label = read(overall.label);
  const hint = read(overall.hint);
  const title = heading(label);
  // The focus goes to the heading, and with it what a screen reader says.
  if (visit.right) title.setAttribute("aria-describedby", "taken");
  return screen(
    "ask",
    title,
    hint && element("p", { class: "hint" }, hint),
    visit.right && element("p", { class: "helped", id: "taken" }, say("code_taken")),
    visit.assisted && element("p", { class: "helped" }, say(`helped_by_${visit.assisted}`)),
    listen(view, overall, label),
    element(
      "div", { class: `faces faces-${levels.length}`, role: "group", "aria-labelledby": "heading" },
      levels.map((level, place) =>
        element(
          "button", { type: "button", class: "face", "data-code": String(level.code) },
          drawing(`face-${place + 1}-of-${levels.length}`),
          element("span", {}, read(level.label)),
        ),
      ),
    ),
    !visit.right &&
      element("button", { type: "button", class: "have-code", "data-have-code": true }, say("code_have")),
    element("p", { class: "privacy" }, say("privacy")),
    // Below the promise, which is not one of reflections.
    !visit.right && wayIn(view),
    element("p", { class: "visually-hidden" }, say("keys", { most: levels.length })),
  );
}

/** Who helps, asked before the faces so that nobody presses for another person unseen. */
export function helper({ say }) {
  const choices = HELPERS.map((who) =>
    element("button", { type: "button", class: "plain", "data-helper": who }, say(`helper_${who}`)),
  );
  return screen(
    "helper message",
    heading(say("helper_question")),
    element("p", { class: "hint" }, say("helper_hint")),
    element("div", { class: "choices" }, choices),
    element("p", { class: "actions" },
      element("button", { type: "button", class: "plain quiet", "data-helper": "" }, say("helper_none"))),
  );
}

/** Thanks, and what may be added. */
export function more(view) {
  const { config, say } = view;
  const { factor = [], reason = [], reflection = [] } = config.questionnaire.questions;
  return screen(
    "more",
    element(
      "div", { class: "thanks" },
      drawing("check", { class: "tick" }),
      element("div", {}, heading(say("thanks")), element("p", { class: "hint" }, say("thanks_hint"))),
      element("button", { type: "button", class: "plain", "data-finish": "without" }, say("done")),
    ),
    factor.map((question) => factorGroup(view, question)),
    reason.map((question) => reasonGroup(view, question)),
    reflection.map((question) => reflectionField(view, question)),
    element(
      "p", { class: "actions last" },
      element("button", { type: "button", class: "send", "data-finish": "with" }, say("send")),
      config.reflect && element("button", { type: "button", class: "plain quiet", "data-finish": "reflect" }, say("reflect_title")),
    ),
  );
}

function group(view, question, kind, content) {
  const label = view.read(question.label);
  const hint = view.read(question.hint);
  const id = `about-${question.name}`;
  return element(
    "div", { class: kind, role: "group", "aria-labelledby": id },
    element("h2", { id }, label),
    listen(view, question, label),
    hint && element("p", { class: "hint" }, hint),
    content,
  );
}

function factorGroup(view, question) {
  const { visit, read } = view;
  const levels = given(question);
  const step = (level, face) =>
    element(
      "button",
      {
        type: "button", class: face ? null : "missing", "data-factor": question.name,
        "data-code": String(level.code),
        "aria-pressed": String(visit.answers[question.name] === level.code),
      },
      face, element("span", {}, read(level.label)),
    );
  const faces = levels.map((level, n) => step(level, drawing(`face-${n + 1}-of-${levels.length}`)));
  const missing = question.levels.filter((level) => level.missing).map((level) => step(level, null));
  const steps = element("div", { class: `steps steps-${levels.length}` }, faces, missing);
  return group(view, question, "factor", steps);
}

function reasonGroup(view, question) {
  const { visit, read } = view;
  const chips = question.choices.map((choice) =>
    element(
      "button",
      {
        type: "button", "data-reason": question.name, "data-choice": choice.name,
        "aria-pressed": String((visit.answers[question.name] ?? []).includes(choice.name)),
      },
      read(choice.label),
    ),
  );
  return group(view, question, "reasons", element("div", { class: "chips" }, chips));
}

function reflectionField(view, question) {
  const { visit, read } = view;
  const hint = read(question.hint);
  const label = read(question.label);
  const field = element("textarea", {
    id: "reflection", name: question.name, rows: "2", maxlength: String(question.max_length),
    autocomplete: "off", autocapitalize: "sentences", spellcheck: "false", enterkeyhint: "enter",
    "aria-describedby": hint ? "reflection-hint" : null,
  });
  field.value = visit.typed[question.name] ?? "";
  return element(
    "div", { class: "reflection" },
    element("label", { for: "reflection" }, label),
    listen(view, question, label),
    hint && element("p", { class: "hint", id: "reflection-hint" }, hint),
    field,
    view.config.reflect && offer(view),
  );
}

export const done = ({ say, problem }) =>
  message("done", "check", say("goodbye"), problem && say("details_lost"));

export const full = ({ say }) =>
  message("full", "stop", say("full_title"), say("full_hint"), say("full_again"));

export const out = ({ say }) => message("out", "stop", say("out_title"), say("out_hint"));

export const waiting = ({ say }) => message("waiting", null, say("waiting_title"), say("waiting_hint"));

export const asleep = ({ say, opening }) =>
  message("asleep", "moon", say("asleep_title"),
    opening ? say("asleep_until", opening) : say("asleep_hint"));
