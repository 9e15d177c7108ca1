import { heard } from "./clock.js";
import { away, presence, reached, token } from "./presence.js";
import { change, entries } from "./storage.js";

// Sends a list of kept answers, one after the other, until the server has each. What did not get through is sent again
// under the same stamp, which changes nothing if it had arrived after all.

const WAITS = [1, 2, 4, 8, 15, 30];
const PATIENCE = 20000;
const TROUBLES = { 401: "signed-out", 403: "not-allowed", 429: "busy" };

export function queue(key, { account, address, listen }) {
  const state = { failures: 0, timer: 0, notBefore: 0, running: null, strange: false };
  const waiting = () => entries(key).filter((entry) => !entry.conflict && !entry.refused);

  async function work() {
    for (let entry = waiting()[0]; entry && !state.strange; entry = waiting()[0]) {
      const trouble = await deliver(entry);
      if (trouble) return failed(trouble);
    }
    const trouble = state.failures ? await stranger() : null;
    if (trouble) return failed(trouble);
    if (state.failures) listen("well");
    state.failures = 0;
    return !state.strange;
  }

  async function deliver(entry, again = false) {
    const answer = await post(entry).catch(() => null);
    if (!answer) return { kind: "offline" };
    if (answer.told && answer.status === 200) return accepted(entry, answer.told);
    if (answer.told && answer.status === 409) return differs(entry, answer.told);
    if (answer.status === 400 && !again) return (await stranger()) ?? deliver(entry, true);
    if (answer.status === 404) return (await stranger()) ?? refused(entry, answer);
    if (answer.status in TROUBLES || answer.status >= 500) return { kind: TROUBLES[answer.status] ?? "broken", wait: answer.wait };
    return answer.status < 400 ? { kind: "offline" } : refused(entry, answer);
  }

  async function post(entry) {
    const body = stamped(entry, token());
    const answer = await fetch(`${address}/${entry.slot}`, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true, signal: AbortSignal.timeout?.(PATIENCE) });
    heard(Date.parse(answer.headers.get("Date")));
    const told = await answer.json().catch(() => null);
    if (answer.ok) reached();
    return { status: answer.status, told, wait: Number(answer.headers.get("Retry-After")) || 0 };
  }

  function accepted(entry, told) {
    settle(entry, null);
    change(key, (all) => all.filter((one) => one.slot !== entry.slot || !one.refused));
    listen("saved", entry, told);
  }

  function differs(entry, told) {
    if (saysTheSame(told.form, entry.fields)) return accepted(entry, told);
    settle(entry, { conflict: told.current });
    listen("conflict", { ...entry, conflict: told.current });
  }

  function refused(entry, answer) {
    settle(entry, { refused: answer.status });
    listen("refused", entry, answer);
  }

  // Our token does not hold any more: is it still the same person?
  async function stranger() {
    const who = await presence();
    if (!who) return { kind: "offline" };
    if (who.user === account) return null;
    if (!who.user) return { kind: "signed-out" };
    state.strange = true;
    listen("stranger", who);
    return { kind: "stranger" };
  }

  function failed({ kind, wait = 0 }) {
    if (kind === "stranger") return false;
    if (kind === "offline") away();
    const seconds = Math.max(wait, kind === "signed-out" ? 30 : WAITS[Math.min(state.failures, WAITS.length - 1)]);
    state.failures += 1;
    state.notBefore = Date.now() + wait * 1000;
    clearTimeout(state.timer);
    state.timer = setTimeout(kick, seconds * (1 + Math.random() / 4) * 1000);
    listen("trouble", kind, wait);
    return false;
  }

  function settle(entry, marks) {
    const isIt = (one) => one.slot === entry.slot && one.client === entry.client && one.sequence === entry.sequence;
    change(key, (all) => all.flatMap((one) => (!isIt(one) ? [one] : marks ? [{ ...one, ...marks }] : [])));
  }

  function run() {
    state.running ??= alone(key, work).finally(() => {
      state.running = null;
    });
    return state.running;
  }

  // Send what there is, soon.
  async function kick() {
    if (state.strange || Date.now() < state.notBefore) return;
    if (await run() && waiting().length) await run();
  }

  // Whether all is with the server, after trying.
  async function flush() {
    if (!waiting().length) return !state.strange;
    if (Date.now() < state.notBefore) return false;
    await run();
    return waiting().length ? run() : !state.strange;
  }

  return { kick, flush, waiting, settle, fail: failed, isTroubled: () => state.failures > 0 };
}

export function stamped(entry, csrf) {
  const body = new URLSearchParams(entry.fields);
  for (const name of ["client", "sequence", "base"]) body.set(name, String(entry[name]));
  body.set("csrf_token", csrf);
  return body;
}

function saysTheSame(form, fields) {
  const mine = {};
  for (const [name, value] of new URLSearchParams(fields)) if (value) (mine[name] ??= []).push(value);
  const theirs = Object.entries(form ?? {}).filter(([, values]) => values.some(Boolean));
  return theirs.length === Object.keys(mine).length && theirs.every(([name, values]) => String(values) === String(mine[name]));
}

// One window of the browser sends at a time, where it can see to that.
function alone(name, work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(name, { signal: AbortSignal.timeout?.(PATIENCE) }, work).catch(work);
}
