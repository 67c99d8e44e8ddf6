// Comments without a mouse. The form does all its work without this too.
(function () {
  "use strict";
  const form = document.querySelector("[data-comments]");
  if (!form) return;
  const boxes = [...form.querySelectorAll("input[name=group]")];
  const all = form.querySelector("[data-all]");
  const other = form.querySelector("[data-other]");
  const move = form.querySelector("[data-move]");
  const shows = [all, move, form.querySelector("[data-all-text]"), form.querySelector("[data-keys]")];
  for (const one of shows) one.hidden = false;

  function choose(checked) {
    for (const box of boxes) box.checked = checked;
    all.checked = checked;
  }

  function go(step) {
    const at = boxes.indexOf(document.activeElement);
    const next = boxes[Math.min(Math.max(at + step, 0), boxes.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "center" });
  }

  all.addEventListener("change", () => choose(all.checked));
  other.addEventListener("change", () => {
    move.value = other.value;
  });
  move.addEventListener("click", (event) => {
    if (move.value) return;
    event.preventDefault();
    other.focus();
  });

  const keys = {
    j: () => go(1),
    k: () => go(-1),
    x: () => boxes.includes(document.activeElement) && document.activeElement.click(),
    a: () => choose(!boxes.every((box) => box.checked)),
    c: () => form.querySelector("[data-key=c]").click(),
    t: () => other.focus(),
    m: () => move.click(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("select, textarea, input:not([type=checkbox])")) return;
    const act = keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
