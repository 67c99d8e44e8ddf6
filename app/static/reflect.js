// Keeps what is typed in this tab until it is sent, and takes over a comment that left a rating.
// The form does all its work without this; the script is written for the browsers of old phones.
(function () {
  "use strict";
  var KEY = "sipas-reflect";
  var form = document.getElementById("reflect");
  var timer = 0;

  function store(values) {
    try { sessionStorage.setItem(KEY, JSON.stringify(values)); } catch (error) { return false; }
    return true;
  }

  function forget() {
    clearTimeout(timer);
    try { sessionStorage.removeItem(KEY); } catch (error) { return; }
  }

  function kept() {
    try { return JSON.parse(sessionStorage.getItem(KEY)); } catch (error) { return null; }
  }

  var summary = document.getElementById("errors");
  if (summary) summary.focus();

  var print = document.getElementById("print");
  if (print) {
    print.hidden = false;
    print.onclick = function () { window.print(); };
  }
  if (document.getElementById("sent")) forget();
  if (!form) return;

  function isKept(one) {
    return one.name && ["hidden", "file", "submit"].indexOf(one.type) < 0;
  }

  function save() {
    clearTimeout(timer);
    timer = 0;
    var values = {};
    for (var i = 0; i < form.elements.length; i++) {
      var one = form.elements[i];
      if (!isKept(one)) continue;
      if (one.type === "radio" || one.type === "checkbox") { if (one.checked) values[one.id] = true; }
      else if (one.value.trim()) values[one.id] = one.value;
    }
    var said = document.getElementById("kept");
    said.textContent = store(values) ? form.getAttribute("data-kept") : "";
  }

  /** What the server shows again is newer than what this tab keeps. */
  function restore() {
    var values = form.getAttribute("data-fresh") && kept();
    if (!values) return;
    for (var id in values) {
      var one = document.getElementById(id);
      if (!one || one.form !== form) continue;
      if (values[id] === true) one.checked = true;
      else if (!one.value) one.value = values[id];
    }
  }

  restore();
  form.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(save, 600);
  });
  form.addEventListener("change", save);
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden" && timer) save();
  });

  // A nervous second click opens no second case, and the first answer is the one that is shown.
  var sent = false;
  form.addEventListener("submit", function (event) {
    save();
    if (sent) event.preventDefault();
    sent = true;
    setTimeout(function () { sent = false; }, 5000);
  });
  window.addEventListener("pageshow", function () { sent = false; });
})();
