// The whole way by keyboard: 1 to 5, arrows, Enter, Esc.

const ARROWS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const ROWS = ".faces, .steps, .chips, .choices, .keypad, .group";

/** Tell a digit by its place in a row, and Esc; arrows move the focus within its row. */
export function listenToKeys({ onDigit, onEscape }) {
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") onEscape();
    if (event.target.closest("textarea, input")) return;
    if (/^[1-9]$/.test(event.key)) onDigit(Number(event.key), event);
    else if (event.key in ARROWS) move(event, ARROWS[event.key]);
  });
}

function move(event, step) {
  const row = event.target.closest(ROWS) ?? document.querySelector(".faces, .choices");
  if (!row) return;
  const buttons = [...row.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : buttons.length - 1) : at + step;
  buttons[(next + buttons.length) % buttons.length].focus();
  event.preventDefault();
}
