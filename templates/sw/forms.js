{# Forms: sent as they are. The page itself says (in "held") that one may be kept if it finds no city, and whose it is.
   `sent`: when something kept was last taken by the city, in this worker's own milliseconds. #}
let sent = 0;

async function post(request) {
  const text = request.clone().text(), answer = fetch(request), swap = request.headers.has("HX-Request");
  answer.catch(() => {});
  const fields = [...new URLSearchParams(await text.catch(() => ""))];
  const value = name => (fields.find(one => one[0] === name) || [])[1];
  let kept = {}, found;
  try { kept = JSON.parse(value("held")) || kept; } catch (no) {}
  if (!kept.page || (value("action") || "submit") !== "submit") {
    found = swap ? await answer : await answer.catch(() => 0);
    if (kept.out && found && found.status < 400) await soon(forget(kept.account)).catch(() => {});
    return found || stay(request, "lost");
  }
  const id = request.url + " " + (value("key") || "");
  found = await soon(answer).catch(() => 0);
  if (found && found.status < 500) {
    await soon(answered(id, found)).catch(() => {});
    return found;
  }
  const to = new URL(kept.page, location).pathname;
  const item = {...kept, id, url: request.url, at: Date.now(), state: "", fields: fields.filter(one => !["held", "csrf_token"].includes(one[0]))};
  try { await soon(store(item)); } catch (no) { return swap ? new Response("", {status: 507}) : stay(request, "full"); }
  if (registration.sync) registration.sync.register("held").catch(() => {});
  return swap ? new Response("", {headers: {"HX-Redirect": to}}) : Response.redirect(to, 303);
}

{# The page stays as it is with all that was typed, and hears why: the browser's own page for no signal would take it away. #}
function stay(request, how) {
  tell({[how]: request.url});
  return new Response(null, {status: 204});
}

{# In the order they were sent, whatever the phone's time of day was. #}
const store = item => held("readwrite", all => {
  all.getAll().onsuccess = event => all.put({...item, at: Math.max(item.at, ...event.target.result.map(one => one.at + 1))});
});

{# What was kept before has now been answered in person: done, or the form stands there again with what is wrong. Any
   other answer leaves it here. Where a redirect leads cannot be seen: the sender asks once more, and the city knows it
   again; it says so only once. #}
async function answered(id, answer) {
  if ([200, 409, 422].includes(answer.status)) return held("readwrite", all => all.delete(id));
  if (answer.type !== "opaqueredirect") return;
  const item = await held("readonly", all => all.get(id));
  if (item) await settle(item, {state: "", quiet: 1});
}

{# ---- Sending: one at a time, each with a fresh token, only those of who is signed in ---- #}
let next;
const inTurn = act => navigator.locks ? navigator.locks.request("held", act) : Promise.resolve().then(act);
function send() {
  return next = next || inTurn(() => { next = 0; return sendAll(); });
}

async function who() {
  const said = await soon(fetch(TOKEN)).catch(() => 0);
  return said.status === 401 ? {} : said.status === 200 ? said.json() : undefined;
}

{# True if nothing is left to be tried again. What the city fails at (500) holds up only what is about the same permit. #}
async function sendAll() {
  const all = await held("readonly", all => all.getAll()), waiting = all.filter(item => item.state !== "refused");
  const old = all.filter(item => Date.now() - item.at > DAYS);
  if (!waiting.length && !old.length) return true;
  const me = await who(), stuck = new Set();
  if (!me) return false;
  if (!me.account) return mark(waiting);
  for (const item of waiting.filter(one => one.account === me.account).sort((a, b) => a.at - b.at)) {
    if (stuck.has(item.num)) continue;
    const body = new URLSearchParams([...item.fields, ["csrf_token", me.token]]), headers = {"HX-Request": "true", ...(item.quiet && KEEP.headers)};
    const answer = await soon(fetch(item.url, {method: "POST", body, headers})).catch(() => 0);
    if (answer.status === 500) { stuck.add(item.num); continue; }
    if (!answer || answer.status > 500 || [408, 429].includes(answer.status)) return false;
    const to = answer.headers.get("HX-Redirect"), path = to && new URL(to, location).pathname;
    if (answer.status === 401 || path === OWN_PIN || STARTS[path]) return mark([item]);
    {# A no counts only if it was said to them: another may have signed in between. #}
    if (!to && ((await who()) || me).account !== me.account) return false;
    if (to) sent = performance.now();
    await settle(item, to ? undefined : {state: "refused"});
    await tell({});
  }
  for (const item of old) if (item.account !== me.account) await settle(item);
  return !stuck.size;
}

{# Only if it is still the very one: it may have been sent anew from its form meanwhile. #}
const settle = (item, then) => held("readwrite", all => {
  all.get(item.id).onsuccess = event => {
    const now = event.target.result;
    if (now && now.at === item.at) then ? all.put({...now, ...then}) : all.delete(item.id);
  };
});
const mark = items => Promise.all(items.map(item => settle(item, {state: "out"}))).then(() => tell({})).then(() => true);

{# Signed out: what was on its way for this account is not kept any more either. #}
async function forget(account) {
  owner = "";
  since = ++asked;
  await wipe();
  for (const item of await held("readonly", all => all.getAll())) if (item.account === account) await settle(item);
  await tell({});
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
