import { presence } from "./presence.js";
import { queue } from "./queue.js";
import { change, drop, entries, keys, leaving, left, record } from "./storage.js";
import { ask, element, tell, tellNow } from "./telling.js";

// On every page: answers that did not reach the server from where they were given are sent, if it is their owner who is
// here; and whoever signs out, or deletes the account, is warned of them first. Afterwards nothing of them stays on the
// device.

const isAttempt = document.querySelector('[data-behaviour="attempt"]');

async function send() {
  await left(presence);
  const all = keys();
  const who = all.length ? await presence() : null;
  if (!who) return;
  const mine = who.user ? keys(who.user) : [];
  for (const key of mine) await deliver(key, who.user);
  const others = all.filter((key) => !mine.includes(key));
  if (others.length && location.pathname.endsWith("/sign-in")) tellOf(others);
}

async function deliver(key, account) {
  const { address } = record(key);
  let sent = 0;
  const listen = (what, entry, told) => {
    if (what === "conflict") point(address, entry);
    if (what !== "saved") return;
    if (told.standing === "late") tell("late", "Too late to count", `An answer to question ${entry.slot} reached us too late to count. It is kept, and your result shows it.`, "wrong", link(address, "See what counted"));
    else sent += 1;
  };
  // The attempt is over: what was not chosen is with the server, and stands in the result.
  if (location.pathname === `${address}/result`) change(key, (all) => all.filter((one) => !one.conflict));
  for (const entry of entries(key)) if (entry.conflict) point(address, entry);
  if (await queue(key, { account, address, listen }).flush() && sent && !entries(key).length) {
    tell("sent", sent === 1 ? "Your last answer has been sent now" : `${sent} answers have been sent now`, "", "right", link(address, "Back to the quiz"));
  }
}

function point(address, { slot }) {
  tell("conflict", `Question ${slot} was answered on another device meanwhile`, "", "partial", link(`${address}/${slot}`, "Look at both and choose"));
}

function link(href, textContent) {
  return element("p", {}, element("a", { href, textContent }));
}

// Whose they are, and nothing of what they say.
function tellOf(others) {
  const people = [...new Set(others.map((key) => record(key).name))].join(", ");
  tell("others", "Answers wait on this device", `They are ${people}’s and have not been sent yet. They are sent when ${people} signs in here; nobody else can see them.`);
}

async function signingOut(event) {
  const form = event.target;
  const deletes = form.action.endsWith("/account/delete");
  if (!(deletes || form.action.endsWith("/sign-out")) || form.dataset.sure) return;
  if (!deletes && !keys().length && navigator.onLine) return leaving();
  event.preventDefault();
  const who = await presence();
  if (who && !who.user) return leave(form);
  const mine = who ? keys(who.user) : keys();
  if (who) for (const key of mine) await queue(key, { account: who.user, address: record(key).address, listen: () => {} }).flush();
  const unsent = mine.flatMap(entries).filter((one) => !one.conflict).length;
  if ((!who || unsent) && !(await isSure(unsent, who, deletes))) return;
  if (deletes) return leave(form, who.user); // nothing is dropped before it is done: the password may be wrong
  mine.forEach(drop);
  leave(form);
}

async function isSure(unsent, who, deletes) {
  const [them, it] = unsent === 1 ? ["One answer has", "it"] : [`${unsent} answers have`, "them"];
  if (!who) {
    await ask("No connection just now", "You are still signed in. Try again once the connection is back; what you write is kept on this device.", [["stay", "Stay", "primary"]]);
    return false;
  }
  const [what, whoever] = deletes ? ["Delete", "deletes the account"] : ["Sign out", "signs out"];
  const words = `${them} not reached the server. Whoever ${whoever} now loses ${it}: on a device that others use nothing of yours is kept.`;
  return (await ask(`${what} all the same?`, words, [["stay", "Stay and try again", "primary"], ["leave", `${what} and lose ${it}`, "danger"]])) === "leave";
}

function leave(form, account) {
  leaving(account);
  form.dataset.sure = "1";
  form.requestSubmit();
}

document.addEventListener("submit", signingOut);
tellNow();
if (!isAttempt) send();
