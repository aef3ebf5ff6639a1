/* What htmx cannot: when to refresh, what to say when nobody answers, where the focus goes.
   Every page works without this file, and this file works without htmx. */
(function () {
  "use strict";
  var unchanged = 0, asked = Date.now(), rows, focused, before;
  var then = document.currentScript && document.currentScript.getAttribute("data-then");

  function each(selector, act) { Array.prototype.forEach.call(document.querySelectorAll(selector), act); }
  function on(name, act) { document.addEventListener(name, act); }
  function slot(form) { return form.querySelector("[data-trouble]"); }
  function rest(form) { if (form && form.removeAttribute) form.removeAttribute("aria-busy"); }

  /* (a) Refresh: each minute while in view, every two and every five when nothing changes. */
  function pace(region) {
    var seconds = unchanged < 3 ? 60 : unchanged < 6 ? 120 : 300;
    return Math.min(seconds, +region.getAttribute("data-refresh") || 300) * 1000;
  }
  function refresh(waited) {
    if (document.hidden) return;
    each("[data-refresh]", function (region) {
      if (Date.now() - asked < (waited || pace(region)) || atWork(region)) return;
      asked = Date.now();
      region.dispatchEvent(new CustomEvent("refresh"));
    });
  }
  /* The queue stands still while something in it is ticked or has the focus. */
  function atWork(region) {
    return region.hasAttribute("data-still") && (region.contains(document.activeElement) || !!region.querySelector("input:checked"));
  }
  setInterval(refresh, 5000);
  on("visibilitychange", function () { refresh(60000); });

  function refreshed(region, answer) {
    unchanged = answer.status === 204 ? unchanged + 1 : answer.status === 200 ? 0 : unchanged;
    var time = answer.status === 204 && region.querySelector("[data-zone]");
    if (!time) return;
    try {
      time.textContent = new Date().toLocaleTimeString(document.documentElement.lang, {
        hour: "numeric", minute: "2-digit", hour12: true, timeZone: time.getAttribute("data-zone")
      });
    } catch (unknownZone) { return; }
  }

  /* (b) and (e) A form that is under way, and one that got no answer. */
  on("submit", function (event) {
    event.target.setAttribute("aria-busy", "true");
    if (slot(event.target)) slot(event.target).textContent = "";
  });
  window.addEventListener("pageshow", function () { each("form[aria-busy]", rest); });
  function trouble(event) {
    var from = event.detail.elt, answer = event.detail.xhr, sent = event.detail.requestConfig.parameters;
    var place = from.tagName === "FORM" ? slot(from) : document.getElementById(from.id + "-e");
    var said = !answer || answer.status < 400 ? "data-silent" : {401: "data-out", 507: "data-full"}[answer.status] || "data-broken";
    if (place && from.form && said === "data-out") return;
    if (place && from.form) said = from.form.getAttribute("data-unchecked");
    else if (place && (!sent || /^(submit)?$/.test(sent.action || ""))) said = place.getAttribute(said) || place.getAttribute("data-silent");
    else said = "";
    if (!place && /^(A|FORM|INPUT|SELECT)$/.test(from.tagName)) place = beside(from);
    if (!place) return;
    place.textContent = said || document.getElementById("say").getAttribute("data-silent");
    if (from.form) place.lostBy = from;
  }
  /* For what has no place of its own for it. It goes when the same is asked for again. */
  function beside(from) {
    var made = from.parentNode.insertBefore(document.createElement("p"), from.nextSibling);
    made.className = "err lost";
    made.setAttribute("role", "alert");
    made.lostBy = from;
    return made;
  }
  on("htmx:beforeRequest", function (event) {
    each(".err", function (place) {
      if (place.lostBy !== event.detail.elt) return;
      place.lostBy = null;
      if (place.id) place.textContent = ""; else place.parentNode.removeChild(place);
    });
  });
  on("htmx:sendError", trouble);
  on("htmx:timeout", trouble);
  on("htmx:responseError", trouble);
  on("htmx:afterRequest", function (event) {
    rest(event.detail.elt);
    if (event.detail.elt.hasAttribute("data-refresh")) refreshed(event.detail.elt, event.detail.xhr);
  });

  /* (c) and (d) After a swap: mark what changed, keep the focus where it was or where it is needed. */
  on("htmx:beforeSwap", function (event) {
    var target = event.detail.target;
    if (event.detail.requestConfig.elt === target && atWork(target)) { event.detail.shouldSwap = false; return; }
    before = target.id === "more" && target.previousElementSibling;
    if (target.id !== "inspections") return;
    rows = {};
    each("#inspections .row", function (row) { row.classList.remove("fresh"); rows[row.outerHTML] = 1; });
    focused = document.activeElement && document.activeElement.getAttribute("href");
  });
  on("htmx:afterSwap", function (event) {
    var target = event.detail.target;
    if (/-e$/.test(target.id)) return checked(target);
    var lost = document.activeElement === document.body || !document.activeElement, place;
    if (target.id === "inspections") {
      each("#inspections .row", function (row) { if (!rows[row.outerHTML]) row.classList.add("fresh"); });
      if (lost && focused) place = find("#inspections a", focused);
    }
    if (target.id === "more") place = before && before.nextElementSibling.querySelector("a");
    if (target.id === "request") place = document.querySelector("#problems, [data-land]") || (lost && document.getElementById("listed"));
    if (target.id === "day" && lost && event.detail.requestConfig.verb === "post") place = document.querySelector("#day [data-land]");
    if (place) place.focus();
    if (target.id !== "inspections") say(target.id);
  });
  function find(selector, href) {
    return Array.prototype.filter.call(document.querySelectorAll(selector), function (link) {
      return link.getAttribute("href") === href;
    })[0];
  }
  function checked(place) {
    var field = document.getElementById(place.id.slice(0, -2)), bad = place.textContent.trim() !== "";
    if (!field) return;
    if (bad) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
    field.parentNode.classList.toggle("bad", bad);
  }
  /* One live region that stays: it reads out what a swap brought. */
  function say(id) {
    each("[data-shown]", function (count) { count.textContent = document.querySelectorAll(".permit").length; });
    var news = document.querySelector(id === "more" ? "#permits [data-say]" : "#" + id + " [data-say]");
    if (news) document.getElementById("say").textContent = news.textContent;
  }

  /* Submit counts the inspection being filled in too. */
  on("change", function (event) {
    if (event.target.id !== "inspection_type") return;
    each("button[data-more]", function (button) {
      button.textContent = button.getAttribute(event.target.value ? "data-more" : "data-less");
    });
  });

  /* A tick at the head of a day ticks all of it. */
  document.documentElement.classList.add("js");
  function ticksOf(head) { return head.closest("tbody").querySelectorAll("[name=inspections]"); }
  on("change", function (event) {
    if (!event.target.hasAttribute("data-all")) return;
    Array.prototype.forEach.call(ticksOf(event.target), function (tick) { tick.checked = event.target.checked; });
  });
  function heads() {
    each("[data-all]", function (head) {
      var ticked = Array.prototype.filter.call(ticksOf(head), function (tick) { return tick.checked; }).length;
      head.checked = ticked === ticksOf(head).length;
      head.indeterminate = ticked > 0 && !head.checked;
    });
  }

  /* The bar above the queue counts what is ticked. */
  function count() {
    each("[data-ticked]", function (place) {
      var ticked = document.querySelectorAll("[name=inspections]:checked").length;
      place.textContent = place.getAttribute(ticked ? "data-ticked" : "data-none").replace("#", ticked);
    });
    heads();
  }
  on("change", count);
  on("htmx:afterSwap", count);
  window.addEventListener("pageshow", count);

  /* Dead zones come after everything that is seen. */
  window.addEventListener("load", function () {
    if (!then || !navigator.serviceWorker) return;
    document.head.appendChild(document.createElement("script")).src = then;
  });

  each("[data-print]", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  var problems = document.getElementById("problems");
  if (problems) problems.focus();
})();
