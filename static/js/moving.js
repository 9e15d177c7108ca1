import { attempt, isReady, look, sending } from "./attempt.js";
import { isNear, token } from "./presence.js";
import { tell } from "./telling.js";

// Going elsewhere in an attempt: first all that is written reaches the server, and the server is there; else the page
// stays as it is and says so. Nobody lands on the browser's own error page.

const state = { passing: false, busy: false };

async function may() {
  if (!sending.waiting().length && isNear()) return true;
  if (state.busy) return false;
  state.busy = true;
  const ready = await isReady();
  state.busy = false;
  const why = document.querySelector('[data-told="network"] .notice-title')?.textContent;
  if (!ready && !document.body.dataset.veiled) notYet(`${why ?? "Not yet"}: that has to wait. Your answer is kept.`);
  return ready;
}

// Said where the button is, if there is a place for it.
function notYet(words) {
  const near = document.querySelector("[data-saved]");
  if (!near) return tell("network-move", "Not yet", words);
  near.textContent = words;
  near.dataset.kind = "partial";
}

function isOurs(form) {
  return form.method === "post" && form.action.includes(attempt.address);
}

async function submitted(event) {
  const form = event.target;
  const way = event.submitter;
  if (state.passing || event.defaultPrevented || !isOurs(form)) return;
  event.preventDefault();
  if (way?.formAction.endsWith("/flag")) return flag(way);
  await new Promise((over) => setTimeout(over)); // a form isn't submitted anew before its event is over
  if (await may()) go(form, way);
}

function go(form, way) {
  if (form.id === "answer-form" && way?.name === "go" && !way.hasAttribute("formaction")) {
    return location.assign(`${attempt.address}/${way.value}`);
  }
  form.querySelector("[name=unchanged]")?.remove();
  if (form.id === "answer-form") form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "unchanged", value: "1" }));
  state.passing = true;
  form.requestSubmit(way);
  state.passing = false;
}

// Hand the attempt in, once everything that is written is with the server; whether that was so.
export async function handIn(form) {
  if (!(await isReady())) return false;
  go(form, null);
  return true;
}

async function flag(button) {
  const flagged = button.value === "1";
  const body = new URLSearchParams({ csrf_token: token(), unchanged: "1", flagged: button.value });
  const answer = await fetch(button.formAction, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) {
    await look();
    return notYet("The flag was not set. Try again in a moment.");
  }
  button.value = flagged ? "0" : "1";
  button.lastChild.textContent = flagged ? " Unflag" : " Flag for later";
  const step = document.querySelector(".step[aria-current]");
  step.classList.toggle("flagged", flagged);
  step.querySelector(".step-flag")?.remove();
  if (flagged) step.append(Object.assign(document.createElement("span"), { className: "step-flag", textContent: "⚑", ariaHidden: "true" }));
  const words = step.querySelector(".step-state");
  words.textContent = words.textContent.replace(/, flagged$/, "") + (flagged ? ", flagged" : "");
}

async function followed(event) {
  const link = event.target.closest("a[href]");
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || !link.href.includes(attempt.address)) return;
  event.preventDefault();
  if (await may()) location.assign(link.href);
}

if (attempt) {
  document.addEventListener("submit", submitted);
  document.getElementById("main").addEventListener("click", followed);
}
