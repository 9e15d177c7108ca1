// What this browser keeps of answers until the server has them: for each account and attempt a list, in the order in
// which they were written. An entry: slot, client, sequence, base, fields; conflict, refused.

const PREFIX = "answers:";
const KEPT_FOR = 30 * 24 * 3600 * 1000;
const memory = new Map();

export const names = { left: "signed-out", leaving: "leaving", told: "told" };

export function keyOf(account, attempt) {
  return `${PREFIX}${account}:${attempt}`;
}

// A browser that keeps nothing (blocked, full) still keeps it while the page is open.
export function record(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

export function entries(key) {
  return record(key)?.entries ?? [];
}

export function isKept(key) {
  return !memory.has(key);
}

export function change(key, alter, about = null) {
  const kept = record(key) ?? (about && { ...about, entries: [] });
  if (!kept) return;
  kept.entries = alter(kept.entries);
  kept.at = Date.now();
  if (kept.entries.length) put(key, kept);
  else drop(key);
}

function put(key, kept) {
  try {
    localStorage.setItem(key, JSON.stringify(kept));
    memory.delete(key);
  } catch {
    memory.set(key, kept);
  }
}

export function drop(key) {
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing is kept there then.
  }
}

// The lists of an account, or of everybody; too old ones are dropped.
export function keys(account = "") {
  let found = [...memory.keys()];
  try {
    found = [...new Set([...Object.keys(localStorage), ...found])];
  } catch {
    // Only what is in memory.
  }
  found = found.filter((key) => key.startsWith(PREFIX) && record(key));
  for (const key of found) if (Date.now() - record(key).at > KEPT_FOR) drop(key);
  return found.filter((key) => record(key) && key.startsWith(account ? `${PREFIX}${account}:` : PREFIX));
}

// Whoever signs out, or deletes this account, leaves word of it for this window's next page.
export function leaving(account = "1") {
  try {
    sessionStorage.setItem(names.leaving, account);
    sessionStorage.removeItem(names.told);
  } catch {
    // Other windows are not told then; the server refuses them all the same.
  }
}

// The next page sees whether it is done, and tells the other windows. An account that is still here was not deleted.
export async function left(presence) {
  try {
    const account = sessionStorage.getItem(names.leaving);
    const who = account && (await presence());
    if (!who) return;
    sessionStorage.removeItem(names.leaving);
    if (account === who.user) return;
    keys(account).forEach(drop);
    localStorage.setItem(names.left, String(Date.now()));
  } catch {
    // As above.
  }
}
