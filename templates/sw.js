{# The worker of dead zones. Pages last seen and forms not sent yet stay on the phone, each for one account alone.
   "p-" and the account names the cache of its pages; "static" holds the files under their hash; the database "held"
   holds the forms. Comments like this one are not sent. #}
const STATIC = {{ [static_url("app.css"), static_url("app.js"), static_url("offline.js"), static_url("icons/flower.svg")]|tojson }};
const OFFLINE = {{ url_for("offline.page")|tojson }}, TOKEN = {{ url_for("offline.token")|tojson }};
const STARTS = {{ {url_for("contractor.sign_in"): url_for("contractor.dashboard"), url_for("staff.sign_in"): url_for("staff.my_day"), url_for("staff.home"): url_for("staff.my_day")}|tojson }};
const KEEP = {headers: {"X-Purpose": "keep"}};
const PATIENCE = {{ patience * 1000 }}, PAGES = 30, DAYS = 14 * 864e5, FRESH = 4 * 36e5;
{# Whose phone it is, by the latest question that said so: an answer to an earlier question does not change it back. #}
let owner, since = 0, asked = 0, sent = 0;

{# ---- Install: the new one takes over at once; what is kept stays, and so do files that kept pages still name. ---- #}
addEventListener("install", event => event.waitUntil((async () => {
  const cache = await caches.open("static");
  await Promise.all([...STATIC, OFFLINE].map(async url => {
    await cache.delete(url);
    await cache.add(new Request(url, KEEP));
  }));
  const old = (await cache.keys()).slice(0, -16);
  await Promise.all(old.map(one => cache.delete(one)));
  await skipWaiting();
})()));

addEventListener("activate", event => event.waitUntil((async () => {
  if (registration.navigationPreload) await registration.navigationPreload.enable();
  await clients.claim();
})()));

addEventListener("fetch", event => {
  const request = event.request, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const posts = request.method === "POST", navigates = request.mode === "navigate";
  if (url.pathname.startsWith("/static/")) event.respondWith(caches.match(request, {ignoreVary: true}).then(had => had || fetch(request)));
  else if (request.method === "GET" && navigates) event.respondWith(page(event));
  else if (posts && (navigates || request.headers.has("HX-Request")) && /urlencoded/.test(request.headers.get("Content-Type"))) event.respondWith(post(request));
});
addEventListener("sync", event => event.waitUntil(send().then(done => done || Promise.reject())));
addEventListener("message", event => event.waitUntil(told(event.data, event.source)));

const soon = answer => Promise.race([answer, new Promise((_, no) => setTimeout(no, PATIENCE))]);

{# ---- Pages: the network first, else the copy ---- #}
async function page(event) {
  const url = event.request.url, turn = ++asked;
  const coming = (async () => await event.preloadResponse || fetch(event.request))();
  event.waitUntil(coming.then(answer => keep(url, answer.clone(), turn)).catch(() => {}));
  try { return await soon(coming); } catch (no) {
    return await copyOf(url) || coming.catch(() => caches.match(OFFLINE));
  }
}

async function fetchAndKeep(url) {
  const turn = ++asked;
  await keep(url, await soon(fetch(url, KEEP)), turn);
}

let keeping;
const keep = (...all) => (keeping = keepOne(...all));
async function keepOne(url, answer, turn) {
  const account = answer.headers.get("X-Account"), mine = "p-" + account;
  if (!account || account !== owner && turn < since) return;
  owner = account;
  since = Math.max(since, turn);
  await wipe(mine);
  {# Somebody new may read another language. #}
  if (account !== "none" && !await caches.has(mine)) {
    caches.open("static").then(cache => cache.add(new Request(OFFLINE, KEEP))).catch(() => {});
  }
  const html = (answer.headers.get("Content-Type") || "").startsWith("text/html");
  if (account === "none" || answer.status !== 200 || answer.redirected || !html || new URL(url).pathname === OFFLINE) return;
  const body = await answer.text();
  if (owner !== account) return;
  const headers = new Headers({"X-Kept-At": Date.now()});
  for (const name of ["Content-Type", "Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options"]) headers.set(name, answer.headers.get(name) || "");
  await put(mine, url, body, headers);
}

async function put(name, url, body, headers) {
  const cache = await caches.open(name);
  await cache.delete(url);
  await cache.put(url, new Response(body, {headers}));
  const all = await cache.keys();
  for (const [place, one] of all.entries()) {
    if (place < all.length - PAGES || age(await cache.match(one)) > DAYS) await cache.delete(one);
  }
}

const age = answer => answer ? Date.now() - answer.headers.get("X-Kept-At") : Infinity;
async function wipe(but) {
  for (const name of await caches.keys()) if (name.startsWith("p-") && name !== but) await caches.delete(name);
}
const pages = async () => (await caches.keys()).find(name => name.startsWith("p-"));

{# A kept page that differs only in what fills in a form, or in a search, is better than none; a colleague's day is not. #}
async function find(url) {
  const name = await pages();
  if (!name) return;
  const cache = await caches.open(name), at = new URL(url), loose = !at.searchParams.has("inspector");
  const had = await cache.match(url) || (loose && await cache.match(url, {ignoreSearch: true}));
  return had && age(had) < DAYS ? had : undefined;
}

async function copyOf(url) {
  let had = await find(url);
  if (!had && STARTS[new URL(url).pathname]) {
    const to = new URL(STARTS[new URL(url).pathname], url).href;
    if (await find(to)) return Response.redirect(to);
  }
  if (!had) return;
  const html = (await had.text()).replace("<body", '<body data-kept-at="' + +had.headers.get("X-Kept-At") + '"');
  return new Response(html, {headers: had.headers});
}

{# ---- Forms: sent as they are; one that found no city is kept. The page itself says (in "held") that it may be, and whose it is. ---- #}
async function post(request) {
  const text = request.clone().text(), answer = fetch(request);
  answer.catch(() => {});
  const fields = [...new URLSearchParams(await text.catch(() => ""))];
  const value = name => (fields.find(one => one[0] === name) || [])[1];
  if ((value("action") || "submit") !== "submit") return answer;
  let kept, found;
  try { kept = JSON.parse(value("held")); } catch (no) { return answer; }
  try { found = await soon(answer); } catch (no) {}
  if (kept.out) {
    if (found && found.status < 400) await soon(forget(kept.account)).catch(() => {});
    return found || answer;
  }
  const id = request.url + " " + (value("key") || "");
  if (found && found.status < 500) {
    await soon(answered(id, found)).catch(() => {});
    return found;
  }
  const item = {...kept, id, url: request.url, at: Date.now(), state: "", fields: fields.filter(one => !["held", "csrf_token"].includes(one[0]))};
  try { await soon(held("readwrite", all => all.put(item))); } catch (no) { return found || answer; }
  if (registration.sync) registration.sync.register("held").catch(() => {});
  const to = new URL(kept.page, location).pathname;
  return request.headers.has("HX-Request") ? new Response("", {headers: {"HX-Redirect": to}}) : Response.redirect(to, 303);
}

{# What was kept before has now been answered in person: done, or the form stands there again with what is wrong.
   Where a redirect leads cannot be seen: the sender asks once more, and the city knows it again. #}
async function answered(id, answer) {
  if (answer.status === 401) return;
  if (answer.type !== "opaqueredirect") return held("readwrite", all => all.delete(id));
  const item = await held("readonly", all => all.get(id));
  if (item) await settle(item, "");
}

{# ---- Sending: one at a time, each with a fresh token, only those of who is signed in ---- #}
let next;
const inTurn = act => navigator.locks ? navigator.locks.request("held", act) : Promise.resolve().then(act);
function send() {
  return next = next || inTurn(() => { next = 0; return sendAll(); });
}

async function sendAll() {
  const waiting = (await held("readonly", all => all.getAll())).filter(item => item.state !== "refused");
  if (!waiting.length) return true;
  const said = await soon(fetch(TOKEN)).catch(() => 0);
  if (said.status === 401) return mark(waiting, "out");
  if (said.status !== 200) return false;
  const {account, token} = await said.json();
  for (const item of waiting.filter(one => one.account === account).sort((a, b) => a.at - b.at)) {
    const body = new URLSearchParams([...item.fields, ["csrf_token", token]]);
    const answer = await soon(fetch(item.url, {method: "POST", body, headers: {"HX-Request": "true"}})).catch(() => 0);
    if (!answer || answer.status >= 500 || answer.status === 429) return false;
    if (answer.status === 401) return mark([item], "out");
    const done = answer.headers.has("HX-Redirect");
    if (done) sent = Date.now();
    await settle(item, done ? undefined : "refused");
    await tell();
  }
  for (const old of waiting) if (old.account !== account && Date.now() - old.at > DAYS) await settle(old);
  return true;
}

{# Only if it is still the very one: it may have been sent anew from its form meanwhile. #}
const settle = (item, then) => held("readwrite", all => {
  all.get(item.id).onsuccess = event => {
    const now = event.target.result;
    if (now && now.at === item.at) then === undefined ? all.delete(item.id) : all.put({...now, state: then});
  };
});
const mark = (items, state) => Promise.all(items.map(item => settle(item, state))).then(() => tell()).then(() => true);

async function forget(account) {
  owner = "";
  since = ++asked;
  await wipe();
  for (const item of await held("readonly", all => all.getAll())) if (item.account === account) await settle(item);
}

{# ---- What pages ask: {account, led, send, remove, keep, also, seen} ---- #}
async function told(what, source) {
  {# A page that was on its way when this worker took over was not there yet to be taken over. #}
  if (!what.led) await clients.claim();
  if (what.remove) await held("readwrite", all => all.delete(what.remove));
  if (what.send) await send().catch(() => {});
  await list(what.account, source);
  if (what.remove) await tell();
  if (what.also) await again(source.url, what.also).catch(() => {});
  for (const url of what.keep || []) {
    const to = new URL(url, location).href, had = await find(to);
    if (what.anew || age(had) > FRESH) await fetchAndKeep(to).catch(() => {});
  }
  if (what.seen) await again(source.url, [source.url], Date.now());
}

async function list(account, source) {
  const name = await pages(), whose = account || (name || "").slice(2);
  const all = await held("readonly", all => all.getAll()).catch(() => []);
  let home;
  for (const url of Object.values(STARTS)) if (!home && await find(new URL(url, location).href)) home = url;
  source.postMessage({held: all.filter(item => item.account === whose), all: all.length, home, sent});
}

{# Something is another: whoever shows it asks again. #}
async function tell() {
  for (const one of await clients.matchAll({type: "window", includeUncontrolled: true})) one.postMessage({});
}

{# The copy of this page under other addresses too; or its own, when nothing has changed since: as new as this moment. #}
async function again(url, urls, at) {
  await soon(keeping).catch(() => {});
  if (!await find(url)) await fetchAndKeep(url);
  const had = await find(url), name = await pages();
  if (!had) return;
  const body = await had.text(), headers = new Headers(had.headers);
  if (at) headers.set("X-Kept-At", at);
  for (const to of urls) await put(name, new URL(to, url).href, body, headers);
}

function held(mode, act) {
  return new Promise((yes, no) => {
    const opening = indexedDB.open("held", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("held", {keyPath: "id"});
    opening.onerror = () => no(opening.error);
    opening.onsuccess = () => {
      const db = opening.result, work = db.transaction("held", mode), got = act(work.objectStore("held"));
      work.oncomplete = () => { db.close(); yes(got && got.result); };
      work.onabort = work.onerror = () => { db.close(); no(work.error); };
    };
  });
}
