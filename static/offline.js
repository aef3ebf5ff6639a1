/* Dead zones, the page's part: says how old it is, shows what is kept, and gives each form the words for its row.
   The worker (sw.js) keeps and sends. Every page works without this file. */
(() => {
  "use strict";
  const worker = navigator.serviceWorker, lang = document.documentElement.lang, body = document.body;
  const one = (selector, within) => (within || document).querySelector(selector);
  const every = (selector, within) => [...(within || document).querySelectorAll(selector)];
  const section = one("#held"), banner = one("#no-signal"), copied = +body.dataset.keptAt || 0;
  const about = form => JSON.parse(form.dataset.held);
  const account = one("[data-held]") ? about(one("[data-held]")).account : undefined;
  const [opening] = performance.getEntriesByType("navigation"), begun = Date.now() - performance.now();
  const again = one("#again");
  let gone = false, back = false, stood = copied || Date.now(), unsent = 0, drawn = "", wait = 15e3, timer;

  /* ---- The worker ---- */
  const ask = what => worker.ready.then(there => there.active.postMessage({account, led: !!worker.controller, ...what})).catch(() => {});
  const send = () => { wait = 15e3; ask({send: true}); };
  worker.register("/sw.js").catch(() => {});
  worker.addEventListener("message", event => {
    if (event.data.held) draw(event.data); else ask({});
  });
  worker.startMessages();
  send();
  /* A page that did not come through the worker, which was not there yet. */
  if (account && opening && !opening.workerStart) ask({keep: [location.href], anew: true});
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  window.addEventListener("pageshow", event => { if (event.persisted) send(); });

  /* ---- How old the page is ---- */
  const typing = () => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName) || one("main form[data-held]");
  function noSignal(is) {
    if (!banner) return;
    banner.hidden = !is;
    const at = new Date(stood), zone = {timeZone: banner.dataset.zone}, day = moment => moment.toLocaleDateString(lang, zone);
    const date = day(at) === day(new Date()) ? {} : {weekday: "short", month: "short", day: "numeric"};
    if (is) one("#stood").textContent = at.toLocaleString(lang, {...zone, ...date, hour: "numeric", minute: "2-digit"});
    one("#sends").hidden = !section && !one("main form[data-held]");
  }
  /* Once: a second one would take away what the first has to say. */
  function reload() {
    if (!gone) location.reload();
    gone = true;
  }
  function signal() {
    if (copied && !typing()) return reload();
    stood = Date.now();
    noSignal(false);
  }
  const refreshes = event => event.detail.requestConfig.elt.hasAttribute("data-refresh");
  const lost = event => { if (refreshes(event)) noSignal(true); };
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
  document.addEventListener("htmx:afterRequest", event => {
    const status = event.detail.xhr.status;
    if (!refreshes(event) || (status !== 200 && status !== 204)) return;
    signal();
    if (section) ask(status === 204 ? {seen: true} : {keep: [location.href], anew: true});
  });
  window.addEventListener("offline", () => noSignal(true));
  window.addEventListener("online", () => {
    if (again) reload();
    back = banner && !banner.hidden;
    send();
  });
  if (copied) {
    noSignal(true);
    every(".said").forEach(said => said.remove());
    /* Another form than the one that was sent from this page before: it needs a key of its own. */
    every("main [name=key]").forEach(key => { key.value = [...crypto.getRandomValues(new Uint32Array(4))].map(part => part.toString(16)).join(""); });
    const result = every("[name=result]").find(radio => radio.value === new URLSearchParams(location.search).get("result"));
    if (result) result.checked = true;
  }

  /* ---- A form that may be kept takes along what its row says ---- */
  document.addEventListener("submit", event => {
    const form = event.target;
    if (!form.dataset.held) return;
    const what = about(form);
    if (what.out && unsent && !confirm(form.dataset.ask)) {
      event.preventDefault();
      return event.stopImmediatePropagation();
    }
    if (!what.out && !what.rows) Object.assign(what, {rows: asked(form), place: form.site_address.value});
    const result = one("[name=result]:checked", form);
    if (result) what.rows[0][2] = result.parentNode.textContent.trim() + ": " + what.rows[0][2];
    hide(form, "held", JSON.stringify(what));
  }, true);
  function hide(form, name, value) {
    const field = one(`input[name=${name}]`, form) || document.createElement("input");
    Object.assign(field, {type: "hidden", name, value});
    form.append(field);
  }
  function asked(form) {
    const half = value => (value === "any" ? "" : value.toUpperCase());
    const rows = every(".chosen li", form).map(item => {
      const at = name => one(`[name$=${name}]`, item).value;
      return [at("requested_date"), half(at("time_frame")), one("b, label", item).textContent];
    });
    const type = form.inspection_type, day = one("[name=requested_date]:checked", form);
    if (type.value || !rows.length) rows.push([day ? day.value : "", half(one("[name=time_frame]:checked", form).value), type.value && type.selectedOptions[0].textContent]);
    return rows;
  }

  /* ---- What is kept ---- */
  function draw({held, all, home, sent}) {
    /* This page was asked for before the city had it. A message that stands here stays: it comes only once. */
    if (sent > begun && section && !typing() && !one(".said")) return reload();
    if (back) { back = false; signal(); }
    unsent = held.length;
    if (one("#unsent")) one("#unsent").hidden = !all;
    if (home && one("#home")) one("#home").href = home;
    clearTimeout(timer);
    if (held.some(item => item.state !== "refused")) {
      timer = setTimeout(() => { wait = Math.min(wait * 2, 3e5); ask({send: true}); }, wait);
    }
    if (!section || drawn === JSON.stringify(held)) return;
    drawn = JSON.stringify(held);
    section.hidden = !unsent;
    one("h2 .soft", section).textContent = unsent;
    one("ul", section).replaceChildren(...held.map(row));
  }
  const date = (day, options) => (day ? new Date(day + "T12:00Z").toLocaleDateString(lang, {timeZone: "UTC", ...options}) : "");
  function row(item) {
    const made = one("template", section).content.firstElementChild.cloneNode(true), [[day, half, words], ...more] = item.rows;
    const add = (tag, text, to) => { to.append(" ", Object.assign(document.createElement(tag), {textContent: text})); };
    const time = one("time", made), place = one("p", made);
    time.append(date(day, {weekday: "short"}));
    add("b", day && +day.slice(8), time);
    time.append(" " + date(day, {month: "short"}));
    if (half) add("i", half, time);
    one("h3", made).textContent = words;
    place.textContent = item.place;
    more.forEach(([day, half, words]) => { place.before(Object.assign(document.createElement("p"), {textContent: [words, date(day, {weekday: "short", month: "short", day: "numeric"}), half].filter(Boolean).join(", ")})); });
    one(".num", made).textContent = item.num;
    every("[data-state]", made).forEach(part => { if (part.dataset.state !== item.state) part.remove(); });
    every("a", made).forEach(link => { link.href = (item.page.startsWith("/staff") ? "/staff" : "/") + "?next=" + encodeURIComponent(item.page); });
    every("button", made).forEach(button => {
      if (one(".vh", button)) one(".vh", button).textContent = " " + words;
      button.onclick = () => (button.dataset.state ? open(item) : confirm(button.dataset.ask) && ask({remove: item.id}));
    });
    return made;
  }
  /* The city itself shows what is wrong: the form is sent once more, as if by hand. */
  async function open(item) {
    const answer = await fetch("/offline/token").catch(() => 0);
    if (!answer) return noSignal(true);
    const form = Object.assign(document.createElement("form"), {method: "post", action: item.url, hidden: true});
    const {account, page, num, place, rows} = item, {token} = await answer.json();
    [...item.fields, ["csrf_token", token || ""], ["held", JSON.stringify({account, page, num, place, rows})]].forEach(([name, value]) => {
      form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
    });
    body.append(form);
    HTMLFormElement.prototype.submit.call(form);
  }

  /* ---- An inspector's day: the pages of its results are fetched beforehand, once ---- */
  const ahead = one("[data-keep]"), saves = navigator.connection && navigator.connection.saveData;
  if (ahead && !copied && !saves) ask({keep: ahead.dataset.keep.split(" ").slice(0, 25), also: ahead.dataset.also && ahead.dataset.also.split(" ")});
  if (again) again.onclick = reload;
})();
