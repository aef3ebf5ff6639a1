{# Pages: the network first, else the copy. Whose phone it is, says the latest question that did: an answer to an earlier
   one does not change it back. `owner` is unknown (undefined) to a worker that has just started. #}
let owner, since = 0, asked = 0;

async function page(event) {
  const url = event.request.url, turn = ++asked;
  {# In Firefox a preload that got no answer is an answer, of the type "error". #}
  const coming = (async () => {
    const early = await event.preloadResponse;
    return early && early.type !== "error" ? early : fetch(event.request);
  })();
  event.waitUntil(coming.then(answer => keep(url, answer.clone(), turn)).catch(() => {}));
  const found = await soon(coming).catch(() => 0);
  if (found && found.status < 500) return found;
  const had = await copyOf(url);
  if (had) return had;
  {# A city that is down altogether does not hide what waits on this phone. #}
  if (found) return await waits() && await caches.match(OFFLINE) || found;
  return coming.catch(() => caches.match(OFFLINE));
}
const waits = () => held("readonly", all => all.count()).catch(() => 0);

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
  const html = (answer.headers.get("Content-Type") || "").startsWith("text/html");
  if (account === "none" || answer.status !== 200 || answer.redirected || !html || new URL(url).pathname === OFFLINE) return;
  const body = await answer.text(), headers = new Headers({"X-Kept-At": Date.now()});
  for (const name of ["Content-Type", "Content-Security-Policy", "Cache-Control", "Cross-Origin-Opener-Policy", "Referrer-Policy", "X-Content-Type-Options"]) headers.set(name, answer.headers.get(name) || "");
  await put(mine, url, body, headers);
  await keepFiles(body);
}

{# What only some pages look like, such as the staff's, comes along with the first of them. #}
async function keepFiles(body) {
  const cache = await caches.open("static");
  for (const [, file] of body.matchAll(/"(\/static\/[^"]+\.css)"/g)) if (!await cache.match(file, {ignoreVary: true})) await soon(cache.add(file)).catch(() => {});
}

{# Not of an account that has signed out in between. #}
async function put(name, url, body, headers) {
  if (owner !== undefined && name !== "p-" + owner) return;
  const cache = await caches.open(name);
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

{# A kept page that differs only in what fills in a form, or in a search, is better than none. Another day, a colleague's
   or a list of other requests is not: of the staff's pages a result alone. #}
async function find(url) {
  const name = await pages();
  if (!name) return;
  const cache = await caches.open(name), loose = !/^\/staff\/(?!stops)/.test(new URL(url).pathname);
  const had = await cache.match(url) || (loose && await cache.match(url, {ignoreSearch: true}));
  return had && age(had) < DAYS ? had : undefined;
}

async function copyOf(url) {
  const had = await find(url), start = STARTS[new URL(url).pathname];
  if (!had) {
    const to = start && new URL(start, url).href;
    return to && await find(to) ? Response.redirect(to) : undefined;
  }
  const html = (await had.text()).replace("<body", '<body data-kept-at="' + +had.headers.get("X-Kept-At") + '"');
  return new Response(html, {headers: had.headers});
}

{# The copy of this page under these addresses: as it is, or as the page says it now stands (`seen`: its HTML, or true
   where nothing has changed). #}
async function again(url, urls, whose, seen) {
  const had = await find(url);
  if (!had || await pages() !== whose) return;
  const body = seen && seen !== true ? seen : await had.text(), headers = new Headers(had.headers);
  if (seen) headers.set("X-Kept-At", Date.now());
  for (const to of urls) await put(whose, new URL(to, url).href, body, headers);
}
