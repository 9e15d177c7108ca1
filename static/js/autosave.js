import { attempt, listen, sending } from "./attempt.js";
import { showConflict } from "./conflict.js";
import { token } from "./presence.js";
import { stamped } from "./queue.js";
import { change, entries, isKept } from "./storage.js";

// Answers save themselves. Each change is written down in this browser at once, and sent; what was written down and not
// sent, before a reload or a crash, is put into the form again. Works with whatever fields the form has.

const form = document.querySelector('[data-behaviour="autosave"]');
const PAUSE = 500;
const OURS = ["client", "sequence", "base", "unchanged", "csrf_token", "go"];
const slot = Number(form?.action.split("/").pop());
const page = { client: randomWord(), sequence: 0, base: form?.dataset.base || "", pause: 0, written: null };

function randomWord() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function mine() {
  return entries(attempt.key).filter((entry) => entry.slot === slot);
}

function fields() {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (!OURS.includes(name)) data.append(name, value);
  return String(data);
}

function say(words, kind = "") {
  const place = form.querySelector("[data-saved]");
  if (place.textContent !== words) place.textContent = words;
  place.dataset.kind = kind;
}

// Of what this page wrote only the newest matters: whether an older one arrived or not, the newer one replaces it.
function writeDown() {
  page.sequence += 1;
  page.written = fields();
  const last = mine().findLast((entry) => !entry.refused);
  const base = !last ? page.base : last.client === page.client ? last.base : `${last.client}:${last.sequence}`;
  const entry = { slot, client: page.client, sequence: page.sequence, base, fields: page.written };
  const isOlder = (one) => one.slot === slot && one.client === page.client;
  change(attempt.key, (all) => [...all.filter((one) => !isOlder(one)), entry], attempt.label);
}

function changed(delay) {
  if (document.body.dataset.veiled || fields() === page.written) return;
  writeDown();
  say(sending.isTroubled() ? kept() : "");
  clearTimeout(page.pause);
  page.pause = setTimeout(sending.kick, delay);
}

function kept() {
  return isKept(attempt.key) ? "Not saved yet. Trying again; it is kept on this device." : "Not saved yet. Trying again; keep this page open.";
}

function heard(what, entry, told) {
  if (what === "saved" && entry.slot === slot) saved(told);
  if (what === "trouble" && mine().length) say(kept(), "partial");
  if (what === "well" && form.querySelector("[data-kind=partial]") && !mine().length) say("");
  if (what === "conflict" && entry.slot === slot) showConflict(form, entry);
}

function saved(told) {
  if (told.current) page.base = told.current;
  if (told.standing === "late") return say("Too late to count; it is kept.", "wrong");
  if (!mine().length) say("Saved");
  mark(told.answered);
}

function mark(answered) {
  const step = document.querySelector(".step[aria-current]");
  if (!step) return;
  step.classList.toggle("answered", answered);
  step.classList.toggle("blank", !answered);
  const state = step.querySelector(".step-state");
  state.textContent = state.textContent.replace(/^(not )?answered/, answered ? "answered" : "not answered");
}

// What was written here before and did not reach the server stands in the form again.
function restore() {
  const last = mine().at(-1);
  if (!last || page.base === `${last.client}:${last.sequence}`) return;
  if (last.conflict) return showConflict(form, last);
  const data = new URLSearchParams(last.fields);
  for (const field of form.elements) fill(field, data);
  form.dispatchEvent(new CustomEvent("restored", { bubbles: true }));
  say("Your answer that was not sent yet stands here again", "partial");
}

function fill(field, data) {
  if (!field.name || OURS.includes(field.name) || field.type === "submit") return;
  const values = data.getAll(field.name);
  if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
  else field.value = values[0] ?? "";
}

function lastWord() {
  const last = mine().findLast((entry) => entry.client === page.client);
  if (last && !document.body.dataset.veiled) navigator.sendBeacon(form.action, stamped(last, token()));
}

// Whether a field holds something else than the page came with: somebody was quicker than this script.
function differs(field) {
  if (!field.name || OURS.includes(field.name)) return false;
  if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.tagName !== "SELECT") return "defaultValue" in field && field.value !== field.defaultValue;
  return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
}

if (form && attempt) {
  listen(heard);
  if ([...form.elements].some(differs)) changed(0);
  else restore();
  page.written ??= fields();
  form.addEventListener("change", () => changed(0));
  form.addEventListener("input", (event) => event.target.matches("[type=text], textarea") && changed(PAUSE));
  addEventListener("pagehide", lastWord);
  addEventListener("beforeunload", (event) => {
    if (mine().length && ((sending.isTroubled() && !attempt.goes) || !isKept(attempt.key))) event.preventDefault();
  });
  addEventListener("storage", (event) => {
    if (event.key === attempt.key && !mine().length && form.querySelector("[data-saved]").dataset.kind) say("Saved");
  });
}
