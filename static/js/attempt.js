import { presence } from "./presence.js";
import { queue } from "./queue.js";
import { entries, keyOf, names } from "./storage.js";
import { element, tell, tellNext, untell } from "./telling.js";

// The attempt that this page belongs to: whose it is, its kept answers on their way, and what is said of that.

const head = document.querySelector('[data-behaviour="attempt"]');
const about = head?.dataset ?? {};
const listeners = [];

export const attempt = head && {
  account: about.account,
  address: about.address,
  key: keyOf(about.account, about.attempt),
  // What is written down with the kept answers.
  label: { name: about.name, address: about.address },
};

const SAID = {
  offline: ["No connection just now", "Go on answering. What you write is kept on this device and sent as soon as the connection is back. The other questions open again then."],
  "signed-out": ["You have been signed out", "What you write is kept on this device. Sign in again, here or in another tab, and it is sent."],
  "not-allowed": ["The server does not take answers just now", "What you write is kept on this device and sent as soon as it does. If this stays, tell your teacher."],
  busy: ["There is a great rush just now", "Go on answering. What you write is kept on this device and sent by itself"],
  broken: ["The server has trouble just now", "Go on answering. What you write is kept on this device and sent as soon as the server is well again."],
};

export const sending = attempt && queue(attempt.key, { account: attempt.account, address: attempt.address, listen: hear });

// Ask to be told: ("saved", entry, told), ("conflict", entry), ("trouble", kind), ("well").
export function listen(listener) {
  listeners.push(listener);
}

function hear(what, one, told) {
  const name = `refused-${one?.slot}`;
  if (what === "trouble") trouble(one, told);
  if (what === "well") for (const it of ["network", "network-move"]) untell(it);
  if (what === "stranger") veil(one);
  if (what === "refused") tell(name, `The answer to question ${one.slot} was not taken`, `${told.told?.message ?? ""} It is kept on this device.`, "wrong");
  if (what === "saved") untell(name);
  if (what === "saved" && told.standing === "late") late(one);
  for (const listener of listeners) listener(what, one, told);
}

function trouble(kind, wait) {
  if (document.querySelector('[data-told="time"]')) return;
  const [title, words] = SAID[kind];
  const when = kind === "busy" ? (wait ? ` in ${wait} seconds.` : " in a moment.") : "";
  const again = kind === "signed-out" ? [element("p", {}, element("a", { className: "button", href: signInAddress(), textContent: "Sign in again", onclick: goes }))] : [];
  tell("network", title, words + when, "partial", ...again);
}

// Whoever goes where this page sends them is not asked whether they want to leave it.
const goes = () => (attempt.goes = true);

function signInAddress() {
  return `${attempt.address.split("/attempts/")[0]}/sign-in?next=${encodeURIComponent(location.pathname)}`;
}

function late(entry) {
  const words = `Your answer to question ${entry.slot} came too late to count. It is kept, and your result shows it.`;
  tell("late", "Too late to count", words, "wrong", element("p", {}, element("a", { href: attempt.address, textContent: "See what counted" })));
  tellNext("Too late to count", words);
}

// All that is written is with the server, and the server is there and knows us; else the page says what is wrong.
export async function isReady() {
  if (!(await sending.flush())) return false;
  return (await look()) !== null;
}

// Ask the server who is here; a page of somebody else's is put away.
export async function look() {
  const who = await presence();
  if (!who) sending.fail({ kind: "offline" });
  else if (who.user !== attempt.account && (who.user || hasLeft())) veil(who);
  else if (!who.user) sending.fail({ kind: "signed-out" });
  else {
    sending.kick();
    return who;
  }
  return null;
}

function hasLeft() {
  try {
    return Number(localStorage.getItem(names.left)) > performance.timeOrigin;
  } catch {
    return false;
  }
}

// Nothing of what the one wrote is shown to the other.
function veil(who) {
  const mine = about.name;
  const unsent = entries(attempt.key).length;
  const kept = unsent ? ` Answers of ${mine} that were not sent yet are kept; they are sent when ${mine} signs in here again.` : "";
  document.body.dataset.veiled = "1";
  goes();
  document.title = "Closed";
  const now = who.user ? `You are signed in as ${who.name}, not as ${mine}. What ${mine} answered here is put away.` : `${mine} has signed out. What was answered here is put away.`;
  const way = element("p", {}, element("a", { className: "button", href: who.user ? "/" : signInAddress(), textContent: who.user ? "To the quizzes" : "Sign in" }));
  const main = document.getElementById("main");
  const flashes = main.querySelector(".flashes");
  main.replaceChildren(flashes);
  flashes.replaceChildren();
  tell("stranger", who.user ? `Not ${mine}?` : "Signed out", now + kept, "partial", way);
  main.focus();
}

if (attempt) {
  addEventListener("online", () => look());
  addEventListener("offline", () => sending.fail({ kind: "offline" }));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  addEventListener("storage", (event) => event.key === names.left && look());
  // A page that the browser kept may show an old answer: look again, where there is something to look at.
  addEventListener("pageshow", async (event) => event.persisted && (await look()) && location.reload());
  if (entries(attempt.key).length) sending.kick();
}
