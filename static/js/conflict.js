import { attempt, listen, sending } from "./attempt.js";
import { isNear, presence, token } from "./presence.js";
import { stamped } from "./queue.js";
import { change, entries } from "./storage.js";
import { element, tell } from "./telling.js";

// Two devices, or two windows: the server keeps both answers, and shows them side by side; one of them is chosen.

export async function showConflict(form, entry) {
  const address = form.action;
  const page = await asked(address, entry);
  const both = page?.querySelector(".conflict");
  if (!both) return sending.fail({ kind: "offline" });
  const main = document.getElementById("main");
  const theirs = page.getElementById("main");
  const keep = [".attempt-head", ".flashes"].map((name) => [name, main.querySelector(name)]);
  for (const [name, element] of keep) theirs.querySelector(name)?.replaceWith(element);
  main.replaceChildren(...theirs.childNodes);
  const shown = main.querySelector(".conflict");
  shown.dataset.since = String(performance.now());
  shown.querySelector("form").addEventListener("submit", (event) => keepMine(event, entry));
  shown.querySelector("a.button").addEventListener("click", (event) => keepTheirs(event, entry, address));
  shown.focus();
}

async function asked(address, entry) {
  if (!isNear() && !(await presence())) return null;
  try {
    const answer = await fetch(address, { method: "POST", body: stamped(entry, token()), headers: { Accept: "text/html" } });
    return answer.status === 409 ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}

// It is written down as one more answer, based on the one that it replaces, and goes the way of all answers.
function keepMine(event, entry) {
  event.preventDefault();
  event.stopPropagation();
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(event.target)) if (!["csrf_token", "go"].includes(name)) data.append(name, value);
  const chosen = { slot: entry.slot, client: entry.client, sequence: entry.sequence + 1000, base: entry.conflict, fields: String(data) };
  change(attempt.key, (all) => [...all.filter((one) => one.slot !== entry.slot), chosen], attempt.label);
  // Once it is saved, the page is asked for anew.
  sending.flush();
}

async function keepTheirs(event, entry, address) {
  event.preventDefault();
  if (!(await presence())) return sending.fail({ kind: "offline" });
  change(attempt.key, (all) => all.filter((one) => one.slot !== entry.slot));
  location.replace(address);
}

function heard(what, entry) {
  if (what === "conflict") point(entry);
  if (what === "saved" && document.querySelector(".conflict")) location.replace(location.pathname);
}

// It happened to another question than the one on this page.
function point(entry) {
  const address = `${attempt.address}/${entry.slot}`;
  if (document.querySelector("#answer-form")?.action.endsWith(address)) return;
  const link = element("a", { href: address, textContent: "Look at both and choose" });
  tell(`conflict-${entry.slot}`, `Question ${entry.slot} was answered on another device meanwhile`, "", "partial", element("p", {}, link));
}

if (attempt) {
  listen(heard);
  for (const entry of entries(attempt.key)) if (entry.conflict) point(entry);
}
