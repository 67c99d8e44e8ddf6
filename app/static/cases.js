// Cases without a mouse: keys for lists and for a case. Every key has a button or link beside it.
(function () {
  "use strict";
  const rows = [...document.querySelectorAll("[data-row]")];
  const dialog = document.querySelector("dialog.case-keys");
  const picked = document.querySelector("[data-picked]");
  const all = document.querySelector("[data-all]");
  const boxes = () => rows.map((row) => row.querySelector("[name=case]")).filter(Boolean);
  let at = -1;

  // The way back leads to the list as it was left: its scope, filters and page.
  const LIST = "cases list";
  if (document.querySelector("[data-search]")) {
    const asked = new URLSearchParams(location.search);
    for (const once of ["told", "left"]) asked.delete(once);
    sessionStorage.setItem(LIST, String(asked));
  } else {
    const left = sessionStorage.getItem(LIST);
    const back = left ? document.querySelectorAll(".trail a[href='/cases'], [data-key='u']") : [];
    for (const link of back) link.search = left;
  }

  function show(place) {
    if (!rows.length) return;
    if (rows[at]) rows[at].classList.remove("is-current");
    at = Math.min(Math.max(place, 0), rows.length - 1);
    rows[at].classList.add("is-current");
    rows[at].querySelector("[data-open]").focus();
    rows[at].scrollIntoView({ block: "nearest" });
  }

  function count() {
    const number = boxes().filter((box) => box.checked).length;
    if (picked) {
      picked.hidden = !number;
      picked.textContent = picked.dataset.words.replace("0", number);
    }
    if (all) {
      all.checked = number > 0 && number === rows.length;
      all.indeterminate = number > 0 && number < rows.length;
    }
    for (const row of rows) {
      const box = row.querySelector("[name=case]");
      row.classList.toggle("is-picked", Boolean(box && box.checked));
    }
  }

  function pick() {
    const box = rows[at] && rows[at].querySelector("[name=case]");
    if (box) box.checked = !box.checked;
    count();
  }

  function assign() {
    if (rows[at] && !boxes().some((box) => box.checked)) pick();
    const owner = document.querySelector("[data-owner]");
    if (owner) owner.focus();
  }

  // A key may stand on any page for the element that it leads to or presses.
  function press(key) {
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!target) return false;
    const folded = target.closest("details:not([open])");
    if (folded) folded.open = true;
    if (target.tagName === "SUMMARY") target.parentElement.open = true;
    if (target.tagName === "A") target.click();
    else target.focus();
    target.scrollIntoView({ block: "center" });
    return true;
  }

  const keys = {
    j: () => show(at + 1),
    k: () => show(at - 1),
    o: () => rows[at] && rows[at].querySelector("[data-open]").click(),
    x: pick,
    a: assign,
    "/": () => document.querySelector("[data-search]").focus(),
    "?": () => dialog && dialog.showModal(),
  };
  const ofList = new Set(["j", "k", "o", "x", "a", "/"]);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Escape" && event.target.matches("input, select, textarea")) {
      event.target.blur();
      return;
    }
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea, dialog");
    if (typing) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const known = keys[key] && (!ofList.has(key) || document.querySelector("[data-search]"));
    if (known) keys[key]();
    else if (!press(key)) return;
    event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes()) box.checked = all.checked;
    count();
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && rows.indexOf(row) !== at) {
      if (rows[at]) rows[at].classList.remove("is-current");
      at = rows.indexOf(row);
      row.classList.add("is-current");
    }
  });

  // What was written and not saved is not lost by a slip of the hand.
  let changed = false;
  for (const form of document.querySelectorAll("[data-guarded]")) {
    form.addEventListener("input", () => (changed = true));
  }
  document.addEventListener("submit", () => (changed = false));
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });

  const opener = document.querySelector("[data-keys]");
  if (opener && dialog) {
    opener.parentElement.hidden = false;
    opener.addEventListener("click", () => dialog.showModal());
  }
  if (all) all.closest("label").hidden = false;
  count();
})();
