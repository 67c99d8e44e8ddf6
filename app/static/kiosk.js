// The kiosk. A tap is sent at once under an id made here, and thanked when the server has
// committed it. Details that follow go under the same id. Whatever is sent twice counts once.

const ROUTE = "/api/ratings";
const TRIES = 4;
const PAUSE_MS = 400;
const DOUBLE_TAP_MS = 300;
const GOODBYE_MS = 3000;
const TICK_MS = 250;

const body = document.body;
const idleMs = Number(body.dataset.idle) * 1000;
const [ask, more, done] = ["ask", "more", "done"].map((id) => document.getElementById(id));
const clock = document.getElementById("clock");
const failure = document.querySelector(".failure");

let rating = null; // id of the rating that was thanked
let lastTouch = 0;
let busy = false;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function send(record) {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    try {
      const answer = await fetch(ROUTE, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ratings: [record] }),
        keepalive: true,
      });
      if (answer.ok) {
        const [receipt] = (await answer.json()).receipts;
        return receipt.status === "stored";
      }
      if (answer.status < 500) return false;
    } catch {
      // No network: the same id is sent again, so that nothing counts twice.
    }
    await wait(PAUSE_MS * attempt);
  }
  return false;
}

function show(screen) {
  for (const one of [ask, more, done]) one.hidden = one !== screen;
  clock.hidden = screen !== more;
  window.scrollTo(0, 0);
  screen.querySelector("h1[tabindex]")?.focus();
}

function startOver() {
  rating = null;
  failure.hidden = true;
  for (const pressed of document.querySelectorAll('[aria-pressed="true"]')) {
    pressed.setAttribute("aria-pressed", "false");
  }
  for (const chosen of document.querySelectorAll(".chosen")) chosen.classList.remove("chosen");
  const text = document.querySelector("textarea");
  if (text) text.value = "";
  show(ask);
}

async function tap(button) {
  if (busy) return;
  busy = true;
  button.classList.add("chosen");
  failure.hidden = true;
  const record = {
    id: crypto.randomUUID(),
    counter: body.dataset.counter,
    answers: { [body.dataset.question]: Number(button.dataset.code) },
  };
  if (await send(record)) {
    rating = record.id;
    lastTouch = Date.now();
    show(more);
  } else {
    failure.hidden = false;
    button.classList.remove("chosen");
  }
  // A nervous second tap must not press whatever has come under the finger.
  await wait(DOUBLE_TAP_MS);
  busy = false;
}

function answersGiven({ withText }) {
  const answers = {};
  for (const factor of document.querySelectorAll(".factor")) {
    const pressed = factor.querySelector('[aria-pressed="true"]');
    if (pressed) answers[factor.dataset.name] = Number(pressed.dataset.code);
  }
  for (const group of document.querySelectorAll(".reasons")) {
    const chosen = [...group.querySelectorAll('[aria-pressed="true"]')];
    if (chosen.length) answers[group.dataset.name] = chosen.map((one) => one.dataset.choice);
  }
  const text = document.querySelector("textarea");
  if (withText && text && text.value.trim()) answers[text.dataset.name] = text.value.trim();
  return answers;
}

async function finish({ withText }) {
  if (!rating || busy) return;
  busy = true;
  const answers = answersGiven({ withText });
  const record = { id: rating, completes: true, answers };
  show(done);
  if (Object.keys(answers).length) await send(record);
  await wait(withText ? GOODBYE_MS : 0);
  startOver();
  busy = false;
}

function press(button) {
  const pressed = button.getAttribute("aria-pressed") === "true";
  if (button.closest(".factor")) {
    for (const other of button.closest(".steps").children) other.setAttribute("aria-pressed", "false");
  }
  button.setAttribute("aria-pressed", String(!pressed));
}

function countDown() {
  if (more.hidden || busy) return;
  const left = 1 - (Date.now() - lastTouch) / idleMs;
  clock.firstElementChild.style.transform = `scaleX(${Math.max(0, left)})`;
  // Whoever walked away keeps what was tapped; what was only typed is discarded.
  if (left <= 0) finish({ withText: false });
}

if (ask) {
  for (const event of ["pointerdown", "keydown", "input", "scroll"]) {
    document.addEventListener(event, () => { lastTouch = Date.now(); }, { passive: true });
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.classList.contains("face")) tap(button);
    else if (button.classList.contains("finish")) finish({ withText: true });
    else press(button);
  });
  setInterval(countDown, TICK_MS);
}
