/* Dead zones, the page's part: says how old it is, shows what is kept, gives each form the words for its row, and says
   what became of one that got no answer. The worker (sw.js) keeps and sends. Every page works without this file. */
(() => {
  "use strict";
  const worker = navigator.serviceWorker, lang = document.documentElement.lang, body = document.body;
  const one = (selector, within) => (within || document).querySelector(selector);
  const every = (selector, within) => [...(within || document).querySelectorAll(selector)];
  const section = one("#held"), banner = one("#no-signal"), copied = +body.dataset.keptAt || 0;
  const about = form => JSON.parse(form.dataset.held);
  const account = one("[data-held]") ? about(one("[data-held]")).account : undefined;
  const [opening] = performance.getEntriesByType("navigation"), again = one("#again"), stops = one("[data-keep]");
  const split = words => (words || "").split(" ").filter(Boolean), also = stops && !copied ? split(stops.dataset.also) : [];
  let gone = false, back = false, stood = copied || Date.now(), unsent = 0, drawn = "", wait = 15e3, timer, last, leaving;

  /* ---- The worker ---- */
  /* A phone that is to save data fetches nothing ahead. */
  const saves = () => !!(navigator.connection && navigator.connection.saveData);
  const ask = what => worker.ready.then(there => there.active.postMessage({account, lang, led: !!worker.controller, age: performance.now(), saves: saves(), ...what})).catch(() => {});
  const send = () => { wait = 15e3; ask({send: true}); };
  /* Through the browser's cache: no page asks for it anew within the hour. */
  worker.register("/sw.js", {updateViaCache: "all"}).catch(() => {});
  worker.addEventListener("message", ({data}) => {
    if (data.held) draw(data); else if (data.lost || data.full) stays(data); else ask({});
  });
  worker.startMessages();
  send();
  /* A page that did not come through the worker, which was not there yet. */
  if (account && opening && !opening.workerStart) ask({anew: true});
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  window.addEventListener("pageshow", event => { if (event.persisted) send(); });

  /* ---- How old the page is ---- */
  const typing = () => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName) || one("main form[data-held]");
  function noSignal(is) {
    if (!banner) return;
    banner.hidden = !is;
    const at = new Date(stood), zone = {timeZone: banner.dataset.zone}, day = moment => moment.toLocaleDateString(lang, zone);
    const date = day(at) === day(new Date()) ? {} : {weekday: "short", month: "short", day: "numeric"};
    one("b", banner).textContent = banner.dataset[navigator.onLine ? "silent" : "lost"];
    if (is) one("#stood").textContent = at.toLocaleString(lang, {...zone, ...date, hour: "numeric", minute: "2-digit", hour12: true}).replace(/\s/g, "\u00a0").replace(/\.$/, "");
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
  /* What refreshes itself, however it was swapped: its new HTML goes into the copy of this page, and nothing is fetched. */
  document.addEventListener("htmx:afterRequest", event => {
    const {xhr: {status, responseText}, target, requestConfig: {elt}} = event.detail, refreshes = elt.hasAttribute("data-refresh");
    if (refreshes && (!status || status >= 500)) noSignal(true);
    if (status !== 200 && status !== 204) return;
    if (refreshes) signal();
    if (section && (elt === target || target.hasAttribute("data-refresh"))) renewed = renewed.then(stands => renew(stands, status === 200 && responseText, target.id));
  });
  let renewed = Promise.resolve();
  async function renew(stands, html, id) {
    const had = html && !stands && await caches.match(location.href), page = (stands || had) && read(stands || await had.text());
    if (!page || !html) { ask({seen: true, also}); return stands; }
    if (one("#" + id, page)) one("#" + id, page).outerHTML = html;
    const made = "<!doctype html>" + page.documentElement.outerHTML;
    ask({seen: made, also});
    return made;
  }
  const read = html => new DOMParser().parseFromString(html, "text/html");
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
    last = form.getAttribute("action");
    leaving = !!form.dataset.ask;
    every("#no-answer").forEach(said => said.remove());
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
  /* A form that got no answer, or that could not be kept: the page stays as it is and says so, in the words of the page
     for no signal. */
  async function stays({lost, full}) {
    if (!last || new URL(last, location).href !== (lost || full)) return;
    const kept = await caches.match("/offline"), which = leaving ? "#still" : lost ? "#lost" : "#full";
    const said = kept && one(which, read(await kept.text()));
    every("form[aria-busy]").forEach(form => form.removeAttribute("aria-busy"));
    if (!said) return;
    const box = document.importNode(said.content.firstElementChild, true);
    if (banner) banner.after(box); else one("main").prepend(box);
    box.focus();
  }
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
  function draw({held, all, home, late}) {
    /* This page was asked for before the city had it. A message that stands here stays: it comes only once. */
    if (late && section && !typing() && !one(".said")) return reload();
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
    const time = one(".date", made), place = one("p", made);
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
    if (!answer || answer.status >= 500) return noSignal(true);
    const form = Object.assign(document.createElement("form"), {method: "post", action: item.url, hidden: true});
    const {account, page, num, place, rows} = item, {token} = await answer.json();
    [...item.fields, ["csrf_token", token || ""], ["held", JSON.stringify({account, page, num, place, rows})]].forEach(([name, value]) => {
      form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
    });
    body.append(form);
    [last, leaving] = [item.url, false];
    HTMLFormElement.prototype.submit.call(form);
  }

  /* ---- An inspector's day: the pages of its results are fetched beforehand, once a day ---- */
  if (stops && !copied) ask({keep: split(stops.dataset.keep).slice(0, 25), also});
  if (again) again.onclick = reload;
})();
