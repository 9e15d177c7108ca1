import { tell } from "./telling.js";

// Marking reasons: a press or a key gives points at once and goes on to the next reason that waits.

const bar = document.querySelector('[data-behaviour="marking"]');
const lines = [...document.querySelectorAll("[data-reason]")];
const given = [];
let current = 0;

function areKeysOn() {
  return document.documentElement.dataset.keys !== "off";
}

function choose(i) {
  current = i;
  for (const [at, line] of lines.entries()) line.toggleAttribute("data-current", at === i);
}

function go(to) {
  choose(Math.max(0, Math.min(lines.length - 1, to)));
  lines[current].focus({ preventScroll: true });
  lines[current].scrollIntoView({ block: "nearest" });
  return true;
}

function onwards() {
  const waits = (line) => line.dataset.waiting === "1";
  const next = lines.findIndex((line, i) => i > current && waits(line));
  const any = next < 0 ? lines.findIndex(waits) : next;
  if (any >= 0) go(any);
}

async function send(button) {
  const line = button.closest("[data-reason]");
  const form = button.form;
  const body = new URLSearchParams(new FormData(form));
  body.append(button.name, button.value);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  const told = answer?.ok && (answer.headers.get("Content-Type") ?? "").includes("json") ? await answer.json() : null;
  if (!told) return tell("marking", "Not saved", "These points did not reach the server. Check the connection and press once more.", "wrong");
  show(line, told);
  current = lines.indexOf(line);
  if (button.name === "undo") return go(current);
  given.push(line);
  onwards();
}

function show(line, { points, done, total }) {
  const waits = points === null;
  line.dataset.waiting = waits ? "1" : "0";
  for (const one of line.querySelectorAll("[name=points]")) {
    const isIt = Number(one.value) === points;
    one.setAttribute("aria-pressed", String(isIt));
    one.classList.toggle("primary", isIt);
  }
  line.querySelector("[data-undo]").hidden = waits;
  line.querySelector("[data-state]").textContent = waits ? "waiting" : "";
  const words = `${done} of ${total} marked`;
  bar.querySelector(".progress-bar").firstChild.textContent = words;
  bar.querySelector(".done").setAttribute("width", `${(100 * done) / total}%`);
  bar.querySelector("[data-told]").textContent = `${line.querySelector(".reason-who").textContent}: ${waits ? "waiting again" : `${points} of 2 points`}. ${words}.`;
}

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat || !areKeysOn()) return;
  if (event.target.matches("input, select, textarea") || document.querySelector("dialog[open], details.menu[open]")) return;
  if (act(event.key.length === 1 ? event.key.toLowerCase() : event.key)) event.preventDefault();
}

function act(key) {
  if ("012".includes(key)) return click(lines[current].querySelector(`[name=points][value="${key}"]`));
  if (key === "ArrowDown" || key === "j") return go(current + 1);
  if (key === "ArrowUp" || key === "k") return go(current - 1);
  if (key === "u") return click((given.pop() ?? lines[current]).querySelector("[data-undo]:not([hidden])"));
  if (key === "n" || key === "p") return click(bar.querySelector(`[data-press="${key === "n" ? "next" : "previous"}"]`));
  return false;
}

function click(one) {
  one?.click();
  return Boolean(one);
}

if (bar && lines.length) {
  bar.querySelector("[data-keys-hint]").hidden = !areKeysOn();
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".points button");
    if (!button) return;
    event.preventDefault();
    send(button);
  });
  for (const [i, line] of lines.entries()) line.addEventListener("focusin", () => choose(i));
  const start = lines.findIndex((line) => `#${line.id}` === location.hash);
  choose(start >= 0 ? start : Math.max(0, lines.findIndex((line) => line.dataset.waiting === "1")));
}
