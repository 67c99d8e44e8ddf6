// The form on a kiosk: nothing is kept, everything goes when nobody touches the screen, and a lost
// network never leaves the browser's own page of errors standing there.
(function () {
  "use strict";
  const KEY = "sipas-reflect";
  const WARN_SECONDS = 20;
  const TIMEOUT_MS = 30_000;
  const HOME = "/kiosk";
  const bar = document.getElementById("kiosk-bar");
  const said = document.getElementById("kiosk-said");
  const limit = Number(document.body.dataset.seconds);
  let last = performance.now();
  let busy = false;

  function say(text) {
    said.textContent = text;
    bar.classList.toggle("speaks", Boolean(text));
  }

  // ---- a comment that left a rating on this screen; it is in no store any more

  const text = document.getElementById("text");
  try {
    const given = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
    if (given?.text && text && !text.value) text.value = given.text;
  } catch {
    sessionStorage.clear();
  }

  // ---- time

  function leave() {
    document.getElementById("reflect")?.reset();
    location.replace(HOME);
  }

  function touched() {
    last = performance.now();
    if (bar.classList.contains("counts")) {
      bar.classList.remove("counts");
      say("");
    }
  }

  for (const type of ["pointerdown", "keydown", "input", "wheel", "click"]) {
    addEventListener(type, touched, { passive: true });
  }
  addEventListener("scroll", touched, { passive: true });

  setInterval(() => {
    if (busy) return;
    const left = Math.ceil(limit - (performance.now() - last) / 1000);
    if (left <= 0) leave();
    else if (left <= WARN_SECONDS) {
      bar.classList.add("counts");
      const words = bar.dataset.left.replace("{seconds}", left);
      if (said.textContent !== words) say(words);
    }
  }, 500);

  // ---- going and sending without leaving this page

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    if (link.getAttribute("href") === HOME) {
      event.preventDefault();
      leave();
    }
  });
  document.addEventListener("contextmenu", (event) => event.preventDefault());

  document.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const form = event.target;
    const body = new URLSearchParams(new FormData(form));
    if (event.submitter?.name) body.set(event.submitter.name, event.submitter.value);
    try {
      const own = event.submitter?.getAttribute("formaction");
      show(await ask(own || form.getAttribute("action") || location.href, body));
      say("");
    } catch {
      say(bar.dataset.offline);
    }
    busy = false;
    last = performance.now();
  });

  async function ask(address, body) {
    const answer = await fetch(address, {
      method: "POST", body, cache: "no-store", headers: { Accept: "text/html" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("#reflect, #sent");
    if (!found) throw new Error(`status ${answer.status}`);
    return page;
  }

  function show(page) {
    document.title = page.title;
    document.getElementById("main").replaceWith(page.getElementById("main"));
    scrollTo(0, 0);
    (document.getElementById("errors") ?? document.getElementById("main")).focus();
    if (!document.getElementById("errors")) document.querySelector(".found")?.scrollIntoView();
  }
})();
