// Keeps the draft on this very phone, and sends the form so that the request with the answers
// names no right. The form does all its work without this; the script is written for the browsers
// of old phones, which send the form as it is.
(function () {
  "use strict";
  var path = location.pathname;
  var key = "sipas-draft " + path;
  var timer = 0;
  var form = document.getElementById("rate");
  var told = document.getElementById("sending");
  var summary = document.getElementById("errors");
  if (summary) summary.focus();

  // ---- sending: see sending.js, which is loaded only then

  var fit = window.isSecureContext && window.indexedDB && window.crypto && crypto.subtle &&
    crypto.randomUUID && "noModule" in document.createElement("script");
  var busy = false;
  var offline = false;

  function say(key, stop) {
    told.hidden = false;
    told.firstChild.textContent = told.getAttribute("data-" + key) || key;
    if (stop) told.focus();
  }

  function load(then) {
    if (window.sipasSend) return then(window.sipasSend);
    var script = document.createElement("script");
    script.type = "module";
    script.src = told.getAttribute("data-script");
    script.onload = function () { then(window.sipasSend); };
    script.onerror = function () { then(null); };
    document.head.appendChild(script);
  }

  /** Send these answers, or without any what an earlier visit could not bring to its end. */
  function send(answers, plainly) {
    if (busy) return;
    busy = true;
    offline = false;
    say("busy");
    load(function (sender) {
      if (!sender) return failed({ kind: "unfit" });
      var files = { ticket: told.getAttribute("data-ticket"), library: told.getAttribute("data-library") };
      sender(path, files, answers).then(thank, failed);
    });

    function thank() {
      var turned = form ? turnedNow() : keptDraft().turned;
      forget();
      var language = /[?&](lang=\w+)/.exec(location.search);
      if (turned && carry(turned.text)) {
        location.replace("/reflect/from-comment?agency=" + encodeURIComponent(turned.agency) +
          (language ? "&" + language[1] : ""));
        return;
      }
      location.replace("/thanks" + (language ? "?" + language[1] : ""));
    }

    function failed(error) {
      busy = false;
      if (error.kind === "unfit") return plainly ? plainly() : say("lost", true);
      if (error.kind === "refused" && !error.mendable) {
        // The page itself says why.
        if (answers) location.reload();
        told.hidden = true;
        return;
      }
      offline = error.kind === "unreachable";
      say(offline ? "offline" : error.kind === "untrusted" ? "untrusted" : error.message || "lost", true);
    }
  }

  /** Hand a comment to the form of a reflection; it stays in this tab until that is sent. */
  function carry(text) {
    try { sessionStorage.setItem("sipas-reflect", JSON.stringify({ text: text })); } catch (error) {
      return false;
    }
    return true;
  }

  function canCarry() {
    var carries = carry("");
    if (carries) sessionStorage.removeItem("sipas-reflect");
    return carries;
  }

  function keptDraft() {
    try { return JSON.parse(localStorage.getItem(key)) || {}; } catch (error) { return {}; }
  }

  /** Whether something that was begun behind this link is kept here. */
  function isKept(then) {
    var request = indexedDB.open("sipas-form", 1);
    request.onupgradeneeded = function () { request.transaction.abort(); };
    request.onsuccess = function () {
      var database = request.result;
      var found = database.transaction("sendings").objectStore("sendings").get(path);
      found.onsuccess = function () {
        database.close();
        then(Boolean(found.result));
      };
    };
  }

  if (!form) {
    if (told && fit) isKept(function (kept) {
      if (!kept) return;
      send(null);
      window.addEventListener("online", function () { if (offline) send(null); });
    });
    return;
  }

  // ---- the draft

  var said = document.getElementById("saved");

  // A comment that shall become a reflection does not go with the rating.
  var turn = document.getElementById("turn");
  var offer = document.getElementById("offer");

  function comment() {
    var texts = [];
    var areas = form.querySelectorAll("textarea");
    for (var i = 0; i < areas.length; i++) if (areas[i].value.trim()) texts.push(areas[i].value.trim());
    return texts.join("\n\n");
  }

  function turns() {
    return Boolean(turn && turn.checked && comment());
  }

  function turnedNow() {
    return turns() ? { text: comment(), agency: form.getAttribute("data-agency") } : null;
  }

  function showOffer() {
    if (offer) offer.hidden = !comment() && !turn.checked;
  }

  function chosen(each) {
    for (var i = 0; i < form.elements.length; i++) {
      var one = form.elements[i];
      var typed = one.tagName === "TEXTAREA";
      if (typed ? one.value.trim() : one.checked) each(one, typed);
    }
  }

  function save() {
    clearTimeout(timer);
    timer = 0;
    var values = [];
    chosen(function (one, typed) { values.push([one.id, typed ? one.value : ""]); });
    try {
      var draft = { at: Date.now(), values: values };
      draft.turned = turnedNow();
      localStorage.setItem(key, JSON.stringify(draft));
      said.textContent = form.getAttribute("data-saved");
    } catch (error) {
      said.textContent = "";
    }
  }

  function forget() {
    clearTimeout(timer);
    timer = 0;
    try { localStorage.removeItem(key); } catch (error) { return; }
  }

  function restore() {
    var draft;
    try { draft = JSON.parse(localStorage.getItem(key)); } catch (error) { return; }
    if (!draft || summary) return;
    if (draft.at < Date.now() - form.getAttribute("data-days") * 86400000) return forget();
    form.reset();
    draft.values.forEach(function (pair) {
      var one = document.getElementById(pair[0]);
      if (!one) return;
      if (one.tagName === "TEXTAREA") one.value = pair[1];
      else one.checked = true;
    });
    var notice = document.getElementById("kept");
    notice.hidden = false;
    notice.querySelector("button").onclick = function () {
      forget();
      location.reload();
    };
    if (draft.values.length > 1) form.querySelector("details").open = true;
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(save, 800);
  }

  restore();
  showOffer();
  form.addEventListener("change", later);
  form.addEventListener("input", later);
  form.addEventListener("input", showOffer);
  // Whoever turns to another app may find this page gone when he comes back.
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden" && timer) save();
  });

  // ---- the buttons

  var pressed = "send";

  function answers() {
    var found = {};
    var turned = turns();
    chosen(function (one, typed) {
      if (one === turn || (typed && turned)) return;
      if (one.type === "checkbox") (found[one.name] = found[one.name] || []).push(one.value);
      else if (typed) found[one.name] = one.value.trim();
      else found[one.name] = Number(one.value);
    });
    return found;
  }

  /** What the server would send back; nothing is spent for it. */
  function isComplete() {
    var texts = form.querySelectorAll("textarea");
    for (var i = 0; i < texts.length && !turns(); i++) {
      if (texts[i].value.trim().length > texts[i].getAttribute("data-most")) return false;
    }
    return Boolean(form.querySelector("fieldset").querySelector("input:checked"));
  }

  form.addEventListener("click", function (event) {
    if (event.target.type === "submit") pressed = event.target.value;
  });
  form.addEventListener("submit", function (event) {
    var button = document.activeElement;
    if (pressed !== "send") return forget();
    clearTimeout(timer);
    if (!fit || !isComplete() || (turns() && !canCarry())) return;
    event.preventDefault();
    if (button && button.parentNode.tagName === "P") {
      button.parentNode.parentNode.insertBefore(told, button.parentNode.nextSibling);
    }
    save();
    send(answers(), function () {
      forget();
      form.submit();
    });
  });
  window.addEventListener("online", function () { if (offline) send(answers()); });
})();
