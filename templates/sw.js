{# The worker of dead zones. Pages last seen (sw/pages.js) and forms not sent yet (sw/forms.js) stay on the phone, each
   for one account alone. "p-" and the account names the cache of its pages; "static" holds the files under their hash
   and the page for no signal; the database "held" holds the forms. Comments like this one are not sent. #}
const STATIC = {{ ([static_url("app.css"), static_url("app.js"), static_url("offline.js"), static_url(look.icon)] + ([static_url(look.sign.name)] if look.sign else []))|tojson }};
const OFFLINE = {{ url_for("offline.page")|tojson }}, TOKEN = {{ url_for("offline.token")|tojson }};
const STARTS = {{ {url_for("contractor.sign_in"): url_for("contractor.dashboard"), url_for("staff.sign_in"): url_for("staff.my_day"), url_for("staff.home"): url_for("staff.my_day")}|tojson }};
const OWN_PIN = {{ url_for("contractor.own_pin")|tojson }};
const KEEP = {headers: {"X-Purpose": "keep"}};
const PATIENCE = {{ patience * 1000 }}, PAGES = 30, DAYS = 14 * 864e5, FRESH = 12 * 36e5;

{# ---- Install: the new one takes over at once; what is kept stays, and so do files that kept pages still name. ---- #}
addEventListener("install", event => event.waitUntil((async () => {
  await Promise.all([...STATIC, OFFLINE].map(bring));
  const cache = await caches.open("static"), old = (await cache.keys()).slice(0, -16);
  await Promise.all(old.map(one => cache.delete(one)));
  await skipWaiting();
})()));

{# Put in place of the old one only once it is here: an install that breaks off in a dead zone takes nothing away. What
   is put last is the newest in the cache. #}
async function bring(url) {
  const answer = await fetch(url, KEEP), cache = await caches.open("static");
  if (!answer.ok) throw answer.status;
  await cache.put(url, answer);
}

addEventListener("activate", event => event.waitUntil((async () => {
  if (registration.navigationPreload) await registration.navigationPreload.enable();
  await clients.claim();
})()));

addEventListener("fetch", event => {
  const request = event.request, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const posts = request.method === "POST", navigates = request.mode === "navigate";
  if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.method === "GET" && navigates) event.respondWith(page(event));
  else if (posts && (navigates || request.headers.has("HX-Request")) && /urlencoded/.test(request.headers.get("Content-Type"))) event.respondWith(post(request));
});
addEventListener("sync", event => event.waitUntil(send().then(done => done || Promise.reject())));
addEventListener("message", event => event.waitUntil(told(event.data, event.source)));

{# Those that only some pages name are kept when they pass. #}
async function file(request) {
  const had = await caches.match(request, {ignoreVary: true});
  if (had) return had;
  const answer = await fetch(request), copy = answer.clone();
  if (answer.ok) caches.open("static").then(cache => cache.put(request.url, copy)).catch(() => {});
  return answer;
}

const soon = answer => Promise.race([answer, new Promise((_, no) => setTimeout(no, PATIENCE))]);

{# ---- What pages ask: {account, led, age, lang, saves, send, remove, keep, also, anew, seen} ---- #}
let spoken;
async function told(what, source) {
  const begun = performance.now() - what.age;
  {# A page that was on its way when this worker took over was not there yet to be taken over. #}
  if (!what.led) await clients.claim();
  if (what.remove) await held("readwrite", all => all.delete(what.remove));
  if (what.send) await send().catch(() => {});
  await list(what.account, source, begun);
  if (what.remove) await tell({});
  {# What follows may cost bytes, on a phone that does not save them. #}
  await soon(keeping).catch(() => {});
  const here = source.url, also = what.also || [], anew = what.anew || (what.seen && !await find(here));
  if (anew && !what.saves) await fetchAndKeep(here).catch(() => {});
  await again(here, what.seen ? [here, ...also] : also, "p-" + what.account, what.seen);
  if (what.saves) return;
  if (what.lang && what.lang !== spoken) await speak(what.lang).catch(() => {});
  for (const url of what.keep || []) {
    const to = new URL(url, here).href;
    if (age(await find(to)) > FRESH) await fetchAndKeep(to).catch(() => {});
  }
}

{# Monotonic clocks alone: when a phone finds its network again, its time of day often jumps. #}
async function list(account, source, begun) {
  const name = await pages(), whose = account || (name || "").slice(2);
  const all = await held("readonly", all => all.getAll()).catch(() => []);
  let home;
  for (const url of Object.values(STARTS)) if (!home && await find(new URL(url, location).href)) home = url;
  source.postMessage({held: all.filter(item => item.account === whose), all: all.length, home, late: sent && sent > begun});
}

{# Something is another: whoever shows it asks again. Or a form's page hears what became of it. #}
async function tell(what) {
  for (const one of await clients.matchAll({type: "window", includeUncontrolled: true})) one.postMessage(what);
}

{# The page for no signal in the language that is read here now. #}
async function speak(lang) {
  const had = await caches.match(OFFLINE);
  spoken = lang;
  if (!had || !(await had.text()).includes(`<html lang="${lang}"`)) await bring(OFFLINE);
}

{% include "sw/pages.js" %}

{% include "sw/forms.js" %}
