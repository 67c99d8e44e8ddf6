// The desk without a mouse: digits choose, Enter goes on, X leads to what cannot be keyed. The
// form does all its work without this too.
(function () {
  "use strict";
  const serial = document.querySelector("[data-select]");
  // A scanner is quicker than this script: what it has typed by now must not be typed over.
  if (serial && serial.value === serial.defaultValue) {
    serial.focus();
    serial.select();
  }
  const form = document.querySelector("[data-desk]");
  if (!form) return;
  const stops = [...form.querySelectorAll("fieldset.keyed")];
  const save = form.querySelector("[data-save]");
  const inputsOf = (stop) =>
    [...stop.querySelectorAll("input, textarea")].filter((one) => one.closest("fieldset") === stop);
  const hides = (stop) => stop.classList.contains("keyed-inner") && stop.hidden;

  // What is entered anew shows only where both readings are wrong.
  function openInner() {
    for (const one of form.querySelectorAll("[data-opens]")) {
      document.getElementById(one.dataset.opens).hidden = !one.checked;
    }
  }

  function stopAt(place, step) {
    let at = place;
    while (at >= 0 && at < stops.length && hides(stops[at])) at += step;
    if (at >= stops.length) return save;
    const inputs = inputsOf(stops[Math.max(at, 0)]);
    return inputs.find((one) => one.checked) || inputs[0];
  }

  function go(place, step) {
    const target = stopAt(place, step);
    target.focus();
    target.scrollIntoView({ block: "center" });
  }

  function press(stop, key) {
    const input = inputsOf(stop).find((one) => one.dataset.key === key);
    if (!input) return false;
    input.checked = input.type === "checkbox" ? !input.checked : true;
    input.focus();
    openInner();
    return true;
  }

  form.addEventListener("change", openInner);
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const stop = event.target.closest("fieldset.keyed");
    const place = stops.indexOf(stop);
    if (event.key === "Enter" && place >= 0) {
      // In a text, too: what is written on paper in two lines is one answer.
      event.preventDefault();
      if (event.shiftKey) go(place - 1, -1);
      else go(place + 1, 1);
      return;
    }
    if (event.key === "Enter" && event.shiftKey && event.target === save) {
      event.preventDefault();
      go(stops.length - 1, -1);
      return;
    }
    if (event.target.tagName === "TEXTAREA") return;
    const key = event.key.toLowerCase();
    if (stop && press(stop, key)) {
      event.preventDefault();
    } else if (key === "x") {
      const other = form.querySelector("[data-outcome]");
      if (other) other.focus();
    }
  });
  // A second press of the button must not send the sheet twice.
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  // Coming back by the browser's own button, the form can be sent again.
  addEventListener("pageshow", () => (sent = false));

  openInner();
  const invalid = stops.findIndex((one) => one.classList.contains("field-invalid"));
  go(Math.max(invalid, 0), 1);
})();
