import { sending } from "./attempt.js";
import { element } from "./telling.js";

// Single keys, for whoever wants them: they can be turned off, are asleep while somebody types, and «?» lists them.

const KEYS = [
  ["1 – 9 or A – E", "choose an answer"],
  ["N or →", "next question"],
  ["P or ←", "previous question"],
  ["Enter or K", "check, or go on"],
  ["F", "flag for later"],
  ["S", "save now"],
  ["O", "overview"],
  ["H", "hand in, from the overview"],
  ["?", "this list"],
];
const ACTIONS = { n: "next", ArrowRight: "next", p: "previous", ArrowLeft: "previous", k: "check", f: "flag", o: "overview", h: "submit" };
const NOTHING_TO_PRESS = "a, button, input, select, textarea, summary, [contenteditable]";
const root = document.documentElement;
const opener = document.querySelector("[data-keys-help]");

function areOn() {
  return root.dataset.keys !== "off";
}

function isTyping(target) {
  return target.matches("select, textarea, [contenteditable], input:not([type=radio], [type=checkbox], [type=submit], [type=button])");
}

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  if (!areOn() || isTyping(event.target) || document.querySelector("dialog[open], details.menu[open]")) return;
  if (act(event)) event.preventDefault();
}

function act({ key, target }) {
  const plain = key.length === 1 ? key.toLowerCase() : key;
  if (plain === "?") return show();
  if (plain === "s") return save();
  if (plain.startsWith("Arrow") && target.closest(NOTHING_TO_PRESS)) return false;
  if (plain === "Enter") return !target.closest(NOTHING_TO_PRESS) && press("check");
  if (plain in ACTIONS) return press(ACTIONS[plain]);
  return choose("123456789".indexOf(plain) + 1 || "abcde".indexOf(plain) + 1);
}

function press(name) {
  const found = [...document.querySelectorAll(`main [data-press~="${name}"]`)].find((one) => one.checkVisibility?.() ?? true);
  found?.click();
  return Boolean(found);
}

function save() {
  if (!document.getElementById("answer-form")) return false;
  sending.flush();
  return true;
}

function choose(number) {
  if (!number) return false;
  const conflict = document.querySelector(".conflict");
  const choices = conflict ? settled(conflict) : options();
  const one = choices[number - 1];
  one?.click();
  one?.focus();
  return Boolean(one);
}

// Whoever was in the middle of typing must not choose by that.
function settled(conflict) {
  return performance.now() - conflict.dataset.since > 1000 ? [...conflict.querySelectorAll("[data-choice]")] : [];
}

// The answers of the part of the question that one is in, else of its first part.
function options() {
  const form = document.getElementById("answer-form");
  const groups = [...(form?.querySelectorAll("fieldset") ?? [])].filter((one) => one.querySelector("input[type=radio], input[type=checkbox]"));
  const group = groups.find((one) => one.contains(document.activeElement)) ?? groups[0];
  return [...(group?.querySelectorAll("input[type=radio], input[type=checkbox]") ?? [])];
}

function show() {
  const rows = KEYS.map(([keys, what]) => element("div", {}, element("dt", {}, element("kbd", { textContent: keys })), element("dd", { textContent: what })));
  const wanted = element("input", { type: "checkbox", checked: areOn() });
  wanted.addEventListener("change", () => turn(wanted.checked));
  const close = element("form", { method: "dialog", className: "actions" }, element("button", { className: "button primary", textContent: "Close", autofocus: true }));
  const title = element("h2", { id: "keys-title", textContent: "Keys" });
  const dialog = element("dialog", { className: "dialog" }, title, element("dl", { className: "keys" }, ...rows), element("label", { className: "check" }, wanted, " Use single keys"), close);
  dialog.setAttribute("aria-labelledby", "keys-title");
  const before = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before !== document.body) before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return true;
}

function turn(on) {
  const choice = document.querySelector(`[data-behaviour="preferences"] [name="keys"][value="${on ? "on" : "off"}"]`);
  choice.checked = true;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
}

if (opener) {
  opener.hidden = false;
  opener.addEventListener("click", show);
  document.addEventListener("keydown", pressed);
}
