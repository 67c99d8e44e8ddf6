// Saves the draft by itself while answers are chosen. The form does all its work without this;
// the script is written for the browsers of old phones.
(function () {
  "use strict";
  var form = document.getElementById("rate");
  var said = document.getElementById("saved");
  var summary = document.getElementById("errors");
  if (summary) summary.focus();
  if (!form || !said || !window.XMLHttpRequest) return;
  var timer = 0;
  var asking = null;
  var again = false;
  var over = false;

  function fields() {
    var parts = ["action=save"];
    for (var i = 0; i < form.elements.length; i++) {
      var one = form.elements[i];
      var chosen = one.type === "radio" || one.type === "checkbox" ? one.checked : one.tagName === "TEXTAREA";
      if (chosen) parts.push(encodeURIComponent(one.name) + "=" + encodeURIComponent(one.value));
    }
    return parts.join("&");
  }

  function save() {
    clearTimeout(timer);
    timer = 0;
    if (over) return;
    if (asking) {
      again = true;
      return;
    }
    again = false;
    asking = new XMLHttpRequest();
    asking.open("POST", location.pathname, true);
    asking.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    asking.setRequestHeader("X-Quiet", "1");
    asking.onloadend = function () {
      var saved = asking.status === 204;
      asking = null;
      if (over) return;
      said.textContent = form.getAttribute(saved ? "data-saved" : "data-failed");
      if (again) save();
    };
    asking.send(fields());
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(save, 1200);
  }

  form.addEventListener("change", later);
  form.addEventListener("input", later);
  // Whoever turns to another app may find this page gone when he comes back.
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden" && timer) save();
  });
  // What is sent must not be followed by a draft of it.
  form.addEventListener("submit", function () {
    over = true;
    clearTimeout(timer);
    if (asking) asking.abort();
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) over = false;
  });
})();
