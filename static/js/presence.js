import { heard } from "./clock.js";

// Who is signed in just now, by the server's word, and the token that their forms need; null where it can't be reached.

const PATIENCE = 10000;
const root = document.querySelector(".wordmark")?.getAttribute("href") ?? "/";
const last = { at: -Infinity, who: null };

export async function presence() {
  try {
    const answer = await fetch(`${root}session`, { headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE) });
    if (!answer.ok) return null;
    const who = await answer.json();
    heard(who.now, true);
    reached(who);
    if (who.csrf_token) for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = who.csrf_token;
    return who;
  } catch {
    return null;
  }
}

export function token() {
  return document.querySelector("input[name=csrf_token]")?.value ?? "";
}

export function reached(who = last.who) {
  last.at = performance.now();
  last.who = who;
}

// Whether the server answered within the last few seconds.
export function isNear() {
  return performance.now() - last.at < 4000 && navigator.onLine;
}

export function away() {
  last.at = -Infinity;
}
